"""Statements in order: the same whether they are sorted at once or in parts that wait in files."""

import random

import pyoxigraph as ox
import pytest

from alpine_kg.formats.ordering import Ordering
from alpine_kg.namespaces import RDF

TYPE = ox.NamedNode(RDF + "type")
VALUES: list[ox.Literal | ox.NamedNode | ox.BlankNode] = [
    ox.Literal('a\0b\tc\nd\r \x85\u2028 \\ "e" 😀'),
    ox.Literal("a"),
    ox.Literal("a", language="fr"),
    ox.Literal("1", datatype=ox.NamedNode("urn:t")),
    ox.NamedNode("urn:a"),
    ox.BlankNode("a"),
]
QUADS = [
    ox.Quad(ox.NamedNode(f"urn:{subject}"), predicate, value, graph)
    for graph in (ox.NamedNode("urn:g"), ox.NamedNode("urn:f"), ox.DefaultGraph())
    for subject in ("s", "s:1", "r")
    for predicate in (ox.NamedNode("urn:p"), TYPE, ox.NamedNode("a:p"))
    for value in VALUES
]


def ordered(quads: list[ox.Quad], part: int) -> list[ox.Quad]:
    with Ordering(part) as ordering:
        for quad in quads:
            ordering.add(quad)
        return list(ordering)


@pytest.mark.parametrize("part", [1, 2, 7, len(QUADS), 10 * len(QUADS)])
def test_each_comes_once_and_in_order(part: int) -> None:
    """The smallest parts are more than the files that may wait, so that these are merged on the way."""
    shuffled = [*QUADS, *QUADS[::3]]
    random.Random(part).shuffle(shuffled)  # noqa: S311 - not for secrets
    found = ordered(shuffled, part)
    assert found == ordered(QUADS, 10 * len(QUADS))
    assert len(found) == len(QUADS)
    assert set(found) == set(QUADS)


def test_the_order_is_that_of_graph_subject_predicate_with_types_first_and_object() -> None:
    found = ordered(QUADS, 10 * len(QUADS))
    keys = [
        (str(row.graph_name), str(row.subject), row.predicate != TYPE, str(row.predicate), str(row.object))
        for row in found
    ]
    assert keys == sorted(keys)


def test_nothing_is_left_of_what_was_given_up() -> None:
    with Ordering(2) as ordering:
        for quad in QUADS:
            ordering.add(quad)
        next(iter(ordering))
    assert not list(ordering)


def test_triples_are_in_no_graph() -> None:
    with Ordering() as ordering:
        ordering.add(QUADS[0].triple)
        assert [*ordering] == [ox.Quad(*QUADS[0].triple)]
