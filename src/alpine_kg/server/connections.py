"""Connections: what uvicorn leaves open to a client that sends too much, too slowly, or takes nothing of its answer.

uvicorn has a limit for idle connections only. This protocol adds limits to the size of a request's head, to the time in which
head and body must arrive and an answer be taken, and to how many connections there may be; and whatever it refuses, it refuses
with a problem document.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any, Final

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from alpine_kg.errors import AlpineKGError
from alpine_kg.server.deadline import Deadline
from alpine_kg.server.limits import Limits
from alpine_kg.web.problems import (
    MalformedRequestError,
    TooSlowError,
    problem_response,
)
from alpine_kg.web.representations import refuser
from alpine_kg.web.wire import END, write_head

_LOG: Final = logging.getLogger("alpine_kg.connections")
_LINGER_SECONDS: Final = 1.0
_LINGER_BYTES: Final = 16 * 2**20
"""What is still read, and thrown away, of a request that has been refused: a client that is cut off while it sends may never
see why."""
_UPGRADE: Final = re.compile(rb"(^|\n)upgrade:", re.IGNORECASE)
_BEGINNING, _HEAD, _BODY, _ANSWER, _REMEMBERED, _REFUSED = range(6)
_DONE: Final = {_BEGINNING, _ANSWER, _REFUSED}
"""Stages in which nobody waits for an answer: when their time is over the connection is closed without a word."""
_READING: Final = {b"GET", b"HEAD"}


class Config(uvicorn.Config):
    """uvicorn's configuration, with the limits of connections and what remembers finished answers; see `recall` there.

    Whoever counts connections is told of each that has ended.
    """

    limits: Limits
    recall: Callable[..., tuple[bytes, bytes] | None]
    ended: Callable[[], None] | None = None


class Connection(HttpToolsProtocol):
    """One connection, in a stage: nothing has come yet, a head is coming, a body is, an answer is due, remembered, or refused."""

    def __init__(self, config: Config, *arguments: Any, **named: Any) -> None:
        """Begin; uvicorn makes one for each connection that it accepts."""
        super().__init__(config, *arguments, **named)
        self._limits = config.limits
        self._recall = config.recall
        self._ended = config.ended
        self._answering = self.app
        self._stage = _BEGINNING
        self._deadline = Deadline(self.loop, self._expire)
        self._stalled: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._size = 0
        self._short = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._deadline.set(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers, and make room for another."""
        self._deadline.close()
        if self._stalled:
            self._stalled.cancel()
        super().connection_lost(exc)
        if self._ended:
            self._ended()

    def data_received(self, data: bytes) -> None:
        """Read some more of a request."""
        if self._stage == _REFUSED:
            self._discard(len(data))
            return
        if new := self._stage == _ANSWER:
            self._stage, self._size = _BEGINNING, 0
        before = self._stage
        self._short = before == _BEGINNING and len(data) <= self._limits.header_bytes
        super().data_received(_without_offer(data) if before in {_BEGINNING, _HEAD} else data)
        if self._stage in {_BEGINNING, _HEAD}:
            if new:
                self._deadline.set(self._limits.head_seconds)
            self._size += len(data)
            if self._size > self._limits.url_characters + self._limits.header_bytes and before == self._stage:
                beyond = self._stage != _BEGINNING and len(self.url) > self._limits.url_characters
                self._refuse(self._limits.too_long(address=beyond))

    def on_message_begin(self) -> None:
        """Take note that a head begins."""
        self.url, self.headers, self.expect_100_continue = b"", [], False
        if self._stage != _BEGINNING:
            self._deadline.set(self._limits.head_seconds)
            self._size = 0
        self._stage = _HEAD

    def on_headers_complete(self) -> None:
        """Have the request answered: from memory, by the application, or by the reason why it is not."""
        if self._short and self._remember():
            self._stage = _REMEMBERED
            return
        self._stage, self._size = _BODY, 0
        self._deadline.set(self._limits.body_seconds)
        self._due = self._deadline.moment
        error = self._limits.objection(self.url, self.headers, len(self.connections))
        self.app = refuser(error) if error else self._answering
        # The parser of addresses takes none that is longer.
        url = self.url if len(self.url) <= self._limits.url_characters else b"/"
        headers, expects = self.headers, self.expect_100_continue
        super().on_message_begin()  # makes what only the application needs
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, or throw it away when the answer has been given without it."""
        self._size += len(body)
        if self.cycle.response_complete and self._size > _LINGER_BYTES:
            self.transport.close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take note that the request is there as a whole."""
        if self._stage == _REMEMBERED:
            self._deadline.set(self.timeout_keep_alive)
        else:
            super().on_message_complete()
            self._deadline.clear()
        self._stage = _ANSWER

    def pause_writing(self) -> None:
        """Give a client that takes nothing of its answer some time."""
        super().pause_writing()
        self._stalled = self.loop.call_later(self._limits.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that it has taken something."""
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        del msg
        self._refuse(MalformedRequestError("This is not a request of HTTP/1.1.", "Mend the client."))

    def _unsupported_upgrade_warning(self) -> None:
        """Go on with HTTP/1.1 where an offer of another protocol was not seen before the parser stopped at it."""
        self.parser = httptools.HttpRequestParser(self)

    def _remember(self) -> bool:
        """Answer from memory and return True, unless something about the request or the connection is out of the ordinary."""
        parser, method = self.parser, self.parser.get_method()
        if (
            method not in _READING
            or (self.cycle and not self.cycle.response_complete)
            or self.flow.write_paused
            or len(self.connections) > self._limits.connections
            or len(self.headers) > self._limits.headers
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or not parser.should_keep_alive()
        ):
            return False
        found = self._recall(self.url, self.headers, bodiless=method == b"HEAD")
        if found is None:
            return False
        head, body = found
        dated = b"".join([name + b": " + value + END for name, value in self.server_state.default_headers])
        self.transport.writelines((head + dated + END, body))
        self.server_state.total_requests += 1
        return True

    def _expire(self) -> None:
        """Refuse what has not come in time; the time of a body grows with what has come of it."""
        if self.transport.is_closing():
            return
        if self._stage == _BODY:
            left = self._due + self._size / self._limits.body_rate - self.loop.time()
            # A client whose body is not being read cannot send it.
            if left > 0 or self.flow.read_paused:
                self._deadline.set(max(left, 1.0))
                return
        if self._stage in _DONE or (self._stage == _BODY and self.cycle.response_complete):
            self.transport.close()
        else:
            self._refuse(TooSlowError("The request took too long to arrive.", "Send it faster."))

    def _refuse(self, error: AlpineKGError) -> None:
        """Answer with a problem where no answer is on its way, and read no further."""
        if self._stage == _REFUSED:
            return
        waiting, self._stage = self._stage == _BODY, _REFUSED
        self._size = 0
        self._deadline.clear()
        client = self.client[0] if self.client else ""
        _LOG.info("refused", extra={"fields": {"client": client, "why": type(error).__name__}})
        if self.cycle and not self.cycle.response_complete:
            if not waiting or self.cycle.response_started:
                # An answer to an earlier request is under way, which must not be spoilt.
                self.cycle.keep_alive = False
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(_written(error))
        self.transport.write_eof()
        self._deadline.set(_LINGER_SECONDS)

    def _discard(self, size: int) -> None:
        self._size += size
        if self._size > _LINGER_BYTES:
            self.transport.close()


def _without_offer(data: bytes) -> bytes:
    """Return the start of a request with its offer of another protocol renamed.

    Some clients offer `Upgrade: h2c` with every request. A server may pass that over, but the parser would take what follows
    the head, be it a body, for the other protocol. Source: https://www.rfc-editor.org/rfc/rfc9110#field.upgrade.
    """
    if b"pgrade:" not in data and b"PGRADE:" not in data:
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(rb"\1x-upgrade:", head) + end + rest


def _written(error: AlpineKGError) -> bytes:
    """Return a problem as the bytes of a whole answer."""
    response = problem_response(error, {"Connection": "close"})
    return write_head(response.status_code, response.raw_headers) + END + bytes(response.body)
