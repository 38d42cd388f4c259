"""The report of a validation by parts: the same as of the whole, made of the state and of the files with findings."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import RDF
from rdflib.term import URIRef

from alpine_kg.root import GraphRoot
from alpine_kg.validation.authored import Authored
from alpine_kg.validation.quotes import Verification, verify_quotes
from alpine_kg.validation.report import Report
from alpine_kg.validation.reporting import counted, located
from alpine_kg.validation.rules import QUOTED_FROM
from alpine_kg.validation.state import State
from alpine_kg.validation.suggestions import Suggestions
from alpine_kg.validation.syntax import Reading
from alpine_kg.validation.terms import silenced, to_rdflib

_PARTS = (RDF.subject, RDF.predicate, RDF.object)
"""What a claim is named by."""


def report_recorded(
    root: GraphRoot, state: State, texts: Path | None, shapes: Mapping[str, Reading] | None = None
) -> Report:
    """Return the report of a state, which is kept and closed; `shapes` is what the shapes' files say, if they have been read."""
    with silenced():
        quotes = _quotes(state, texts)
        failures = [*state.failures(), *quotes.failures]
        foci = {failure.focus_name for failure in failures}
        authored = Authored.read(root, only=state.files_of(foci) | state.broken(), shapes=shapes)
        _name(authored.graph, state, foci)
        findings = located(failures, authored, _Names(state))
        counts = counted(authored.files, state.inventory.triples(), state.inventory.kinds(), quotes)
    state.commit()
    return Report(findings, counts)


class _Names(Suggestions):
    """The names that a state knows."""

    def __init__(self, state: State) -> None:
        super().__init__(Graph())
        self._state = state

    @cached_property
    def _typed(self) -> set[URIRef]:
        return {URIRef(name) for name in self._state.inventory.typed() if not name.startswith("_:")}

    @cached_property
    def _known(self) -> set[URIRef]:
        return self._typed | {URIRef(name) for name in self._state.inventory.properties()}


def _quotes(state: State, texts: Path | None) -> Verification:
    if texts is None:
        return Verification(unchecked=state.inventory.quotes(QUOTED_FROM.key))
    graph = Graph()
    for triple in _triples(state, state.inventory.linked(QUOTED_FROM.key) | state.inventory.of_kind("source")):
        graph.add(triple)
    return verify_quotes(graph, texts)


def _name(graph: Graph, state: State, names: set[str]) -> None:
    """Add to a graph what some nodes are labelled by: their records, and for claims those of their parts, and so on."""
    done: set[str] = set()
    while names - done:
        fresh, names = names - done, set()
        done |= fresh
        for subject, predicate, value in _triples(state, fresh):
            graph.add((subject, predicate, value))
            if predicate in _PARTS and isinstance(value, URIRef):
                names.add(str(value))


def _triples(state: State, names: set[str]) -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    chunks, _ = state.records(names)
    for _, content in chunks:
        for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
            yield tuple(map(to_rdflib, quad.triple))  # type: ignore[misc]
