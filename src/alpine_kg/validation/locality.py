"""Locality: which shapes can be run on a part of the graph, since they look no further than a part reaches.

A part has the records of its focus nodes and those that these mention. So a shape is local when its focus nodes have records of
their own, and when it asks nothing of nodes more than one property away.
"""

from collections.abc import Iterator
from typing import Final

from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node, URIRef

_ELSEWHERE: Final = (SH.targetNode, SH.targetObjectsOf)
"""Targets that may be nodes of which nothing is said."""
_HERE: Final = (SH.targetClass, SH.targetSubjectsOf)
_TARGETS: Final = (*_ELSEWHERE, *_HERE)
_LISTS: Final = (SH["and"], SH["or"], SH.xone)
_NESTED: Final = (SH.property, SH.node, SH["not"])
_OF_VALUES: Final = {
    *(SH.minCount, SH.maxCount, SH.minLength, SH.maxLength, SH.pattern, SH.flags, SH.languageIn, SH.uniqueLang),
    *(SH.minInclusive, SH.minExclusive, SH.maxInclusive, SH.maxExclusive, SH.datatype, SH.nodeKind, SH["in"]),
    *(SH.hasValue, SH.disjoint, SH.equals, SH.lessThan, SH.lessThanOrEquals),
    *(SH.path, SH.message, SH.severity, SH.deactivated, SH.name, SH.description, SH.order, SH.group, *_HERE, RDF.type),
}
"""What asks nothing of the values but what they are."""
_REACHED: Final = 1
"""Properties that a part's records reach over."""


def parted(shapes: Graph) -> tuple[Graph, Graph | None]:
    """Return the shapes graph with the targets of local shapes alone, and with those of the others alone if there are any."""
    local = _local(shapes)
    others = set(_roots(shapes)) - local
    return (_without(shapes, others), _without(shapes, local)) if others else (shapes, None)


def _local(shapes: Graph) -> set[Node]:
    if (None, SH.parameter, None) in shapes:
        return set()
    return {
        root
        for root in _roots(shapes)
        if not any((root, target, None) in shapes for target in _ELSEWHERE) and _is_local(shapes, root, 0)
    }


def _roots(shapes: Graph) -> Iterator[Node]:
    for target in _TARGETS:
        yield from shapes.subjects(target)
    for cls in (*shapes.subjects(RDFS.subClassOf, RDFS.Class), RDFS.Class):
        yield from shapes.subjects(RDF.type, cls)


def _is_local(shapes: Graph, shape: Node, distance: int) -> bool:
    """Whether a shape, asked of a node so many properties away from a focus node, stays within reach."""
    path = shapes.value(shape, SH.path)
    if distance > _REACHED + 1 or (path is not None and (not isinstance(path, URIRef) or distance > _REACHED)):
        return False
    values = distance + (path is not None)
    nested: list[Node] = []
    for parameter, value in shapes.predicate_objects(shape):
        if parameter in _LISTS:
            nested += shapes.items(value)
        elif parameter in _NESTED:
            nested.append(value)
        elif not (parameter in _OF_VALUES or (parameter == SH["class"] and values <= _REACHED)):
            return False
    return all(_is_local(shapes, inner, values) for inner in nested)


def _without(shapes: Graph, roots: set[Node]) -> Graph:
    rest = Graph()
    rest += shapes
    for root in roots:
        for target in _TARGETS:
            rest.remove((root, target, None))
        rest.remove((root, RDF.type, RDFS.Class))
    return rest
