"""Search: what people type finds the entity that they mean."""

from collections.abc import Callable
from copy import copy

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.namespaces import RDFS
from alpine_kg.store import EmbeddedStore


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("usine de dieppe", "/plant/dieppe"),
        ("USINE DE DIÉPPE", "/plant/dieppe"),
        ("de meo", "/person/luca-de-meo"),
        ("Re-Nouveau", "/plan/re-nouveau-france-2025"),
        ("cmf-ev", "/platform/cmf-ev"),
    ],
)
def test_the_entity_that_is_meant_comes_first(client: TestClient, text: str, path: str) -> None:
    assert client.get("/search", params={"q": text}).json()["items"][0]["path"] == path


def test_a_search_can_be_of_one_kind(client: TestClient) -> None:
    items = client.get("/search?q=dieppe&kind=place").json()["items"]
    assert [item["path"] for item in items] == ["/place/dieppe"]


@pytest.mark.parametrize(
    "text", ["", " ", '"', "(", "*", "a OR", "NEAR(", "-", "'; DROP TABLE name", "\u0301", "a" * 200, "é" * 200]
)
def test_a_search_is_words_and_never_syntax(client: TestClient, text: str) -> None:
    assert client.get("/search", params={"q": text}).status_code == 200


@pytest.mark.parametrize("query", ["", "?kind=plant", "?q=a&kind=planet", "?q=a&limit=0", "?q=a&q=b", "?q=a&page=2"])
def test_what_a_search_cannot_do_is_said(client: TestClient, query: str) -> None:
    assert client.get(f"/search{query}").status_code == 400


def test_the_page_of_a_search(client: TestClient) -> None:
    headers = {"Accept": "text/html"}
    assert client.get("/search", headers=headers).status_code == 200, "the form alone"
    page = client.get("/search?q=dieppe&lang=en", headers=headers).text
    assert '<a href="/plant/dieppe?lang=en">Manufacture Alpine Dieppe Jean Rédélé</a>' in page
    assert "Nothing has that name." in client.get("/search?q=zzzz&lang=en", headers=headers).text
    assert "&lt;b&gt;" in client.get("/search", params={"q": "<b>"}, headers=headers).text


def test_a_hit_that_has_no_page_here_is_named_without_a_link(
    serve: Callable[..., TestClient], graph: KnowledgeGraph
) -> None:
    store = EmbeddedStore()
    label = ox.Triple(ox.NamedNode("http://example.org/a"), ox.NamedNode(RDFS + "label"), ox.Literal("Dieppe & co"))
    store.load({"urn:g": [label]})
    plain = copy(graph)
    plain.catalogue = Catalogue.build(store, plain=True)
    answer = serve(plain).get("/search.html?q=dieppe")
    assert answer.status_code == 200
    assert "<li>Dieppe &amp; co\n" in answer.text
