"""A worker: the child process that runs one query after another until its connection closes or it is killed."""

import os
import resource
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from alpine_kg.errors import AlpineKGError
from alpine_kg.formats import Format
from alpine_kg.store.base import Answering
from alpine_kg.store.federation.endpoints import AllowList
from alpine_kg.store.federation.redirection import Redirection
from alpine_kg.store.sparql import refuse_outward
from alpine_kg.store.workers.confinement import isolate
from alpine_kg.store.workers.frames import DATA, END, FORMAT, LISTENER, Request, failure, frame, receive, whole

_CHUNK: Final = 64 * 1024
"""Bytes that are collected before the first message, so that an early failure is still an honest one."""
_NICE: Final = 5


def run(
    connection: socket.socket, store: Answering, memory: int, services: Sequence[str] = (), *, confined: bool = True
) -> None:
    """Answer queries from a connection until it closes; the process may grow by `memory` bytes at most.

    `services` are prefixes of endpoints that queries may ask: then the first message hands over the listener to which such
    requests come. It has no network but that, unless it is not `confined`: for a store that is reached by the network.
    """
    outward: Callable[[str], str] = refuse_outward
    if confined and (listener := isolate(listening=bool(services))):
        outward = Redirection(AllowList.read(services), listener.getsockname()[1])
        with listener, suppress(BrokenPipeError):  # whoever asked for this worker may have gone: then no query comes
            socket.send_fds(connection, [frame(LISTENER)], [listener.fileno()])
    limit(memory)
    while (message := receive(connection)) is not None:
        request = Request.decode(message[1])
        sink = _Sink(connection)
        results, graphs = request.formats
        try:
            store.write_answer(
                request.query, request.dataset, results=results, graphs=graphs, start=sink.start, outward=outward
            )
            sink.finish()
        except AlpineKGError as error:
            connection.sendall(failure(error))


def limit(memory: int) -> None:
    """Take from this process what a query has no use for: more memory, a core dump, a turn before others."""
    size = int(_first_word("/proc/self/statm")) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_NICE)
    # The engine writes a stack trace when memory ends; the serving process reports that in its own words.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


class _Sink:
    """The file-like object that the engine writes an answer to."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._format: Format | None = None
        self._held = bytearray()
        self._begun = False

    def start(self, target: Format) -> "_Sink":
        """Take note of the answer's format, which is known before its first byte."""
        self._format = target
        return self

    def write(self, data: bytes) -> int:
        """Collect bytes and pass them on in chunks."""
        self._held += data
        if len(self._held) >= _CHUNK:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing: chunks are passed on when they are full."""

    def finish(self) -> None:
        """Pass on what is left, and say that the answer is whole."""
        if self._begun or self._format is None:
            self._pass_on(frame(END))
        else:
            self._connection.sendall(whole(self._format, self._held))
            self._held.clear()

    def _pass_on(self, ending: bytes = b"") -> None:
        messages = b""
        if not self._begun and self._format:
            messages = frame(FORMAT, self._format.extension.encode())
            self._begun = True
        self._connection.sendall(messages + frame(DATA, bytes(self._held)) + ending)
        self._held.clear()


def _first_word(path: str) -> str:
    return Path(path).read_text(encoding="ascii").split()[0]
