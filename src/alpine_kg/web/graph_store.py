"""The Graph Store Protocol: whole graphs, read by everybody and written by the bearer of the token.

A graph is named by `?graph=` or `?default` at `/rdf-graph-store`, or by a path of this service: `/graph/{name}` for the graphs
of data/, and `/rdf-graph-store/{anything}` for a graph whose IRI is that address.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import BadParameterError, NotFoundError
from alpine_kg.formats import RDF_FORMATS, Format, serialise
from alpine_kg.graph.loading import read_triples
from alpine_kg.graph.writing import digest_of
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import PlainRoot
from alpine_kg.store import DatasetChoice
from alpine_kg.store.embedded import EVERYTHING
from alpine_kg.web.answers import query_of, respond
from alpine_kg.web.documents import Document
from alpine_kg.web.openapi import operation, path, query
from alpine_kg.web.origin import origin_of
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.service import Service
from alpine_kg.web.uploads import READ, write

PATH: Final = "/rdf-graph-store"
DIRECT: Final = "/graph"
DEFAULT: Final = ""
"""Stands for the default graph, which has no IRI."""
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_TAG: Final = 32
_PARAMETERS: Final = [
    query("graph", "The absolute IRI of a named graph.", {"type": "string", "format": "uri"}),
    query("default", "Names the default graph; it has no value.", {"type": "string", "maxLength": 0}),
]
_NAME: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}"

Target = Callable[[Request], str]


def register(app: FastAPI, service: Service) -> None:
    """Add the paths under which graphs are named."""

    def indirect(request: Request) -> str:
        return _named(Parameters.of(request, {"graph", "default"}))

    def direct(request: Request) -> str:
        Parameters.of(request, ())
        return GRAPH + str(request.path_params["name"])

    def here(request: Request) -> str:
        Parameters.of(request, ())
        return f"{origin_of(request, service.settings)}{request.scope['path']}"

    _add(app, service, PATH, "graph", indirect, parameters=_PARAMETERS)
    _add(app, service, f"{DIRECT}/{{name}}", "graph_by_name", direct, parameters=[_described("name", _NAME)])
    _add(app, service, f"{PATH}/{{rest:path}}", "", here)


def _described(name: str, pattern: str) -> dict[str, Any]:
    return path(name, f"What stands behind {GRAPH} in the graph's IRI.", pattern, ["plants", "statements"])


def _add(
    app: FastAPI,
    service: Service,
    address: str,
    name: str,
    target: Target,
    *,
    parameters: list[dict[str, Any]] | None = None,
) -> None:
    """Add one path with the methods of the protocol."""

    async def get(request: Request) -> Response:
        return await _read(service, request, target(request))

    async def change(request: Request) -> Response:
        if request.method == "POST" and address == PATH and not request.scope["query_string"]:
            return await write(service, request, "")
        return await write(service, request, target(request))

    methods: dict[str, tuple[Callable[[Request], Awaitable[Response]], str]] = {
        "GET": (get, "One graph"),
        "PUT": (change, "Make a graph what the body says; asks for the token"),
        "POST": (change, "Add the body to a graph; asks for the token"),
        "DELETE": (change, "Remove a graph; asks for the token"),
    }
    for method, (endpoint, summary) in methods.items():
        described = operation(
            summary,
            "graph store",
            RDF_FORMATS,
            parameters=parameters or (),
            body=_BODY if method in {"PUT", "POST"} else None,
            description="SPARQL 1.1 Graph Store HTTP Protocol.",
        )
        listed = {"operation_id": f"{method.lower()}_{name}", **described} if name else {"include_in_schema": False}
        app.api_route(address, methods=[method], **listed)(endpoint)


_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {row.media_type: {"schema": {"type": "string"}} for row in READ},
}


def _named(parameters: Parameters) -> str:
    """Return the graph that the parameters name; raises BadParameterError unless they name one, by an absolute IRI."""
    graph, default = parameters.one("graph"), parameters.one("default")
    if (graph is None) == (default is None):
        raise BadParameterError("One graph is to be named.", "Write ?graph= with its IRI, or ?default.")
    if default:
        raise BadParameterError("The parameter 'default' has a value.", "Write ?default.")
    if graph is not None and not _ABSOLUTE.fullmatch(graph):
        raise BadParameterError(f"graph={graph!r} is not an absolute IRI.", "Write its scheme too.")
    return graph or DEFAULT


async def _read(service: Service, request: Request, graph: str) -> Response:
    root, sizes = service.graph.root, service.graph.sizes
    if graph and graph not in sizes and graph not in root.graphs:
        raise NotFoundError(f"There is no graph {graph}.", "The dataset's description at /.well-known/void lists them.")
    target = Document.choose(request, PATH, None, RDF_FORMATS).format
    files = () if isinstance(root, PlainRoot) else root.graphs.get(graph, ())
    if len(files) == 1 and files[0].stat().st_size <= service.settings.spool_bytes:
        body = await run_in_threadpool(_authored, service, graph, target)
        return Response(
            body, headers=_headers(digest_of(files[0])[:_TAG], target, "public, "), media_type=target.content_type
        )
    # Weak: the store gives the same statements, but not always in the same order.
    headers = _headers(f"{service.graph.version[:_TAG]}", target)
    headers["ETag"] = f"W/{headers['ETag']}"
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    dataset = DatasetChoice(default=(graph,)) if graph else DatasetChoice()
    execution = await service.ask(request, query_of(EVERYTHING, dataset, None, target))
    return await respond(execution, headers, request)


def _authored(service: Service, graph: str, target: Format) -> bytes:
    """Return a graph as its file has it: a store would rewrite some literals."""
    files = service.graph.root.graphs[graph]
    if target.extension == "ttl":
        return files[0].read_bytes()
    return serialise(read_triples(files, service.graph.root), target, service.graph.context)


def _headers(tag: str, target: Format, shared: str = "") -> dict[str, str]:
    # Who has written a graph wants to read what was written, so nobody may take an old answer without asking.
    return {"Cache-Control": f"{shared}no-cache", "Vary": "Accept", "ETag": f'"{tag}-{target.extension}"'}
