"""Constraint components that look at values alone: one class a clause of https://www.w3.org/TR/shacl/#core-components.

Where the recommendation leaves room, they do as pySHACL does; `tests/validation/test_engines.py` compares the two.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from alpine_kg.validation.setwise.index import Index


class Each(ABC):
    """A component that judges one value at a time."""

    @abstractmethod
    def holds(self, value: Node, index: Index) -> bool:
        """Whether a value satisfies the component."""

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:  # noqa: ARG002
        """Yield the values that do not satisfy it."""
        return (value for value in values if not self.holds(value, index))


@dataclass
class MinCount:
    """https://www.w3.org/TR/shacl/#MinCountConstraintComponent."""

    least: int
    name = "MinCount"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:  # noqa: ARG002
        """Yield one result without a value for too few."""
        if len(values) < self.least:
            yield None


@dataclass
class MaxCount:
    """https://www.w3.org/TR/shacl/#MaxCountConstraintComponent."""

    most: int
    name = "MaxCount"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:  # noqa: ARG002
        """Yield one result without a value for too many."""
        if len(values) > self.most:
            yield None


@dataclass
class UniqueLang:
    """https://www.w3.org/TR/shacl/#UniqueLangConstraintComponent."""

    wanted: bool
    name = "UniqueLang"

    def offences(self, focus: Node, values: list[Node], index: Index) -> Iterator[Node | None]:  # noqa: ARG002
        """Yield one result without a value for each language that is there twice."""
        if self.wanted and len(values) > 1:
            tags = Counter(value.language.lower() for value in values if isinstance(value, Literal) and value.language)
            yield from (None for count in tags.values() if count > 1)


@dataclass
class Datatype(Each):
    """https://www.w3.org/TR/shacl/#DatatypeConstraintComponent."""

    datatype: URIRef
    name = "Datatype"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether a literal has the datatype and is well-formed."""
        if not isinstance(value, Literal):
            return False
        named = value.datatype or (RDF.langString if value.language else XSD.string)
        if named != self.datatype:
            return self.datatype == RDFS.Literal or (self.datatype == RDFS.Datatype and value.datatype is not None)
        kind = _PYTHON.get(self.datatype)
        return not value.ill_typed and (kind is None or isinstance(value.value, kind))


_PYTHON: Final[dict[URIRef, Any]] = {
    XSD.string: (str, bytes),
    RDF.langString: (str, bytes),
    XSD.integer: int,
    XSD.float: float,
    XSD.decimal: Decimal,
    XSD.boolean: bool,
    XSD.date: date,
    XSD.time: time,
    XSD.dateTime: datetime,
}


@dataclass
class Class(Each):
    """https://www.w3.org/TR/shacl/#ClassConstraintComponent."""

    cls: Node
    name = "Class"

    def holds(self, value: Node, index: Index) -> bool:
        """Whether a node is an instance of the class."""
        return not isinstance(value, Literal) and self.cls in index.classes(value)


@dataclass
class NodeKind(Each):
    """https://www.w3.org/TR/shacl/#NodeKindConstraintComponent."""

    kind: Node
    name = "NodeKind"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether a term is of the kind."""
        return (
            self.kind
            in _KINDS[BNode if isinstance(value, BNode) else Literal if isinstance(value, Literal) else URIRef]
        )


_KINDS: Final[dict[type, set[Node]]] = {
    BNode: {SH.BlankNode, SH.BlankNodeOrIRI, SH.BlankNodeOrLiteral},
    Literal: {SH.Literal, SH.BlankNodeOrLiteral, SH.IRIOrLiteral},
    URIRef: {SH.IRI, SH.BlankNodeOrIRI, SH.IRIOrLiteral},
}


@dataclass
class Pattern(Each):
    """https://www.w3.org/TR/shacl/#PatternConstraintComponent."""

    pattern: re.Pattern[str]
    name = "Pattern"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether the pattern is found in a literal's text or an IRI."""
        return not isinstance(value, BNode) and self.pattern.search(_text(value)) is not None


@dataclass
class MinLength(Each):
    """https://www.w3.org/TR/shacl/#MinLengthConstraintComponent."""

    least: int
    name = "MinLength"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether the text is long enough."""
        return not isinstance(value, BNode) and len(_text(value)) >= self.least


@dataclass
class MaxLength(Each):
    """https://www.w3.org/TR/shacl/#MaxLengthConstraintComponent."""

    most: int
    name = "MaxLength"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether the text is short enough."""
        return not isinstance(value, BNode) and len(_text(value)) <= self.most


@dataclass
class LanguageIn(Each):
    """https://www.w3.org/TR/shacl/#LanguageInConstraintComponent."""

    ranges: frozenset[str]
    name = "LanguageIn"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether the tag, or what stands before its first hyphen, is listed; `*` lists every tag."""
        tag = (getattr(value, "language", None) or "").lower()
        return bool(tag) and not self.ranges.isdisjoint({"*", tag, tag.split("-")[0]})


@dataclass
class In(Each):
    """https://www.w3.org/TR/shacl/#InConstraintComponent."""

    members: frozenset[Node]
    name = "In"

    def holds(self, value: Node, index: Index) -> bool:  # noqa: ARG002
        """Whether the list has the value."""
        return value in self.members


def _text(value: Node) -> str:
    return str(value)
