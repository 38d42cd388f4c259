"""The publication of a graph in an engine, as an edition that all who serve it agree on.

No protocol replaces many graphs at once. So the state graph says first that an edition is being published; whoever serves the
one before takes note within a lease, during which nothing is changed, and answers 503 from then on. It names the new version
when all of it is there. Several processes that publish the same edition wait for the first.
"""

import logging
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from alpine_kg.errors import StoreError
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
    name = secrets.token_hex(8)
    before = _claim(connection, edition.version, name)
    if before is None:
        return
    _change(connection, "begin")
    if before.version:
        time.sleep(2 * LEASE)
    for graph in sorted(before.graphs - {*edition.graphs}):
        connection.delete(graph)
        _change(connection, "forget", graph=ox.NamedNode(graph))
    connection.delete(MERGE)
    _LOG.info("publishing %s graphs in the engine", len(edition.graphs))
    for number, graph in enumerate(edition.graphs):
        _change(connection, "sign", sign=ox.Literal(f"{name} {number}"), holds=ox.NamedNode(graph))
        _send(connection, graph, [quad.triple for quad in store.quads(graph)])
        if union:
            _change(connection, "merge", graph=ox.NamedNode(graph))
    if others:
        _send(connection, MERGE, list(store.unnamed()), add=True)
    _change(connection, "finish", version=ox.Literal(edition.version))


def _claim(connection: "Connection", version: str, name: str) -> State | None:
    """Return what was there before, once it is ours to replace; None when somebody else has published the version."""
    seen: tuple[tuple[str, ...], ...] = ()
    since = time.monotonic()
    while True:
        state = State.read(connection)
        if state.version == version and not state.publishers:
            return None
        if not state.publishers:
            _change(connection, "claim", publisher=ox.Literal(name))
            time.sleep(_WAIT)
            # Of several who came at once, the first by name goes on.
            if State.read(connection).publishers[:1] == (name,):
                return state
            _change(connection, "yield", publisher=ox.Literal(name))
        elif (state.publishers, state.signs) != seen:
            seen, since = (state.publishers, state.signs), time.monotonic()
        elif time.monotonic() - since > SILENCE:
            for gone in state.publishers:
                _change(connection, "yield", publisher=ox.Literal(gone))
        time.sleep(_WAIT)


def _change(connection: "Connection", name: str, **terms: ox.NamedNode | ox.Literal) -> None:
    connection.update(_TEXTS[name].bind(dict(terms)))


def _send(connection: "Connection", graph: str, triples: list[ox.Triple], *, add: bool = False) -> None:
    """Send the triples of a graph, in pieces when it is large."""
    blank = any(isinstance(term, ox.BlankNode) for row in triples for term in (row.subject, row.object))
    step = max(1, len(triples)) if blank else _PIECE
    for start in range(0, len(triples) or (not add), step):
        written = ox.serialize(triples[start : start + step], format=ox.RdfFormat.N_TRIPLES)
        assert written is not None
        connection.put(graph, written, add=add or start > 0)
