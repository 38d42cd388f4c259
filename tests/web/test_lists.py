"""Lists: pages, filters, cursors and formats."""

import csv
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest
from pyld import jsonld
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.database import Database, NotBriefError
from alpine_kg.namespaces import AK, RDFS, entity_iri
from alpine_kg.settings import Settings
from alpine_kg.web import create_app
from alpine_kg.web.lists import read_cursor, write_cursor
from alpine_kg.web.parameters import Parameters


def links(answer: object) -> dict[str, str]:
    header: str = getattr(answer, "headers")["link"]  # noqa: B009 - any of httpx's answers
    return {
        part.split('rel="')[1].split('"')[0]: part[1 : part.index(">")]
        for part in header.split(", <")[:1] + [f"<{part}" for part in header.split(", <")[1:]]
    }


def test_pages_add_up_to_the_list(client: TestClient) -> None:
    whole = client.get("/claims?predicate=producedAt").json()
    path, seen = "/claims?predicate=producedAt&limit=7", []
    while path:
        answer = client.get(path)
        page = answer.json()
        assert page["total"] == whole["total"] > 30
        assert len(page["items"]) <= 7
        seen += [item["id"] for item in page["items"]]
        path = page.get("next", "")
        assert links(answer).get("next", "") == path
    assert seen == [item["id"] for item in whole["items"]]
    assert len(set(seen)) == whole["total"]


def test_the_next_page_keeps_format_and_filters(client: TestClient) -> None:
    following = links(client.get("/claims.csv?modality=Planned&limit=2"))["next"]
    assert following.startswith("/claims.csv?modality=Planned&limit=2&cursor=")
    assert client.get(following).headers["content-type"] == "text/csv; charset=utf-8"


def test_filters_take_slugs_names_and_iris(client: TestClient) -> None:
    wanted = [entity_iri("vehicle", "renault-4-electric")]
    slug = "renault-maubeuge"
    for value in (slug, f"plant:{slug}", f"plant/{slug}", entity_iri("plant", slug)):
        found = client.get("/vehicles", params={"producedAt": value}).json()
        assert [item["id"] for item in found["items"]] == wanted
    planned = client.get("/claims?modality=Planned").json()["total"]
    both = client.get("/claims?modality=Planned&predicate=producedAt").json()["total"]
    assert 0 < both < planned < client.get("/claims").json()["total"]
    assert client.get("/vehicles?producedAt=france").status_code == 200


def test_a_text_narrows_a_list(client: TestClient) -> None:
    found = client.get("/people", params={"q": "DE MEO"}).json()
    assert [item["path"] for item in found["items"]] == ["/person/luca-de-meo"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("colour=red", "producedAt"),
        ("producedAt=nowhere-at-all", "nowhere"),
        ("producedAt=", "nowhere"),
        ("limit=0", "1 to 1000"),
        ("limit=1001", "1 to 1000"),
        ("limit=ten", "1 to 1000"),
        ("limit=%EF%BC%91", "1 to 1000"),
        ("limit=1&limit=2", "2 times"),
        ("producedAt=dieppe&producedAt=dieppe", "2 times"),
        ("cursor=", "cursor"),
        ("cursor=%%%", "cursor"),
        ("cursor=bm90IGpzb24", "cursor"),
        ("cursor=WyJhIl0", "cursor"),
        ("cursor=WyJcdWQ4MDAiLCJhIl0", "cursor"),
        ("cursor=é", "cursor"),
        ("q=" + "a" * 201, "201 characters"),
        ("q=%FF", "UTF-8"),
        ("q=%00", "NUL"),
        ("=x", "no parameter"),
    ],
)
def test_what_a_list_cannot_do_is_said(client: TestClient, query: str, words: str) -> None:
    answer = client.get(f"/vehicles?{query}")
    assert answer.status_code == 400
    assert words in answer.json()["detail"] + answer.json()["remedy"]


def test_a_cursor_is_safe_in_an_address() -> None:
    key = ("à l'est ?&=", "https://example.org/#é")
    assert read_cursor(write_cursor(key)) == key
    assert set(write_cursor(key)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_formats_agree(client: TestClient) -> None:
    context = client.get("/context.jsonld").json()
    rdf = client.get("/plants.nt").content
    expected = {str(quad.triple) for quad in ox.parse(rdf, format=ox.RdfFormat.N_TRIPLES)}
    document = client.get("/plants.json").json()
    expanded = str(jsonld.to_rdf(context | document, {"format": "application/n-quads"})).encode()
    assert len(expected) > 2
    assert {str(quad.triple) for quad in ox.parse(expanded, format=ox.RdfFormat.N_TRIPLES)} == expected
    for extension, reader in (("ttl", ox.RdfFormat.TURTLE), ("rdf", ox.RdfFormat.RDF_XML)):
        body = client.get(f"/plants.{extension}").content
        assert {str(quad.triple) for quad in ox.parse(body, format=reader)} == expected


def test_a_table_has_a_row_an_entity(client: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/plants.csv").text)))
    assert len({row["id"] for row in rows}) == len(rows) == client.get("/plants").json()["total"]
    held = {row["id"]: row for row in rows}
    assert held[entity_iri("plant", "dieppe")] == {
        "id": entity_iri("plant", "dieppe"),
        "path": "/plant/dieppe",
        "type": "Entity Location Plant Site",
        "label_fr": "Manufacture Alpine Dieppe Jean Rédélé",
        "label_en": "Manufacture Alpine Dieppe Jean Rédélé",
    }, "the name of the day is the same in all languages"
    douai = held[entity_iri("plant", "renault-douai")]
    assert (douai["label_fr"], douai["label_en"]) == ("Usine Renault de Douai", "Renault Douai plant")


def test_a_page_links_to_its_entities(client: TestClient) -> None:
    page = client.get("/people", headers={"Accept": "text/html"}).text
    assert '<a href="/person/luca-de-meo">' in page
    assert 'rel="next"' in client.get("/claims?limit=1", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    "path", ["/claims?limit=5", "/claims.html?q=d", "/search?q=dieppe", "/search.html?q=a", "/claims?q=zz"]
)
def test_what_the_index_cannot_answer_briefly_is_answered_all_the_same(
    client: TestClient, serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    tried = []

    @contextmanager
    def never(_database: Database, seconds: float) -> Iterator[None]:
        tried.append(seconds)
        raise NotBriefError
        yield

    usual, fresh = client.get(path), serve()
    fresh.get("/plants")  # the first is not tried
    monkeypatch.setattr(Database, "briefly", never)
    answer = fresh.get(path)
    assert len(tried) == 1
    assert answer.status_code == usual.status_code == 200
    assert answer.text == usual.text


def test_names_of_several_lines_stay_whole(
    serve: Callable[..., TestClient], extended: Callable[[str], KnowledgeGraph]
) -> None:
    label = '"First <line>\\nsecond & last"@en'
    graph = extended(f"<{entity_iri('plant', 'lines')}> a <{AK}Plant> ; <{RDFS}label> {label} .")
    page = serve(graph).get("/plants.html", headers={"Accept-Language": "en"}).text
    assert ">First &lt;line&gt;\nsecond &amp; last</a>" in page
    assert page.count("<li>") >= graph.catalogue.counts()["plant"]


class Compared(str):
    """A name that counts how often names are compared."""

    __slots__ = ()
    times = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return str.__eq__(self, other)


def test_thousands_of_parameters_are_not_compared_each_with_each(client: TestClient) -> None:
    names = [Compared(f"x{number}") for number in range(6_000)]
    assert len(Parameters(tuple((name, "") for name in names)).singles()) == len(names)
    assert Compared.times < 10 * len(names)
    answer = client.get("/people?" + "&".join(names))
    assert answer.status_code == 400
    assert "There is no parameter 'x0' here." in answer.json()["detail"]


def test_the_store_is_not_asked_in_the_event_loop(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    quads = graph.store.quads

    def watched(name: str | None = None) -> Iterator[ox.Quad]:
        asked.append(threading.current_thread().name)
        return quads(name)

    monkeypatch.setattr(graph.store, "quads", watched)
    with TestClient(create_app(graph, Settings())) as fresh:
        assert fresh.get("/plants").status_code == fresh.get("/search.html?q=dieppe").status_code == 200
    assert [name.partition("_")[0] for name in asked] == ["index"]
