"""Paths in the form that the engine follows fast: which they are, and that the answers are the same."""

import random
from collections import Counter
from typing import Final

import pyoxigraph as ox
import pytest

from alpine_kg.errors import BadQueryError
from alpine_kg.formats import FORMATS, RESULT_FORMATS
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.paths import quickened

CSV: Final = next(row for row in RESULT_FORMATS if row.extension == "csv")
PROLOGUE: Final = "PREFIX : <http://e/> "
QUICK: Final = [
    "SELECT * { :n0 {(:p/:q)}+ ?y }",
    "SELECT * { :n0 {(^:p/<http://e/q>)} # then\n + ?y }",
    "SELECT * { :n0 {((:p/:q)*|:r)}+ ?y }",
    "SELECT * { :n0 {((:p/:q))}+ ?y }",
    "SELECT * { :n0 {({(:p/:q)}+/:r)}+ ?y }",
    "SELECT * { ?x {(a/^a)}+ ?y FILTER((1 + 2) + 3 > 4) }",
    'SELECT * { ?x {(:p/:q)}+ ?y FILTER(?y != "(:p/:q)+" && ?y != """)+""") }',
]
"""Queries with what is put into another form between braces that are doubled here."""
LEFT: Final = [
    "SELECT * { :n0 (:p)+ ?y }",
    "SELECT * { :n0 (:p|:q)+ ?y }",
    "SELECT * { :n0 (:p/:q)* ?y }",
    "SELECT * { :n0 :p/:q+ ?y }",
    "SELECT * { :n0 :p ?y FILTER((?y/2)+1 > 2) }",
    "SELECT * { :n0 :p ?y FILTER(STR(?y) = '(:p/:q)+') }",
    "SELECT * { :n0 :p ?y } # (:p/:q)+",
    "SELECT * { :n0 :p (:p :q) , ?y }",
    "SELECT * { :n0 (:p\\/:q)+ ?y }",
    "SELECT * { :n0 (:p/:q)+ ?y FILTER(STR(?y) != '\\u0022') }",
]


def marked(query: str) -> tuple[str, str]:
    """Return a query as it is asked, and as what it is to become with the made-up property named `NOTHING`."""
    plain = query.replace("{(", "(").replace(")}", ")")
    return plain, query.replace("{(", "((").replace(")}", ")|NOTHING)")


@pytest.mark.parametrize("query", QUICK)
def test_a_sequence_that_is_followed_again_and_again_is_an_alternative(query: str) -> None:
    plain, expected = marked(query)
    found = quickened(plain)
    name = found[found.index("|<urn:uuid:") + 1 : found.index(">", found.index("|<urn:uuid:")) + 1]
    assert found.replace(name, "NOTHING") == expected
    ox.Store().query(PROLOGUE + found)


@pytest.mark.parametrize("query", LEFT)
def test_all_else_stays_as_it_is(query: str) -> None:
    assert quickened(query) == query


def path(chance: random.Random, depth: int = 0) -> str:
    if depth > 2 or chance.random() < 0.25:
        return chance.choice([":p", ":q", "^:p", "^:q", ":r", "a", "!:p", "!(:p|^:q)"])
    inner, other = (path(chance, depth + 1) for _ in range(2))
    forms = ("({}/{})+", "({}/{})*", "({}|{})", "({}/{})?", "({})+")
    return chance.choice(forms).format(inner, other)


def graph(chance: random.Random) -> list[ox.Quad]:
    nodes = [ox.NamedNode(f"http://e/n{number}") for number in range(8)]
    properties = [ox.NamedNode(f"http://e/{name}") for name in "pqr"]
    graphs: list[ox.DefaultGraph | ox.NamedNode] = [
        ox.DefaultGraph(),
        ox.NamedNode("http://e/g1"),
        ox.NamedNode("http://e/g2"),
    ]
    return [
        ox.Quad(chance.choice(nodes), chance.choice(properties), chance.choice(nodes), chance.choice(graphs))
        for _ in range(24)
    ]


SHAPES: Final = (":n0 {} ?y", "?x {} :n1", "?x {} ?y", "?x {} ?x", ":n0 {} :n1", "GRAPH ?g {{ ?x {} ?y }}")


@pytest.mark.parametrize("seed", range(40))
def test_both_forms_have_the_same_answers(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same paths on every run
    store = ox.Store()
    store.extend(graph(chance))
    changed = 0
    for shape in SHAPES * 5:
        query = f"{PROLOGUE}SELECT * {{ {shape.format(path(chance))} }}"
        quick = quickened(query)
        answers = [Counter(map(str, store.query(form))) for form in (query, quick)]  # type: ignore[arg-type]
        assert answers[0] == answers[1], query
        changed += quick != query
    assert changed > 5


def test_what_looks_like_a_path_but_is_none_is_asked_as_it_is() -> None:
    query = f"{PROLOGUE}SELECT * {{ BIND(COALESCE((:p/:q)+1, 'no number') AS ?x) }}"
    assert quickened(query) != query
    answer = EmbeddedStore().answer(query, DatasetChoice(), results=CSV, graphs=FORMATS["nt"])
    assert b"no number" in answer.body


def test_a_complaint_is_of_the_query_as_it_was_sent() -> None:
    query = f"{PROLOGUE}SELECT * {{ :n0 (:p/:q)+ ?y . ?y :r }}"
    with pytest.raises(BadQueryError) as caught:
        EmbeddedStore().answer(query, DatasetChoice(), results=CSV, graphs=FORMATS["nt"])
    assert caught.value.details["column"] == len(query) + 1
    assert "uuid" not in str(caught.value)


def test_a_long_query_is_read_once() -> None:
    long = "a" * 200_000
    assert "uuid" in quickened(f"SELECT * {{ ?x (:p/:{long})+ ?y . ?x :r {long} }}")
    for part in ("(", '"""\\', "'", "<a", "a:", "a.", "(:p/", ")+"):
        assert isinstance(quickened(part * 20_000 + "(:p/:q)+"), str)
