"""Dispatch: what is looked up is what the framework would have chosen, and fails as it would have failed."""

import pytest
from fastapi import FastAPI
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import KINDS
from alpine_kg.settings import Settings
from alpine_kg.web import create_app
from alpine_kg.web.dispatch import Application


@pytest.fixture(scope="module")
def application(graph: KnowledgeGraph) -> Application:
    made = create_app(graph, Settings()).app
    assert isinstance(made, Application)
    return made


def test_what_is_looked_up_is_what_trying_finds(application: Application) -> None:
    looked_up = 0
    for route in application.routes:
        assert isinstance(route, Route)
        path = route.path.replace("{extension}", "csv").replace("{", "").replace("}", "")
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "path_params": {}}
        tried = next((each for each in application.routes if each.matches(dict(scope))[0] is Match.FULL), None)
        found = application.find(path)
        if found:
            looked_up += 1
            assert found[0] is tried
            assert found[1] == found[0].matches(scope)[1]["path_params"]
    assert looked_up > 2 * len(KINDS)


@pytest.mark.parametrize("path", ["/search", "/claims", "/quotes.csv", "/search.html"])
def test_the_busiest_paths_are_looked_up(application: Application, path: str) -> None:
    assert application.find(path)


@pytest.mark.parametrize("path", ["", "/", "/claims.", "/claims.a/b", "/claims/", "/nothing.json", "/claim/x"])
def test_what_is_not_in_the_directory_is_tried(application: Application, path: str) -> None:
    assert application.find(path) is None


def test_an_endpoint_fails_alike_either_way(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["/search", "/search?q=a&limit=0", "/claims.odt", "/claims?cursor=x", "/plants.html?q=a&q=b"]
    client = TestClient(application)
    answers = [client.get(path) for path in paths]
    monkeypatch.setattr(Application, "__call__", FastAPI.__call__)
    for path, answer in zip(paths, answers, strict=True):
        other = client.get(path)
        assert (answer.status_code, answer.headers, answer.content) == (other.status_code, other.headers, other.content)
        assert answer.status_code >= 400
