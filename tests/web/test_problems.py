"""Every failure of every path is a problem document of one shape:

    type      a URI that names the kind of failure, and explains it at /problems
    title     the kind of failure in words
    status    the status of the answer
    detail    what was wrong this time
    remedy    what the caller can do about it, where there is something

as `application/problem+json`, never kept by caches, readable by any origin, and silent about the inside of the service.
"""

import inspect
import logging
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from alpine_kg import errors
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.web.problems import PROBLEMS, problem_of

Answer = Any
UNSERVABLE = {errors.AlpineKGError, errors.RootError, errors.RdfSyntaxError, errors.InvalidGraphError}
"""Failures that a running service does not meet, or that are its own defects."""


def assert_problem(answer: Answer, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "etag" not in answer.headers
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["type"] in {problem.type for problem in PROBLEMS.values()}
    for member in ("title", "detail"):
        assert body[member]
    assert "Traceback" not in answer.text
    assert ".py" not in answer.text
    return body


def paths(client: TestClient) -> list[str]:
    return sorted(client.get("/openapi.json").json()["paths"])


def concrete(path: str) -> str:
    values = {"{kind}": "plant", "{slug}": "dieppe", "{document}": "x", "{file}": "all.ttl"}
    for name, value in values.items():
        path = path.replace(name, value)
    return path


def test_a_method_that_a_path_does_not_have(client: TestClient) -> None:
    seen = 0
    for path in paths(client):
        allowed = client.options(concrete(path)).headers["allow"]
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"} - set(allowed.split(", ")):
            body = assert_problem(answer := client.request(method, concrete(path)), 405)
            assert {"OPTIONS", *answer.headers["allow"].split(", ")} == set(allowed.split(", "))
            assert body["type"].endswith("#method-not-allowed")
            seen += 1
    assert seen > 200


def test_nothing_that_is_accepted(client: TestClient) -> None:
    negotiated = [
        *(
            "/",
            "/plants",
            "/plant/dieppe",
            "/id/plant/dieppe",
            "/search?q=a",
            "/queries",
            "/queries/timeline",
            "/export",
        ),
        *("/ontology", "/shapes", "/.well-known/void", "/docs", "/problems", "/sparql", "/sparql?query=ASK%20%7B%7D"),
    ]
    for path in negotiated:
        assert_problem(client.get(path, headers={"Accept": "image/png"}), 406)


@pytest.mark.parametrize("tail", ["%00", "%0A", "%1F", "%FF", "%C3%28", "?a=%FF", "?%00=1", "?a=%ED%A0%80"])
def test_addresses_that_are_no_text(client: TestClient, tail: str) -> None:
    for path in paths(client):
        assert_problem(client.get(concrete(path) + tail), 400)


@pytest.mark.parametrize(
    "tail", ["/", "//", "/x", "%2F", "%2F..%2F..", "/../../etc/passwd", "%5C..", "%3Fa", ";a=b", "é"]
)
def test_addresses_beside_every_path(client: TestClient, tail: str) -> None:
    for path in paths(client):
        answer = client.get(concrete(path) + tail)
        if answer.status_code != 200:
            assert_problem(answer, 404)
        else:
            assert path == "/", tail


def test_an_address_that_is_too_long(serve: Callable[..., TestClient]) -> None:
    client = serve(url_characters=2000)
    assert_problem(client.get("/plants?q=" + "a" * 2000), 414)
    assert_problem(client.get("/" + "a" * 2000), 414)
    assert_problem(client.post("/sparql?query=" + "a" * 2000), 414)


def test_unknown_paths(client: TestClient) -> None:
    for path in (
        "/nope",
        "/plant",
        "/id",
        "/static/",
        "/plants.",
        "/.well-known/",
        "/*",
    ):
        for method in ("GET", "POST", "OPTIONS", "DELETE"):
            assert_problem(client.request(method, path), 404)
        head = client.head(path)
        assert (head.status_code, head.content) == (404, b"")


def test_what_fails_without_a_reason_of_the_callers_says_nothing(
    serve: Callable[..., TestClient],
    graph: KnowledgeGraph,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("secret of /etc/passwd")

    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr(type(graph), "entity", break_down)
    monkeypatch.setattr(type(graph), "search", break_down)
    client = serve()
    for path in ("/plant/dieppe", "/search?q=a"):
        body = assert_problem(answer := client.get(path), 500)
        assert body["type"].endswith("#internal-error")
        assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.StoreError("The disk is gone: /secret."), 503),
        (errors.BusyError("Too many."), 503),
        (errors.RootError("/secret is not a root."), 500),
    ],
)
def test_what_the_service_suffers(
    serve: Callable[..., TestClient],
    graph: KnowledgeGraph,
    monkeypatch: pytest.MonkeyPatch,
    error: errors.AlpineKGError,
    status: int,
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(type(graph), "search", break_down)
    answer = serve().get("/search?q=a")
    body = assert_problem(answer, status)
    assert ("retry-after" in answer.headers) == (status == 503)
    if status == 500:
        assert "secret" not in body["detail"]


def test_every_error_has_a_row_and_every_type_is_explained(client: TestClient) -> None:
    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.AlpineKGError)}
    missing = {kind for kind in kinds - UNSERVABLE if problem_of(kind("")) is PROBLEMS[Exception]}
    assert missing == set(), "give each a row in PROBLEMS"
    explained = {row["type"] for row in client.get("/problems").json()["problems"]}
    assert explained == {problem.type for problem in PROBLEMS.values()}
    page = client.get("/problems.html").text
    for problem in PROBLEMS.values():
        assert f'<dt id="{problem.slug}">' in page
