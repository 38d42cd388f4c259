"""What every store can do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from alpine_kg.formats import Format
from alpine_kg.streams import Output

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = Mapping[str, Term]
"""One solution: the bound variables of a SELECT query by name."""

Solution = tuple[Term | None, ...]
"""One solution: its terms in the order of the query's variables."""


@dataclass(frozen=True)
class DatasetChoice:
    """The graphs that a protocol request names; with neither, a query sees the whole dataset.

    Source: SPARQL 1.1 Protocol, section 2.1.4, https://www.w3.org/TR/sparql11-protocol/#dataset.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether the request names any graph."""
        return bool(self.default or self.named)


@dataclass(frozen=True)
class Answer:
    """A finished answer to a stranger's query, written in the format that fits its kind."""

    format: Format
    body: bytes


class Answering(Protocol):
    """What answers a caller's query as a stream."""

    def write_answer(
        self,
        query: str,
        dataset: DatasetChoice,
        *,
        results: Format | None,
        graphs: Format | None,
        start: Callable[[Format], Output],
        outward: Callable[[str], str],
    ) -> None:
        """Write the answer to a caller's query, as it is found, to what `start` returns for its format; raises as `answer`.

        `outward` returns the query in the form in which it may contact other endpoints, or raises ForbiddenQueryError.
        """


class Store(Protocol):
    """A set of named graphs whose merge is the default graph."""

    @property
    def unable(self) -> frozenset[str]:
        """The named queries that it gets wrong, or cannot evaluate at all."""

    def check(self) -> None:
        """Raise StoreError when nothing can be asked at the moment."""

    def load(self, graphs: Mapping[str, Iterable[ox.Triple]]) -> None:
        """Add triples to named graphs and to their merge."""

    def load_file(self, path: Path, source: Format, *, merge: bool) -> None:
        """Add a file's quads in the graphs that it names; `merge` adds them to the default graph as well."""

    def derive(self, graph: str, query: str) -> None:
        """Add the triples of a CONSTRUCT query of ours to a named graph and to the merge; as in `construct`."""

    def each(self, query: str) -> Iterator[Solution]:
        """Yield the solutions of a SELECT query of ours one at a time, each as its terms in the order of the variables."""

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query of ours."""

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of ours; it may call the functions of `alpine_kg.dates`."""

    def answer(self, query: str, dataset: DatasetChoice, *, results: Format | None, graphs: Format | None) -> Answer:
        """Return the answer to a caller's query: SELECT and ASK in the format `results`, graphs in the format `graphs`.

        Raises BadQueryError when the query cannot be parsed or evaluated, ForbiddenQueryError when it reaches outside of the
        store, and NotAcceptableError when there is no format for its kind.
        """

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of one named graph, or of all of them."""

    def sizes(self) -> dict[str, int]:
        """Return each named graph with its number of triples."""

    def size(self) -> int:
        """Return the number of triples of the default graph."""
