"""The OpenAPI document: how each path is described, and the parts that all paths share.

Source: OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.0.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from alpine_kg import __version__
from alpine_kg.formats import Format
from alpine_kg.web.documents import HTML
from alpine_kg.web.languages import LANGUAGE as LANGUAGE_NAME
from alpine_kg.web.moments import AS_OF as MOMENT
from alpine_kg.web.problems import MEDIA_TYPE, PROBLEMS

OPENAPI_VERSION: Final = "3.1.0"
_DESCRIPTION: Final = (
    "Who announced what, about which vehicle, plant, platform or plan, due when, stated in which source and in which words. "
    "Every GET also answers HEAD, carries an entity tag and honours If-None-Match."
)
_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "enum": sorted(problem.type for problem in PROBLEMS.values())},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "remedy": {"type": "string", "description": "What the caller can do about it."},
    },
}
_SHARED: Final = {
    "schemas": {"Problem": _PROBLEM},
    "responses": {
        "Problem": {
            "description": "The request failed; `type` says how.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
        "NotModified": {"description": "The entity tag in If-None-Match is still right."},
    },
}
Parameter = dict[str, Any]
Operation = dict[str, Any]


def query(name: str, description: str, schema: Parameter, *, required: bool = False) -> Parameter:
    """Return the description of a parameter in the query string."""
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


def path(name: str, description: str, pattern: str, examples: Iterable[str] = ()) -> Parameter:
    """Return the description of a part of the path."""
    schema = {"type": "string", "pattern": f"^({pattern})$", "examples": list(examples)}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


LANGUAGE: Final = query(
    LANGUAGE_NAME,
    "Language of HTML pages, before those of Accept-Language.",
    {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$", "examples": ["fr", "en"]},
)

AS_OF: Final = query(
    MOMENT,
    "The day as of which the graph is looked at: what was known then, with the names and posts of that day.",
    {"type": "string", "format": "date", "examples": ["2022-01-28"]},
)


def operation(
    summary: str,
    tag: str,
    formats: Iterable[Format | str],
    *,
    parameters: Iterable[Parameter] = (),
    description: str = "",
    body: Operation | None = None,
) -> dict[str, Any]:
    """Return the arguments that register a path with its description; its answers are finished bytes in these formats."""
    media_types = {row.media_type if isinstance(row, Format) else row: row for row in formats}
    extra: Operation = {"parameters": list(parameters)}
    if HTML in media_types.values():
        extra["parameters"].append(LANGUAGE)
    if body:
        extra["requestBody"] = body
    return {
        "summary": summary,
        "description": description,
        "tags": [tag],
        "response_class": Response,
        "response_model": None,
        "responses": {200: {"description": summary, "content": {name: _content(name) for name in media_types}}},
        "openapi_extra": extra,
    }


def _content(media_type: str) -> dict[str, Any]:
    return {"schema": {"type": ["object", "array"] if media_type.endswith("json") else "string"}}


def describer(app: FastAPI, public_url: str) -> Callable[[], dict[str, Any]]:
    """Return the function that gives the application's OpenAPI document, made once."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title="alpine-kg",
                version=__version__,
                openapi_version=OPENAPI_VERSION,
                description=_DESCRIPTION,
                routes=app.routes,
                servers=[{"url": public_url}] if public_url else None,
            )
            for operations in document["paths"].values():
                for method, held in operations.items():
                    held["responses"] |= _failures(method)
            document["components"] = _SHARED
            app.openapi_schema = document
        return app.openapi_schema

    return describe


def _failures(method: str) -> dict[str, Any]:
    failures = {status: {"$ref": "#/components/responses/Problem"} for status in ("4XX", "5XX")}
    return failures | ({"304": {"$ref": "#/components/responses/NotModified"}} if method == "get" else {})
