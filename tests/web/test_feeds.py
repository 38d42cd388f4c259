"""Feeds: valid Atom and JSON Feed for every kind, with announcements and outcomes, newest first, a page at a time."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.vocabulary import pick
from alpine_kg.namespaces import KINDS, entity_iri

ATOM = "{http://www.w3.org/2005/Atom}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LATER = """
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <https://w3id.org/alpine-kg/id/> .

<https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> a ak:Announcement ;
  rdfs:label "Suite"@fr, "Sequel & <more>"@en ;
  ak:summary "La suite."@fr, "What came of it, with a control character: \\u0001."@en .
<https://w3id.org/alpine-kg/id/source/later> a ak:Source ; rdfs:label "Later" ; ak:publisher "Later" ; ak:language "en" ;
  ak:reports <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ;
  ak:url "https://example.org/later?a=1&b=2"^^xsd:anyURI .
<https://w3id.org/alpine-kg/id/claim/later-date> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ; rdf:predicate ak:date ;
  rdf:object "2025-11-01"^^edtf:EDTF ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/later> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> .
<https://w3id.org/alpine-kg/id/claim/later-start> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt> ; rdf:predicate ak:productionStart ;
  rdf:object "2025-10"^^edtf:EDTF ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/later> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ;
  ak:fulfils <https://w3id.org/alpine-kg/id/claim/2022-01-28-crossover-gt-production-start> ;
  ak:contradicts <https://w3id.org/alpine-kg/id/claim/2022-01-28-crossover-gt-produced-at-dieppe> .
<https://w3id.org/alpine-kg/id/claim/2022-01-28-crossover-gt-produced-at-dieppe> ak:contradicts
  <https://w3id.org/alpine-kg/id/claim/later-start> .
<https://w3id.org/alpine-kg/id/claim/later-rival> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt> ; rdf:predicate ak:productionStart ;
  rdf:object "2025-11"^^edtf:EDTF ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/later> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ;
  ak:contradicts <https://w3id.org/alpine-kg/id/claim/later-start> .
<https://w3id.org/alpine-kg/id/source/report> a ak:Source ; rdfs:label "Report" ; ak:publisher "Report" ; ak:language "en" ;
  ak:published "2026-03"^^edtf:EDTF ; ak:url "https://example.org/report"^^xsd:anyURI .
<https://w3id.org/alpine-kg/id/claim/later-reported> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt> ; rdf:predicate ak:producedAt ;
  rdf:object <https://w3id.org/alpine-kg/id/plant/dieppe> ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/report> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ;
  ak:fulfils <https://w3id.org/alpine-kg/id/claim/2022-01-28-crossover-gt-produced-at-dieppe> .
<https://w3id.org/alpine-kg/id/organization/maker> a ak:Company ; rdfs:label "Maker as it was" .
<https://w3id.org/alpine-kg/id/claim/later-name> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/organization/maker> ; rdf:predicate ak:officialName ;
  rdf:object "Maker of the day" ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/later> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> .
<https://w3id.org/alpine-kg/id/claim/later-announcer> a ak:Claim ;
  rdf:subject <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> ; rdf:predicate ak:announcedBy ;
  rdf:object <https://w3id.org/alpine-kg/id/organization/maker> ; ak:modality ak:Delivered ; ak:basis ak:Stated ;
  ak:statedIn <https://w3id.org/alpine-kg/id/source/later> ;
  ak:announcedIn <https://w3id.org/alpine-kg/id/announcement/2025-11-01-later> .
<https://w3id.org/alpine-kg/id/component/cell> a ak:Component ; rdfs:label "Cell" .
<https://w3id.org/alpine-kg/id/site/circuit> a ak:Site ; rdfs:label "Circuit" .
<https://w3id.org/alpine-kg/id/award/cup> a ak:Award ; rdfs:label "Cup" .
<https://w3id.org/alpine-kg/id/event/show> a ak:Event ; rdfs:label "Show" .
"""
ANNOUNCEMENT = "https://w3id.org/alpine-kg/id/announcement/2022-01-28-dieppe-crossover-gt"
SEQUEL = "https://w3id.org/alpine-kg/id/announcement/2025-11-01-later"
KEPT = "https://w3id.org/alpine-kg/id/claim/later-start#fulfils-2022-01-28-crossover-gt-production-start"
CONTRADICTED = "https://w3id.org/alpine-kg/id/claim/later-start#contradicts-2022-01-28-crossover-gt-produced-at-dieppe"
REPORTED = "https://w3id.org/alpine-kg/id/claim/later-reported#fulfils-2022-01-28-crossover-gt-produced-at-dieppe"
TOLD = (KEPT, CONTRADICTED, SEQUEL, ANNOUNCEMENT)
"""The news that are followed here, newest first: the shipped graph has more."""


@pytest.fixture(scope="module")
def later(extended: Callable[[str], KnowledgeGraph]) -> KnowledgeGraph:
    return extended(LATER)


@pytest.fixture
def news(later: KnowledgeGraph, serve: Callable[..., TestClient]) -> TestClient:
    return serve(later)


def follow(news: TestClient, address: str) -> list[dict[str, Any]]:
    """Return the items of all pages of a feed in JSON, having checked each page."""
    items: list[dict[str, Any]] = []
    while address:
        answer = news.get(address)
        check_json(answer.json())
        items += answer.json()["items"]
        address = answer.json().get("next_url", "").removeprefix("http://testserver")
        assert (f'<{address}>; rel="next"' in answer.headers["link"]) == bool(address)
    return items


def find(news: TestClient, address: str, iri: str) -> dict[str, Any]:
    """Return the one item of a feed that has an identifier."""
    (item,) = (item for item in follow(news, address) if item["id"] == iri)
    return item


def is_absolute(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def check_atom(body: bytes) -> list[str]:
    """Check a feed by RFC 4287, sections 4.1.1 and 4.1.2, and return the identifiers of its entries."""
    feed = ET.fromstring(body)  # noqa: S314 - our own answer
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") in {"fr", "en"}
    once(feed)
    relations = [link.get("rel") for link in feed.findall(f"{ATOM}link")]
    assert relations.count("self") == relations.count("alternate") == 1
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    for entry in feed.findall(f"{ATOM}entry"):
        once(entry)
        links = [link.get("rel") for link in entry.findall(f"{ATOM}link")]
        assert links.count("alternate") == 1
        assert len(entry.findall(f"{ATOM}summary")) == 1
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        ET.fromstring(f"<div>{content.text}</div>")  # noqa: S314 - our own answer
    assert all(is_absolute(link.get("href")) for link in feed.iter(f"{ATOM}link"))
    moments = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)
    return [entry.findtext(f"{ATOM}id") or "" for entry in feed.findall(f"{ATOM}entry")]


def once(element: ET.Element) -> None:
    for name in ("id", "title", "updated"):
        assert len(element.findall(f"{ATOM}{name}")) == 1
        assert element.findtext(f"{ATOM}{name}")
    assert is_absolute(element.findtext(f"{ATOM}id"))
    assert RFC_3339.fullmatch(element.findtext(f"{ATOM}updated") or "")


def check_json(feed: dict[str, Any]) -> list[str]:
    """Check a feed by JSON Feed 1.1, and return the identifiers of its items."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert all(is_absolute(feed[name]) for name in ("home_page_url", "feed_url"))
    assert all(author["name"] for author in feed["authors"])
    for item in feed["items"]:
        assert item["id"]
        assert item["content_html"]
        assert item["content_text"]
        assert RFC_3339.fullmatch(item["date_published"])
        assert is_absolute(item["url"])
        assert all(name in ITEM or name.startswith("_") for name in item)
    assert all(name in HEAD for name in feed)
    return [item["id"] for item in feed["items"]]


HEAD = {
    "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon", "authors",
    "language", "expired", "hubs", "items",
}  # fmt: skip
ITEM = {
    "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image", "date_published",
    "date_modified", "authors", "tags", "language", "attachments",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_feeds_that_are_valid_and_agree(news: TestClient, later: KnowledgeGraph, kind: str) -> None:
    slugs = later.catalogue.slugs(kind)
    assert slugs
    for slug in slugs[:2]:
        atom = news.get(f"/{kind}/{slug}/feed.atom")
        assert atom.headers["content-type"] == "application/atom+xml"
        told = news.get(f"/{kind}/{slug}/feed.json")
        assert told.headers["content-type"] == "application/feed+json"
        assert check_atom(atom.content) == check_json(told.json())


def test_the_whole_graph_has_everything_newest_first(news: TestClient, later: KnowledgeGraph) -> None:
    assert check_json(news.get("/feed.json").json()) == check_atom(news.get("/feed.atom").content)
    items = follow(news, "/feed.json")
    told = [item["id"] for item in items]
    assert [iri for iri in told if iri in TOLD] == list(TOLD)
    assert len(told) == len(set(told))
    moments = [item["date_published"] for item in items]
    assert moments == sorted(moments, reverse=True)
    announcements = {entity_iri("announcement", slug) for slug in later.catalogue.slugs("announcement")}
    assert announcements == {iri for iri in told if "#" not in iri}


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("vehicle/alpine-crossover-gt", [KEPT, CONTRADICTED, SEQUEL, ANNOUNCEMENT]),
        ("plant/dieppe", [CONTRADICTED, SEQUEL, ANNOUNCEMENT]),
        ("person/esteban-ocon", [ANNOUNCEMENT]),
        ("organization/alpine", [ANNOUNCEMENT]),
        ("announcement/2025-11-01-later", [KEPT, CONTRADICTED, SEQUEL]),
        ("claim/2022-01-28-crossover-gt-production-start", [KEPT, ANNOUNCEMENT]),
        ("claim/later-start", [KEPT, CONTRADICTED, SEQUEL]),
        ("source/later", [KEPT, CONTRADICTED, SEQUEL]),
    ],
)
def test_what_concerns_an_entity(news: TestClient, entity: str, expected: list[str]) -> None:
    told = [item["id"] for item in follow(news, f"/{entity}/feed.json")]
    assert [iri for iri in told if iri in TOLD] == expected


def test_a_thing_without_news_has_an_empty_feed(news: TestClient) -> None:
    assert follow(news, "/component/cell/feed.json") == []


def test_different_accounts_of_one_announcement_are_no_outcome(news: TestClient) -> None:
    assert [item["id"] for item in follow(news, "/claim/later-rival/feed.json")] == [SEQUEL]


def test_an_outcome_is_as_new_as_the_first_source_that_tells_it(news: TestClient) -> None:
    items = follow(news, "/claim/later-reported/feed.json")
    assert [(item["id"], item["date_published"]) for item in items] == [
        (REPORTED, "2026-03-01T00:00:00Z"),
        (SEQUEL, "2025-11-01T00:00:00Z"),
    ]


def test_names_are_those_of_the_day(news: TestClient) -> None:
    item = find(news, "/organization/maker/feed.json", SEQUEL)
    assert item["authors"] == [{"name": "Maker of the day"}]
    assert "- Maker of the day" in item["content_text"]
    assert news.get("/organization/maker/feed.json").json()["title"].startswith("Maker of the day")


def test_an_announcement_says_who_what_and_where_it_is_written(client: TestClient, graph: KnowledgeGraph) -> None:
    item = find(client, "/plant/dieppe/feed.json?lang=en", ANNOUNCEMENT)
    plant = entity_iri("plant", "dieppe")
    name = pick(graph.catalogue.hits([plant])[plant].labels, ["en"])
    assert item["title"] == "Announcement that the Alpine crossover GT will be made at Dieppe"
    assert item["date_published"] == "2022-01-28T00:00:00Z"
    assert {"name": "Luca de Meo"} in item["authors"]
    assert f"produced at - {name} (around 2025)" in item["content_text"]
    assert "production start (around 2025)" in item["content_text"]
    assert item["external_url"] in item["_alpine_kg"]["sources"]
    assert item["url"] == "http://testserver/announcement/2022-01-28-dieppe-crossover-gt"


def test_an_outcome_says_what_became_of_which_promise(news: TestClient) -> None:
    item = find(news, "/claim/later-start/feed.json?lang=en", KEPT)
    assert re.fullmatch(r"Kept: .+ - production start \(around 2025\)", item["title"])
    assert re.search(r"\. Outcome: .+ - production start - 2025-10 \(delivered\)\.$", item["summary"])
    assert item["url"].endswith("/claim/later-start")
    assert "https://example.org/later?a=1&b=2" in item["_alpine_kg"]["sources"]
    assert (
        "- Announcement that the Alpine crossover GT will be made at Dieppe (28 January 2022)" in item["content_text"]
    )
    french = find(news, "/claim/later-start/feed.json?lang=fr", KEPT)
    assert french["title"].startswith("Tenue\N{NO-BREAK SPACE}: ")


def test_what_xml_cannot_write_is_replaced(news: TestClient) -> None:
    body = news.get("/source/later/feed.atom?lang=en").text
    assert "control character: \N{REPLACEMENT CHARACTER}." in body
    assert "Sequel &amp; &lt;more&gt;" in body


def test_pages_follow_one_another(news: TestClient) -> None:
    whole = follow(news, "/announcement/2025-11-01-later/feed.json?lang=en")
    assert len(whole) > 2
    assert follow(news, "/announcement/2025-11-01-later/feed.json?limit=1&lang=en") == whole
    following = ET.fromstring(news.get("/feed.atom?limit=3").content)  # noqa: S314 - our own answer
    assert [link.get("rel") for link in following.findall(f"{ATOM}link")] == ["self", "alternate", "next"]


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (None, "atom"),
        ("application/feed+json", "json"),
        ("application/json", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "atom"),
    ],
)
def test_accept_chooses_the_format(client: TestClient, accept: str | None, extension: str) -> None:
    answer = client.get("/plant/dieppe/feed", headers={"Accept": accept} if accept else {})
    assert answer.headers["content-location"] == f"/plant/dieppe/feed.{extension}"
    assert answer.headers["vary"] == "Accept, Accept-Language"


def test_a_feed_can_be_asked_for_only_when_it_has_changed(client: TestClient) -> None:
    first = client.get("/plant/dieppe/feed.atom")
    again = client.get("/plant/dieppe/feed.atom", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["vary"] == "Accept-Language"
    assert first.headers["content-language"] == "fr"


def test_with_a_public_address_the_front_keeps_feeds(serve: Callable[..., TestClient]) -> None:
    answer = serve(public_url="https://kg.example").get("/plant/dieppe/feed.json")
    assert answer.json()["feed_url"] == "https://kg.example/plant/dieppe/feed.json"
    assert answer.headers["cache-control"].startswith("public")
    assert not serve().get("/feed.json").headers["cache-control"].startswith("public")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/plant/nowhere/feed.atom", 404),
        ("/plant/dieppe/feed.rss", 404),
        ("/feed?cursor=what", 400),
        ("/feed?limit=0", 400),
        ("/feed?as=of", 400),
        ("/feed?lang=!", 400),
    ],
)
def test_what_cannot_be_followed(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_lead_to_their_feeds(client: TestClient) -> None:
    page = client.get("/plant/dieppe.html?lang=en")
    for address in ("/feed.atom?lang=en", "/plant/dieppe/feed.atom?lang=en"):
        assert re.search(
            f'<link rel="alternate" type="application/atom\\+xml" title="[^"]+" href="{re.escape(address)}">', page.text
        )
    for answer, prefix in (
        (page, "/plant/dieppe"),
        (client.get("/plant/dieppe.ttl"), "/plant/dieppe"),
        (client.get("/"), ""),
    ):
        assert f'<{prefix}/feed.json>; rel="alternate"; type="application/feed+json"' in answer.headers["link"]
