"""Triples and quads as bytes: the same statements give the same bytes, whatever order they come in."""

import re
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats.context import Context
from alpine_kg.formats.markup import EXTENSIONS, Markup
from alpine_kg.formats.media import Format
from alpine_kg.namespaces import PREFIXES, RDF, XSD

Statement = ox.Triple | ox.Quad
_TYPE: Final = f"<{RDF}type>"
_STRING: Final = XSD + "string"
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
"""Literals that Turtle writes without quotes and datatype."""


def serialise(statements: Iterable[Statement], target: Format, context: Context) -> bytes:
    """Return statements in a format, ordered by graph, subject and predicate with types first.

    Formats without graphs merge them. Raises NotAcceptableError for a format that does not carry RDF, or not this.
    """
    if target.rdf is None:
        raise NotAcceptableError(
            f"{target.label} does not carry RDF.", "Ask for Turtle, N-Triples, RDF/XML or JSON-LD."
        )
    rows = _canonical(statements) if target.has_graphs else _canonical(map(_triple, statements))
    if target.extension == "jsonld":
        return context.document(map(_triple, rows))
    lines = {_key(row): row for row in rows}
    ordered: list[Any] = [lines[key] for key in sorted(lines)]
    try:
        written = ox.serialize(ordered, format=target.rdf, prefixes=used_prefixes(ordered))
    except OSError as error:
        raise NotAcceptableError(f"{target.label} cannot carry this: {error}.", "Ask for another format.") from error
    assert written is not None
    return Markup().pass_on(written, final=True) if target.extension in EXTENSIONS else written


def used_prefixes(statements: Iterable[Statement]) -> dict[str, str]:
    """Return the project's prefixes that some IRI of the statements starts with."""
    namespaces = {_namespace(iri) for row in statements for iri in _iris(row)}
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace in namespaces}


def is_bare(literal: ox.Literal) -> bool:
    """Tell whether Turtle writes a literal without quotes and datatype."""
    pattern = _BARE.get(literal.datatype.value)
    return bool(pattern and pattern.fullmatch(literal.value))


def _iris(row: Statement) -> Iterable[str]:
    for term in row:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal) and not (term.language or term.datatype.value == _STRING or is_bare(term)):
            yield term.datatype.value


def _namespace(iri: str) -> str:
    return iri[: len(iri) - len(re.split(r"[#/]", iri)[-1])]


def _triple(row: Statement) -> ox.Triple:
    return row.triple if isinstance(row, ox.Quad) else row


def _key(row: Statement) -> tuple[str, str, str, str]:
    predicate = str(row.predicate)
    graph = str(row.graph_name) if isinstance(row, ox.Quad) else ""
    return graph, str(row.subject), "" if predicate == _TYPE else predicate, str(row.object)


def _canonical(statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements with blank nodes named by RDFC-1.0, so that their names do not depend on the order.

    Source: https://www.w3.org/TR/rdf-canon/.
    """
    rows = list(statements)
    if not any(isinstance(term, ox.BlankNode) for row in rows for term in row):
        return rows
    dataset = ox.Dataset(row if isinstance(row, ox.Quad) else ox.Quad(*row) for row in rows)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)
