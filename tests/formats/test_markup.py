"""XML as it leaves: carriage returns survive, and nothing ill-formed is sent."""

import xml.etree.ElementTree as ET
from io import BytesIO

import pytest

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats import FORMATS
from alpine_kg.formats.markup import EXTENSIONS, Markup

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>'


def passed(*parts: bytes) -> bytes:
    output = BytesIO()
    markup = Markup(output)
    for part in parts:
        markup.write(part)
    markup.finish()
    return output.getvalue()


def test_the_formats_that_are_xml_are_named_so() -> None:
    assert {row.extension for row in FORMATS.values() if row.media_type.endswith("+xml")} == EXTENSIONS


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_document_in_parts_of_any_size_is_read_as_it_was_written(size: int) -> None:
    document = HEAD + "<a>l\r\nin\re é😀 &amp; &#13;</a>".encode()
    ready = passed(*(document[start : start + size] for start in range(0, len(document), size)))
    assert ET.fromstring(ready).text == "l\r\nin\re é😀 & \r"  # noqa: S314 - ours


@pytest.mark.parametrize(
    "document",
    [
        b"<a>\x08</a>",
        b"<a>\0</a>",
        b"<a>\xff</a>",
        "<a>\uffff</a>".encode(),
        b"<a><b></a>",
        b"<a>",
        b"<p: xmlns:p='urn:p'/>",
        b"<1/>",
        b"",
    ],
)
def test_what_is_not_xml_is_refused(document: bytes) -> None:
    with pytest.raises(NotAcceptableError, match="XML cannot") as caught:
        passed(HEAD, document)
    assert "another format" in caught.value.remedy
