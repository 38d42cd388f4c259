"""The SPARQL 1.1 Protocol, its errors, the service description and the query page."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import GRAPH

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
PLANTS = "SELECT ?plant WHERE { ?plant a <https://w3id.org/alpine-kg/ontology#Plant> }"
ONE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1"
SD = "http://www.w3.org/ns/sparql-service-description#"
RESULTS = [
    (None, "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("application/json", "application/sparql-results+json"),
    ("application/sparql-results+xml", "application/sparql-results+xml"),
    ("application/xml", "application/sparql-results+xml"),
    ("text/csv", "text/csv; charset=utf-8"),
    ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
    ("application/sparql-results+json;q=0.1, text/csv", "text/csv; charset=utf-8"),
    ("text/html", "text/html; charset=utf-8"),
]
GRAPHS = [
    ("*/*", "text/turtle; charset=utf-8"),
    ("text/turtle", "text/turtle; charset=utf-8"),
    ("application/n-triples", "application/n-triples"),
    ("application/rdf+xml", "application/rdf+xml"),
    ("application/ld+json", "application/ld+json"),
    ("application/json", "application/ld+json"),
    ("text/html", "text/html; charset=utf-8"),
]


@pytest.mark.parametrize(("accept", "content_type"), RESULTS)
@pytest.mark.parametrize("query", [PLANTS, "ASK {}"])
def test_results_come_in_the_accepted_format(
    client: TestClient, query: str, accept: str | None, content_type: str
) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(("accept", "content_type"), GRAPHS)
def test_graphs_come_in_the_accepted_format(client: TestClient, accept: str, content_type: str) -> None:
    answer = client.get("/sparql", params={"query": ONE}, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(
    ("query", "accept"), [(PLANTS, "text/turtle"), (ONE, "text/csv"), (PLANTS, "image/png"), (ONE, "*/*;q=0")]
)
def test_formats_that_cannot_carry_the_answer(client: TestClient, query: str, accept: str) -> None:
    assert client.get("/sparql", params={"query": query}, headers={"Accept": accept}).status_code == 406


@pytest.mark.parametrize(
    ("name", "query", "content_type"),
    [
        ("json", PLANTS, "application/sparql-results+json"),
        ("xml", PLANTS, "application/sparql-results+xml"),
        ("csv", PLANTS, "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", PLANTS, "application/sparql-results+xml"),
        ("json", ONE, "application/ld+json"),
        ("json-ld", ONE, "application/ld+json"),
        ("turtle", ONE, "text/turtle; charset=utf-8"),
        ("rdf+xml", ONE, "application/rdf+xml"),
        ("html", ONE, "text/html; charset=utf-8"),
    ],
)
def test_a_format_can_be_named(client: TestClient, name: str, query: str, content_type: str) -> None:
    answer = client.get("/sparql", params={"query": query, "format": name}, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


def test_the_three_ways_to_ask_give_one_answer(client: TestClient) -> None:
    by_get = client.get("/sparql", params={"query": PLANTS})
    by_form = client.post("/sparql", data={"query": PLANTS})
    direct = client.post("/sparql", content=PLANTS, headers={"Content-Type": f"{DIRECT}; charset=UTF-8"})
    assert by_get.json()["results"]["bindings"] != []
    assert by_get.content == by_form.content == direct.content


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_request_chooses_among_the_graphs(client: TestClient, way: str) -> None:
    def ask(query: str, **graphs: list[str]) -> bool:
        chosen = {f"{name}-graph-uri": uris for name, uris in graphs.items()}
        if way == "direct":
            answer = client.post("/sparql", params=chosen, content=query, headers={"Content-Type": DIRECT})
        elif way == "form":
            answer = client.post("/sparql", data={"query": query, **chosen})
        else:
            answer = client.get("/sparql", params={"query": query, **chosen})
        return bool(answer.json()["boolean"])

    plant, person = (
        "?s a <https://w3id.org/alpine-kg/ontology#Plant>",
        "?s a <https://w3id.org/alpine-kg/ontology#Person>",
    )
    plants, people = GRAPH + "plants", GRAPH + "people"
    assert ask(f"ASK {{ {plant} }}", default=[plants])
    assert not ask(f"ASK {{ {person} }}", default=[plants])
    assert ask(f"ASK {{ {plant} . ?x a <https://w3id.org/alpine-kg/ontology#Person> }}", default=[plants, people])
    assert ask(f"ASK {{ GRAPH <{plants}> {{ {plant} }} }}", named=[plants, people])
    assert not ask(f"ASK {{ {plant} }}", named=[plants]), "then the default graph is empty"
    assert not ask(f"ASK {{ {plant} }}", default=["https://example.org/not-loaded"]), "nothing is fetched"
    assert not ask(f"ASK FROM <{people}> {{ {person} }}", default=[plants]), "the protocol overrides the query"


def test_a_form_is_decoded_exactly_once(client: TestClient) -> None:
    query = 'SELECT ("50%25 +é&=" AS ?x) {}'
    answer = client.post(
        "/sparql", content=urlencode({"query": query}), headers={"Content-Type": FORM, "Accept": "text/csv"}
    )
    assert answer.text.splitlines() == ["x", "50%25 +é&="]


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (DIRECT, "SELECT * WHERE {", 400),
        (DIRECT, b"\xff\xfe", 400),
        (DIRECT, "", 400),
        (f"{DIRECT}; charset=UTF-16", "ASK {}".encode("utf-16"), 415),
        (f"{DIRECT}; charset=", "ASK {}", 200),
        (f'{DIRECT}; charset="utf-8"', "ASK {}", 200),
        ("APPLICATION/SPARQL-QUERY", "ASK {}", 200),
        (FORM, "", 400),
        (FORM, "quer=ASK {}", 400),
        (FORM, "query=ASK {}&query=ASK {}", 400),
        (FORM, "query=%FF", 400),
        (FORM, "query=%00", 400),
        (FORM, "update=CLEAR ALL", 403),
        (FORM, "query=ASK {}&update=CLEAR ALL", 403),
        (FORM, "query=ASK {}&format=nothing", 400),
        (FORM, "query=ASK {}&default-graph-uri=not an iri", 400),
        ("application/sparql-update", "CLEAR ALL", 403),
        ("text/plain", "ASK {}", 415),
        ("application/json", '{"query": "ASK {}"}', 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("", "ASK {}", 415),
        ("é", "ASK {}", 415),
    ],
)
def test_bodies(client: TestClient, content_type: str, body: str | bytes, status: int) -> None:
    headers = {"Content-Type": content_type.encode("latin-1")} if content_type else {}
    answer = client.post("/sparql", content=body, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("query=ASK%7B%7D&query=ASK%7B%7D", 400),
        ("default-graph-uri=https://example.org/", 400),
        ("query=", 400),
        ("query=INSERT%20DATA%20%7B%7D", 400),
        ("query=ASK%20%7B%20SERVICE%20%3Chttp://127.0.0.1/%3E%20%7B%7D%20%7D", 403),
        ("update=CLEAR%20ALL", 403),
        ("query=%E9", 400),
    ],
)
def test_queries_that_are_refused(client: TestClient, query: str, status: int) -> None:
    assert client.get(f"/sparql?{query}").status_code == status


def test_a_query_and_another_in_the_address_are_two(client: TestClient) -> None:
    headers = {"Content-Type": DIRECT}
    assert client.post("/sparql?query=ASK%20%7B%7D", content="ASK {}", headers=headers).status_code == 400


def test_a_syntax_error_says_where(client: TestClient) -> None:
    body = client.get("/sparql", params={"query": "SELECT *\nWHERE { ?s ?p }"}).json()
    assert (body["status"], body["line"]) == (400, 2)


def test_a_long_body_is_refused_as_it_comes(serve: Callable[..., TestClient]) -> None:
    client = serve(query_body_bytes=1000)
    long = "ASK {} #" + "x" * 2000
    headers = {"Content-Type": DIRECT}
    assert client.post("/sparql", content=long, headers=headers).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield from (b"ASK {} ", b"#" * 600, b"#" * 600)

    assert client.post("/sparql", content=chunks(), headers=headers).status_code == 413
    assert client.post("/sparql", content="ASK {}", headers=headers | {"Content-Length": "6"}).status_code == 200


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "ld+json"])
def test_the_service_describes_itself(client: TestClient, graph: KnowledgeGraph, extension: str) -> None:
    types = {
        "ttl": "text/turtle",
        "nt": "application/n-triples",
        "rdf": "application/rdf+xml",
        "ld+json": "application/ld+json",
    }
    answer = client.get("/sparql", headers={"Accept": types[extension], "Host": "kg.example:8000"})
    assert answer.headers["content-type"].startswith(types[extension])
    if extension != "ld+json":
        source = ox.RdfFormat.from_media_type(types[extension])
        statements = [quad.triple for quad in ox.parse(answer.content, format=source)]
        assert len(statements) < 50
        endpoint = [row.object for row in statements if row.predicate == ox.NamedNode(SD + "endpoint")]
        assert endpoint == [ox.NamedNode("http://kg.example:8000/sparql")]
        size = next(row.object.value for row in statements if row.predicate.value.endswith("#triples"))
        counted = json.loads(graph.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
        assert size == counted["results"]["bindings"][0]["n"]["value"]


def test_a_browser_gets_a_form_that_works_without_scripts(client: TestClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = client.get("/sparql", headers={"Accept": browser}).text
    assert '<form class="fields" action="/sparql" method="get">' in page
    assert "<textarea" in page
    assert '<option value="csv">CSV</option>' in page
    result = client.get(
        "/sparql", params={"query": PLANTS, "format": "html", "lang": "en"}, headers={"Accept": browser}
    ).text
    assert '<a href="/plant/dieppe?lang=en">Manufacture Alpine Dieppe Jean Rédélé</a>' in result
    assert "SELECT ?plant WHERE" in result, "the query stays in the form"


def test_what_a_query_says_is_never_markup(client: TestClient) -> None:
    query = 'SELECT ("<script>alert(1)</script>" AS ?x) (<javascript:alert(1)> AS ?y) {}'
    page = client.get("/sparql", params={"query": query, "format": "html"}).text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="javascript' not in page
