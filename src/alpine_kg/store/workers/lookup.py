"""The store of a serving process: our own queries, sent to workers that only we use."""

import contextlib
import os
import queue
import signal
import socket
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import StoreError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.base import Answer, DatasetChoice, Row, Solution
from alpine_kg.store.embedded import EVERYTHING, SIZES, rows_of
from alpine_kg.store.fixed import FixedStore
from alpine_kg.store.totals import SIZE
from alpine_kg.store.workers.frames import DATA, END, FAILURE, FORMAT, WHOLE, Request, raised, receive, unpack_whole
from alpine_kg.store.workers.spawner import Channel

_PATIENCE: Final = 30.0
"""Seconds that a look-up of ours may take; it is a fault when one does."""


class LookupStore(FixedStore):
    """A store whose quads are held by workers; look-ups from many threads share a few of them."""

    refusal = ("A graph that is being served cannot be changed in place.", "Load a new generation.")

    unable: frozenset[str] = frozenset()

    def __init__(self, channel: Channel, workers: int = 2) -> None:
        """Use the workers of a spawner; each is started when it is first needed, and anew when it has died."""
        self._channel = channel
        # Last in, first out: a worker that has just answered has the data at hand.
        self._idle: queue.LifoQueue[_Link | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)

    def check(self) -> None:
        """Do nothing: workers are started when they are needed."""

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query of ours."""
        body = self._ask(Request(query, results="srj")).body
        solutions = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        return rows_of(solutions)

    def each(self, query: str) -> Iterator[Solution]:
        """Yield the solutions of a SELECT query of ours, which are all read before the first."""
        body = self._ask(Request(query, results="srj")).body
        solutions = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        yield from map(tuple, solutions)

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of ours, each once."""
        body = self._ask(Request(query, graphs="nt")).body
        return list(dict.fromkeys(quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)))

    def answer(self, query: str, dataset: DatasetChoice, *, results: Format | None, graphs: Format | None) -> Answer:
        """Return the answer to a query; see `Store.answer`. Strangers' queries go to `Lanes`, which can give them up."""
        extensions = [chosen.extension if chosen else None for chosen in (results, graphs)]
        return self._ask(Request(query, dataset.default, dataset.named, *extensions))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of one named graph, or of all of them."""
        for name in [graph] if graph else list(self.sizes()):
            node = ox.NamedNode(name)
            chosen = DatasetChoice(default=(name,))
            body = self.answer(EVERYTHING, chosen, results=None, graphs=FORMATS["nt"]).body
            for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, node)

    def sizes(self) -> dict[str, int]:
        """Return each named graph with its number of triples."""
        return {row["graph"].value: int(row["size"].value) for row in self.select(SIZES)}

    def size(self) -> int:
        """Return the number of triples of the default graph."""
        return int(self.select(SIZE)[0]["size"].value)

    def close(self) -> None:
        """End the workers."""
        while not self._idle.empty():
            if link := self._idle.get_nowait():
                link.end()

    def _ask(self, request: Request) -> Answer:
        link = self._idle.get()
        try:
            if link:
                try:
                    return link.ask(request)
                except OSError:
                    # It may have died long ago, of old age or for want of memory: a new one is asked once.
                    link.end()
                    link = None
            link = _Link(*self._channel.spawn())
            return link.ask(request)
        except (OSError, StoreError) as error:
            if link:
                link.end()
            link = None
            raise StoreError("A worker ended while it looked this up.", "Try again.") from error
        finally:
            self._idle.put(link)


class _Link:
    """A connection to one worker."""

    def __init__(self, connection: socket.socket, process: int, _pid: int) -> None:
        connection.settimeout(_PATIENCE)
        self._connection = connection
        self._process = process

    def ask(self, request: Request) -> Answer:
        self._connection.sendall(request.encode())
        target = FORMATS["nt"]
        body = bytearray()
        while True:
            message = receive(self._connection)
            if message is None:
                raise OSError("the worker closed its connection")
            kind, payload = message
            if kind == WHOLE:
                return Answer(*unpack_whole(payload))
            if kind == FORMAT:
                target = FORMATS[payload.decode()]
            elif kind == DATA:
                body += payload
            elif kind == FAILURE:
                raise raised(payload)
            elif kind == END:
                return Answer(target, bytes(body))

    def end(self) -> None:
        self._connection.close()
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        os.close(self._process)
