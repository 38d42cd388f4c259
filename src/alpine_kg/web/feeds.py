"""Feeds: what is new in the whole graph, or concerning one entity, to be followed in a feed reader."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.formats import FEED_FORMATS
from alpine_kg.graph.news import News, details_of, news_of
from alpine_kg.namespaces import BASE, KINDS, SLUG
from alpine_kg.web.articles import Article, Reporter, moment_of
from alpine_kg.web.documents import FEED, Document
from alpine_kg.web.entities import known_entity
from alpine_kg.web.languages import LANGUAGE
from alpine_kg.web.lists import read_cursor, write_cursor
from alpine_kg.web.openapi import LANGUAGE as LANGUAGE_PARAMETER
from alpine_kg.web.openapi import Parameter, operation, path, query
from alpine_kg.web.origin import origin_of
from alpine_kg.web.pages import Reader
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.service import Service
from alpine_kg.web.statements import Statements
from alpine_kg.web.syndication import WRITERS, Feed
from alpine_kg.web.wording import words_in

_PARAMETERS: Final = ("limit", "cursor", LANGUAGE)
_BEFORE_ALL: Final = "1970-01-01"
"""When a feed without entries was updated: a day that does not change."""
_SUMMARY: Final = "newest first, as Atom or JSON Feed"
_EXTENSIONS: Final = "`feed.atom` and `feed.json` name the format instead of Accept."


def register(app: FastAPI, service: Service) -> None:
    """Add the feed of the whole graph and that of each entity."""
    everything = cache(lambda: news_of(service.graph.store))

    def whole(request: Request) -> Response:
        return _answer(service, request, "", None, everything())

    described = operation(
        f"Announcements and outcomes of promises, {_SUMMARY}",
        "feeds",
        FEED_FORMATS,
        parameters=_described(service),
        description=_EXTENSIONS,
    )
    app.get(FEED, operation_id="follow", **described)(whole)
    app.get(f"{FEED}.{{extension}}", include_in_schema=False)(whole)
    for kind in KINDS:
        endpoint = _followed(service, kind)
        slug = path("slug", "A slug.", SLUG.pattern, service.graph.catalogue.slugs(kind)[:1])
        described = operation(
            f"Announcements and outcomes that concern one {kind}, {_SUMMARY}",
            "feeds",
            FEED_FORMATS,
            parameters=[slug, *_described(service)],
            description=_EXTENSIONS,
        )
        app.get(f"/{kind}/{{slug}}{FEED}", operation_id=f"follow_{kind}", **described)(endpoint)
        app.get(f"/{kind}/{{slug}}{FEED}.{{extension}}", include_in_schema=False)(endpoint)


def _described(service: Service) -> list[Parameter]:
    most = service.settings.page_size_max
    limit = {"type": "integer", "minimum": 1, "maximum": most, "default": service.settings.page_size}
    cursor = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}
    return [
        query("limit", "Most entries of the page.", limit),
        query("cursor", "Where the page begins: what the link to the next page gives.", cursor),
        LANGUAGE_PARAMETER,
    ]


def _followed(service: Service, kind: str) -> Callable[[Request], Response]:
    def followed(request: Request) -> Response:
        slug = request.path_params["slug"]
        iri = known_entity(service, kind, slug)
        return _answer(service, request, f"/{kind}/{slug}", iri, news_of(service.graph.store, iri))

    return followed


def _answer(service: Service, request: Request, page: str, entity: str | None, news: list[News]) -> Response:
    """Return a page of a feed; raises BadParameterError for parameters that no feed has."""
    parameters = Parameters.of(request, _PARAMETERS)
    extension = request.path_params.get("extension")
    document = Document.choose(request, page + FEED, extension, FEED_FORMATS, parameters.encoded())
    # Feeds need absolute addresses. Where none is set, the caller's own stands in the answer, which is for this caller only.
    document = replace(document, shared=bool(service.settings.public_url))
    cursor = parameters.one("cursor")
    limit = parameters.count("limit", default=service.settings.page_size, most=service.settings.page_size_max)
    before = None if cursor is None else read_cursor(cursor)
    left = [item for item in news if before is None or item.key < before]
    shown = left[:limit]
    more = write_cursor(shown[-1].key) if len(left) > limit else None
    following = f"{document.path}.{document.format.extension}{parameters.encoded(cursor=more)}" if more else ""
    origin, reader = origin_of(request, service.settings), service.reader(request)
    words = words_in(reader.tongue)
    title = reader.pick(service.graph.catalogue.hits([entity])[entity].labels) if entity else words["site"]
    feed = Feed(
        iri=f"{entity}#feed" if entity else f"{BASE}feed",
        title=f"{title} – {words['news']}",
        description=words["tagline"],
        language=reader.tongue,
        updated=moment_of(news[0].known if news else _BEFORE_ALL),
        origin=origin,
        page=f"{origin}{page or '/'}",
        here=origin + document.address(document.format),
        following=origin + following if following else "",
        licence=service.license,
        articles=_articles(service, reader, shown),
    )
    links = (f'<{following}>; rel="next"',) if following else ()
    return service.finish(document, WRITERS[document.format.extension](feed), language=feed.language, links=links)


def _articles(service: Service, reader: Reader, news: list[News]) -> tuple[Article, ...]:
    details = Statements(details_of(service.graph.store, news) if news else ())
    reporter = Reporter(details, service.graph.vocabulary, reader.languages, reader.tongue)
    return tuple(map(reporter.article, news))
