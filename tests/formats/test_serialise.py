"""RDF as bytes: deterministic, and the same graph when it is read again, by two libraries."""

import json
import random
from collections.abc import Iterable
from io import BytesIO
from itertools import permutations
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Dataset, Graph
from rdflib.compare import isomorphic

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats import FORMATS, RDF_FORMATS, Context, Format, serialise
from alpine_kg.formats.serialise import used_prefixes
from alpine_kg.namespaces import AK, EDTF, PREFIXES, RDF, RDFS, XSD

RDFLIB = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld", "nq": "nquads", "trig": "trig"}
THING = ox.NamedNode(PREFIXES["plant"] + "dieppe")
G1, G2 = ox.NamedNode("https://example.org/g/1"), ox.NamedNode("https://example.org/g/2")


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


BLANKS = [ox.BlankNode(name) for name in "abc"]
SAMPLE = [
    ox.Triple(THING, ox.NamedNode(RDF + "type"), ox.NamedNode(AK + "Plant")),
    ox.Triple(THING, ox.NamedNode(RDF + "type"), ox.NamedNode("https://example.org/Class")),
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("Usine", language="fr")),
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("Plant", language="en")),
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("Works", language="en")),
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("Dieppe")),
    ox.Triple(THING, ox.NamedNode(AK + "due"), typed("2025~", EDTF)),
    ox.Triple(THING, ox.NamedNode(AK + "workforce"), typed("386", XSD + "integer")),
    ox.Triple(THING, ox.NamedNode(AK + "investment"), typed("3.50", XSD + "decimal")),
    ox.Triple(THING, ox.NamedNode("https://example.org/p"), ox.NamedNode("https://example.org/o")),
    ox.Triple(THING, ox.NamedNode("https://example.org/p"), BLANKS[0]),
    ox.Triple(BLANKS[0], ox.NamedNode("https://example.org/p"), BLANKS[1]),
    ox.Triple(BLANKS[1], ox.NamedNode("https://example.org/p"), BLANKS[0]),
    ox.Triple(BLANKS[2], ox.NamedNode("https://example.org/q"), ox.Literal("a\r\nb\tc \\ \"d\" <&> 'e'")),
]


def canonical(rows: Iterable[ox.Triple | ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(row if isinstance(row, ox.Quad) else ox.Quad(*row) for row in rows)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def read(body: bytes, target: Format) -> list[ox.Quad]:
    return list(ox.parse(body, format=target.rdf))


@pytest.fixture(params=RDF_FORMATS, ids=lambda row: str(row.extension))
def target(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_the_graph_is_the_same_when_read_again(target: Format, context: Context) -> None:
    back = read(serialise(SAMPLE, target, context), target)
    assert canonical(back) == canonical(SAMPLE)
    assert len(back) == len(SAMPLE)


# rdflib's parsers of datasets call names that rdflib itself has deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib.*")
def test_rdflib_reads_the_same_graph(target: Format, context: Context) -> None:
    expected = Graph().parse(data=serialise(SAMPLE, FORMATS["nt"], context), format="nt")
    body = serialise(SAMPLE, target, context)
    if target.has_graphs:
        dataset = Dataset()
        dataset.parse(data=body, format=RDFLIB[target.extension])
        graph = Graph()
        for subject, predicate, value, _ in dataset.quads():
            graph.add((subject, predicate, value))
    else:
        graph = Graph().parse(data=body, format=RDFLIB[target.extension])
    assert isomorphic(graph, expected)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_statements_does_not_matter(target: Format, context: Context, seed: int) -> None:
    shuffled = [*SAMPLE, *SAMPLE[:3]]
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - not for secrets
    assert serialise(shuffled, target, context) == serialise(SAMPLE, target, context)


def test_the_names_of_blank_nodes_do_not_matter(target: Format, context: Context) -> None:
    names = {node: ox.BlankNode(f"other{number}") for number, node in enumerate(BLANKS)}
    renamed = [
        ox.Triple(
            names[row.subject] if isinstance(row.subject, ox.BlankNode) else row.subject,
            row.predicate,
            names[row.object] if isinstance(row.object, ox.BlankNode) else row.object,
        )
        for row in SAMPLE
    ]
    assert serialise(renamed, target, context) == serialise(SAMPLE, target, context)


QUADS = [
    ox.Quad(THING, ox.NamedNode("https://example.org/p"), ox.Literal("both"), G2),
    ox.Quad(THING, ox.NamedNode("https://example.org/p"), ox.Literal("both"), G1),
    ox.Quad(THING, ox.NamedNode("https://example.org/p"), BLANKS[0], G1),
    ox.Quad(BLANKS[0], ox.NamedNode("https://example.org/p"), ox.Literal("one"), G2),
]


def test_formats_with_graphs_keep_them_and_others_merge(target: Format, context: Context) -> None:
    bodies = {serialise(order, target, context) for order in permutations(QUADS)}
    assert len(bodies) == 1
    back = read(bodies.pop(), target)
    if target.has_graphs:
        assert canonical(back) == canonical(QUADS)
    else:
        assert canonical(back) == canonical({quad.triple for quad in QUADS})
        assert len(back) == 3


def test_a_merged_triple_is_written_once_in_json(context: Context) -> None:
    document = json.loads(serialise(QUADS[:2], FORMATS["jsonld"], context))
    assert document["@graph"] == [{"id": THING.value, "https://example.org/p": "both"}]


def test_nothing_is_well_formed_too(target: Format, context: Context) -> None:
    assert read(serialise([], target, context), target) == []


@pytest.mark.parametrize("extension", [row.extension for row in FORMATS.values() if row.rdf is None])
def test_formats_without_rdf_are_refused(extension: str, context: Context) -> None:
    with pytest.raises(NotAcceptableError, match="does not carry RDF"):
        serialise(SAMPLE, FORMATS[extension], context)


def test_only_the_prefixes_that_are_used(context: Context) -> None:
    assert list(used_prefixes(SAMPLE)) == ["ak", "plant", "edtf", "rdf", "rdfs"]
    assert b"@prefix plan:" not in serialise(SAMPLE, FORMATS["ttl"], context)


def test_types_come_first(context: Context) -> None:
    turtle = serialise(SAMPLE[:9], FORMATS["ttl"], context).decode()
    assert "plant:dieppe a " in turtle


# XML 1.0 cannot say most control characters, so they are left out here; every other text must come through.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r", exclude_characters="\ufffe\uffff"),
    max_size=12,
)
IRIS = st.sampled_from(
    [AK + name for name in ("due", "modality", "statedIn", "Planned", "unknown-term", "summary", "textLength")]
    + [
        RDF + "type",
        RDF + "object",
        RDFS + "label",
        "https://example.org/a",
        "https://example.org/%C3%A9#é",
        "urn:example:a",
    ]
).map(ox.NamedNode)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["fr", "en", "fr-ch", "any", "none"])
    ),
    st.builds(
        typed,
        TEXTS
        | st.sampled_from(
            ["1", "01", "-0", "1" * 30, "9007199254740993", "1.50", "1e3", "true", "0", "2025~", "2022-01-28"]
        ),
        st.sampled_from(
            [XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "anyURI", "string")] + [EDTF]
        ),
    ),
)
NODES = IRIS | st.sampled_from(BLANKS)


@given(rows=st.lists(st.builds(ox.Triple, NODES, IRIS, NODES | LITERALS), max_size=6))
def test_every_term_comes_through_every_format(context: Context, rows: list[ox.Triple]) -> None:
    for row in RDF_FORMATS:
        try:
            written = serialise(rows, row, context)
        except NotAcceptableError:
            # XML has no control characters, and no element whose name is empty; every other format takes every term.
            assert row.extension == "rdf"
            continue
        assert canonical(read(written, row)) == canonical(rows), row.extension


UNSPEAKABLE = [
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("\x08")),
    ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("a\0b", language="fr")),
    ox.Triple(THING, ox.NamedNode("urn:uuid:1"), THING),
    ox.Triple(THING, ox.NamedNode("https://example.org/"), THING),
]


@pytest.mark.parametrize("row", UNSPEAKABLE, ids=str)
def test_what_xml_cannot_say_is_refused_and_every_other_format_says_it(context: Context, row: ox.Triple) -> None:
    with pytest.raises(NotAcceptableError, match="XML cannot"):
        serialise([row], FORMATS["rdf"], context)
    for target in RDF_FORMATS:
        if target.extension != "rdf":
            assert [quad.triple for quad in read(serialise([row], target, context), target)] == [row]


def test_json_is_compact_utf8(context: Context) -> None:
    body = serialise([ox.Triple(THING, ox.NamedNode(RDFS + "label"), ox.Literal("é"))], FORMATS["jsonld"], context)
    assert '"label":{"any":"é"}' in BytesIO(body).read().decode()
