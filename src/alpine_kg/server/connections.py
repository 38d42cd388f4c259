"""Connections: what uvicorn leaves open to a client that sends too much, too slowly, or takes nothing of its answer.

uvicorn has a limit for idle connections only. This protocol adds limits to the size of a request's head, to the time in which
head and body must arrive and an answer be taken, and to how many connections there may be; and whatever it refuses, it refuses
with a problem document.
"""

import asyncio
import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from alpine_kg.errors import AlpineKGError
from alpine_kg.settings import Settings
from alpine_kg.web.problems import (
    AddressTooLongError,
    HeadersTooLongError,
    MalformedRequestError,
    OverloadedError,
    TooSlowError,
    problem_response,
)
from alpine_kg.web.representations import refuser

_LOG: Final = logging.getLogger("alpine_kg.connections")
_LINGER_SECONDS: Final = 1.0
_LINGER_BYTES: Final = 16 * 2**20
"""What is still read, and thrown away, of a request that has been refused: a client that is cut off while it sends may never
see why."""
_UPGRADE: Final = re.compile(rb"(^|\n)upgrade:", re.IGNORECASE)
_BEGINNING, _HEAD, _BODY, _ANSWER, _REFUSED = range(5)


@dataclass(frozen=True)
class Limits:
    """How much and how fast; see the settings of the same names."""

    url_characters: int
    header_bytes: int
    headers: int
    head_seconds: float
    body_seconds: float
    body_rate: int
    send_seconds: float
    connections: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return the limits of the settings."""
        return cls(**{name: getattr(settings, name) for name in cls.__dataclass_fields__})


class Config(uvicorn.Config):
    """uvicorn's configuration, with the limits of connections."""

    limits: Limits


class Connection(HttpToolsProtocol):
    """One connection, in one of five stages: nothing has come yet, a head is coming, a body is, an answer is due, or refused."""

    def __init__(self, config: Config, *arguments: Any, **named: Any) -> None:
        """Begin; uvicorn makes one for each connection that it accepts."""
        super().__init__(config, *arguments, **named)
        self._limits = config.limits
        self._answering = self.app
        self._stage = _BEGINNING
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._arm(self._limits.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._disarm()
        if self._stalled:
            self._stalled.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read some more of a request."""
        if self._stage == _REFUSED:
            self._discard(len(data))
            return
        if self._timer is None:
            self._stage, self._size = _BEGINNING, 0
            self._arm(self._limits.head_seconds)
        before = self._stage
        super().data_received(_without_offer(data) if before in {_BEGINNING, _HEAD} else data)
        if self._stage in {_BEGINNING, _HEAD}:
            self._size += len(data)
            if self._size > self._limits.url_characters + self._limits.header_bytes and before == self._stage:
                self._refuse(self._oversize())

    def on_message_begin(self) -> None:
        """Take note that a head begins."""
        super().on_message_begin()
        if self._stage != _BEGINNING:
            self._arm(self._limits.head_seconds)
            self._size = 0
        self._stage = _HEAD

    def on_headers_complete(self) -> None:
        """Have the request answered: by the application, or by the reason why it is not."""
        self._stage, self._size = _BODY, 0
        self._arm(self._limits.body_seconds)
        error = self._objection()
        self.app = refuser(error) if error else self._answering
        if len(self.url) > self._limits.url_characters:
            self.url = b"/"  # the parser of addresses takes none as long
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, or throw it away when the answer has been given without it."""
        self._size += len(body)
        if self.cycle.response_complete and self._size > _LINGER_BYTES:
            self.transport.close()
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take note that the request is there as a whole."""
        super().on_message_complete()
        self._stage = _ANSWER
        self._disarm()

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

    def _objection(self) -> AlpineKGError | None:
        limits = self._limits
        if len(self.connections) > limits.connections:
            return OverloadedError("There are more connections than this process may have.", "Try again later.")
        if len(self.url) > limits.url_characters:
            return self._oversize()
        size = sum(len(name) + len(value) for name, value in self.headers)
        return self._oversize() if len(self.headers) > limits.headers or size > limits.header_bytes else None

    def _oversize(self) -> AlpineKGError:
        limits = self._limits
        if self._stage != _BEGINNING and len(self.url) > limits.url_characters:
            return AddressTooLongError(
                f"The address is longer than {limits.url_characters} characters.",
                "Send a long query in the body of a POST.",
            )
        return HeadersTooLongError(
            f"A request may have {limits.headers} headers of {limits.header_bytes} bytes in all.", "Send fewer of them."
        )

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.time() + seconds
        self._timer = self.loop.call_at(self._deadline, self._expire)

    def _disarm(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _expire(self) -> None:
        """Refuse what has not come in time; the time of a body grows with what has come of it."""
        self._timer = None
        if self.transport.is_closing():
            return
        if self._stage == _BODY:
            left = self._deadline + self._size / self._limits.body_rate - self.loop.time()
            # A client whose body is not being read cannot send it.
            if left > 0 or self.flow.read_paused:
                self._timer = self.loop.call_later(max(left, 1.0), self._expire)
                return
        if self._stage == _BEGINNING or (self._stage == _BODY and self.cycle.response_complete):
            self.transport.close()
        else:
            self._refuse(TooSlowError("The request took too long to arrive.", "Send it faster."))

    def _refuse(self, error: AlpineKGError) -> None:
        """Answer with a problem where no answer is on its way, and read no further."""
        if self._stage == _REFUSED:
            return
        waiting, self._stage = self._stage == _BODY, _REFUSED
        self._size = 0
        self._disarm()
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
        self._timer = self.loop.call_later(_LINGER_SECONDS, self.transport.close)

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
    head = [f"HTTP/1.1 {response.status_code} {HTTPStatus(response.status_code).phrase}".encode()]
    head += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join([*head, b"", bytes(response.body)])
