"""The index: the triples of a part of the graph by subject and property, over those of the ontology."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node, URIRef

from alpine_kg.validation.terms import to_rdflib

_NO_VALUES: Final[list[Node]] = []
_NOTHING: Final[dict[Node | None, list[Node]]] = {}


class Index:
    """Triples in rdflib's terms, so that values compare as they do for the reference."""

    def __init__(self, base: "Index | None" = None) -> None:
        """Start empty, on top of another index."""
        self._own: dict[Node, dict[Node | None, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self._base = base
        self._above: dict[Node, frozenset[Node]] = {}

    def add(self, triples: Iterable[Any]) -> None:
        """Add triples of pyoxigraph; one that is there already is kept once."""
        own = self._own
        for triple in triples:
            subject, predicate, value = map(_term, (triple.subject, triple.predicate, triple.object))
            held = own[subject][predicate]
            if value not in held and not (self._base and value in self._base.objects(subject, predicate)):
                held.append(value)

    def objects(self, subject: Node, predicate: Node | None) -> Sequence[Node]:
        """Return the values of a property of a node."""
        here = self._own.get(subject, _NOTHING).get(predicate, _NO_VALUES)
        below = self._base.objects(subject, predicate) if self._base else _NO_VALUES
        return [*here, *below] if here and below else here or below

    def subjects(self) -> Iterator[Node]:
        """Yield every node that something is said of, those of the base included."""
        yield from self._own
        if self._base:
            yield from (node for node in self._base.subjects() if node not in self._own)

    def subjects_of(self, predicate: Node) -> Iterator[Node]:
        """Yield the nodes with a property."""
        return (node for node in self.subjects() if self.objects(node, predicate))

    def objects_of(self, predicate: Node) -> Iterator[Node]:
        """Yield the values of a property, wherever it stands."""
        return (value for node in self.subjects() for value in self.objects(node, predicate))

    def classes(self, node: Node) -> frozenset[Node]:
        """Return the classes that a node is a SHACL instance of, https://www.w3.org/TR/shacl/#dfn-shacl-instance."""
        types = self.objects(node, RDF.type)
        if len(types) == 1:
            return self._superclasses(types[0])
        return frozenset().union(*map(self._superclasses, types))

    def _superclasses(self, cls: Node) -> frozenset[Node]:
        if cls not in self._above:
            found, pending = {cls}, [cls]
            while pending:
                above = [node for node in self.objects(pending.pop(), RDFS.subClassOf) if node not in found]
                found.update(above)
                pending.extend(above)
            self._above[cls] = frozenset(found)
        return self._above[cls]


def _term(term: Any) -> Node:
    """Return an rdflib term; its own constructor looks at each character of an IRI again, which the parser has done."""
    return str.__new__(URIRef, term.value) if isinstance(term, ox.NamedNode) else to_rdflib(term)
