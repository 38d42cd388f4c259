"""The store of a graph that a remote engine holds: what `publish` has put there, asked over HTTP."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from alpine_kg.errors import NotAcceptableError, StoreError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.store.base import Answer, DatasetChoice, Row, Solution
from alpine_kg.store.embedded import EVERYTHING, SIZES, EmbeddedStore, rows_of
from alpine_kg.store.fixed import FixedStore
from alpine_kg.store.lines import whole_lines
from alpine_kg.store.output import Found, collected, unacceptable, write
from alpine_kg.store.parsing import Parsed, parse
from alpine_kg.store.remote.dataset import whole, within
from alpine_kg.store.remote.publication import LEASE, SILENCE, Edition, State
from alpine_kg.store.sparql import refuse_outward
from alpine_kg.store.totals import SIZE
from alpine_kg.streams import Blocks, Output, Reader

if TYPE_CHECKING:
    import httpx

    from alpine_kg.store.remote.connection import Connection

_TABLE: Final = FORMATS["srj"]
_GRAPH: Final = FORMATS["nt"]
"""The formats in which an engine is asked; answers are written here, so that they are the same whichever engine it is."""
_TRUE: Final = {"1", "true"}
"""What stands in the only row of the table by which some engines answer ASK."""


class RemoteStore(FixedStore):
    """An edition of a graph in an engine; safe to use from several threads, and in processes that are forked."""

    refusal = ("A graph in a remote engine cannot be changed in place.", "Publish a new version.")

    def __init__(self, connection: "Connection", edition: Edition) -> None:
        """Ask an engine for an edition; nothing is asked yet."""
        self._connection = connection
        self._edition = edition
        self._checked = -LEASE
        self._seen, self._since = State(), 0.0

    @property
    def unable(self) -> frozenset[str]:
        """The named queries that the kind of engine gets wrong."""
        return self._connection.engine.unable

    def check(self) -> None:
        """Raise StoreError when the engine cannot be had, or does not hold the edition."""
        State.read(self._connection).check(self._edition.version)

    def lost(self) -> bool:
        """Tell whether the engine can be had, yet nobody's edition is there: it was emptied, or whoever published has gone.

        Raises StoreError when it cannot be had.
        """
        state, now = State.read(self._connection), time.monotonic()
        if state != self._seen:
            self._seen, self._since = state, now
        return not state.version and (not state.publishers or now - self._since > SILENCE)

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query of ours."""
        with self._solutions(query) as solutions:
            return rows_of(solutions)

    def each(self, query: str) -> Iterator[Solution]:
        """Yield the solutions of a SELECT query of ours one at a time, each as its terms in the order of the variables."""
        with self._solutions(query) as solutions:
            yield from map(tuple, solutions)

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of ours, each once."""
        with self._ask(query, whole(query, self._edition.graphs), _GRAPH) as body:
            return list(dict.fromkeys(quad.triple for quad in ox.parse(body, format=_GRAPH.rdf)))

    def answer(self, query: str, dataset: DatasetChoice, *, results: Format | None, graphs: Format | None) -> Answer:
        """Return the answer to a caller's query; see `Store.answer`."""
        return collected(partial(self.write_answer, query, dataset, results=results, graphs=graphs))

    def write_answer(
        self,
        query: str,
        dataset: DatasetChoice,
        *,
        results: Format | None,
        graphs: Format | None,
        start: Callable[[Format], Output],
        outward: Callable[[str], str] = refuse_outward,
    ) -> None:
        """Write the answer to a caller's query; see `EmbeddedStore.write_answer`.

        The query is parsed here first, so that no engine sees what is not SPARQL 1.1, and errors are the same in all.
        """
        parsed = parse(outward(query))
        chosen = dataset or parsed.dataset
        if len(set(chosen.default)) > 1:
            self._apart(chosen).write_answer(query, chosen, results=results, graphs=graphs, start=start)
            return
        target = graphs if parsed.gives_graph else results
        if target is None:
            raise NotAcceptableError(*unacceptable(graph=parsed.gives_graph))
        graph_names = self._edition.graphs
        asked = within(chosen, graph_names) if chosen else whole(query, graph_names)
        with self._ask(parsed.text, asked, _GRAPH if parsed.gives_graph else _TABLE) as body:
            write(_found(body, parsed), target, start(target))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of one named graph, or of all of them."""
        for name in [graph] if graph else self._edition.graphs:
            node = ox.NamedNode(name)
            with self._ask(EVERYTHING, within(DatasetChoice((name,)), self._edition.graphs), _GRAPH) as body:
                for quad in ox.parse(body, format=_GRAPH.rdf):
                    yield ox.Quad(quad.subject, quad.predicate, quad.object, node)

    def sizes(self) -> dict[str, int]:
        """Return each named graph with its number of triples."""
        return {row["graph"].value: int(row["size"].value) for row in self.select(SIZES)}

    def size(self) -> int:
        """Return the number of triples of the default graph."""
        return int(self.select(SIZE)[0]["size"].value)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    @contextmanager
    def _solutions(self, query: str) -> Iterator[ox.QuerySolutions]:
        with self._ask(query, whole(query, self._edition.graphs), _TABLE) as body:
            solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            assert isinstance(solutions, ox.QuerySolutions)
            yield solutions

    @contextmanager
    def _ask(self, query: str, dataset: DatasetChoice, target: Format) -> Iterator[IO[bytes]]:
        """Give the body of an answer that is of this edition as a whole, or raise StoreError at the latest at its end."""
        self._confirm()
        with self._connection.ask(query, dataset, target.media_type) as response:
            try:
                # The parsers do nothing but read.
                yield cast("IO[bytes]", self._readable(response))
            except (SyntaxError, ValueError, OSError) as error:
                raise _unreadable() from error
        self._confirm()

    def _readable(self, response: "httpx.Response") -> Reader:
        """Return the body of an answer as it comes, with what has to be put right in it."""
        blocks = Blocks(response.iter_bytes())
        engine = self._connection.engine
        return Blocks(map(engine.mended, whole_lines(blocks))) if engine.mends else blocks

    def _confirm(self) -> None:
        """Have the edition confirmed, at most once in a lease."""
        now = time.monotonic()
        if now - self._checked >= LEASE:
            self.check()
            self._checked = now

    def _apart(self, chosen: DatasetChoice) -> EmbeddedStore:
        """Return a store of the graphs of a choice: engines give a triple once for each graph that states it, not once."""
        store = EmbeddedStore()
        for name in {*chosen.default, *chosen.named} & {*self._edition.graphs}:
            store.load_quads(self.quads(name), merge=False)
        return store


def _unreadable() -> StoreError:
    return StoreError("The engine's answer broke off, or cannot be read.", "Try again.")


def _triples(body: IO[bytes]) -> Iterator[ox.Triple]:
    """Yield the triples of an answer; raises StoreError where it cannot be read, which a writer's own errors are not."""
    try:
        for quad in ox.parse(body, format=_GRAPH.rdf):
            yield quad.triple
    except (SyntaxError, ValueError, OSError) as error:
        raise _unreadable() from error


def _found(body: IO[bytes], parsed: Parsed) -> Found:
    """Return what an engine has found."""
    if parsed.gives_graph:
        return _triples(body)
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QuerySolutions) and parsed.form == "ASK":
        return any(str(getattr(term, "value", "")) in _TRUE for solution in found for term in solution)
    return found
