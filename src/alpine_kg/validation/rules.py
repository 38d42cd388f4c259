"""Rules: everything that a part of the graph is judged by, in a form that goes to any process and is made ready once there."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph

from alpine_kg import __version__
from alpine_kg.namespaces import AK
from alpine_kg.root import GraphRoot
from alpine_kg.validation.checks import Check
from alpine_kg.validation.engines import Part, Shapes, engine
from alpine_kg.validation.findings import Failure
from alpine_kg.validation.identity import LOOKED_AT, likely_duplicates
from alpine_kg.validation.identity import REACH as ALIKE
from alpine_kg.validation.locality import parted
from alpine_kg.validation.reach import Link, Reach
from alpine_kg.validation.setwise import Index
from alpine_kg.validation.terms import silenced, to_rdflib

QUOTED_FROM: Final = Link(AK + "quotedFrom")
"""Followed in every root, to count quotes."""
Chunk = tuple[str, bytes]
"""The IRI of a named graph, and N-Triples of it."""


@dataclass(frozen=True)
class Rules:
    """An engine's name, the ontology, the shapes graph and the checks."""

    engine: str
    ontology: tuple[Chunk, ...]
    shapes: str
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, root: GraphRoot, engine_name: str, ontology: Iterable[Chunk], shapes: Graph) -> "Rules":
        """Return the rules of a root; raises RootError for a check without a header, and BadParameterError for no engine."""
        engine(engine_name)
        checks = tuple(map(Check.read, root.checks))
        return cls(engine_name, tuple(ontology), shapes.serialize(format="nt"), checks)

    def try_checks(self) -> None:
        """Ask every check of nothing; raises RootError for one that cannot run."""
        empty = ox.Store()
        for check in self.checks:
            list(check.failures(empty))

    @cached_property
    def reach(self) -> Reach:
        """What the rules that can be asked of a part reach together."""
        reach = ALIKE
        for check in self.checks:
            reach |= check.reach or Reach()
        return reach

    @property
    def links(self) -> frozenset[Link]:
        """The kinds of link that an index must keep."""
        return frozenset({*self.reach.links, QUOTED_FROM})

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that a verdict follows from besides the records."""
        checks = [check.identity for check in self.checks]
        # The same in every process, so without the order of sets; the shapes are lines in no order of their own.
        held = (__version__, self.engine, self.ontology, sorted(self.shapes.splitlines()), checks)
        return hashlib.sha256(repr(held).encode()).hexdigest()

    @property
    def has_whole(self) -> bool:
        """Whether some rule must be asked of the whole graph."""
        return ready(self).whole is not None or any(check.reach is None for check in self.checks)


@dataclass(frozen=True)
class Unit:
    """A unit of work: the records of some focus nodes, and of the others that their verdict depends on.

    `whole` asks for the rules that need the whole graph, and for none of the others.
    """

    own: tuple[Chunk, ...]
    context: tuple[Chunk, ...] = ()
    whole: bool = False


def judge(rules: Rules, unit: Unit) -> list[Failure]:
    """Return the failures of a unit's focus nodes; the same wherever, and beside whichever other units, it is worked on."""
    with silenced():
        return _judge(rules, unit)


def _judge(rules: Rules, unit: Unit) -> list[Failure]:
    prepared = ready(rules)
    own = [(graph, triple) for graph, content in unit.own for triple in _triples(content)]
    context = [(graph, triple) for graph, content in unit.context for triple in _triples(content)]
    foci = frozenset(to_rdflib(subject) for subject in {triple.subject for _, triple in own})
    triples = [triple for _, triple in (*own, *context)]
    part = Part(foci, triples, prepared.ontology, prepared.index)
    shapes = prepared.whole if unit.whole else prepared.local
    found = list(engine(rules.engine)(part, shapes)) if shapes else []
    store = prepared.store((*own, *context))
    for check in rules.checks:
        if (check.reach is None) == unit.whole:
            found.extend(check.failures(store))
    if not unit.whole:
        found.extend(likely_duplicates(_named(triples)))
    return [failure for failure in found if unit.whole or failure.focus in foci]


def _named(triples: Iterable[Any]) -> Graph:
    """Return the triples that names are compared by."""
    graph = Graph()
    for triple in triples:
        if triple.predicate.value in LOOKED_AT:
            graph.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]
    return graph


class Ready:
    """Rules made ready in this process."""

    def __init__(self, rules: Rules) -> None:
        """Parse the ontology and the shapes."""
        stated = [(graph, triple) for graph, content in rules.ontology for triple in _triples(content)]
        self._quads = [quad for graph, triple in stated for quad in _quads(graph, triple)]
        self.ontology = [triple for _, triple in stated]
        self.index = Index()
        self.index.add(self.ontology)
        shapes = Graph()
        for triple in _triples(rules.shapes.encode()):
            shapes.add(tuple(map(to_rdflib, triple)))  # type: ignore[arg-type]
        local, whole = parted(shapes)
        self.local = Shapes(local)
        self.whole = Shapes(whole) if whole else None

    def store(self, triples: Iterable[tuple[str, Any]]) -> ox.Store:
        """Return a store of the ontology and these triples, each in its named graph and in the default graph."""
        store = ox.Store()
        store.extend(self._quads)
        store.extend(quad for graph, triple in triples for quad in _quads(graph, triple))
        return store


_READY: Final[dict[str, Ready]] = {}


def ready(rules: Rules) -> Ready:
    """Return the rules made ready, once in a process; another root's take their place."""
    if rules.digest not in _READY:
        _READY.clear()
        _READY[rules.digest] = Ready(rules)
    return _READY[rules.digest]


def _triples(content: bytes) -> Iterator[Any]:
    return (quad.triple for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES))


@lru_cache(maxsize=1024)
def _graph(name: str) -> ox.NamedNode:
    return ox.NamedNode(name)


_DEFAULT: Final = ox.DefaultGraph()


def _quads(graph: str, triple: Any) -> tuple[ox.Quad, ox.Quad]:
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    return ox.Quad(subject, predicate, value, _graph(graph)), ox.Quad(subject, predicate, value, _DEFAULT)
