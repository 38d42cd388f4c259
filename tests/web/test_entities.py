"""Entities: negotiation, identifiers, six formats that agree, and the page with its evidence."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import KINDS, entity_iri

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JSON, HTML, TURTLE = "application/json", "text/html; charset=utf-8", "text/turtle; charset=utf-8"
NEGOTIATED = [
    (None, JSON, "json"),
    ("", JSON, "json"),
    ("*/*", JSON, "json"),
    (BROWSER, HTML, "html"),
    ("text/*", HTML, "html"),
    ("application/*", JSON, "json"),
    ("text/turtle", TURTLE, "ttl"),
    ("text/turtle;charset=utf-8", TURTLE, "ttl"),
    ("application/n-triples", "application/n-triples", "nt"),
    ("application/rdf+xml", "application/rdf+xml", "rdf"),
    ("application/ld+json", "application/ld+json", "jsonld"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json", "jsonld"),
    ("application/json;q=0, */*;q=0.1", HTML, "html"),
    ("application/json;q=0.5, text/turtle;q=0.6", TURTLE, "ttl"),
    ("image/png, text/turtle;q=0.1", TURTLE, "ttl"),
]
ENTITIES = [
    "plant/dieppe",
    "vehicle/alpine-crossover-gt",
    "person/luca-de-meo",
    "announcement/2022-01-28-dieppe-crossover-gt",
    "source/alpine-release-crossover-gt",
    "place/france",
]
READERS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML}


@pytest.mark.parametrize(("accept", "content_type", "extension"), NEGOTIATED)
def test_accept_chooses_the_format(client: TestClient, accept: str | None, content_type: str, extension: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    answer = client.get("/plant/dieppe", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert answer.headers["content-location"] == f"/plant/dieppe.{extension}"
    named = client.get(f"/plant/dieppe.{extension}", headers={"Accept": "image/png"})
    assert named.content == answer.content, "an extension counts more than Accept"
    hop = client.get("/id/plant/dieppe", headers=headers)
    assert (hop.status_code, hop.headers["location"]) == (303, f"/plant/dieppe.{extension}")


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv"])
@pytest.mark.parametrize("path", ["/plant/dieppe", "/id/plant/dieppe"])
def test_what_is_not_there_in_any_accepted_format(client: TestClient, path: str, accept: str) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["offers"]


def triples_of(client: TestClient, path: str, extension: str, context: dict[str, Any]) -> set[str]:
    body = client.get(f"/{path}.{extension}").content
    if extension in READERS:
        return {str(quad.triple) for quad in ox.parse(body, format=READERS[extension])}
    document = json.loads(body)
    if extension == "json":
        document = {"@context": context} | document
    expanded = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return {str(quad.triple) for quad in ox.parse(str(expanded).encode(), format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("path", ENTITIES)
def test_all_formats_are_one_graph(client: TestClient, path: str) -> None:
    answer = client.get(f"/{path}.json")
    link = next(part for part in answer.headers["link"].split(", ") if "json-ld#context" in part)
    assert answer.headers["content-type"] == JSON
    context = client.get(link[1 : link.index(">")]).json()["@context"]
    written = triples_of(client, path, "nt", context)
    assert len(written) > 20
    for extension in ("json", "jsonld", "ttl", "rdf"):
        assert triples_of(client, path, extension, context) == written, extension


def test_links_lead_to_everything_around_an_entity(client: TestClient) -> None:
    links = client.get("/plant/dieppe").headers["link"]
    for part in (
        '</context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
        '</plant/dieppe>; rel="canonical"',
        '<https://w3id.org/alpine-kg/id/plant/dieppe>; rel="cite-as"',
        '</plant/dieppe.ttl>; rel="describedby"; type="text/turtle"',
        '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
        '</plant/dieppe.rdf>; rel="alternate"; type="application/rdf+xml"',
    ):
        assert part in links
    assert "json-ld#context" not in client.get("/plant/dieppe.jsonld").headers["link"], "its context is inside"


def test_entities_of_every_kind_answer_in_every_language(client: TestClient, graph: KnowledgeGraph) -> None:
    seen = 0
    for kind in graph.catalogue.counts():
        slugs = graph.catalogue.slugs(kind)
        for slug in slugs[:: 1 + len(slugs) // 40]:  # some from the whole alphabet: claims are a thousand
            for language in ("fr", "en"):
                page = client.get(f"/{kind}/{slug}.html?lang={language}")
                assert page.status_code == 200
                assert f'<html lang="{language}">' in page.text
                seen += 1
    assert seen > 200


def test_an_unknown_slug_suggests_known_ones(client: TestClient) -> None:
    for path in ("/plant/diepe", "/plant/DIEPPE", "/id/plant/dieppes", "/plant/diepe.ttl"):
        body = client.get(path).json()
        assert (body["status"], body["suggestions"]) == (404, ["/plant/dieppe"])
        assert "dieppe" in body["remedy"]
    assert client.get("/plant/zzzzzz").json()["suggestions"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/plant/",
        "/plant/dieppe/",
        "/plant/dieppe.",
        "/plant/dieppe.doc",
        "/plant/dieppe.ttl.gz",
        "/plant/dieppe%2F",
        "/plant/%2e%2e",
        "/plant/..%2fplant%2fdieppe",
        "/id/plant",
        "/id/planet/dieppe",
        "/id/plant/dieppe.ttl",
        "/Plant/dieppe",
        "/planet/dieppe",
    ],
)
def test_addresses_that_lead_nowhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_each_kind_has_its_path(client: TestClient) -> None:
    for kind, name in KINDS.items():
        assert client.get(f"/{name}").status_code == 200
        assert client.get(f"/{kind}/there-is-no-such-thing").json()["type"].endswith("#not-found")


def test_the_tree_groups_facts_with_their_evidence(client: TestClient) -> None:
    tree = client.get("/vehicle/alpine-crossover-gt.json").json()
    claim = entity_iri("claim", "2022-01-28-crossover-gt-produced-at-dieppe")
    (fact,) = (fact for fact in tree["facts"]["producedAt"] if fact["id"] == claim)
    assert fact["object"]["id"] == entity_iri("plant", "dieppe")
    assert fact["modality"] == "Planned"
    assert fact["due"] == "2025~"
    assert fact["announcedIn"]["path"].startswith("/announcement/")
    assert any("Dieppe" in quote["exact"] for quote in fact["quote"])
    assert "producedAt" in client.get("/plant/dieppe.json").json()["incoming"]


def test_a_page_shows_each_fact_with_its_words(client: TestClient) -> None:
    page = client.get("/vehicle/alpine-crossover-gt", headers={"Accept": BROWSER, "Accept-Language": "en"}).text
    facts = page[page.index("produced at") :]
    fact = facts[: facts.index("</ul>")]
    assert '<a href="/plant/dieppe">Manufacture Alpine Dieppe Jean Rédélé</a>' in fact
    assert '<span class="mark planned">planned</span>' in fact
    assert "due: <strong>around 2025</strong>" in fact
    assert '<blockquote lang="fr">« crossover GT Alpine produit à Dieppe »</blockquote>' in fact
    assert "28 January 2022" in fact
    assert 'href="/source/alpine-release-crossover-gt"' in fact


def test_a_page_shows_incoming_links_in_words(client: TestClient) -> None:
    french = client.get("/plant/dieppe.html?lang=fr").text
    english = client.get("/plant/dieppe.html?lang=en").text
    assert "<h3>produced here</h3>" in english
    assert "<h3>produit ici</h3>" in french
    assert '<a href="/vehicle/alpine-crossover-gt?lang=fr">A390</a>' in french


def test_a_page_is_titled_by_the_name_of_the_day_in_every_language(client: TestClient) -> None:
    for language, label in (("fr", "Usine Alpine de Dieppe"), ("en", "Alpine Dieppe plant")):
        page = client.get(f"/plant/dieppe.html?lang={language}").text
        assert "<h1>Manufacture Alpine Dieppe Jean Rédélé</h1>" in page
        assert f'<span lang="{language}">{label}</span>' in page, "its label is another name"


def test_the_language_asked_for_counts_most(client: TestClient) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "fr-CA,fr;q=0.9"}
    assert "<h1>Usine Renault de Douai</h1>" in client.get("/plant/renault-douai", headers=headers).text
    answer = client.get("/plant/renault-douai?lang=en", headers=headers)
    assert answer.headers["content-language"] == "en"
    assert "<h1>Renault Douai plant</h1>" in answer.text
    assert client.get("/plant/renault-douai.html?lang=de").headers["content-language"] == "fr"
    assert client.get("/plant/dieppe.html?lang=<script>").status_code == 400
