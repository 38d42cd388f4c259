"""Shapes as they are run: a path, components, property shapes, and what a result is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from rdflib.term import Node, URIRef

from alpine_kg.queries import Text
from alpine_kg.validation.findings import Severity
from alpine_kg.validation.setwise.index import Index


class Component(Protocol):
    """A constraint component with its parameter, https://www.w3.org/TR/shacl/#constraints-section."""

    name: str

    def offences(self, focus: Node, values: "list[Node]", index: Index) -> "Iterator[Node | None]":
        """Yield a value for each result, or None for a result that has no value."""
        ...


class Result(NamedTuple):
    """One result: which component of which shape, at which node, with which value."""

    shape: "Shape"
    component: str
    focus: Node
    value: Node | None


@dataclass(frozen=True, eq=False)
class Target:
    """What a shape is about, https://www.w3.org/TR/shacl/#targets."""

    classes: frozenset[Node] = frozenset()
    nodes: frozenset[Node] = frozenset()
    subjects_of: frozenset[Node] = frozenset()
    objects_of: frozenset[Node] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether the shape is run only where another refers to it."""
        return not (self.classes or self.nodes or self.subjects_of or self.objects_of)


@dataclass(eq=False)
class Shape:
    """A node shape, or a property shape with its path."""

    node: Node
    path: URIRef | None
    severity: Severity
    messages: Text
    target: Target
    components: list[Component] = field(default_factory=list)
    properties: list["Shape"] = field(default_factory=list)
    active: bool = True

    def results(self, focus: Node, index: Index) -> Iterator[Result]:
        """Yield the results for one focus node, those of its property shapes included."""
        if not self.active:
            return
        values = [focus] if self.path is None else list(index.objects(focus, self.path))
        for component in self.components:
            for value in component.offences(focus, values, index):
                yield Result(self, component.name, focus, value)
        for shape in self.properties:
            for value in values:
                yield from shape.results(value, index)

    def conforms(self, node: Node, index: Index) -> bool:
        """Whether a node has no result at all."""
        return next(self.results(node, index), None) is None
