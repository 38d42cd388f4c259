"""The publication of a graph in an engine, as an edition that all who serve it agree on.

No protocol replaces many graphs at once. So the state graph says first that an edition is being published; whoever serves the
one before takes note within a lease, during which nothing is changed, and answers 503 from then on. It names the new version
when all of it is there. Several processes that publish the same edition wait for the first.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from alpine_kg.errors import AlpineKGError, StoreError
from alpine_kg.queries import QueryFile
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.embedded import EmbeddedStore
from alpine_kg.store.remote.dataset import MERGE, STATE

if TYPE_CHECKING:
    from alpine_kg.store.remote.connection import Connection

_LOG: Final = logging.getLogger("alpine_kg.store")
LEASE: Final = 1.0
"""Seconds for which a reader may rely on what the state graph said."""
_PIECE: Final = 100_000
"""Triples that are sent at once, except of a graph with blank nodes, which only one message can tell apart."""
SILENCE: Final = 60.0
"""Seconds without a sign of life after which a publication is taken over from whoever began it."""
_WAIT: Final = 0.25
_LITERAL: Final = re.compile(rb'"(?:[^"\\\n]|\\.)*+"')
"""The text of a literal in N-Triples; nothing else there holds a quotation mark."""
_JSON: Final = "application/sparql-results+json"
_FOLDER: Final = Path(__file__).parent
_TEXTS: Final = {path.stem: QueryFile.read(path) for path in (*_FOLDER.glob("*.rq"), *_FOLDER.glob("*.ru"))}


@dataclass(frozen=True)
class Edition:
    """What is published: a version, and the names of its graphs."""

    version: str
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """What the state graph says: the version that is there as a whole, the graphs that are ours, and who is publishing."""

    version: str = ""
    graphs: frozenset[str] = frozenset()
    publishers: tuple[str, ...] = ()
    signs: tuple[str, ...] = field(default=())

    @classmethod
    def read(cls, connection: "Connection") -> "State":
        """Return what an engine's state graph says now; raises StoreError when the engine cannot be had."""
        found: dict[str, list[str]] = {}
        with connection.ask(_TEXTS["state"].text, DatasetChoice((STATE,)), _JSON) as response:
            solutions = ox.parse_query_results(response.read(), ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            found.setdefault(solution["what"].value.rpartition(":")[2], []).append(solution["value"].value)
        return cls(
            next(iter(found.get("version", [])), ""),
            frozenset(found.get("holds", ())),
            tuple(sorted(found.get("publisher", ()))),
            tuple(sorted(found.get("sign", ()))),
        )

    def check(self, version: str) -> None:
        """Raise StoreError unless a version is there as a whole."""
        if self.publishers:
            raise StoreError("A new version of the graph is being published in the engine.", "Try again soon.")
        if self.version != version:
            raise StoreError(
                "The engine holds another version of the graph than this service.", "Whoever runs it has to reload it."
            )


def publish(connection: "Connection", store: EmbeddedStore, edition: Edition, *, union: bool, others: bool) -> None:
    """Put a store's graphs into an engine, unless it holds the edition already.

    The default graph is the merge of the named ones if `union`, and has triples that no named graph has if `others`.
    Raises StoreError when the engine cannot be had or refuses something.
    """
    publication = _Publication(connection, edition.version)
    before = publication.claim()
    if before is None:
        return
    try:
        publication.begin(before, edition)
        _LOG.info("publishing %s graphs in the engine", len(edition.graphs))
        for graph in edition.graphs:
            publication.change("hold", graph=ox.NamedNode(graph))
            publication.send(graph, lambda name=graph: (quad.triple for quad in store.quads(name)))  # type: ignore[misc]
            if union:
                publication.change("merge", graph=ox.NamedNode(graph))
        if others:
            publication.send(MERGE, store.unnamed, add=True)
        publication.change("finish", version=ox.Literal(edition.version))
    except AlpineKGError:
        with suppress(AlpineKGError):  # else others wait until its silence tells them
            publication.give_up()
        raise


class _Publication:
    """One attempt to publish, under a name of its own."""

    def __init__(self, connection: "Connection", version: str) -> None:
        self._connection = connection
        self._version = version
        self._name = secrets.token_hex(8)
        self._signs = count()

    def claim(self) -> State | None:
        """Return what was there before, once it is ours to replace; None when somebody else has published the version."""
        seen: State | None = None
        since = time.monotonic()
        while True:
            state = State.read(self._connection)
            if state.version == self._version and not state.publishers:
                return None
            if not state.publishers:
                # It claims nothing where somebody else has meanwhile. Should an engine let several in, the first by name goes on.
                self.change("claim", publisher=ox.Literal(self._name))
                time.sleep(_WAIT)
                state = State.read(self._connection)
                if state.publishers[:1] == (self._name,) and state.version != self._version:
                    return state
                self.give_up()
            elif state != seen:
                seen, since = state, time.monotonic()
            elif time.monotonic() - since > SILENCE:
                for gone in state.publishers:
                    self.change("yield", publisher=ox.Literal(gone))
            time.sleep(_WAIT)

    def begin(self, before: State, edition: Edition) -> None:
        """Withdraw what was there before, when its readers have had time to learn of it."""
        self.change("begin")
        if before.version:
            time.sleep(2 * LEASE)
        for graph in sorted(before.graphs - {*edition.graphs}):
            self._connection.delete(graph)
            self.change("forget", graph=ox.NamedNode(graph))
        self._connection.delete(MERGE)

    def give_up(self) -> None:
        """Let others publish."""
        self.change("yield", publisher=ox.Literal(self._name))

    def send(self, graph: str, triples: Callable[[], Iterator[ox.Triple]], *, add: bool = False) -> None:
        """Send the triples of a graph in pieces, with a sign of life before each."""
        blank = any(isinstance(term, ox.BlankNode) for row in triples() for term in (row.subject, row.object))
        rows, sent = triples(), add
        while (piece := list(islice(rows, None if blank else _PIECE))) or not sent:
            self.change("sign", sign=ox.Literal(f"{self._name} {next(self._signs)}"))
            written = ox.serialize(piece, format=ox.RdfFormat.N_TRIPLES)
            assert written is not None
            # An engine that looks for markup to guess a format finds none: Virtuoso would take the graph for HTML.
            unmarked = _LITERAL.sub(lambda text: text[0].replace(b"<", b"\\u003C"), written)
            self._connection.put(graph, unmarked, add=sent)
            sent = True

    def change(self, name: str, **terms: ox.NamedNode | ox.Literal) -> None:
        """Carry out one of our updates."""
        self._connection.update(_TEXTS[name].bind(dict(terms)))
