"""Suggestions: which known name a misspelt one was meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from rdflib import Graph
from rdflib.namespace import RDF
from rdflib.term import Node, URIRef

from alpine_kg.namespaces import ENTITY, local_name

_LIKENESS: Final = 0.6


class Suggestions:
    """The names that a graph knows: everything with a type, and the properties of other vocabularies that it uses."""

    def __init__(self, graph: Graph) -> None:
        """Take the names of a graph when they are first asked for."""
        self._graph = graph

    def near(self, term: Node | None) -> URIRef | None:
        """Return the known name most like an unknown one, of the same namespace or kind where there is such; else None."""
        if not isinstance(term, URIRef) or term in self._typed:
            return None
        namespace = term.removesuffix(local_name(term))
        everywhere = (iri for iri in self._typed if iri.startswith(ENTITY)) if term.startswith(ENTITY) else ()
        return self._closest(term, (iri for iri in self._known if iri.startswith(namespace))) or self._closest(
            term, everywhere
        )

    @cached_property
    def _typed(self) -> set[URIRef]:
        return {term for term in self._graph.subjects(RDF.type) if isinstance(term, URIRef)}

    @cached_property
    def _known(self) -> set[URIRef]:
        return self._typed | {term for term in self._graph.predicates(unique=True) if isinstance(term, URIRef)}

    @staticmethod
    def _closest(term: URIRef, candidates: Iterable[URIRef]) -> URIRef | None:
        by_name = {local_name(iri): iri for iri in sorted(candidates) if iri != term}
        near = get_close_matches(local_name(term), by_name, n=1, cutoff=_LIKENESS)
        return by_name[near[0]] if near else None
