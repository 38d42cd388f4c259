"""What every path owes to HTTP: entity tags, conditional requests, HEAD, OPTIONS, CORS, and the memory of finished answers."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from alpine_kg.web.representations import Representations
from alpine_kg.web.wire import read_head, write_head

FAMILIES = {
    "home": "/",
    "entity": "/plant/dieppe",
    "entity in Turtle": "/plant/dieppe.ttl",
    "list": "/vehicles?limit=2",
    "search": "/search?q=dieppe",
    "queries": "/queries",
    "query": "/queries/timeline",
    "sparql": "/sparql?query=ASK%20%7B%7D",
    "service description": "/sparql",
    "export": "/export/plants.nt.gz",
    "exports": "/export",
    "checksum": "/export/plants.nt.sha256",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "context": "/context.jsonld",
    "void": "/.well-known/void",
    "openapi": "/openapi.json",
    "docs": "/docs",
    "problems": "/problems",
    "style": "/static/style.css",
    "readyz": "/readyz",
}
EXPOSED = "Link, ETag, Retry-After"


@pytest.fixture(params=list(FAMILIES.values()), ids=list(FAMILIES))
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_entity_tag_spares_the_body(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200
    tag = first.headers["etag"]
    assert tag.startswith('"'), "a strong tag"
    for condition in (tag, f"W/{tag}", "*", f'"other", {tag}'):
        again = client.get(path, headers={"If-None-Match": condition})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers.get("vary") == first.headers.get("vary")
        assert again.headers.get("cache-control") == first.headers["cache-control"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.content == b""
    assert head.status_code == got.status_code
    own = {"x-request-id"}
    assert {name: head.headers[name] for name in head.headers if name not in own} == {
        name: got.headers[name] for name in got.headers if name not in own
    }
    assert int(head.headers["content-length"]) == len(got.content)


def test_options_lists_the_methods(client: TestClient, path: str) -> None:
    answer = client.options(path)
    wanted = "GET, HEAD, OPTIONS, POST" if path.startswith("/sparql") else "GET, HEAD, OPTIONS"
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == answer.headers["access-control-allow-methods"] == wanted
    assert answer.headers["access-control-max-age"] == "3600"


def test_any_origin_may_read_without_credentials(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-expose-headers"] == EXPOSED
    assert "access-control-allow-credentials" not in answer.headers


def test_nothing_is_sniffed_and_pages_run_nothing(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html, */*;q=0.1"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "referrer-policy" in answer.headers
    if answer.headers["content-type"].startswith("text/html"):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "script-src" not in policy
        assert b"<script" not in answer.content
        assert b" style=" not in answer.content


def test_representations_of_one_thing_have_different_tags(client: TestClient) -> None:
    accepts = ("application/json", "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
    tags = {client.get("/plant/dieppe", headers={"Accept": accept}).headers["etag"] for accept in accepts}
    pages = {
        client.get("/plant/dieppe", headers={"Accept": "text/html", "Accept-Language": language}).headers["etag"]
        for language in ("fr", "en")
    }
    assert len(tags) == len(accepts)
    assert len(pages) == 2
    assert not tags & pages


def test_negotiated_answers_say_so(client: TestClient) -> None:
    assert client.get("/plant/dieppe").headers["vary"] == "Accept, Accept-Language"
    assert client.get("/id/plant/dieppe").headers["vary"] == "Accept, Accept-Language"
    assert "vary" not in client.get("/plant/dieppe.ttl").headers
    assert client.get("/plant/dieppe.html").headers["vary"] == "Accept-Language"


def test_the_memory_tells_requests_apart(serve: Callable[..., TestClient]) -> None:
    client = serve()
    for _ in range(2):
        assert (
            client.get("/plant/dieppe", headers={"Accept": "text/turtle"}).headers["content-type"].startswith("text/t")
        )
        assert client.get("/plant/dieppe", headers={"Accept": "*/*"}).json()["path"] == "/plant/dieppe"
        assert 'lang="fr"' in client.get("/plant/dieppe.html", headers={"Accept-Language": "fr"}).text
        assert 'lang="en"' in client.get("/plant/dieppe.html", headers={"Accept-Language": "en"}).text
        assert len(client.get("/vehicles?limit=1").json()["items"]) == 1
        assert len(client.get("/vehicles?limit=2").json()["items"]) == 2


def test_two_accept_lines_are_one_list(client: TestClient) -> None:
    answer = client.get("/plant/dieppe", headers=[("Accept", "image/png"), ("Accept", "text/turtle")])
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


def kept(client: TestClient) -> Representations:
    assert isinstance(client.app, Representations)
    return client.app


def test_pages_are_remembered_and_strangers_queries_are_not(serve: Callable[..., TestClient]) -> None:
    client = serve()
    client.get("/plant/dieppe")
    client.get("/id/plant/dieppe")
    assert len(kept(client).cache) == 2
    for path in ("/sparql?query=ASK%20%7B%7D", "/nope", "/plants?limit=0", "/readyz", "/.well-known/void"):
        client.get(path)
    assert len(kept(client).cache) == 2
    client.get("/plant/dieppe")
    client.head("/plant/dieppe")
    assert len(kept(client).cache) == 2


def test_the_memory_is_bounded(serve: Callable[..., TestClient]) -> None:
    client = serve(cache_bytes=40_000)
    for number in range(30):
        client.get(f"/static/style.css?{number}")
    assert 0 < len(kept(client).cache) < 30
    assert kept(client).cache.size <= 40_000
    before = len(kept(client).cache)
    assert len(client.get("/ontology").content) > 40_000
    assert len(kept(client).cache) == before, "an answer larger than the room is not kept"


@pytest.mark.parametrize(
    "path",
    [
        "/plant/dieppe?x={}",
        "/plant/dieppe?as_of=2026-01-{:02}",
        "/vehicles?q=a{}",
        "/vehicles?as_of=20{:02}-06-01",
        "/search?q=a{}",
        "/queries/timeline.csv?as_of=20{:02}-06-01",
        "/queries/posts-at-date.csv?date=20{:02}-01-01",
        "/promises.csv?as_of=20{:02}-01-01",
        "/feed.atom?limit={}",
    ],
)
def test_no_kind_of_address_fills_the_memory(serve: Callable[..., TestClient], path: str) -> None:
    """However many days, search texts and parameters are asked for: they are told apart, kept, and forgotten again."""
    room = None
    for kept_at_once in (range(24, 25), range(1, 24)):
        client = serve(public_url="https://example.org", **({"cache_bytes": room} if room else {}))
        for number in range(1, 25):
            assert client.get(path.format(number)).status_code == 200
            assert kept(client).cache.size <= (room or 1e9)
        assert len(kept(client).cache) in kept_at_once
        room = kept(client).cache.size * 2 // 3


def test_one_large_answer_does_not_drive_out_the_others(serve: Callable[..., TestClient]) -> None:
    client = serve(cache_bytes=600_000)
    client.get("/plant/dieppe")
    assert len(client.get("/export/all.nq").content) > 600_000 / 4
    assert len(kept(client).cache) == 1


def test_a_header_that_would_end_the_head_is_never_written() -> None:
    for header in ((b"location", b"/a\r\nset-cookie: b"), (b"x y", b"z"), (b"x", b"a\nb"), (b"x", b"a\0")):
        with pytest.raises(ValueError, match="header"):
            write_head(200, [header])
    assert read_head(write_head(200, [(b"etag", b'"a: b"')])) == (200, [(b"etag", b'"a: b"')])


def test_one_application_remembers_nothing_of_another(serve: Callable[..., TestClient]) -> None:
    first, second = serve(), serve()
    first.get("/plant/dieppe")
    assert len(kept(second).cache) == 0


def test_a_redirection_has_no_entity_tag_and_ignores_conditions(client: TestClient) -> None:
    answer = client.get("/id/plant/dieppe", headers={"If-None-Match": "*"})
    assert answer.status_code == 303
    assert "etag" not in answer.headers
