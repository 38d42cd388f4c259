"""Writes of the Graph Store Protocol: validated, atomic, kept, and refused for what they must not touch.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/. Reads are in tests/w3c.
"""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

from alpine_kg.formats import FORMATS
from operating import BEARER, PLACES, TURTLE, counted_total, has_name, name, raw, total, version
from running import TOKEN, Service, running

STORE = "/rdf-graph-store"


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[Service]:
    with running("--root", root, path="/readyz", upload_bytes=200_000) as service:
        yield service


def test_a_post_adds_and_a_put_replaces_and_both_are_seen_at_once(service: Service) -> None:
    original = service.ask("GET", PLACES)
    reply = service.ask("POST", PLACES, TURTLE, name("Ville d'Ango"))
    assert reply.status == 200
    assert json.loads(reply.body)["version"] == version(service)
    assert has_name(service, "Ville d'Ango")
    assert total(service) == counted_total(service)
    changed = service.ask("GET", PLACES)
    assert changed.body != original.body
    put = service.ask("PUT", PLACES, TURTLE | {"If-Match": changed.headers["etag"]}, original.body)
    assert (put.status, put.body) == (204, b"")
    assert not has_name(service, "Ville d'Ango")
    again = service.ask("GET", PLACES)
    assert (again.body, again.headers["etag"]) == (original.body, original.headers["etag"])
    stale = service.ask("PUT", PLACES, TURTLE | {"If-Match": changed.headers["etag"]}, changed.body)
    assert (stale.status, service.ask("GET", PLACES).body) == (412, original.body)


@pytest.mark.parametrize("extension", ["nt", "rdf", "jsonld", "nq", "trig"])
def test_a_body_may_be_in_any_format(service: Service, extension: str) -> None:
    held = FORMATS[extension]
    turtle = service.ask("GET", PLACES)
    body = service.ask("GET", PLACES, {"Accept": held.media_type}).body
    reply = service.ask("PUT", PLACES, BEARER | {"Content-Type": held.content_type}, body)
    assert reply.status == 204
    assert service.ask("GET", PLACES).body == turtle.body


def test_a_new_graph_comes_and_goes(service: Service) -> None:
    path, before = f"{STORE}?graph=https%3A%2F%2Fw3id.org%2Falpine-kg%2Fgraph%2Fempty-one", version(service)
    made = service.ask("PUT", path, TURTLE | {"If-None-Match": "*"}, b"")
    assert (made.status, made.headers["location"]) == (201, "/graph/empty-one")
    assert service.ask("GET", "/graph/empty-one", {"Accept": "text/turtle"}).status == 200
    assert service.ask("PUT", path, TURTLE | {"If-None-Match": "*"}, b"").status == 412
    assert service.ask("DELETE", path, BEARER).status == 200
    assert service.ask("GET", "/graph/empty-one").status == 404
    assert service.ask("DELETE", path, BEARER).status == 404
    assert version(service) == before


def test_a_graph_that_is_sent_without_a_name_gets_one(service: Service) -> None:
    made = service.ask("POST", STORE, TURTLE, b"")
    assert made.status == 201
    assert service.ask("GET", made.headers["location"]).status == 200
    assert service.ask("DELETE", made.headers["location"], BEARER).status == 200


@pytest.mark.parametrize(
    ("path", "headers", "body", "problem"),
    [
        (PLACES, {}, b"nonsense", (400, "malformed-rdf")),
        (PLACES, {"Content-Type": "application/n-quads"}, b"<urn:a> <urn:b> <urn:c> <urn:g> .", (400, "malformed-rdf")),
        (PLACES, {}, b"<urn:a> <urn:b> <urn:c> .", (422, "invalid-graph")),
        (PLACES, {}, b"[] <urn:b> <urn:c> .", (422, "invalid-graph")),
        (PLACES, {"Content-Type": "image/png"}, b"", (415, "unsupported-media-type")),
        (PLACES, {"Content-Type": "text/turtle; charset=latin-1"}, b"", (415, "unsupported-media-type")),
        (PLACES, {"Content-Encoding": "gzip"}, b"", (415, "unsupported-media-type")),
        (PLACES, {"If-Match": "W/anything"}, b"", (400, "bad-parameter")),
        (PLACES, {}, b" " * 200_001, (413, "body-too-long")),
        ("/graph/statements", {}, b"", (403, "forbidden-write")),
        ("/graph/ontology", {}, b"", (403, "forbidden-write")),
        ("/graph/.hidden", {}, b"", (403, "forbidden-write")),
        (f"{STORE}?default", {}, b"", (403, "forbidden-write")),
        (f"{STORE}?graph=urn:elsewhere", {}, b"", (403, "forbidden-write")),
        (f"{STORE}?graph=places", {}, b"", (400, "bad-parameter")),
        (STORE, {}, b"", (400, "bad-parameter")),
    ],
)
def test_a_refused_write_changes_nothing(
    service: Service, path: str, headers: dict[str, str], body: bytes, problem: tuple[int, str]
) -> None:
    before = version(service)
    reply = service.ask("PUT", path, TURTLE | headers, body)
    assert (reply.status, reply.media_type) == (problem[0], "application/problem+json")
    assert json.loads(reply.body)["type"].endswith(f"#{problem[1]}")
    assert version(service) == before


def test_a_body_without_a_length_has_the_same_limit(service: Service) -> None:
    head = f"PUT {PLACES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: text/turtle\r\n"
    chunks = [b"%x\r\n%s\r\n" % (65_536, b" " * 65_536)] * 8
    answer = raw(
        service, f"{head}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode(), *chunks, b"0\r\n\r\n"
    )
    assert answer.split(b"\r\n")[0].split()[1] == b"413"


def test_a_remote_context_is_refused_and_never_asked_for(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/context.jsonld"
        body = json.dumps({"@context": address, "@id": "urn:a"}).encode()
        reply = service.ask("POST", PLACES, BEARER | {"Content-Type": "application/ld+json"}, body)
        assert reply.status == 400
        with pytest.raises(TimeoutError):
            listener.accept()


def test_writes_at_the_same_time_come_one_after_the_other(service: Service) -> None:
    original = service.ask("GET", PLACES).body
    names = [f"Dieppe {number}" for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(lambda text: service.ask("POST", PLACES, TURTLE, name(text)), names))
    assert [reply.status for reply in replies] == [200] * 2
    assert all(has_name(service, text) for text in names)
    assert service.ask("PUT", PLACES, TURTLE, original).status == 204


def test_files_that_are_served_as_they_are_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "held.nq").write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    with running(tmp_path / "held.nq") as service:
        assert total(service) == counted_total(service) == 1
        for graph in ("urn:g", "urn:new", "https://w3id.org/alpine-kg/graph/new"):
            assert service.ask("PUT", f"{STORE}?graph={graph}", TURTLE, b"").status == 403
        here = f"http://127.0.0.1:{service.port}{STORE}/g"
        assert service.ask("GET", f"{STORE}/g").status == 404
        (tmp_path / "held.nq").write_text(f"<urn:a> <urn:b> <urn:c> <{here}> .\n", encoding="utf-8")
        assert service.ask("POST", "/-/reload", BEARER, b"").status == 200
        reply = service.ask("GET", f"{STORE}/g", {"Accept": "application/n-triples"})
        assert {str(quad.triple) for quad in ox.parse(reply.body, format=ox.RdfFormat.N_TRIPLES)} == {
            "<urn:a> <urn:b> <urn:c>"
        }
