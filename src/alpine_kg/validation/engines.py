"""Engines: who runs the shapes over a part of the graph. One row each, and all give the same failures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from rdflib import Graph
from rdflib.term import Node

from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import local_name
from alpine_kg.validation.findings import Failure, worded
from alpine_kg.validation.results import values_of
from alpine_kg.validation.setwise import Compilation, Index, Result, Shape, compile_shapes
from alpine_kg.validation.terms import to_rdflib


class Shapes:
    """A shapes graph, made ready once for every part that it is run on."""

    def __init__(self, graph: Graph) -> None:
        """Take a shapes graph; an engine prepares of it what it needs."""
        self.graph = graph

    @cached_property
    def compiled(self) -> tuple[Shape, ...]:
        """The shapes that the fast engine knows."""
        return self._compilation.shapes

    @cached_property
    def remaining(self) -> Graph | None:
        """The shapes graph for those that it refuses, or None."""
        return self._compilation.remaining(self.graph) if self._compilation.refused else None

    @property
    def refused(self) -> dict[Node, str]:
        """The shapes that the fast engine leaves to the reference, each with what it does not know."""
        return self._compilation.refused

    @cached_property
    def _compilation(self) -> Compilation:
        return compile_shapes(self.graph)


@dataclass
class Part:
    """A part of the graph: the triples of its records and of the ontology, in pyoxigraph's terms, and the focus nodes."""

    foci: frozenset[Node]
    triples: Sequence[Any]
    base: Sequence[Any]
    base_index: Index

    @cached_property
    def index(self) -> Index:
        """The part as the fast engine reads it."""
        index = Index(self.base_index)
        index.add(self.triples)
        return index

    @cached_property
    def graph(self) -> Graph:
        """The part as the reference reads it."""
        graph = Graph()
        for triple in (*self.base, *self.triples):
            graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        return graph


def reference(part: Part, shapes: Shapes) -> Iterator[Failure]:
    """Yield pySHACL's failures."""
    yield from _pyshacl(part, shapes.graph)


def fast(part: Part, shapes: Shapes) -> Iterator[Failure]:
    """Yield the failures of the set-wise engine, and pySHACL's for the shapes that it refuses."""
    found = {
        (failure.rule, failure.focus, failure.path, failure.value): failure
        for result in _results(part, shapes.compiled)
        for failure in _failures(result, part.index)
    }
    yield from found.values()
    if shapes.remaining is not None:
        yield from _pyshacl(part, shapes.remaining)


ENGINES: Final[dict[str, Callable[[Part, Shapes], Iterator[Failure]]]] = {"reference": reference, "fast": fast}


def engine(name: str) -> Callable[[Part, Shapes], Iterator[Failure]]:
    """Return an engine; raises BadParameterError for a name that is none."""
    try:
        return ENGINES[name]
    except KeyError:
        raise BadParameterError(f"There is no engine {name!r}.", f"The engines are: {', '.join(ENGINES)}.") from None


def _pyshacl(part: Part, shapes: Graph) -> Iterator[Failure]:
    # The library takes a third of a second to load, which a fast engine would not earn back on a small graph.
    from alpine_kg.validation.shacl import run_shapes  # noqa: PLC0415

    yield from run_shapes(part.graph, shapes)


def _results(part: Part, shapes: Sequence[Shape]) -> Iterator[Result]:
    index = part.index
    by_class: dict[frozenset[Node], list[Shape]] = {}
    classed = [shape for shape in shapes if shape.target.classes]
    for node in part.foci:
        classes = index.classes(node)
        if classes not in by_class:
            by_class[classes] = [shape for shape in classed if shape.target.classes & classes]
        for shape in by_class[classes]:
            yield from shape.results(node, index)
    for shape in shapes:
        for node in _other_targets(shape, index):
            yield from shape.results(node, index)


def _other_targets(shape: Shape, index: Index) -> set[Node]:
    """Return a shape's focus nodes but for those that have its class."""
    target = shape.target
    nodes = set(target.nodes)
    for name in target.subjects_of:
        nodes.update(index.subjects_of(name))
    for name in target.objects_of:
        nodes.update(index.objects_of(name))
    return nodes


def _failures(result: Result, index: Index) -> Iterator[Failure]:
    shape, component, focus, value = result
    failure = Failure(
        rule=f"{local_name(str(shape.node))}/{component}",
        severity=shape.severity,
        wording=worded(shape.messages or {"en": f"The value does not satisfy sh:{component}."}),
        focus=focus,
        path=shape.path,
        value=None if value == focus else value,
    )
    values = [] if shape.path is None else index.objects(focus, shape.path)
    return (replace(failure, value=each) for each in values_of(failure, values))
