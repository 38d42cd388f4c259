"""What is noted of each request that the application answers: for the log, for the measurements, and for its client."""

import itertools
import logging
import re
import secrets
import time
from contextvars import ContextVar
from typing import Final

from starlette.types import Message, Scope, Send

from alpine_kg.web.metrics import OTHER, Metrics
from alpine_kg.web.preferences import ID_HEADER
from alpine_kg.web.proxies import Proxies

_LOG: Final = logging.getLogger("alpine_kg.request")
_SANE: Final = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
"""What a request id of a caller's may be, so that it can stand in a log and in a header."""
_BEGUN: Final = secrets.token_hex(4).encode()
_NUMBERS: Final = itertools.count(1)
_FAULT: Final = 500

_CURRENT: Final[ContextVar["Observation | None"]] = ContextVar("observation", default=None)


class Observation:
    """One request on its way; also the `send` through which its answer goes."""

    def __init__(self, scope: Scope, send: Send, identifier: bytes, metrics: Metrics) -> None:
        """Begin to observe."""
        self.identifier = identifier
        self.digest = ""
        self.family = OTHER
        self.status = 0
        self.complete = False
        self._scope = scope
        self._send = send
        self._metrics = metrics
        self._size = 0
        self._begun = time.perf_counter()
        metrics.running += 1
        _CURRENT.set(self)

    async def __call__(self, message: Message) -> None:
        """Pass on a message of the answer, the first of them with the request's id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (ID_HEADER, self.identifier)]}
        else:
            self._size += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)

    def end(self, proxies: Proxies) -> None:
        """Note what became of the request."""
        seconds = time.perf_counter() - self._begun
        self._metrics.running -= 1
        self._metrics.count(self.family, _method(self._scope), self.status, seconds, self._size)
        level = logging.ERROR if self.status >= _FAULT else logging.INFO
        if not _LOG.isEnabledFor(level):
            return
        fields = {
            "method": _method(self._scope),
            "family": self.family,
            "status": self.status,
            "ms": round(seconds * 1000, 1),
            "bytes": self._size,
            "client": proxies.address(self._scope),
        }
        _LOG.log(level, "request", extra={"fields": fields | ({"query": self.digest} if self.digest else {})})


def log_remembered(scope: Scope, status: int, identifier: bytes, proxies: Proxies) -> None:
    """Note an answer that was given from memory, for who wants to see those too."""
    fields = {
        "method": scope["method"],
        "status": status,
        "client": proxies.address(scope),
        "request": identifier.decode(),
    }
    _LOG.debug("remembered", extra={"fields": fields})


def current() -> Observation | None:
    """Return the request that is being answered here, if any is."""
    return _CURRENT.get()


def note_query(digest: bytes) -> None:
    """Note by which digest the query of the current request goes in the log."""
    if observation := _CURRENT.get():
        observation.digest = digest.hex()[:12]


def identify(shown: bytes) -> bytes:
    """Return the id of a request: the caller's own when it is a sane one, else a new one."""
    if shown and _SANE.fullmatch(shown):
        return shown
    return b"%s-%x" % (_BEGUN, next(_NUMBERS))


_METHODS: Final = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"}


def _method(scope: Scope) -> str:
    """Return a request's method; all that nobody knows are one, since strangers make them up."""
    method = str(scope["method"])
    return method if method in _METHODS else OTHER
