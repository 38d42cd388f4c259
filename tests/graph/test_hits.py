"""What a list or a search has found, read in each of its forms: the same entities in the same order."""

import json

import pytest

from alpine_kg.graph import Hits, KnowledgeGraph
from alpine_kg.graph.hits import Read


@pytest.fixture
def read(graph: KnowledgeGraph) -> Read:
    return graph.catalogue._rows  # noqa: SLF001 - lists and searches give only some of the numbers


def _numbers() -> list[list[int] | range]:
    return [range(3, 40), [9, 3, 30, 4, 100, 5], [7], range(7, 8), [], range(0)]


@pytest.mark.parametrize("numbers", _numbers())
def test_every_form_has_the_same_entities_in_order(read: Read, numbers: list[int] | range) -> None:
    hits = Hits(numbers, read)
    single = [Hits([number], read)[0] for number in numbers]
    assert list(hits) == single
    assert len(hits) == len(numbers)
    items = json.loads(f"[{hits.json}]")
    assert [item["id"] for item in items] == [hit.iri for hit in single]
    assert [*hits.named()] == [
        (item["path"] or item["id"], hit.labels, hit.notes) for item, hit in zip(items, single, strict=True)
    ]


def test_hits_are_compared_by_what_they_hold(read: Read) -> None:
    assert Hits([3, 4], read) == Hits(range(3, 5), read) == [*Hits([3, 4], read)]
    assert Hits([3, 4], read) != Hits([4, 3], read)
    assert Hits([3], read) != 3
