"""Every failure as a problem document: one table from exceptions to status, type and title; one shape of body.

Source: RFC 9457, https://www.rfc-editor.org/rfc/rfc9457. The `type` of each is an address that explains it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from alpine_kg.errors import (
    AlpineKGError,
    BadParameterError,
    BadQueryError,
    BusyError,
    ConflictError,
    ForbiddenQueryError,
    ForbiddenWriteError,
    InvalidGraphError,
    NotAcceptableError,
    NotFoundError,
    PastError,
    RdfSyntaxError,
    ResourceLimitError,
    ServiceError,
    StoreError,
    ThrottledError,
    TimeLimitError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
    UnsupportedQueryError,
)
from alpine_kg.namespaces import BASE
from alpine_kg.web.answers import ClientGoneError

MEDIA_TYPE: Final = "application/problem+json"
_CLIENT_CLOSED_REQUEST: Final = 499
_RETRY_SECONDS: Final = "5"


class BodyTooLongError(AlpineKGError):
    """The body of a request is longer than this service reads."""


class AddressTooLongError(AlpineKGError):
    """The address of a request is longer than this service reads."""


class HeadersTooLongError(AlpineKGError):
    """A request has more headers, or longer ones, than this service reads."""


class RangeError(AlpineKGError):
    """The part that is asked for lies behind the end."""


class TooSlowError(AlpineKGError):
    """A request took longer to arrive than this service waits."""


class MalformedRequestError(AlpineKGError):
    """What came is not HTTP."""


class OverloadedError(AlpineKGError):
    """There are more connections than this process may have."""


class OperationsOffError(AlpineKGError):
    """Nobody has a token, so that nobody can do what asks for one."""


class MethodError(AlpineKGError):
    """The path does not answer to the method of the request."""


@dataclass(frozen=True)
class Problem:
    """A kind of failure: its status, the last part of its type, its title, and what it means."""

    status: int
    slug: str
    title: str
    meaning: str

    @property
    def type(self) -> str:
        """The URI that names this kind of failure for programs."""
        return f"{BASE}problems#{self.slug}"


PROBLEMS: Final[dict[type[Exception], Problem]] = {
    BadParameterError: Problem(
        400,
        "bad-parameter",
        "Bad parameter",
        "A parameter is unknown, given twice, or has a value that it cannot take.",
    ),
    BadQueryError: Problem(
        400, "bad-query", "Bad query", "The SPARQL text cannot be parsed or evaluated; `line` and `column` say where."
    ),
    RdfSyntaxError: Problem(400, "malformed-rdf", "Malformed RDF", "The body is not what its Content-Type says."),
    MalformedRequestError: Problem(400, "malformed-request", "Malformed request", "What was sent is not HTTP."),
    UnauthorizedError: Problem(
        401, "unauthorized", "Unauthorized", "This asks for the token, and `Authorization` has none or a wrong one."
    ),
    OperationsOffError: Problem(
        403, "operations-off", "Operations off", "No token is set, so that nobody can do this."
    ),
    ForbiddenWriteError: Problem(
        403, "forbidden-write", "Forbidden write", "The graph cannot be written to: it is derived, or not one of data/."
    ),
    ForbiddenQueryError: Problem(
        403, "forbidden-query", "Forbidden query", "The SPARQL text asks for an update or for another endpoint."
    ),
    PastError: Problem(
        403, "no-past", "No past", "The past states of this graph cannot be looked at: it is too large, or has no days."
    ),
    NotFoundError: Problem(
        404, "not-found", "Not found", "There is nothing at this address; `suggestions` names what is close to it."
    ),
    MethodError: Problem(405, "method-not-allowed", "Method not allowed", "`Allow` lists the methods of this path."),
    NotAcceptableError: Problem(
        406, "not-acceptable", "Not acceptable", "`Accept` excludes every format of this path; `offers` lists them."
    ),
    TooSlowError: Problem(408, "too-slow", "Too slow", "The request took too long to arrive."),
    ConflictError: Problem(
        412, "precondition-failed", "Precondition failed", "The graph is not what `If-Match` or `If-None-Match` says."
    ),
    BodyTooLongError: Problem(413, "body-too-long", "Body too long", "The body is longer than the limit."),
    AddressTooLongError: Problem(
        414, "address-too-long", "Address too long", "The address is longer than the limit; send long queries by POST."
    ),
    UnsupportedMediaTypeError: Problem(
        415, "unsupported-media-type", "Unsupported media type", "The body is in a format or encoding that is not read."
    ),
    RangeError: Problem(
        416, "range-not-satisfiable", "Range not satisfiable", "The part asked for lies behind the end of the download."
    ),
    ServiceError: Problem(
        502, "service-failed", "Service failed", "Another endpoint, which the query asks, failed; `endpoint` names it."
    ),
    InvalidGraphError: Problem(
        422,
        "invalid-graph",
        "Invalid graph",
        "With this the graph would not be valid; `report` says why. The old one is kept.",
    ),
    UnsupportedQueryError: Problem(
        501,
        "unsupported-query",
        "Unsupported query",
        "The query is right, but the engine that holds the graph cannot evaluate it; `detail` has what it says.",
    ),
    HeadersTooLongError: Problem(
        431, "headers-too-long", "Headers too long", "The headers are too many, or longer than the limit."
    ),
    OverloadedError: Problem(503, "overloaded", "Overloaded", "There are too many connections; try again later."),
    BusyError: Problem(503, "busy", "Busy", "More is being asked than can be answered now; try again later."),
    ThrottledError: Problem(
        429, "throttled", "Throttled", "You have used up your share for now; `Retry-After` says when to go on."
    ),
    TimeLimitError: Problem(504, "time-limit", "Time limit", "The query ran for longer than it may, and was ended."),
    ResourceLimitError: Problem(503, "resource-limit", "Resource limit", "The query took more memory than it may."),
    StoreError: Problem(503, "store-unavailable", "Store unavailable", "The store cannot be read at the moment."),
    Exception: Problem(500, "internal-error", "Internal error", "A defect of this service; its log says more."),
}
"""Each exception that a path can raise with what it becomes; the last row is for all others."""

_PASSING: Final = {PROBLEMS[kind].status for kind in (StoreError, TimeLimitError, ThrottledError)}


def problem_of(error: Exception) -> Problem:
    """Return the row of the table for an exception: its own class's, or that of the nearest class above it."""
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind]
    return PROBLEMS[Exception]


def problem_response(error: Exception, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem document of an exception; one that no caller caused says nothing of its cause."""
    problem = problem_of(error)
    if isinstance(error, AlpineKGError) and problem is not PROBLEMS[Exception]:
        members = {"detail": error.message, **({"remedy": error.remedy} if error.remedy else {}), **error.details}
    else:
        members = {"detail": "The service failed to answer this request; it is not the request's fault."}
    body = {"type": problem.type, "title": problem.title, "status": problem.status, **members}
    sent = {"Cache-Control": "no-store", "Content-Language": "en", **(headers or {})}
    if problem.status == PROBLEMS[UnauthorizedError].status:
        sent["WWW-Authenticate"] = 'Bearer realm="alpine-kg"'
    if problem.status in _PASSING:
        sent["Retry-After"] = str(getattr(error, "details", {}).get("seconds", _RETRY_SECONDS))
    return Response(json.dumps(body, ensure_ascii=False), problem.status, sent, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make the application answer every exception with its problem document."""
    app.add_exception_handler(AlpineKGError, _on_error)
    app.add_exception_handler(HTTPException, _on_framework)
    app.add_exception_handler(ClientGoneError, _on_gone)
    app.add_exception_handler(ClientDisconnect, _on_gone)
    app.add_exception_handler(Exception, _on_error)


async def _on_error(_: Request, error: Exception) -> Response:
    return problem_response(error)


async def _on_gone(_: Request, error: Exception) -> Response:
    """Answer a client that has hung up, for the log's sake."""
    del error
    return Response(status_code=_CLIENT_CLOSED_REQUEST)


async def _on_framework(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses by itself; the front has dealt with unknown methods, so a path is unknown."""
    assert isinstance(error, HTTPException)
    if error.status_code == PROBLEMS[NotFoundError].status:
        error = NotFoundError(
            f"There is nothing at {request.scope['path']}.", "The home page / links to all that there is."
        )
    elif error.status_code == PROBLEMS[MethodError].status:
        allowed = (error.headers or {}).get("Allow", "")
        refused = MethodError(f"{request.scope['path']} does not answer to {request.method}.", f"Use {allowed}.")
        return problem_response(refused, {"Allow": allowed})
    return problem_response(error)
