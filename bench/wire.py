"""An asynchronous HTTP/1.1 client that believes nothing: an answer that breaks off, or runs on, is an error.

Source: https://www.rfc-editor.org/rfc/rfc9112.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

_BODILESS: Final = {204, 304}
_CHUNK: Final = 1 << 18
_TAIL: Final = 64
"""Last bytes of a body that are always kept: they show whether it is complete in its own format."""


class BrokenAnswerError(Exception):
    """The connection ended, or said something that is not HTTP, before the answer was whole."""


@dataclass(frozen=True)
class Answer:
    """An answer that came in full: status, headers with lower-case names, body (empty if thrown away), length, last bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    length: int
    tail: bytes


class Connection:
    """A connection that is kept alive from request to request and opened anew when the server has closed it between two."""

    def __init__(
        self, port: int, *, agent: str = "bench", limit: float = 60.0, endpoint: str = "/sparql", token: str = ""
    ) -> None:
        """Speak to a port of this machine as `agent`; an answer takes `limit` seconds at most."""
        self._port = port
        self._endpoint = endpoint
        self._token = token
        self._agent = agent
        self._limit = limit
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        """Return the connection, which opens with its first request."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].transport.abort()
            self._streams = None

    async def get(self, path: str, accept: str = "*/*", *, keep: bool = True) -> Answer:
        """Return the answer to a GET."""
        return await self.ask("GET", path, {"Accept": accept}, keep=keep)

    async def query(self, text: str, accept: str = "application/sparql-results+json", *, keep: bool = True) -> Answer:
        """Return the answer to a query that is sent as the body of a POST."""
        headers = {"Accept": accept, "Content-Type": "application/sparql-query"}
        return await self.ask("POST", self._endpoint, headers, text.encode(), keep=keep)

    async def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None, *, keep: bool = True
    ) -> Answer:
        """Return the answer to any request; raises BrokenAnswerError, OSError and TimeoutError, and hangs up with each."""
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", f"User-Agent: {self._agent}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self._token:
            lines.append(f"Authorization: Bearer {self._token}")
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        message = "\r\n".join([*lines, "", ""]).encode() + (body or b"")
        whole = False
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._exchange(message, bodiless=method == "HEAD", keep=keep)
            whole = True
        finally:
            if not whole:
                self.close()
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def _exchange(self, message: bytes, *, bodiless: bool, keep: bool) -> Answer:
        if self._streams is None or self._streams[0].at_eof():
            self.close()
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_CHUNK)
        reader, writer = self._streams
        writer.write(message)
        # A server may refuse a request before it has read all of it, and close.
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        try:
            return await self._answer(reader, bodiless=bodiless, keep=keep)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError) as error:
            raise BrokenAnswerError(repr(error)) from error

    async def _answer(self, reader: asyncio.StreamReader, *, bodiless: bool, keep: bool) -> Answer:
        first = await reader.readuntil(b"\r\n")
        status = int(first.split(b" ")[1])
        headers: dict[str, str] = {}
        while (line := await reader.readuntil(b"\r\n")) != b"\r\n":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if bodiless or status in _BODILESS:
            return Answer(status, headers, b"", 0, b"")
        body = _Body(reader, keep=keep)
        if "chunked" in headers.get("transfer-encoding", ""):
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await body.take(size)
                await reader.readexactly(2)
            await reader.readuntil(b"\r\n")
        elif "content-length" in headers:
            await body.take(int(headers["content-length"]))
        else:
            raise BrokenAnswerError("the length of the body is not said, so nobody could tell that it broke off")
        return Answer(status, headers, bytes(body.kept), body.length, body.tail)


class _Body:
    def __init__(self, reader: asyncio.StreamReader, *, keep: bool) -> None:
        self._reader = reader
        self._keep = keep
        self.kept = bytearray()
        self.length = 0
        self.tail = b""

    async def take(self, size: int) -> None:
        """Read some bytes in pieces, so that an answer that is thrown away takes no memory."""
        while size:
            part = await self._reader.readexactly(min(size, _CHUNK))
            size -= len(part)
            self.length += len(part)
            self.tail = (self.tail + part)[-_TAIL:]
            if self._keep:
                self.kept += part
