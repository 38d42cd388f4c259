"""Health, readiness, and the files that pages use."""

from collections.abc import Callable

from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph


def test_the_process_is_alive(client: TestClient) -> None:
    answer = client.get("/healthz")
    assert answer.json() == {"status": "alive"}
    assert answer.headers["cache-control"] == "no-store"


def test_readiness_names_the_graph_and_its_validation(serve: Callable[..., TestClient], graph: KnowledgeGraph) -> None:
    body = serve().get("/readyz").json()
    assert (body["status"], body["valid"], body["version"]) == ("ready", True, graph.version)
    body = serve(valid=False, allow_invalid=True).get("/readyz").json()
    assert (body["valid"], body["allow_invalid"]) == (False, True)


def test_pages_of_an_invalid_graph_say_so(serve: Callable[..., TestClient]) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    assert 'role="alert"' in serve(valid=False).get("/plant/dieppe", headers=headers).text
    assert 'role="alert"' not in serve().get("/plant/dieppe", headers=headers).text


def test_files(client: TestClient) -> None:
    assert client.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert client.get("/robots.txt").text.startswith("User-agent: *")
    for path in ("/static/..%2fpages.py", "/static/pages.py", "/static/%2e%2e"):
        assert client.get(path).status_code == 404
