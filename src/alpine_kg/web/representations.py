"""The front of the application: finished answers from memory, and what HTTP asks of every answer.

A plain ASGI layer before the framework. It keeps finished answers that the application marks `Cache-Control: public`, adds
entity tags and answers conditional requests, HEAD and OPTIONS, and adds the headers that every answer has. The request that it
can answer from memory costs a dictionary look-up.

Sources: RFC 9110, https://www.rfc-editor.org/rfc/rfc9110; Fetch, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alpine_kg.errors import AlpineKGError
from alpine_kg.web.addresses import allowed_methods, raw_path, refusal
from alpine_kg.web.cache import Answer, Cache, Key
from alpine_kg.web.metrics import OTHER, Family, Metrics, Tally
from alpine_kg.web.observation import ID_HEADER, Observation, identify, log_remembered
from alpine_kg.web.problems import MethodError, problem_response
from alpine_kg.web.proxies import Proxies

_LOG: Final = logging.getLogger("alpine_kg.web")
Headers = Sequence[tuple[bytes, bytes]]

_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_POLICY_HEADER: Final = b"content-security-policy"
_EVERY: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, ETag, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
"""Headers of every answer; one that the application sets itself stays as it is."""
_RENDERED: Final = (b"html", b"xml")
"""What browsers render has these in its media type, and so needs a policy."""
_PREFLIGHT: Final = ((b"access-control-allow-headers", b"*"), (b"access-control-max-age", b"3600"))
_LEFT_BY_304: Final = {b"content-length", b"content-type", b"content-disposition"}
"""Headers that a 304 leaves out, since they describe a body."""
_EMPTY: Final[Message] = {"type": "http.response.body", "body": b""}
_FINISHED: Final = {200, 303}
_READING: Final = {"GET", "HEAD"}
_TAG_DIGITS: Final = 32


class Representations:
    """An ASGI application in front of another, with the routes of which it answers OPTIONS."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        *,
        cache_bytes: int,
        url_characters: int,
        metrics: Metrics | None = None,
        proxies: Proxies | None = None,
    ) -> None:
        """Stand before `app`; the memory of answers is this object's own and lives as long as it."""
        self.app = app
        self.cache = Cache(cache_bytes)
        self._routes = routes
        self._longest = url_characters
        self._metrics = metrics or Metrics()
        self._proxies = proxies or Proxies("")
        self._debug = _LOG.isEnabledFor(logging.DEBUG)
        self.measure: Callable[[], list[Family]] = list

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accept = language = condition = identifier = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-language":
                language = language + b"," + value if language else value
            elif name == b"if-none-match":
                condition = condition + b"," + value if condition else value
            elif name == ID_HEADER:
                identifier = value
        identifier = identify(identifier)
        method = scope["method"]
        if method not in _READING:
            await self._observe(scope, send, identifier, lambda watched: self._forward(scope, receive, watched))
            return
        key = (scope.get("raw_path") or raw_path(scope), scope["query_string"], accept, language)
        answer = self.cache.get(key)
        if answer is None:
            await self._observe(
                scope, send, identifier, lambda watched: self._produce(key, condition, scope, receive, watched)
            )
            return
        answer.tally.hits += 1
        unchanged = _fits(condition, answer.etag)
        start = answer.not_modified if unchanged else answer.start
        answer.tally.unchanged += unchanged
        await send({**start, "headers": [*start["headers"], (ID_HEADER, identifier)]})
        await send(answer.body if method == "GET" and not unchanged else _EMPTY)
        if self._debug:
            log_remembered(scope, start["status"], identifier, self._proxies)

    async def _observe(
        self, scope: Scope, send: Send, identifier: bytes, work: Callable[[Observation], Awaitable[None]]
    ) -> None:
        """Have a request answered, and note what became of it."""
        observation = Observation(scope, send, identifier, self._metrics)
        try:
            await work(observation)
        except Exception as error:
            _LOG.exception("a request has failed by a defect")
            if observation.status == 0:
                await problem_response(error)(scope, _nothing, _Decoration(observation))
            elif not observation.complete:
                raise  # the server breaks the transfer off
        finally:
            observation.end(self._proxies)

    async def _produce(self, key: Key, condition: bytes, scope: Scope, receive: Receive, send: Observation) -> None:
        """Send the application's answer, and keep a finished one that may be given to everybody."""
        recording = _Recording(send, bodiless=scope["method"] == "HEAD")
        await self._inner({**scope, "method": "GET"}, receive, recording, send)
        answer = recording.answer(self._metrics.tally(send.family))
        if answer is None:
            return
        if b"public" in dict(answer.start["headers"]).get(b"cache-control", b""):
            self.cache.put(key, answer)
        unchanged = _fits(condition, answer.etag)
        await send(answer.not_modified if unchanged else answer.start)
        await send(answer.body if scope["method"] == "GET" and not unchanged else _EMPTY)

    async def _forward(self, scope: Scope, receive: Receive, send: Observation) -> None:
        """Answer OPTIONS and the methods that a path does not have; pass on the rest."""
        method, allowed = scope["method"], allowed_methods(self._routes, scope)
        listed = ", ".join(allowed)
        if allowed and method == "OPTIONS":
            headers = [(b"allow", listed.encode()), (b"access-control-allow-methods", listed.encode())]
            await send({"type": "http.response.start", "status": 204, "headers": [*headers, *_PREFLIGHT, *_EVERY]})
            await send(_EMPTY)
        elif allowed and method not in allowed:
            refused = MethodError(f"{scope['path']} does not answer to {method}.", f"Use {listed}.")
            await problem_response(refused, {"Allow": listed})(scope, receive, _Decoration(send))
        else:
            await self._inner(scope, receive, _Decoration(send), send)

    async def _inner(self, scope: Scope, receive: Receive, send: Send, observation: Observation) -> None:
        refused = refusal(scope, self._longest)
        try:
            await (problem_response(refused) if refused else self.app)(scope, receive, send)
        finally:
            # The framework leaves the route there, whose pattern is the family of paths that the request is of.
            observation.family = getattr(scope.get("route"), "path", OTHER)


def refuser(error: AlpineKGError) -> ASGIApp:
    """Return an application that answers every request with one problem, and ends the connection."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(error, {"Connection": "close"})(scope, receive, _Decoration(send))

    return refuse


class _Decoration:
    """A `send` that adds the headers of every answer."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _decorated(message.get("headers", ()))}
        await self._send(message)


class _Recording:
    """A `send` that holds back a finished answer and passes on anything else: errors, and bodies of unknown length."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        self._send = send
        self._bodiless = bodiless
        self._start: Message | None = None
        self._passing = False
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _decorated(message.get("headers", ()))}
            if message["status"] in _FINISHED and any(name == b"content-length" for name, _ in message["headers"]):
                self._start = message
            else:
                self._passing = True
                await self._send(message)
        elif self._passing:
            await self._send({**message, "body": b""} if self._bodiless else message)
        else:
            self._parts.append(message.get("body", b""))

    def answer(self, tally: Tally) -> Answer | None:
        """Return the finished answer, counted by a tally when it is kept, or None when all has been passed on."""
        if self._start is None:
            return None
        body = b"".join(self._parts)
        headers = list(self._start["headers"])
        etag = dict(headers).get(b"etag", b"")
        if not etag and self._start["status"] == 200:  # noqa: PLR2004 - a redirection has no representation to tag
            etag = _tag(headers, body)
            headers.append((b"etag", etag))
        start = {**self._start, "headers": headers}
        kept = [(name, value) for name, value in headers if name not in _LEFT_BY_304]
        not_modified = {"type": "http.response.start", "status": 304, "headers": kept}
        return Answer(start, {"type": "http.response.body", "body": body}, etag, not_modified, tally)


def _decorated(headers: Headers) -> list[tuple[bytes, bytes]]:
    given = dict(headers)
    added = [(name, value) for name, value in _EVERY if name not in given]
    if _POLICY_HEADER not in given and any(part in given.get(b"content-type", b"") for part in _RENDERED):
        added.append((_POLICY_HEADER, _POLICY))
    return [*headers, *added]


def _tag(headers: Headers, body: bytes) -> bytes:
    """Return a strong entity tag: equal bytes in another format or language are another representation."""
    described = [value for name, value in headers if name in {b"content-type", b"content-language"}]
    digest = hashlib.sha256(b"\0".join([*described, body])).hexdigest()
    return f'"{digest[:_TAG_DIGITS]}"'.encode()


def _fits(condition: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names the entity tag of an answer."""
    return bool(condition and etag and (etag in condition or condition.strip() == b"*"))


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
