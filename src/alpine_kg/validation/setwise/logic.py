"""Constraint components that ask whether a value conforms to other shapes, https://www.w3.org/TR/shacl/#core-components-logical."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from alpine_kg.validation.setwise.components import Each
from alpine_kg.validation.setwise.index import Index
from alpine_kg.validation.setwise.shapes import Shape


@dataclass
class Logical(Each):
    """A component over the number of its shapes that a value conforms to."""

    name: str
    shapes: list[Shape]
    passes: Callable[[int, int], bool]

    def holds(self, value: Node, index: Index) -> bool:
        """Whether the value conforms to as many shapes as it must."""
        return self.passes(sum(shape.conforms(value, index) for shape in self.shapes), len(self.shapes))


LISTS: Final[dict[URIRef, tuple[str, Callable[[int, int], bool]]]] = {
    SH["and"]: ("And", lambda conforming, shapes: conforming == shapes),
    SH["or"]: ("Or", lambda conforming, _: conforming > 0),
    SH.xone: ("Xone", lambda conforming, _: conforming == 1),
}
"""The components that take a list of shapes."""


def negation(shape: Shape) -> Logical:
    """Return https://www.w3.org/TR/shacl/#NotConstraintComponent of a shape."""
    return Logical("Not", [shape], lambda conforming, _: conforming == 0)
