"""The home page: what is in the graph, and where to go from there."""

import json
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg import __version__
from alpine_kg.namespaces import KINDS
from alpine_kg.web.documents import HTML, JSON, Document, feed_links
from alpine_kg.web.openapi import operation
from alpine_kg.web.service import Service

_QUESTIONS: Final = 3
_LINKS: Final = {
    "search": "/search",
    "feed": "/feed.json",
    "queries": "/queries",
    "promises": "/promises",
    "conflicts": "/conflicts",
    "sparql": "/sparql",
    "exports": "/export",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "context": "/context.jsonld",
    "dataset": "/.well-known/void",
    "openapi": "/openapi.json",
    "docs": "/docs",
    "problems": "/problems",
}
"""Where programs go from here, by name."""


def register(app: FastAPI, service: Service) -> None:
    """Add the home page."""

    def home(request: Request) -> Response:
        document = Document.choose(request, "/index", request.path_params.get("extension"), (JSON, HTML))
        counts = service.graph.catalogue.counts()
        if document.format is HTML:
            questions = list(service.graph.queries.values())[:_QUESTIONS]
            shown = {
                "counts": counts,
                "kinds": KINDS,
                "questions": questions,
                "promises": "promises" in service.graph.queries,
                "conflicts": "conflicts" in service.graph.queries,
            }
            return service.page(request, document, "home.html", links=feed_links(""), **shown)
        body = {
            "name": "alpine-kg",
            "software": __version__,
            "version": service.graph.version,
            "triples": service.graph.summary.triples,
            "lists": [{"kind": kind, "path": f"/{KINDS[kind]}", "total": total} for kind, total in counts.items()],
            "links": _LINKS,
        }
        return service.finish(document, json.dumps(body, separators=(",", ":")).encode(), links=feed_links(""))

    described = operation("What is in the graph, and where to go from here", "home", (JSON, HTML))
    app.get("/", operation_id="home", **described)(home)
    app.get("/index", include_in_schema=False)(home)
    app.get("/index.{extension}", include_in_schema=False)(home)
