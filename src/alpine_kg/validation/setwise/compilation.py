"""Compilation: from a shapes graph to shapes that run, and the refusal of what is not known."""

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Literal, Node, URIRef

from alpine_kg.namespaces import local_name
from alpine_kg.validation.findings import Severity
from alpine_kg.validation.setwise import comparison, components
from alpine_kg.validation.setwise.logic import LISTS, Logical, negation
from alpine_kg.validation.setwise.shapes import Shape, Target

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_KNOWN: Final = {
    *_TARGETS,
    *(SH.path, SH.message, SH.severity, SH.deactivated, SH.property, SH.flags),
    *(SH.name, SH.description, SH.order, SH.group),
    *(RDF.type, RDFS.label, RDFS.comment, RDFS.subClassOf, RDFS.seeAlso, RDFS.isDefinedBy),
}
"""What a shape may have beside components."""


class Refusal(Exception):  # noqa: N818 - it names what happened, and nothing has gone wrong
    """A shape has something that is not known here."""


@dataclass(frozen=True)
class Compilation:
    """The shapes that run here, and why each of the others does not."""

    shapes: tuple[Shape, ...]
    refused: dict[Node, str]

    def remaining(self, graph: Graph) -> Graph:
        """Return the shapes graph with the targets of the refused shapes only, for another engine to run."""
        rest = Graph()
        rest += graph
        # Its SPARQL may use the prefixes of the file.
        for prefix, namespace in graph.namespaces():
            rest.bind(prefix, namespace, replace=True)
        for shape in self.shapes:
            for target in _TARGETS:
                rest.remove((shape.node, target, None))
            for cls in _metaclasses(graph):
                rest.remove((shape.node, RDF.type, cls))
        return rest


def compile_shapes(graph: Graph) -> Compilation:
    """Return every shape with a target, compiled or refused."""
    compiling = _Compiling(graph)
    shapes, refused = [], {}
    for node in sorted(compiling.roots(), key=str):
        try:
            shapes.append(compiling.shape(node))
        except Refusal as refusal:
            refused[node] = str(refusal)
    return Compilation(tuple(shapes), refused)


def _metaclasses(graph: Graph) -> list[Node]:
    return [*graph.subjects(RDFS.subClassOf, RDFS.Class), RDFS.Class]


class _Compiling:
    """One pass over a shapes graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._open: list[Node] = []
        self._metaclasses = _metaclasses(graph)
        # Components of the shapes graph's own may hang on any property.
        self._custom = (None, SH.parameter, None) in graph

    def roots(self) -> set[Node]:
        """Return the nodes that are shapes with a target."""
        declared = {node for target in _TARGETS for node in self._graph.subjects(target)}
        shapes = {node for kind in (SH.NodeShape, SH.PropertyShape) for node in self._graph.subjects(RDF.type, kind)}
        return declared | {node for node in shapes if self._implicit(node)}

    def shape(self, node: Node) -> Shape:
        """Return the shape at a node; raises Refusal."""
        if node in self._open:
            raise Refusal("a shape that refers to itself")
        self._open.append(node)
        try:
            return self._shape(node)
        finally:
            self._open.pop()

    def _shape(self, node: Node) -> Shape:
        if self._custom:
            raise Refusal("components of its own in the shapes graph")
        path: Any = self._one(node, SH.path)
        if path is not None and not isinstance(path, URIRef):
            raise Refusal("a path of more than one property")
        kinds = set(self._graph.objects(node, RDF.type)) & {SH.NodeShape, SH.PropertyShape}
        if kinds - {SH.NodeShape if path is None else SH.PropertyShape}:
            raise Refusal("a shape of the wrong kind for its path")
        messages = [text for text in self._graph.objects(node, SH.message) if isinstance(text, Literal)]
        shape = Shape(
            node=node,
            path=path,
            severity=self._severity(node),
            messages={message.language or "en": str(message) for message in messages},
            target=self._target(node),
            active=not bool(getattr(self._one(node, SH.deactivated), "value", False)),
        )
        shape.components.extend(self._components(node, path))
        shape.properties.extend(self._property(value) for value in self._graph.objects(node, SH.property))
        return shape

    def _property(self, node: Node) -> Shape:
        shape = self.shape(node)
        if shape.path is None:
            raise Refusal("a property shape without a path")
        return shape

    def _severity(self, node: Node) -> Severity:
        return Severity.of(local_name(str(self._one(node, SH.severity) or SH.Violation)))

    def _target(self, node: Node) -> Target:
        classes, nodes, subjects_of, objects_of = (frozenset(self._graph.objects(node, name)) for name in _TARGETS)
        return Target(classes | ({node} if self._implicit(node) else set()), nodes, subjects_of, objects_of)

    def _implicit(self, node: Node) -> bool:
        """Whether the shape is a class too, https://www.w3.org/TR/shacl/#implicit-targetClass."""
        return any((node, RDF.type, cls) in self._graph for cls in self._metaclasses)

    def _components(self, node: Node, path: URIRef | None) -> Iterator[Any]:
        for once in _ONCE:
            self._one(node, once)
        for parameter, value in self._graph.predicate_objects(node):
            if parameter in LISTS:
                name, passes = LISTS[URIRef(str(parameter))]
                yield Logical(name, [self.shape(member) for member in self._list(value)], passes)
            elif parameter == SH["not"]:
                yield negation(self.shape(value))
            elif parameter == SH.pattern:
                yield components.Pattern(re.compile(str(value), self._flags(node)))
            elif parameter in (SH.languageIn, SH["in"]):
                members = frozenset(self._list(value))
                listed = components.In(members) if parameter == SH["in"] else None
                yield listed or components.LanguageIn(frozenset(str(member).lower() for member in members))
            elif parameter in _SINGLE:
                if path is None and parameter in _OF_PATHS:
                    raise Refusal(f"sh:{local_name(str(parameter))} without a path")
                yield _SINGLE[URIRef(str(parameter))](value)
            elif parameter not in _KNOWN:
                raise Refusal(f"{parameter}")

    def _flags(self, node: Node) -> re.RegexFlag:
        letters = str(self._one(node, SH.flags) or "").lower()
        if set(letters) - {"i", "m"}:
            raise Refusal(f"the flags {letters}")
        return (re.IGNORECASE if "i" in letters else re.NOFLAG) | (re.MULTILINE if "m" in letters else re.NOFLAG)

    def _list(self, node: Node) -> list[Node]:
        members = list(self._graph.items(node))
        if not members:
            raise Refusal("an empty list")
        return members

    def _one(self, node: Node, predicate: Node) -> Node | None:
        values = list(self._graph.objects(node, predicate))
        if len(values) > 1:
            raise Refusal(f"sh:{local_name(str(predicate))} more than once")
        return values[0] if values else None


def _number(component: Callable[[int], Any], value: Node) -> Any:
    if not isinstance(value, Literal) or type(value.value) is not int or value.value < 0:
        raise Refusal(f"{value}, which is no count")
    return component(value.value)


def _bound(name: str, passes: Callable[[int], bool], value: Node) -> comparison.Bound:
    if not isinstance(value, Literal):
        raise Refusal(f"{value}, which is no literal")
    return comparison.Bound(name, value, passes)


def _unique(value: Node) -> components.UniqueLang:
    if not isinstance(value, Literal) or not isinstance(value.value, bool):
        raise Refusal(f"{value}, which is neither true nor false")
    return components.UniqueLang(value.value)


_ONCE: Final = (
    *(SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.uniqueLang, SH.languageIn),
    *(SH["in"], SH.datatype, SH.nodeKind),
)
"""Parameters that a shape may have one value of."""
_OF_PATHS: Final = {SH.minCount, SH.maxCount, SH.uniqueLang}
_SINGLE: Final[dict[URIRef, Callable[[Any], Any]]] = {
    SH.minCount: partial(_number, components.MinCount),
    SH.maxCount: partial(_number, components.MaxCount),
    SH.minLength: partial(_number, components.MinLength),
    SH.maxLength: partial(_number, components.MaxLength),
    SH.minInclusive: partial(_bound, "MinInclusive", partial(operator.le, 0)),
    SH.minExclusive: partial(_bound, "MinExclusive", partial(operator.lt, 0)),
    SH.maxInclusive: partial(_bound, "MaxInclusive", partial(operator.ge, 0)),
    SH.maxExclusive: partial(_bound, "MaxExclusive", partial(operator.gt, 0)),
    SH.uniqueLang: _unique,
    SH.datatype: components.Datatype,
    SH["class"]: components.Class,
    SH.nodeKind: components.NodeKind,
    SH.hasValue: comparison.HasValue,
    SH.disjoint: comparison.Disjoint,
    SH.equals: comparison.Equals,
}
"""The components with one parameter, and how each is made of its value."""
