"""The front of the application: finished answers from memory, and what HTTP asks of every answer.

A plain ASGI layer before the framework. It keeps finished answers that the application marks `Cache-Control: public`, adds
entity tags and answers conditional requests, HEAD and OPTIONS, and adds the headers that every answer has. The request that it
can answer from memory costs a dictionary look-up.

Sources: RFC 9110, https://www.rfc-editor.org/rfc/rfc9110; Fetch, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alpine_kg.web.addresses import allowed_methods, raw_path, refusal
from alpine_kg.web.cache import Answer, Cache, Key
from alpine_kg.web.problems import MethodError, problem_response

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
_TAG_DIGITS: Final = 32


class Representations:
    """An ASGI application in front of another, with the routes of which it answers OPTIONS."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], *, cache_bytes: int, url_characters: int) -> None:
        """Stand before `app`; the memory of answers is this object's own and lives as long as it."""
        self.app = app
        self.cache = Cache(cache_bytes)
        self._routes = routes
        self._longest = url_characters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        method = scope["type"] == "http" and scope["method"]
        if method not in {"GET", "HEAD"}:
            await self._forward(scope, receive, send)
            return
        accept = language = condition = b""
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-language":
                language = language + b"," + value if language else value
            elif name == b"if-none-match":
                condition = condition + b"," + value if condition else value
        key = (scope.get("raw_path") or raw_path(scope), scope["query_string"], accept, language)
        answer = self.cache.get(key) or await self._produce(key, scope, receive, send)
        if answer is None:
            return
        if condition and answer.etag and (answer.etag in condition or condition.strip() == b"*"):
            await send(answer.not_modified)
            await send(_EMPTY)
            return
        await send(answer.start)
        await send(answer.body if method == "GET" else _EMPTY)

    async def _produce(self, key: Key, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """Return the application's finished answer, or None when it has been sent already, being no finished one."""
        recording = _Recording(send, bodiless=scope["method"] == "HEAD")
        await self._inner({**scope, "method": "GET"}, receive, recording)
        answer = recording.answer()
        if answer and b"public" in dict(answer.start["headers"]).get(b"cache-control", b""):
            self.cache.put(key, answer)
        return answer

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS and the methods that a path does not have; pass on the rest."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
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
            await self._inner(scope, receive, _Decoration(send))

    async def _inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = refusal(scope, self._longest)
        await (problem_response(refused) if refused else self.app)(scope, receive, send)


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

    def answer(self) -> Answer | None:
        """Return the finished answer, or None when all has been passed on."""
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
        return Answer(start, {"type": "http.response.body", "body": body}, etag, not_modified)


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
