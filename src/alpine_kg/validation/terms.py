"""Terms of one library as the other has them: SHACL runs on rdflib's, the checks on pyoxigraph's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox
from rdflib.term import BNode, Literal, Node, URIRef

from alpine_kg.namespaces import XSD

OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal


def to_oxigraph(term: Node) -> OxTerm:
    """Return an rdflib term as pyoxigraph has it; blank nodes keep their names."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD + "string")))
    return ox.BlankNode(str(term))


def to_rdflib(term: OxTerm) -> Node:
    """Return a pyoxigraph term as rdflib has it: a plain string there has no datatype."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        plain = term.language or term.datatype.value == XSD + "string"
        return Literal(term.value, lang=term.language, datatype=None if plain else URIRef(term.datatype.value))
    return BNode(term.value)


@contextmanager
def silenced() -> Iterator[None]:
    """Keep rdflib quiet: it logs a traceback for each ill-typed literal, which the rules report properly."""
    log = logging.getLogger("rdflib.term")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
