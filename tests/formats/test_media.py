"""The table of formats."""

import pytest

from alpine_kg.errors import NotFoundError
from alpine_kg.formats import FORMATS, GRAPH_FORMATS, RDF_FORMATS, RESULT_FORMATS, Format, format_of


def test_no_two_formats_share_an_extension_or_media_type() -> None:
    rows = FORMATS.values()
    assert len({row.media_type for row in rows}) == len(rows)
    assert all(extension == row.extension == extension.lower() for extension, row in FORMATS.items())


@pytest.mark.parametrize("row", FORMATS.values(), ids=FORMATS)
def test_rows(row: Format) -> None:
    assert format_of(row.extension) is row
    assert row.label
    assert row.media_type not in row.aliases
    assert not (row.rdf and row.results)
    assert ("charset=utf-8" in row.content_type) is row.media_type.startswith("text/")


def test_groups() -> None:
    assert [row.extension for row in RDF_FORMATS] == ["ttl", "nt", "rdf", "jsonld", "nq", "trig"]
    assert [row.extension for row in GRAPH_FORMATS] == ["ttl", "nt", "rdf", "jsonld"]
    assert [row.extension for row in RESULT_FORMATS] == ["srj", "srx", "csv", "tsv"]
    assert [row.extension for row in RDF_FORMATS if row.has_graphs] == ["nq", "trig"]


@pytest.mark.parametrize("extension", ["", "TTL", ".ttl", "pdf"])
def test_an_unknown_extension_is_refused(extension: str) -> None:
    with pytest.raises(NotFoundError, match="no format") as caught:
        format_of(extension)
    assert "ttl" in caught.value.remedy
