"""The embedded store: pyoxigraph, in memory or in a folder.

The default graph holds the merge of all named graphs as triples of its own. The engine's union mode would count a triple once
for each graph that states it, and would override FROM.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.dates import FUNCTIONS
from alpine_kg.errors import BadQueryError, NotAcceptableError, StoreError
from alpine_kg.formats import Format
from alpine_kg.store.base import Answer, DatasetChoice, Row
from alpine_kg.store.sparql import refuse_outward, syntax_error

_DEFAULT: Final = ox.DefaultGraph()
_SIZES: Final = Path(__file__).with_name("sizes.rq").read_text(encoding="utf-8")


class EmbeddedStore:
    """A pyoxigraph store: in memory, or in a folder when one is given."""

    def __init__(self, folder: Path | None = None, *, read_only: bool = False) -> None:
        """Open the store; raises StoreError when the folder holds something else or is in use."""
        try:
            if folder is None:
                self._engine = ox.Store()
            else:
                self._engine = ox.Store.read_only(str(folder)) if read_only else ox.Store(str(folder))
        except OSError as error:
            raise StoreError(
                f"The store in {folder} cannot be opened: {error}.", "Name an empty folder, or stop what uses it."
            ) from error

    def load(self, graphs: Mapping[str, Iterable[ox.Triple]]) -> None:
        """Add triples to named graphs and to their merge."""
        for name, triples in graphs.items():
            node = ox.NamedNode(name)
            rows = list(triples)
            for target in (node, _DEFAULT):
                self._engine.bulk_extend(ox.Quad(row.subject, row.predicate, row.object, target) for row in rows)
            self._engine.add_graph(node)

    def close(self) -> None:
        """Write everything to the disk, so that the folder can be opened again at once."""
        self._engine.flush()

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query of ours."""
        solutions = self._engine.query(query, custom_functions=FUNCTIONS)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        return [{name: term for name in names if (term := solution[name]) is not None} for solution in solutions]

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of ours, each once."""
        triples = self._engine.query(query, custom_functions=FUNCTIONS)
        assert isinstance(triples, ox.QueryTriples)
        return list(dict.fromkeys(triples))

    def answer(self, query: str, dataset: DatasetChoice, *, results: Format | None, graphs: Format | None) -> Answer:
        """Return the answer to a caller's query; see `Store.answer`."""
        refuse_outward(query)
        try:
            found = self._query(query, dataset)
            target = graphs if isinstance(found, ox.QueryTriples) else results
            if target is None:
                raise NotAcceptableError(*_unacceptable(found))
            return Answer(target, _written(found, target))
        except SyntaxError as error:
            raise syntax_error(query, error) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise BadQueryError(f"The query cannot be evaluated: {error}.", "Mend the query.") from error

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of one named graph, or of all of them."""
        names = [ox.NamedNode(graph)] if graph else self._engine.named_graphs()
        for name in names:
            yield from self._engine.quads_for_pattern(None, None, None, name)

    def sizes(self) -> dict[str, int]:
        """Return each named graph with its number of triples."""
        return {row["graph"].value: int(row["size"].value) for row in self.select(_SIZES)}

    def _query(self, query: str, dataset: DatasetChoice) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if not dataset:
            return self._engine.query(query)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in dataset.default]
        named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in dataset.named]
        return self._engine.query(query, default_graph=default, named_graphs=named)


def _written(found: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, target: Format) -> bytes:
    triples = isinstance(found, ox.QueryTriples)
    written = found.serialize(format=target.rdf) if triples else found.serialize(format=target.results)
    # The engine writes a carriage return as it is, which an XML reader takes for a line feed.
    return (written or b"").replace(b"\r", b"&#13;") if target.extension in {"srx", "rdf"} else written or b""


def _unacceptable(found: object) -> tuple[str, str]:
    if isinstance(found, ox.QueryTriples):
        return (
            "The query gives a graph, in none of the formats that you accept.",
            "Accept Turtle, N-Triples, RDF/XML or JSON-LD.",
        )
    return (
        "The query gives a table, in none of the formats that you accept.",
        "Accept JSON, XML, CSV or TSV of SPARQL results.",
    )
