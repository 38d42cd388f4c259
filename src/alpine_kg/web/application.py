"""The application: every family of paths over one graph, behind the front that keeps finished answers."""

from typing import Final

from fastapi.dependencies import models

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import (
    conflicts,
    dataset,
    downloads,
    entities,
    feeds,
    graph_store,
    home,
    lists,
    measurements,
    openapi,
    operations,
    problems,
    promises,
    questions,
    reload,
    search,
    sparql,
    vocabulary,
)
from alpine_kg.web.answers import Answers, InProcess
from alpine_kg.web.control import Front
from alpine_kg.web.dispatch import Application
from alpine_kg.web.fairness import Fairness
from alpine_kg.web.metrics import Metrics
from alpine_kg.web.proxies import proxies_of
from alpine_kg.web.repeats import Repeats
from alpine_kg.web.representations import Representations
from alpine_kg.web.service import Service

FAMILIES: Final = (
    sparql,
    home,
    operations,
    lists,
    search,
    questions,
    promises,
    conflicts,
    entities,
    feeds,
    downloads,
    vocabulary,
    dataset,
    graph_store,
    reload,
)
"""The modules that register paths, one a family, in the order in which paths are tried: that of strangers' queries first.

Entities and feeds have dozens, and are mostly answered from memory, before any path is tried.
"""


def create_app(
    graph: KnowledgeGraph,
    settings: Settings,
    *,
    valid: bool = True,
    answers: Answers | None = None,
    front: Front | None = None,
    fairness: Fairness | None = None,
    metrics: Metrics | None = None,
) -> Representations:
    """Return the ASGI application that serves a graph; `valid` is what `/readyz` says of its validation.

    Callers' queries go to `answers`, or to the graph's own store; `front` is asked for new generations of the graph, which
    cannot be had without it; `fairness` remembers what clients have used and `metrics` what was counted, from one generation to
    the next.
    """
    graph.keep_past(states=settings.past_states, triples=settings.past_triples)
    app = Application(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    metrics = metrics or Metrics()
    # What a remote engine holds may go, or become another's, without our knowing: each query has to find out.
    limit = 0 if settings.remote else settings.answers_bytes
    remembering = Repeats(answers or InProcess(graph.store), limit, metrics)
    service = Service(graph, settings, valid, remembering, fairness or Fairness(settings), front, metrics)
    problems.install(app)
    for family in FAMILIES:
        family.register(app, service)
    app.openapi = openapi.describer(app, settings.public_url)  # type: ignore[method-assign]
    front_of_all = Representations(
        app,
        app.routes,
        cache_bytes=settings.cache_bytes,
        url_characters=settings.url_characters,
        metrics=metrics,
        proxies=proxies_of(settings.trusted_proxies),
    )
    measurements.register(app, service, remembering, front_of_all)
    _forget_others()
    return front_of_all


def _forget_others() -> None:
    """Clear what the framework remembers of all endpoints it ever had: it would keep every graph alive that was once served."""
    for held in vars(models).values():
        if hasattr(held, "cache_clear"):
            held.cache_clear()
