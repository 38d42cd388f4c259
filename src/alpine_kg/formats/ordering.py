"""Statements in order, however many: what is too much for memory is sorted in parts, which wait in files and are merged.

A statement is held as its key: its terms as N-Triples has them, graph and subject first. So keys are compared as bytes, are half
as large as the engine's own objects, and are lines of a file.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from tempfile import TemporaryFile
from typing import IO, Final, Self, cast

import pyoxigraph as ox

from alpine_kg.namespaces import RDF
from alpine_kg.streams import Blocks

Statement = ox.Triple | ox.Quad

_PART: Final = 250_000
"""Keys that are sorted at once: some 100 MB."""
_FILES: Final = 32
"""Files from which on those that wait are merged into one."""
_LINES: Final = 1_000
"""Lines that are parsed at once."""
_GAP: Final = "\0"
"""Parts the terms of a key: no term holds it unescaped, and it comes before all that they do hold."""
_TYPE: Final = f"<{RDF}type>"
_DEFAULT: Final = (b"", str(ox.DefaultGraph()).encode())


class Ordering:
    """Collects statements, and gives each once: by graph, subject, predicate with types first, and object."""

    def __init__(self, part: int = _PART) -> None:
        """Hold nothing yet; so many keys are sorted at once."""
        self._part = part
        self._keys: list[bytes] = []
        self._waiting: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of all that was collected."""
        self._keys.clear()
        while self._waiting:
            self._waiting.pop().close()

    def add(self, statement: Statement) -> None:
        """Take in a statement."""
        self._keys.append(_key(statement))
        if len(self._keys) >= self._part:
            self._waiting.append(_written(sorted(self._keys)))
            self._keys.clear()
            if len(self._waiting) >= _FILES:
                merged = _written(heapq.merge(*self._waiting))
                while self._waiting:
                    self._waiting.pop().close()
                self._waiting.append(merged)

    def __iter__(self) -> Iterator[ox.Quad]:
        """Yield the statements in order; to be asked for once, when all are collected."""
        lines = cast("IO[bytes]", Blocks(self._blocks()))  # the parser does nothing but read
        yield from ox.parse(lines, format=ox.RdfFormat.N_QUADS, lenient=True)

    def _blocks(self) -> Iterator[bytes]:
        """Yield blocks of lines of N-Quads."""
        keys = sorted(self._keys)
        lines = (_line(key) for key, _ in groupby(heapq.merge(*self._waiting, keys) if self._waiting else keys))
        while block := b"".join(islice(lines, _LINES)):
            yield block


def _key(statement: Statement) -> bytes:
    predicate = str(statement.predicate)
    graph = str(statement.graph_name) if isinstance(statement, ox.Quad) else ""
    terms = graph, str(statement.subject), "" if predicate == _TYPE else predicate, str(statement.object)
    return (_GAP.join(terms) + "\n").encode()


def _line(key: bytes) -> bytes:
    graph, subject, predicate, value = key[:-1].split(b"\0")
    terms = (subject, predicate or _TYPE.encode(), value)
    return b" ".join((*terms, b".\n") if graph in _DEFAULT else (*terms, graph, b".\n"))


def _written(keys: Iterable[bytes]) -> IO[bytes]:
    """Return a file, of which nothing is left once it is closed, with some keys to be read."""
    file = TemporaryFile()  # noqa: SIM115 - it is read later, and closed by whoever lets go of it
    file.writelines(keys)
    file.seek(0)
    return file
