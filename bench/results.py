"""SPARQL results read by readers that owe nothing to the engine, so that what HTTP delivers can be compared with what it found.

Sources: https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/rdf-sparql-XMLres/ and
https://www.w3.org/TR/sparql11-results-csv-tsv/. A row is a tuple of terms in the order of the variables' names, None where
unbound; blank nodes are all alike, for their labels mean nothing from one document to the next.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import pyoxigraph as ox

Row = tuple[str | None, ...]
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_SRX: Final = "{http://www.w3.org/2005/sparql-results#}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_BLANK: Final = "_:"
_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?', re.DOTALL)


def found(solutions: ox.QuerySolutions, *, lossy: bool = False) -> "Counter[Row]":
    """Return what the engine found; lossy as CSV tells it."""
    names = sorted(variable.value for variable in solutions.variables)
    write = _plain if lossy else _exact
    return Counter(tuple(write(solution[name]) for name in names) for solution in solutions)


def from_json(body: bytes) -> "Counter[Row]":
    """Return the rows of a document in JSON."""
    document = json.loads(body)
    names = sorted(document["head"]["vars"])
    return Counter(
        tuple(_of_json(binding[name]) if name in binding else None for name in names)
        for binding in document["results"]["bindings"]
    )


def from_xml(body: bytes) -> "Counter[Row]":
    """Return the rows of a document in XML."""
    root = ET.fromstring(body)  # noqa: S314 - the document comes from the server under test
    names = sorted(str(variable.get("name")) for variable in root.iter(f"{_SRX}variable"))
    rows = [
        {str(binding.get("name")): _of_xml(binding[0]) for binding in result} for result in root.iter(f"{_SRX}result")
    ]
    return Counter(tuple(row.get(name) for name in names) for row in rows)


def from_csv(body: bytes) -> "Counter[Row]":
    """Return the rows of a document in CSV, which does not tell an IRI from a literal, nor unbound from empty."""
    head, *rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
    order = _order(head)
    return Counter(
        tuple(_BLANK if row[index].startswith(_BLANK) else row[index] for index in order) for row in _padded(head, rows)
    )


def from_tsv(body: bytes) -> "Counter[Row]":
    """Return the rows of a document in TSV."""
    head, *rows = (line.split("\t") for line in body.decode().removesuffix("\n").split("\n"))
    order = _order([name.removeprefix("?") for name in head])
    return Counter(tuple(_of_tsv(row[index]) for index in order) for row in _padded(head, rows))


READERS: Final[dict[str, Callable[[bytes], "Counter[Row]"]]] = {
    "application/sparql-results+json": from_json,
    "application/sparql-results+xml": from_xml,
    "text/csv": from_csv,
    "text/tab-separated-values": from_tsv,
}
"""A reader for each media type of results."""


def _order(head: Sequence[str]) -> list[int]:
    names = [name for name in head if name]
    return sorted(range(len(names)), key=names.__getitem__)


def _padded(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Return rows as long as their head: an empty line is a row of no variables, or of one that is unbound."""
    return [row or [""] * len(head) for row in rows]


def _literal(value: str, language: str | None, datatype: str | None) -> str:
    if language:
        return f"{json.dumps(value)}@{language.lower()}"
    return f"{json.dumps(value)}^^{datatype or _XSD + 'string'}"


def _exact(term: object) -> str | None:
    if isinstance(term, ox.Literal):
        return _literal(term.value, term.language, term.datatype.value)
    if isinstance(term, ox.NamedNode):
        return f"<{term.value}>"
    return None if term is None else _BLANK


def _plain(term: object) -> str:
    if isinstance(term, ox.Literal | ox.NamedNode):
        return term.value
    return "" if term is None else _BLANK


def _of_json(term: dict[str, str]) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if term["type"] == "bnode":
        return _BLANK
    return _literal(term["value"], term.get("xml:lang"), term.get("datatype"))


def _of_xml(element: ET.Element) -> str:
    if element.tag == f"{_SRX}uri":
        return f"<{element.text or ''}>"
    if element.tag == f"{_SRX}bnode":
        return _BLANK
    return _literal(element.text or "", element.get(_XML_LANG), element.get("datatype"))


def _of_tsv(field: str) -> str | None:
    if not field:
        return None
    if field.startswith("<"):
        return f"<{_unescaped(field[1:-1])}>"
    if field.startswith(_BLANK):
        return _BLANK
    if match := _LITERAL.fullmatch(field):
        return _literal(_unescaped(match[1]), match[2], match[3])
    # Numbers and booleans may stand as Turtle writes them.
    if field in {"true", "false"}:
        return _literal(field, None, _XSD + "boolean")
    kind = "double" if "e" in field.lower() else "decimal" if "." in field else "integer"
    return _literal(field, None, _XSD + kind)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(
        lambda match: chr(int(match[1] or match[2], 16)) if match[1] or match[2] else _ESCAPES[match[3]], text
    )
