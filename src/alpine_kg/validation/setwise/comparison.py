"""Constraint components that compare values: with a bound, with a wanted value, or with those of another property."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rdflib.namespace import XSD
from rdflib.term import Literal, Node

from alpine_kg.validation.setwise.components import Each
from alpine_kg.validation.setwise.index import Index


@dataclass
class Bound(Each):
    """The four of https://www.w3.org/TR/shacl/#core-components-range: a value's order to a bound must pass a test."""

    name: str
    bound: Literal
    passes: Callable[[int], bool]

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether a literal compares with the bound, as SPARQL does, and passes."""
        if not isinstance(value, Literal):
            return False
        one, two = value.value, self.bound.value
        if value.datatype == self.bound.datatype == XSD.integer and type(one) is type(two) is int:
            return self.passes((one > two) - (one < two))
        if isinstance(one, str) != isinstance(two, str):
            return False
        from pyshacl.rdfutil import compare  # noqa: PLC0415 - only for the odd value

        try:
            return self.passes(compare.compare_literal(value, self.bound))  # type: ignore[no-untyped-call]
        except (TypeError, NotImplementedError):
            return False


@dataclass
class HasValue:
    """https://www.w3.org/TR/shacl/#HasValueConstraintComponent."""

    wanted: Node
    name = "HasValue"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:  # noqa: ARG002
        """Yield one result without a value where the wanted one is missing."""
        if self.wanted not in values:
            yield None


@dataclass
class Disjoint:
    """https://www.w3.org/TR/shacl/#DisjointConstraintComponent."""

    other: Node
    name = "Disjoint"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:
        """Yield the values that the other property has too."""
        yield from set(values) & set(index.objects(focus, self.other))


@dataclass
class Equals:
    """https://www.w3.org/TR/shacl/#EqualsConstraintComponent."""

    other: Node
    name = "Equals"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:
        """Yield the values that only one of the two properties has."""
        yield from set(values) ^ set(index.objects(focus, self.other))
