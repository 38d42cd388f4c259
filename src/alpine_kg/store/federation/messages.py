"""HTTP messages read whole from a stream: no longer than they may be, and nothing of a broken one."""

import asyncio
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, HttpResponseParser

_CHUNK: Final = 1 << 16
_MOST_HEAD: Final = 1 << 16
_INTERIM: Final = range(100, 200)


class BrokenMessageError(Exception):
    """What came is no HTTP message, or ended before the message did."""


class LongMessageError(Exception):
    """The message is longer than it may be."""


class Message:
    """A request or an answer: its start, its headers by lower-case name, and its body."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.url = b""
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.headed = False
        self.whole = False
        self.parser: HttpRequestParser | HttpResponseParser

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; of one that is given twice, the last."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Take note that the body begins."""
        self.headed = True
        if isinstance(self.parser, HttpResponseParser):
            self.status = self.parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self.body += body

    def on_message_complete(self) -> None:
        """Take note of the end; an interim answer is only the beginning of another."""
        self.whole = self.status not in _INTERIM
        if not self.whole:
            self.headers.clear()
            self.headed = False

    @property
    def delimited(self) -> bool:
        """Whether the headers say where the body ends; else it ends with the connection."""
        return "content-length" in self.headers or "chunked" in self.headers.get("transfer-encoding", "").lower()


async def read_request(reader: asyncio.StreamReader, most: int) -> Message:
    """Return a request; raises BrokenMessageError and LongMessageError, for a body of more than `most` bytes."""
    message = Message()
    message.parser = HttpRequestParser(message)
    return await _read(reader, message, most)


async def read_answer(reader: asyncio.StreamReader, most: int) -> Message:
    """Return an answer; raises BrokenMessageError and LongMessageError, for a body of more than `most` bytes."""
    message = Message()
    message.parser = HttpResponseParser(message)
    return await _read(reader, message, most)


async def _read(reader: asyncio.StreamReader, message: Message, most: int) -> Message:
    size = 0
    while not message.whole:
        chunk = await reader.read(_CHUNK)
        if not chunk:
            if message.headed and not message.delimited:
                return message
            raise BrokenMessageError("the connection ended in the middle")
        size += len(chunk)
        try:
            message.parser.feed_data(chunk)
        except (HttpParserError, HttpParserUpgrade) as error:
            raise BrokenMessageError(f"it is not HTTP: {error}") from error
        # The head counts with the body's wrappings, so that endless headers and chunks of one byte end too.
        if len(message.body) > most or size > 2 * most + _MOST_HEAD or (not message.headed and size > _MOST_HEAD):
            raise LongMessageError
    return message
