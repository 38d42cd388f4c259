"""Triples and quads as bytes: the same statements give the same bytes, whatever order they come in."""

import re
from collections.abc import Container, Iterable, Iterator
from io import BytesIO
from typing import IO, Any, Final, cast

import pyoxigraph as ox

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats.context import Context
from alpine_kg.formats.markup import EXTENSIONS, Markup
from alpine_kg.formats.media import Format
from alpine_kg.formats.ordering import Ordering, Statement
from alpine_kg.namespaces import PREFIXES, XSD
from alpine_kg.streams import Output

_STRING: Final = XSD + "string"
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
"""Literals that Turtle writes without quotes and datatype."""


def serialise(statements: Iterable[Statement], target: Format, context: Context) -> bytes:
    """Return what `write` writes."""
    output = BytesIO()
    write(statements, target, context, output)
    return output.getvalue()


def write(statements: Iterable[Statement], target: Format, context: Context, output: Output) -> None:
    """Write statements in a format, ordered by graph, subject and predicate with types first, in memory that has a bound.

    Formats without graphs merge them. Raises NotAcceptableError for a format that does not carry RDF, or not this; some of it may
    have been written then.
    """
    if target.rdf is None:
        raise NotAcceptableError(
            f"{target.label} does not carry RDF.", "Ask for Turtle, N-Triples, RDF/XML or JSON-LD."
        )
    abbreviated, namespaces = target.has_prefixes, set[str]()
    with Ordering() as ordering:
        for row in _canonical(statements if target.has_graphs else map(_triple, statements)):
            ordering.add(row)
            if abbreviated:
                namespaces.update(map(_namespace, _iris(row)))
        rows = ordering if target.has_graphs else map(_triple, ordering)
        if target.extension == "jsonld":
            context.write(map(_triple, rows), output)
        elif target.extension in EXTENSIONS:
            markup = Markup(output)
            _write(rows, target, _prefixes(namespaces), markup)
            markup.finish()
        else:
            _write(rows, target, _prefixes(namespaces), output)


def _write(rows: Iterable[Statement], target: Format, prefixes: dict[str, str], output: Output) -> None:
    try:
        ox.serialize(cast("Any", rows), output=cast("IO[bytes]", output), format=target.rdf, prefixes=prefixes)
    except OSError as error:
        if error.errno:
            raise  # of the output, not of the format
        raise NotAcceptableError(f"{target.label} cannot carry this: {error}.", "Ask for another format.") from error


def used_prefixes(statements: Iterable[Statement]) -> dict[str, str]:
    """Return the project's prefixes that some IRI of the statements starts with."""
    return _prefixes({_namespace(iri) for row in statements for iri in _iris(row)})


def _prefixes(namespaces: Container[str]) -> dict[str, str]:
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
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _triple(row: Statement) -> ox.Triple:
    return row.triple if isinstance(row, ox.Quad) else row


def _canonical(statements: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the statements; blank nodes are named by RDFC-1.0, so that their names do not depend on the order.

    A blank node's name depends on no statement but those that have blank nodes: they come last.
    Source: https://www.w3.org/TR/rdf-canon/.
    """
    blank = []
    for row in statements:
        if ox.BlankNode in map(type, row):
            blank.append(row)
        else:
            yield row
    if blank:
        dataset = ox.Dataset(row if isinstance(row, ox.Quad) else ox.Quad(*row) for row in blank)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        yield from dataset
