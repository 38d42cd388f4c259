"""Search over all names."""

from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import KINDS
from alpine_kg.web.documents import CONTEXT_LINK, HTML, JSON, LIST_FORMATS, Document
from alpine_kg.web.languages import LANGUAGE
from alpine_kg.web.listing import is_short, write_list
from alpine_kg.web.openapi import AS_OF, operation, query
from alpine_kg.web.parameters import LONGEST_TEXT, Parameters
from alpine_kg.web.service import Service

_KNOWN: Final = ("q", "limit", "kind", AS_OF["name"], LANGUAGE)


def register(app: FastAPI, service: Service) -> None:
    """Add the path of the search, and the paths of its formats."""
    settings = service.settings
    limit = {"type": "integer", "minimum": 1, "maximum": settings.page_size_max, "default": settings.search_limit}
    described = operation(
        "The entities that a text names, best first",
        "search",
        LIST_FORMATS,
        parameters=[
            query(
                "q",
                "Words of a name, or their beginnings; accents, case and hyphens do not count.",
                {"type": "string", "maxLength": LONGEST_TEXT, "examples": ["usine de dieppe"]},
                required=True,
            ),
            query("limit", "Most hits.", limit),
            query("kind", "Only entities of this kind.", {"type": "string", "enum": list(KINDS)}),
            AS_OF,
        ],
    )

    async def search(request: Request) -> Response:
        parameters = Parameters.of(request, _KNOWN)
        document = Document.choose(
            request, "/search", request.path_params.get("extension"), LIST_FORMATS, parameters.encoded()
        )
        most = parameters.count("limit", default=settings.search_limit, most=settings.page_size_max)

        def answer(request: Request) -> Response:
            return _answer(service.at(request), request, document, parameters, most)

        return await service.from_index(request, answer, short=is_short(document.format, most, parameters.text("q")))

    app.get("/search", operation_id="search", **described)(search)
    app.get("/search.{extension}", include_in_schema=False)(search)


def _answer(service: Service, request: Request, document: Document, parameters: Parameters, limit: int) -> Response:
    kind, settings = parameters.one("kind"), service.settings
    if kind is not None and kind not in KINDS:
        raise BadParameterError(f"There is no kind {kind!r}.", f"The kinds are: {', '.join(KINDS)}.")
    if parameters.one("q") is None and document.format is not HTML:
        raise BadParameterError("The parameter 'q' is missing.", "Write for example q=dieppe.")
    text = parameters.text("q")
    hits = service.graph.search(text, limit=limit, kind=kind)
    if document.format is HTML:
        return service.page(request, document, "search.html", text=text, kind=kind, hits=hits)
    body = write_list(hits, document.format, service.graph.context, settings.languages.split(","), {})
    return service.finish(document, body, links=(CONTEXT_LINK,) if document.format is JSON else ())
