"""The application: every family of paths over one graph, behind the front that keeps finished answers."""

from typing import Final

from fastapi import FastAPI

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import (
    dataset,
    downloads,
    entities,
    home,
    lists,
    openapi,
    operations,
    problems,
    questions,
    search,
    sparql,
    vocabulary,
)
from alpine_kg.web.answers import Answers, InProcess
from alpine_kg.web.control import Front
from alpine_kg.web.fairness import Fairness
from alpine_kg.web.representations import Representations
from alpine_kg.web.service import Service

FAMILIES: Final = (home, operations, entities, lists, search, questions, sparql, downloads, vocabulary, dataset)
"""The modules that register paths, one a family."""


def create_app(
    graph: KnowledgeGraph,
    settings: Settings,
    *,
    valid: bool = True,
    answers: Answers | None = None,
    front: Front | None = None,
    fairness: Fairness | None = None,
) -> Representations:
    """Return the ASGI application that serves a graph; `valid` is what `/readyz` says of its validation.

    Callers' queries go to `answers`, or to the graph's own store; `front` is asked for new generations of the graph, which
    cannot be had without it; `fairness` remembers what clients have used, from one generation to the next.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    service = Service(graph, settings, valid, answers or InProcess(graph.store), fairness or Fairness(settings), front)
    problems.install(app)
    for family in FAMILIES:
        family.register(app, service)
    app.openapi = openapi.describer(app, settings.public_url)  # type: ignore[method-assign]
    return Representations(
        app,
        app.routes,
        cache_bytes=settings.cache_bytes,
        url_characters=settings.url_characters,
    )
