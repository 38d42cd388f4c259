"""The count of everything is told from what is known; nothing else is taken for it."""

import json
from typing import Final

import pyoxigraph as ox
import pytest

from alpine_kg.errors import BadQueryError
from alpine_kg.formats import FORMATS
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.totals import counted

KNOWN: Final = 1_000
"""Not the number of triples in the stores of these tests, so that one sees where an answer is from."""
ASKED: Final = [
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "select(count(*)as?n){?s?p?o}",
    "SELECT ( COUNT ( * ) AS $n ) { $s ?p ?o . } # (all)\n",
    "# how many\nPREFIX ak: <https://e/> BASE <https://e/>\nPREFIX : <#>\nSELECT (COUNT(*) AS ?n)\nWHERE {\n  ?a ?b ?c .\n}\n",
]
OTHERS: Final = [
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p $s }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p 1 }",
    "SELECT (COUNT(*) AS ?n) { ?s a ?o }",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(?s) AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } LIMIT 0",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r }",
    "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
    "SELECT (COUNT(*) AS ?n) FROM <https://e/g> { ?s ?p ?o }",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
    "SELECT (COUNT(*) + 1 AS ?n) { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?s) { ?s ?p ?o }",
]


@pytest.fixture
def store() -> EmbeddedStore:
    """Return a store that is told a total which it does not have."""
    made = EmbeddedStore(total=KNOWN)
    node = ox.NamedNode("https://e/x")
    made.load({"https://e/g": [ox.Triple(node, ox.NamedNode(f"https://e/{n}"), node) for n in "pq"]})
    return made


def rows(store: EmbeddedStore, query: str, dataset: DatasetChoice | None = None) -> list[dict[str, dict[str, str]]]:
    answer = store.answer(query, dataset or DatasetChoice(), results=FORMATS["srj"], graphs=FORMATS["ttl"])
    found: list[dict[str, dict[str, str]]] = json.loads(answer.body)["results"]["bindings"]
    return found


@pytest.mark.parametrize("query", ASKED)
def test_the_count_of_everything_is_what_is_known(store: EmbeddedStore, query: str) -> None:
    (known,) = rows(store, query)
    store.total = None
    (engine,) = rows(store, query)
    assert known == engine | {"n": engine["n"] | {"value": str(KNOWN)}}


@pytest.mark.parametrize("query", OTHERS)
def test_another_query_is_asked_as_it_is(store: EmbeddedStore, query: str) -> None:
    assert counted(query, KNOWN) == query
    assert str(KNOWN) not in json.dumps(rows(store, query))


def test_a_dataset_of_its_own_is_counted(store: EmbeddedStore) -> None:
    (row,) = rows(store, ASKED[0], DatasetChoice(default=("https://e/nothing",)))
    assert row["n"]["value"] == "0"


def test_what_is_no_sparql_is_refused_as_it_was_sent(store: EmbeddedStore) -> None:
    with pytest.raises(BadQueryError, match="line 1"):
        rows(store, "PREFIX a: <https://e/ SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
