"""The forwarder: what answers at the only address that a federating worker can reach, in the serving process."""

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from typing import Final

from alpine_kg.errors import AlpineKGError, ForbiddenQueryError, ServiceError
from alpine_kg.settings import Settings
from alpine_kg.store.federation.endpoints import AllowList
from alpine_kg.store.federation.messages import BrokenMessageError, LongMessageError, Message, read_request
from alpine_kg.store.federation.outbound import RESULTS, Limits, Outbound, failed
from alpine_kg.store.federation.redirection import endpoint_of, origin

_MOST_QUERY: Final = 2 * 2**20
_ANSWER: Final = (
    "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
)


@dataclass(frozen=True)
class Federation:
    """Which endpoints queries may ask, what that may cost, and what sends the requests."""

    allowed: AllowList
    limits: Limits
    outbound: Outbound

    @classmethod
    def of(cls, settings: Settings) -> "Federation | None":
        """Return what the settings allow, or None for nothing; raises BadParameterError for prefixes that are none."""
        allowed = AllowList.read(settings.service_allow.split(","))
        limits = Limits(
            settings.service_seconds, settings.service_bytes, settings.service_redirects, settings.service_requests
        )
        return cls(allowed, limits, Outbound(allowed, limits)) if allowed else None

    @property
    def prefixes(self) -> list[str]:
        """The allowed prefixes as texts, to tell a worker."""
        return [str(prefix) for prefix in self.allowed.prefixes]


class Forwarder:
    """Takes the requests of one worker, whose listener it has been given, and passes on those that are allowed."""

    def __init__(self, federation: Federation) -> None:
        """Prepare for the first query."""
        self._federation = federation
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0
        self.begin()

    def begin(self) -> None:
        """Forget the query before: what it asked, what that cost, and what of it failed."""
        self._answers: dict[tuple[str, bytes], bytes] = {}
        self._requests = 0
        self._failure: AlpineKGError | None = None

    async def serve(self, listener: socket.socket) -> None:
        """Take requests from now on until `close`."""
        self._port = listener.getsockname()[1]
        self._server = await asyncio.start_server(self._accept, sock=listener)

    def close(self) -> None:
        """Give up all requests at once."""
        if self._server:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    def cause(self, error: AlpineKGError) -> AlpineKGError:
        """Return what made a query fail: when its endpoints did, the first failure of one that may not fail."""
        return self._failure if self._failure and isinstance(error, ServiceError) else error

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with contextlib.suppress(OSError, BrokenMessageError, LongMessageError):
                writer.write(await self._answer(await read_request(reader, _MOST_QUERY)))
                await writer.drain()
        finally:
            writer.close()

    async def _answer(self, request: Message) -> bytes:
        endpoint, silent = endpoint_of(request.url.decode("ascii", "replace"))
        try:
            return _written("200 OK", RESULTS, await self._forward(endpoint, bytes(request.body)))
        except AlpineKGError as error:
            if not silent:
                self._failure = self._failure or error
            return _written("502 Bad Gateway", "text/plain", str(error).encode())

    async def _forward(self, address_: str, query: bytes) -> bytes:
        """Return an endpoint's answer; one that was asked the same before in this query is not asked again."""
        key = address_, query
        if key in self._answers:
            return self._answers[key]
        endpoint, limits = self._federation.allowed.check(address_), self._federation.limits
        if origin(self._port).encode() in query:
            raise ForbiddenQueryError(
                "A SERVICE inside of a SERVICE is not passed on.", "Ask the endpoints one by one."
            )
        if self._failure:
            raise self._failure  # the query fails anyway: nobody else is asked for it
        self._requests += 1
        if self._requests > limits.requests:
            raise failed(endpoint, f"would be asked after {limits.requests} other requests of the same query")
        left = limits.bytes - sum(map(len, self._answers.values()))
        self._answers[key] = await self._federation.outbound.ask(endpoint, query, left)
        return self._answers[key]


def _written(status: str, media_type: str, body: bytes) -> bytes:
    head = _ANSWER.format(status=status, media_type=media_type, length=len(body))
    return head.encode("ascii") + body
