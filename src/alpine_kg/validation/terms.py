"""Terms of one library as the other has them: SHACL runs on rdflib's, the checks on pyoxigraph's."""

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
