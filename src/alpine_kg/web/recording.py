"""What becomes of an answer on its way out: the headers that every answer has, and the keeping of those that are finished."""

import hashlib
from collections.abc import Sequence
from typing import Final

from starlette.types import Message, Send

from alpine_kg.web.cache import Answer
from alpine_kg.web.metrics import Tally
from alpine_kg.web.wire import Header

_POLICY: Final = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_POLICY_HEADER: Final = b"content-security-policy"
EVERY: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, ETag, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
"""Headers of every answer; one that the application sets itself stays as it is."""
_RENDERED: Final = (b"html", b"xml")
"""What browsers render has these in its media type, and so needs a policy."""
_FINISHED: Final = {200, 303}
_OF_FILES: Final = b"accept-ranges"
"""A header of answers that are read from files: they are passed on as they come, and tagged by who makes them."""
METHOD: Final = "alpine_kg.method"
"""Where the scope of a request has its own method: for the application a HEAD is a GET."""
_TAG_DIGITS: Final = 32


class Decoration:
    """A `send` that adds the headers of every answer."""

    def __init__(self, send: Send) -> None:
        """Stand before another `send`."""
        self._send = send

    async def __call__(self, message: Message) -> None:
        """Pass on a message of the answer."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": _decorated(message.get("headers", ()))}
        await self._send(message)


class Recording:
    """A `send` that holds back a finished answer and passes on anything else: errors, files, and bodies of unknown length."""

    def __init__(self, send: Send, *, bodiless: bool) -> None:
        """Stand before another `send`."""
        self._send = send
        self._bodiless = bodiless
        self._start: Message | None = None
        self._passing = False
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        """Hold back a message of the answer, or pass it on."""
        if message["type"] == "http.response.start":
            message = {**message, "headers": _decorated(message.get("headers", ()))}
            given = {name for name, _ in message["headers"]}
            if message["status"] in _FINISHED and b"content-length" in given and _OF_FILES not in given:
                self._start = message
            else:
                self._passing = True
                await self._send(message)
        elif self._passing:
            await self._send({**message, "body": b""} if self._bodiless else message)
        else:
            self._parts.append(message.get("body", b""))

    def answer(self, tally: Tally) -> tuple[Answer, bool] | None:
        """Return the finished answer, and whether it may be given to everybody; None when all has been passed on."""
        if self._start is None:
            return None
        body = b"".join(self._parts)
        headers: list[Header] = list(self._start["headers"])
        given = dict(headers)
        etag = given.get(b"etag", b"")
        if not etag and self._start["status"] == 200:  # noqa: PLR2004 - a redirection has no representation to tag
            etag = _tag(headers, body)
            headers.append((b"etag", etag))
        answer = Answer.of(self._start["status"], headers, body, etag, tally)
        return answer, b"public" in given.get(b"cache-control", b"")


def _decorated(headers: Sequence[Header]) -> list[Header]:
    given = dict(headers)
    added = [(name, value) for name, value in EVERY if name not in given]
    if _POLICY_HEADER not in given and any(part in given.get(b"content-type", b"") for part in _RENDERED):
        added.append((_POLICY_HEADER, _POLICY))
    return [*headers, *added]


def _tag(headers: Sequence[Header], body: bytes) -> bytes:
    """Return a strong entity tag: equal bytes in another format or language are another representation."""
    described = [value for name, value in headers if name in {b"content-type", b"content-language"}]
    digest = hashlib.sha256(b"\0".join([*described, body])).hexdigest()
    return f'"{digest[:_TAG_DIGITS]}"'.encode()
