"""Messages between the serving process and a worker: one byte of kind, four of length, then the payload."""

import json
import socket
import struct
from dataclasses import dataclass
from typing import Any, Final

from alpine_kg import errors
from alpine_kg.errors import AlpineKGError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.base import DatasetChoice

HEAD: Final = struct.Struct(">cI")
QUERY: Final = b"Q"
FORMAT: Final = b"F"
DATA: Final = b"D"
END: Final = b"E"
WHOLE: Final = b"W"
"""A short answer with its format, in one message instead of three."""
FAILURE: Final = b"X"
LISTENER: Final = b"L"


@dataclass(frozen=True)
class Request:
    """A query as it travels to a worker: formats by extension, None where the caller accepts none."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    results: str | None = "srj"
    graphs: str | None = "nt"

    def encode(self) -> bytes:
        """Return the request as a frame."""
        return frame(QUERY, json.dumps([self.query, self.default, self.named, self.results, self.graphs]).encode())

    @classmethod
    def decode(cls, payload: bytes) -> "Request":
        """Return the request in a frame's payload."""
        query, default, named, results, graphs = json.loads(payload)
        return cls(query, tuple(default), tuple(named), results, graphs)

    @property
    def dataset(self) -> DatasetChoice:
        """The graphs that the request names."""
        return DatasetChoice(self.default, self.named)

    @property
    def formats(self) -> tuple[Format | None, Format | None]:
        """The formats for a table and for a graph."""
        return FORMATS[self.results] if self.results else None, FORMATS[self.graphs] if self.graphs else None


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Return one message."""
    return HEAD.pack(kind, len(payload)) + payload


def whole(target: Format, body: bytes | bytearray) -> bytes:
    """Return a whole answer as a message."""
    return frame(WHOLE, b"\n".join((target.extension.encode(), body)))


def unpack_whole(payload: bytes) -> tuple[Format, bytes]:
    """Return the format and the body in the payload of a whole answer."""
    extension, _, body = payload.partition(b"\n")
    return FORMATS[extension.decode()], body


def failure(error: AlpineKGError) -> bytes:
    """Return an error as a message."""
    held = {"class": type(error).__name__, "message": error.message, "remedy": error.remedy, "details": error.details}
    return frame(FAILURE, json.dumps(held).encode())


def raised(payload: bytes) -> AlpineKGError:
    """Return the error in a failure's payload, of the class that it had in the worker."""
    held: dict[str, Any] = json.loads(payload)
    kind: type[AlpineKGError] = getattr(errors, held["class"], errors.StoreError)
    return kind(held["message"], held["remedy"], held["details"])


def receive(connection: socket.socket) -> tuple[bytes, bytes] | None:
    """Return the next message's kind and payload, or None when the other side has gone."""
    head = _exactly(connection, HEAD.size)
    if head is None:
        return None
    kind, length = HEAD.unpack(head)
    payload = _exactly(connection, length)
    return None if payload is None else (kind, payload)


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(length - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
