"""Streams of bytes: what parsers read from, and what answers are written to."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol, cast


class Reader(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes; none at the end."""


class Output(Protocol):
    """What an answer is written to."""

    def write(self, data: bytes, /) -> int:
        """Take some bytes."""

    def flush(self) -> None:
        """Take note that no more come for now."""


class Blocks:
    """Blocks of bytes as a stream that can be read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        """Read these blocks one after another."""
        self._blocks = blocks
        self._held = memoryview(b"")

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes of the block at hand, or of the next; none at the end."""
        while not self._held:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._held = memoryview(block)
        taken = self._held if size < 0 else self._held[:size]
        self._held = self._held[len(taken) :]
        return bytes(taken)


class Digesting:
    """A stream to another, which takes the measure of what passes: its bytes, and their SHA-256."""

    def __init__(self, output: Output | None = None) -> None:
        """Pass on to `output`, if it is there."""
        self._output = output
        self._digest = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> bytes:
        """The SHA-256 of what has passed."""
        return self._digest.digest()

    def write(self, data: bytes) -> int:
        """Pass on some bytes."""
        if self._output:
            self._output.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Have the other stream pass on what it holds."""
        if self._output:
            self._output.flush()


@contextmanager
def packed(output: Output) -> Iterator[Output]:
    """Give a stream whose bytes go on to another compressed, the same for the same: no name and no time stamp is in them."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=cast("IO[bytes]", output), mtime=0) as file:
        yield file
