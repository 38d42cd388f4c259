"""The lists of entities, one a kind: searched, filtered and cut into pages."""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import BadParameterError, NotFoundError
from alpine_kg.graph import Page
from alpine_kg.namespaces import KINDS
from alpine_kg.web.documents import CONTEXT_LINK, HTML, JSON, LIST_FORMATS, Document
from alpine_kg.web.languages import LANGUAGE
from alpine_kg.web.listing import is_short, write_list
from alpine_kg.web.openapi import AS_OF, Parameter, operation, query
from alpine_kg.web.parameters import LONGEST_TEXT, Parameters
from alpine_kg.web.service import Service

Cursor = tuple[str, str]
_RESERVED: Final = ("q", "limit", "cursor", AS_OF["name"], LANGUAGE)


@dataclass(frozen=True)
class Choice:
    """What a caller asks of a list."""

    query: str
    limit: int
    after: Cursor | None
    filters: dict[str, str]


def register(app: FastAPI, service: Service) -> None:
    """Add the path of each list, and the paths of its formats."""
    for kind, name in KINDS.items():
        endpoint = _list(service, kind, name)
        app.get(
            f"/{name}",
            operation_id=f"list_{name}",
            **operation(
                f"{name.capitalize()}, by label, a page at a time",
                "lists",
                LIST_FORMATS,
                parameters=_described(service, kind),
                description=f"`/{name}.csv` and the like name the format instead of Accept.",
            ),
        )(endpoint)
        app.get(f"/{name}.{{extension}}", include_in_schema=False)(endpoint)


def _described(service: Service, kind: str) -> list[Parameter]:
    settings = service.settings
    limit = {"type": "integer", "minimum": 1, "maximum": settings.page_size_max, "default": settings.page_size}
    return [
        query("q", "Words that names begin with.", {"type": "string", "maxLength": LONGEST_TEXT}),
        query("limit", "Most entities of the page.", limit),
        query(
            "cursor",
            "Where the page begins: what the link to the next page gives.",
            {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"},
        ),
        *(
            query(name, f"Slug or IRI of what {name} must lead to.", {"type": "string", "minLength": 1})
            for name in service.graph.catalogue.filters(kind)
        ),
        AS_OF,
    ]


def _list(service: Service, kind: str, name: str) -> Callable[[Request], Awaitable[Response]]:
    async def listed(request: Request) -> Response:
        parameters = Parameters.of(request)
        document = Document.choose(
            request, f"/{name}", request.path_params.get("extension"), LIST_FORMATS, parameters.encoded()
        )
        most = parameters.count("limit", default=service.settings.page_size, most=service.settings.page_size_max)

        def answer(request: Request) -> Response:
            then = service.at(request)
            page = _page(then, kind, _choice(service, then, kind, parameters, most))
            following = _following(document, parameters, page)
            return _represent(then, request, document, name=name, page=page, following=following)

        # What a filter selects may be most of the graph, and what it names may have to be asked of the engine.
        filtered = any(name not in _RESERVED for name, _ in parameters.pairs)
        short = not filtered and is_short(document.format, most, parameters.text("q"))
        return await service.from_index(request, answer, short=short)

    return listed


def _page(service: Service, kind: str, choice: Choice) -> Page:
    """Return the page that a caller chose; a filter by a link that nothing had yet on the day finds nothing."""
    if not choice.filters.keys() <= set(service.graph.catalogue.filters(kind)):
        return Page.empty()
    return service.graph.page(kind, limit=choice.limit, after=choice.after, query=choice.query, filters=choice.filters)


def _choice(service: Service, then: Service, kind: str, parameters: Parameters, limit: int) -> Choice:
    """Return what the parameters ask for; raises BadParameterError where they cannot be.

    A filter may be one of today or one of the day as of which the list is looked at, the service `then`.
    """
    catalogues = list(dict.fromkeys([then.graph.catalogue, service.graph.catalogue]))
    known = dict.fromkeys(name for catalogue in catalogues for name in catalogue.filters(kind))
    cursor = parameters.one("cursor")
    filters = {name: value for name, value in parameters.singles().items() if name not in _RESERVED}
    parameters.refuse_others([*_RESERVED, *known])
    wanted = {}
    for name, value in filters.items():
        try:
            targets = (catalogue.target(name, value) for catalogue in catalogues)
            wanted[name] = next(filter(None, targets), None) or service.graph.resolve(value)
        except NotFoundError as error:
            raise BadParameterError(f"{name}={value!r} leads nowhere: {error.message}", error.remedy) from error
    return Choice(
        query=parameters.text("q"),
        limit=limit,
        after=None if cursor is None else read_cursor(cursor),
        filters=wanted,
    )


def _following(document: Document, parameters: Parameters, page: Page) -> str:
    """Return the address of the next page, or nothing on the last."""
    if page.cursor is None:
        return ""
    suffix = "" if document.negotiated else f".{document.format.extension}"
    return document.path + suffix + parameters.encoded(cursor=write_cursor(page.cursor))


def _represent(
    service: Service, request: Request, document: Document, *, name: str, page: Page, following: str
) -> Response:
    links = (f'<{following}>; rel="next"',) if following else ()
    if document.format is HTML:
        asked = Parameters.of(request).singles()
        return service.page(
            request, document, "list.html", links=links, name=name, page=page, following=following, asked=asked
        )
    head = {"total": page.total, **({"next": following} if following else {})}
    languages = service.settings.languages.split(",")
    body = write_list(page.hits, document.format, service.graph.context, languages, head)
    return service.finish(document, body, links=(CONTEXT_LINK, *links) if document.format is JSON else links)


def write_cursor(key: Cursor) -> str:
    """Return the key of a list's last row as an opaque text that is safe in an address."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Return the key in a cursor; raises BadParameterError for a text that is no cursor of ours.

    >>> read_cursor(write_cursor(("alpine", "https://example.org/")))
    ('alpine', 'https://example.org/')
    """
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        key = None
    match key:
        case [str(sort), str(iri)] if (sort + iri).isprintable():
            return sort, iri
    raise BadParameterError(
        "The cursor is not one that a list gave out.", "Follow the link to the next page, or leave it out."
    )
