"""The read side of the SPARQL 1.1 Graph Store HTTP Protocol, and that nobody can write without the token.

Sources: https://www.w3.org/TR/sparql11-http-rdf-update/ and https://w3c.github.io/rdf-tests/sparql/sparql11/http-rdf-update/; its
tests of GET and HEAD are here by their names, and the graphs that its PUT and POST would have made are loaded from the start.
"""

from urllib.parse import quote

import pyoxigraph as ox
import pytest

from running import Service

STORE = "/rdf-graph-store"
DATA1 = "http://kasei.us/2009/09/sparql/data/data1.rdf"
DOCUMENT = f"<{DATA1}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document> ."
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def indirect(graph: str) -> str:
    return f"{STORE}?graph={quote(graph, safe='')}"


def triples(body: bytes, media_type: str) -> set[str]:
    return {str(quad.triple) for quad in ox.parse(body, format=FORMATS[media_type])}


@pytest.mark.parametrize("accept", [None, "*/*", *FORMATS])
def test_get_of_put__initial_state(service: Service, accept: str | None) -> None:
    reply = service.ask("GET", indirect(DATA1), {"Accept": accept} if accept else {})
    assert reply.status == 200
    assert reply.media_type in ({accept} if accept in FORMATS else FORMATS)
    assert {f"{line} ." for line in triples(reply.body, reply.media_type)} == {DOCUMENT}


def test_get_of_put__default_graph(service: Service) -> None:
    reply = service.ask("GET", f"{STORE}?default", {"Accept": "application/n-triples"})
    assert reply.status == 200
    assert b"urn:in-the-default-graph" in reply.body
    assert DATA1.encode() not in reply.body


def test_get_of_delete__existing_graph(service: Service) -> None:
    assert service.ask("GET", indirect("http://example.org/never-loaded")).status == 404


@pytest.mark.parametrize("target", [indirect(DATA1), f"{STORE}?default"])
def test_head_on_an_existing_graph(service: Service, target: str) -> None:
    for accept in FORMATS:
        head = service.ask("HEAD", target, {"Accept": accept})
        whole = service.ask("GET", target, {"Accept": accept})
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "content-length"):
            assert head.headers[name] == whole.headers[name]


def test_head_on_a_nonexisting_graph(service: Service) -> None:
    head = service.ask("HEAD", indirect("http://example.org/never-loaded"))
    assert (head.status, head.body) == (404, b"")


@pytest.mark.parametrize(
    "query", ["?graph=relative", "?graph=", "?default&graph=urn:g", "?graph=urn:a&graph=urn:b", "?default=&default="]
)
def test_a_request_must_name_one_graph_by_an_absolute_iri(service: Service, query: str) -> None:
    assert service.ask("GET", STORE + query).status == 400


def test_what_accept_excludes_is_not_sent(service: Service) -> None:
    assert service.ask("GET", indirect(DATA1), {"Accept": "image/png"}).status == 406


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("target", [indirect(DATA1), f"{STORE}?default", indirect("urn:new"), STORE])
def test_nobody_writes_without_the_token(service: Service, method: str, target: str) -> None:
    for headers in ({}, {"Authorization": "Bearer guessed"}, {"Authorization": "Basic Og=="}):
        reply = service.ask(method, target, headers | {"Content-Type": "text/turtle"}, b"<urn:s> <urn:p> <urn:o> .")
        assert reply.status in ({400, 401, 403, 405} if target == STORE else {401, 403, 405})
        assert reply.media_type == "application/problem+json"
    assert service.ask("GET", indirect("urn:new")).status == 404
    assert service.ask("GET", indirect(DATA1)).status == 200
