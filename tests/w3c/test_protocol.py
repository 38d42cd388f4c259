"""The W3C's tests of the SPARQL 1.1 Protocol, by their names, written from the test descriptions.

Sources: https://www.w3.org/TR/sparql11-protocol/ and https://w3c.github.io/rdf-tests/sparql/sparql11/protocol/. The operation is
query; every update must be refused.
"""

import json
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from running import Reply, Service

DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
DIRECT = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UPDATE = {"Content-Type": "application/sparql-update"}
TABULAR = {
    "application/sparql-results+xml",
    "application/sparql-results+json",
    "text/tab-separated-values",
    "text/csv",
}
BOOLEAN = {"application/sparql-results+xml", "application/sparql-results+json"}
GRAPH = {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"}
BOTH_TYPED = f"<{DATA.format(1)}> a ?type . <{DATA.format(2)}> a ?type ."
BOTH_NAMED = f"GRAPH ?g1 {{ <{DATA.format(1)}> a ?type }} GRAPH ?g2 {{ <{DATA.format(2)}> a ?type }}"


@dataclass(frozen=True)
class Request:
    """A request of the suite."""

    method: str = "GET"
    parameters: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def get(*parameters: tuple[str, str]) -> Request:
    return Request("GET", parameters)


def post(text: str, *parameters: tuple[str, str], headers: dict[str, str] = DIRECT) -> Request:
    return Request("POST", parameters, headers, text.encode())


def default(*numbers: int) -> tuple[tuple[str, str], ...]:
    return tuple(("default-graph-uri", DATA.format(number)) for number in numbers)


def named(*numbers: int) -> tuple[tuple[str, str], ...]:
    return tuple(("named-graph-uri", DATA.format(number)) for number in numbers)


TRUE = {
    "query_post_form": post("query=ASK%20%7B%7D", *default(0), headers=FORM),
    "query_dataset_default_graphs_get": get(("query", f"ASK {{ {BOTH_TYPED} }}"), *default(1, 2)),
    "query_dataset_default_graphs_post": post(f"ASK {{ {BOTH_TYPED} }}", *default(1, 2)),
    "query_dataset_named_graphs_post": post(f"ASK {{ {BOTH_NAMED} }}", *named(1, 2)),
    "query_dataset_named_graphs_get": get(("query", f"ASK {{ {BOTH_NAMED} }}"), *named(1, 2)),
    "query_dataset_full": post(f"ASK {{ <{DATA.format(3)}> a ?type {BOTH_NAMED} }}", *default(3), *named(1, 2)),
    "query_multiple_dataset": post(f"ASK FROM <{DATA.format(3)}> {{ {BOTH_NAMED} }}", *named(1, 2)),
    "query_get": get(("query", "ASK {}"), *default(0)),
    "query_post_direct": post("ASK {}"),
}
"""Requests that the answer must be true to."""

FALSE = {
    "default graphs are the only default ones": get(("query", f"ASK {{ <{DATA.format(3)}> a ?t }}"), *default(1, 2)),
    "without named graphs there are none": get(("query", "ASK { GRAPH ?g { ?s ?p ?o } }"), *default(1)),
    "named graphs are the only named ones": get(("query", f"ASK {{ GRAPH <{DATA.format(3)}> {{}} }}"), *named(1, 2)),
    "without default graphs the default one is empty": get(("query", "ASK { ?s ?p ?o }"), *named(1)),
    "FROM gives way to the protocol": get(
        ("query", f"ASK FROM <{DATA.format(1)}> {{ <{DATA.format(1)}> a ?t }}"), *default(2)
    ),
    "FROM NAMED gives way to the protocol": post(
        f"ASK FROM NAMED <{DATA.format(1)}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", *default(2)
    ),
    "a graph that is not loaded is empty": get(("query", "ASK { ?s ?p ?o }"), *default(0)),
    "the suite's form with both parameters": post(
        f"query={quote('ASK { ?s ?p ?o }')}&named-graph-uri={quote(DATA.format(2), safe='')}", headers=FORM
    ),
}
"""The other half of each: a service that ignores the parameters would pass the suite's own tests."""

CONTENT_TYPES = {
    "query_content_type_select": ("SELECT (1 AS ?value) {}", TABULAR),
    "query_content_type_ask": ("ASK {}", BOOLEAN),
    "query_content_type_describe": ("DESCRIBE <http://example.org/>", GRAPH),
    "query_content_type_construct": ("CONSTRUCT { <s> <p> 1 } WHERE {}", GRAPH),
}

BAD = {
    "bad_query_method": Request("PUT", (("query", "ASK {}"), *default(0)), FORM, b""),
    "bad_multiple_queries": get(("query", "ASK {}"), ("query", "SELECT * {}")),
    "bad_query_wrong_media_type": post("ASK {}", headers={"Content-Type": "text/plain"}),
    "bad_query_missing_form_type": post("query=ASK%20%7B%7D", headers={}),
    "bad_query_missing_direct_type": post("ASK {}", headers={}),
    "bad_query_non_utf8": Request(
        "POST", (), {"Content-Type": "application/sparql-query; charset=UTF-16"}, "ASK {}".encode("utf-16")
    ),
    "bad_query_syntax": get(("query", "ASK {")),
    "bad_update_get": get(("update", "CLEAR ALL")),
    "bad_multiple_updates": post("update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", headers=FORM),
    "bad_update_wrong_media_type": post("CLEAR NAMED", headers={"Content-Type": "text/plain"}),
    "bad_update_missing_form_type": post("update=CLEAR%20NAMED", headers={}),
    "bad_update_non_utf8": Request(
        "POST", (), {"Content-Type": "application/sparql-update; charset=UTF-16"}, "CLEAR NAMED".encode("utf-16")
    ),
    "bad_update_syntax": post("update=CLEAR%20XYZ", headers=FORM),
    "bad_update_dataset_conflict": post(
        "update=DROP%20ALL", ("using-named-graph-uri", "http://example/people"), headers=FORM
    ),
}

UPDATES = {
    "update_dataset_default_graph": post(
        "INSERT { GRAPH <urn:new> { ?s a <urn:new> } } WHERE { ?s ?p ?o }",
        ("using-graph-uri", DATA.format(1)),
        headers=UPDATE,
    ),
    "update_dataset_named_graphs": post(
        "INSERT { GRAPH <urn:new> { ?s a <urn:new> } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        ("using-named-graph-uri", DATA.format(1)),
        headers=UPDATE,
    ),
    "update_post_form": post("update=CLEAR%20ALL", headers=FORM),
    "update_post_direct": post("CLEAR ALL", headers=UPDATE),
    "update_base_uri": post("INSERT DATA { GRAPH <urn:new> { <urn:s> <urn:p> <test> } }", headers=UPDATE),
    "an update sent as a query": post("CLEAR ALL"),
    "an update sent as the parameter of a query": get(("query", "DROP ALL")),
}


def send(service: Service, request: Request, accept: str | None = None) -> Reply:
    path = "/sparql" + "?" * bool(request.parameters)
    path += "&".join(f"{name}={quote(value, safe='')}" for name, value in request.parameters)
    headers = request.headers | ({"Accept": accept} if accept else {})
    return service.ask(request.method, path, headers, request.body)


def verdict(reply: Reply) -> bool:
    assert reply.status == 200, reply.body
    if reply.media_type == "application/sparql-results+json":
        return bool(json.loads(reply.body)["boolean"])
    assert reply.media_type == "application/sparql-results+xml"
    element = ET.fromstring(reply.body).find("{http://www.w3.org/2005/sparql-results#}boolean")  # noqa: S314 - our own
    assert element is not None
    return {"true": True, "false": False}[element.text or ""]


@pytest.mark.parametrize("accept", [None, "*/*", *BOOLEAN])
@pytest.mark.parametrize("name", TRUE)
def test_requests_that_are_true(service: Service, name: str, accept: str | None) -> None:
    assert verdict(send(service, TRUE[name], accept)) is True


@pytest.mark.parametrize("name", FALSE)
def test_requests_that_are_false(service: Service, name: str) -> None:
    assert verdict(send(service, FALSE[name])) is False


@pytest.mark.parametrize("accept", [None, "*/*", "text/html;q=0, */*"])
@pytest.mark.parametrize("name", CONTENT_TYPES)
def test_content_types(service: Service, name: str, accept: str | None) -> None:
    text, expected = CONTENT_TYPES[name]
    for request in (post(text, *default(0)), get(("query", text), *default(0))):
        reply = send(service, request, accept)
        assert reply.status == 200
        assert reply.media_type in expected


def test_each_media_type_that_is_offered_is_what_is_sent(service: Service) -> None:
    for text, expected in CONTENT_TYPES.values():
        for media_type in expected:
            reply = send(service, post(text), media_type)
            assert reply.media_type == media_type
            if expected is GRAPH:
                list(ox.parse(reply.body, format=ox.RdfFormat.from_media_type(media_type), base_iri="urn:base"))
            elif media_type != "text/csv":
                ox.parse_query_results(reply.body, ox.QueryResultsFormat.from_media_type(media_type))


@pytest.mark.parametrize("name", BAD)
def test_bad_requests(service: Service, name: str) -> None:
    reply = send(service, BAD[name])
    assert 400 <= reply.status < 500
    assert reply.media_type == "application/problem+json"


@pytest.mark.parametrize("name", UPDATES)
def test_updates_are_refused(service: Service, name: str) -> None:
    reply = send(service, UPDATES[name])
    assert reply.status in ({400, 403} if name.startswith("an ") else {403})
    assert verdict(send(service, get(("query", f"ASK {{ GRAPH ?g {{ <{DATA.format(1)}> a ?type }} }}")))) is True
    assert verdict(send(service, get(("query", "ASK { GRAPH <urn:new> { ?s ?p ?o } }")))) is False
