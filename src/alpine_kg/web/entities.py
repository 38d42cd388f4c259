"""One entity: its document in six formats, and the redirection from its identifier to it."""

import difflib
import json
from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import NotFoundError
from alpine_kg.formats import serialise
from alpine_kg.graph import Description
from alpine_kg.namespaces import KINDS, SLUG, entity_iri
from alpine_kg.web.documents import CONTEXT_LINK, FEED, HTML, JSON, TREE_FORMATS, Document, feed_links, split_extension
from alpine_kg.web.moments import suffix_of
from alpine_kg.web.openapi import AS_OF, operation, path
from alpine_kg.web.reading import Reading
from alpine_kg.web.service import Service

_SUGGESTIONS: Final = 3
_COMPARABLE: Final = 5_000
"""Slugs of a kind that are compared letter by letter with an unknown one; of more, none is suggested."""
_EXTENSIONS: Final = "|".join(offer.extension for offer in TREE_FORMATS)


def register(app: FastAPI, service: Service) -> None:
    """Add the paths of entities and of their identifiers."""
    for kind in KINDS:
        app.get(
            f"/{kind}/{{document}}",
            operation_id=f"get_{kind}",
            **operation(
                f"One {kind}: its names, its facts with their evidence, and what links to it",
                "entities",
                TREE_FORMATS,
                parameters=[_document(service, kind), AS_OF],
                description="Without an extension, Accept chooses the format. JSON is JSON-LD by /context.jsonld.",
            ),
        )(_entity(service, kind))
    app.get(
        "/id/{kind}/{slug}",
        operation_id="identify",
        status_code=303,
        **_redirection(),
    )(_identifier(service))


def _document(service: Service, kind: str) -> dict[str, Any]:
    slugs = service.graph.catalogue.slugs(kind, 1)
    examples = [*slugs, *(f"{slug}.{offer.extension}" for slug in slugs for offer in TREE_FORMATS[:3])]
    return path("document", "A slug, with or without an extension.", rf"{SLUG.pattern}(\.({_EXTENSIONS}))?", examples)


def _redirection() -> dict[str, Any]:
    described = operation(
        "The document about an identifier, in the format that Accept asks for",
        "entities",
        (),
        parameters=[
            path("kind", "The kind of the entity.", "|".join(KINDS), ["plant"]),
            path("slug", "The slug of the entity.", SLUG.pattern, ["dieppe"]),
            AS_OF,
        ],
    )
    header = {"Location": {"description": "The document, relative to the service.", "schema": {"type": "string"}}}
    return {**described, "responses": {303: {"description": "See the document.", "headers": header}}}


def _entity(service: Service, kind: str) -> Callable[[Request], Response]:
    def entity(request: Request) -> Response:
        slug, extension = split_extension(request.path_params["document"])
        then = service.at(request)
        iri = known_entity(then, kind, slug)
        document = Document.choose(request, f"/{kind}/{slug}", extension, TREE_FORMATS, suffix_of(then.moment))
        return _represent(then, request, document, then.graph.entity(iri))

    return entity


def _identifier(service: Service) -> Callable[[Request], Response]:
    def identifier(request: Request) -> Response:
        kind, slug = request.path_params["kind"], request.path_params["slug"]
        if kind not in KINDS:
            raise NotFoundError(f"There is no kind {kind!r}.", f"The kinds are: {', '.join(KINDS)}.")
        then = service.at(request)
        known_entity(then, kind, slug)
        document = Document.choose(request, f"/{kind}/{slug}", None, TREE_FORMATS, suffix_of(then.moment))
        headers = {
            "Location": document.address(document.format),
            "Vary": "Accept, Accept-Language",
            "Cache-Control": f"public, max-age={service.settings.cache_seconds}",
        }
        return Response(status_code=303, headers=headers)

    return identifier


def known_entity(service: Service, kind: str, slug: str) -> str:
    """Return the IRI of an entity that there is; raises NotFoundError with those that are close to it."""
    iri = entity_iri(kind, slug)
    catalogue = service.graph.catalogue
    if catalogue.hits([iri]):
        return iri
    slugs = sorted(catalogue.slugs(kind, _COMPARABLE + 1))
    close = difflib.get_close_matches(slug.lower(), slugs if len(slugs) <= _COMPARABLE else [], n=_SUGGESTIONS)
    remedy = f"Did you mean {' or '.join(close)}?" if close else f"All that there are stand at /{KINDS[kind]}."
    known = f" that was known on {service.moment}" if service.moment else ""
    raise NotFoundError(
        f"There is no {kind} {slug!r}{known}.", remedy, {"suggestions": [f"/{kind}/{similar}" for similar in close]}
    )


def _represent(service: Service, request: Request, document: Document, description: Description) -> Response:
    links = (
        f'<{document.path}{document.query}>; rel="canonical"',
        f'<{description.iri}>; rel="cite-as"',
        f'<{document.path}.ttl{document.query}>; rel="describedby"; type="text/turtle"',
        *feed_links(document.path),
    )
    if document.format is HTML:
        reader = service.reader(request)
        reading = Reading(
            description,
            service.graph.vocabulary,
            service.ontology,
            languages=reader.languages,
            tongue=reader.tongue,
        )
        followed = document.path + FEED
        return service.page(request, document, "entity.html", links=links, reading=reading, followed=followed)
    if document.format is JSON:
        body = json.dumps(description.tree, ensure_ascii=False, separators=(",", ":")).encode()
        return service.finish(document, body, links=(CONTEXT_LINK, *links))
    return service.finish(document, serialise(description.triples, document.format, description.context), links=links)
