"""What operators and programs ask of the service itself: health, readiness, its own documentation, and its files."""

import json
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg import __version__
from alpine_kg.errors import NotFoundError
from alpine_kg.web.documents import HTML, JSON, Document, plain
from alpine_kg.web.openapi import operation
from alpine_kg.web.pages import STATIC
from alpine_kg.web.problems import PROBLEMS
from alpine_kg.web.service import Service

_ROBOTS: Final = "User-agent: *\nDisallow: /sparql\nDisallow: /search\n"
_FILES: Final = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
"""The files that pages use, with their media types."""


def register(app: FastAPI, service: Service) -> None:
    """Add health, readiness, documentation and files."""
    _register_health(app, service)
    _register_documentation(app, service)
    _register_files(app, service)


def _register_health(app: FastAPI, service: Service) -> None:
    ready = {
        "status": "ready",
        "valid": service.valid,
        "allow_invalid": service.settings.allow_invalid,
        "software": __version__,
        "version": service.graph.version,
        "graphs": len(service.graph.sizes),
    }

    async def healthz() -> Response:
        return plain('{"status":"alive"}', JSON.media_type, seconds=0)

    async def readyz() -> Response:
        # Raises StoreError, which is answered with 503, while a remote engine cannot be had.
        await run_in_threadpool(service.graph.store.check)
        refusal = service.front.refusal if service.front else {}
        return plain(json.dumps(ready | ({"refused": refusal} if refusal else {})), JSON.media_type, seconds=0)

    app.get("/healthz", operation_id="healthz", **operation("Whether the process answers", "operations", (JSON,)))(
        healthz
    )
    app.get(
        "/readyz",
        operation_id="readyz",
        **operation("Whether a graph is served, which, and whether it passed validation", "operations", (JSON,)),
    )(readyz)


def _register_documentation(app: FastAPI, service: Service) -> None:
    seconds = service.settings.cache_seconds

    def openapi() -> Response:
        return plain(json.dumps(app.openapi(), ensure_ascii=False), JSON.media_type, seconds=seconds)

    def docs(request: Request) -> Response:
        document = Document.choose(request, "/docs", request.path_params.get("extension"), (HTML,))
        return service.page(request, document, "docs.html", api=app.openapi())

    def problems(request: Request) -> Response:
        document = Document.choose(request, "/problems", request.path_params.get("extension"), (JSON, HTML))
        if document.format is HTML:
            return service.page(request, document, "problems.html", problems=PROBLEMS.values())
        return service.finish(document, json.dumps({"problems": _problems()}).encode())

    app.get("/openapi.json", operation_id="openapi", **operation("This document", "operations", (JSON,)))(openapi)
    app.get("/docs", operation_id="docs", **operation("This document, for people", "operations", (HTML,)))(docs)
    app.get("/docs.{extension}", include_in_schema=False)(docs)
    described = operation("The types of problem that answers can have", "operations", (JSON, HTML))
    app.get("/problems", operation_id="problems", **described)(problems)
    app.get("/problems.{extension}", include_in_schema=False)(problems)


def _problems() -> list[dict[str, Any]]:
    return [
        {"type": row.type, "title": row.title, "status": row.status, "meaning": row.meaning}
        for row in PROBLEMS.values()
    ]


def _register_files(app: FastAPI, service: Service) -> None:
    seconds = service.settings.cache_seconds
    held = {name: (STATIC / name).read_bytes() for name in _FILES}

    async def file(request: Request) -> Response:
        name = Path(request.path_params["name"]).name
        if name not in held:
            raise NotFoundError(f"There is no file {name!r}.", "Pages link to the files that there are.")
        return plain(held[name], _FILES[name], seconds=seconds)

    async def favicon() -> Response:
        return plain(held["icon.svg"], _FILES["icon.svg"], seconds=seconds)

    async def robots() -> Response:
        return plain(_ROBOTS, "text/plain", seconds=seconds)

    app.get("/static/{name}", include_in_schema=False)(file)
    app.get("/favicon.ico", include_in_schema=False)(favicon)
    app.get("/robots.txt", include_in_schema=False)(robots)
