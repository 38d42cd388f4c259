"""The embedded store: pyoxigraph, in memory or in a folder.

The default graph holds the merge of all named graphs as triples of its own. The engine's union mode would count a triple once
for each graph that states it, and would override FROM.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.dates import FUNCTIONS
from alpine_kg.errors import BadQueryError, NotAcceptableError, RdfSyntaxError, ServiceError, StoreError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.formats.entities import refuse_growth
from alpine_kg.store.base import Answer, DatasetChoice, Row, Solution
from alpine_kg.store.lines import graph_lines
from alpine_kg.store.merge import merged, named_dataset, with_merge
from alpine_kg.store.output import Found, collected, unacceptable, write
from alpine_kg.store.parsing import QUERY_BASE
from alpine_kg.store.paths import quickened
from alpine_kg.store.sparql import refuse_outward, syntax_error
from alpine_kg.store.totals import SIZE, counted
from alpine_kg.streams import Output, Reader

_DEFAULT: Final = ox.DefaultGraph()
SIZES: Final = Path(__file__).with_name("sizes.rq").read_text(encoding="utf-8")
EVERYTHING: Final = Path(__file__).with_name("everything.rq").read_text(encoding="utf-8")


class EmbeddedStore:
    """A pyoxigraph store: in memory, or in a folder when one is given."""

    unable: frozenset[str] = frozenset()

    def __init__(self, folder: Path | None = None, *, read_only: bool = False, total: int | None = None) -> None:
        """Open the store; raises StoreError when the folder holds something else or is in use.

        `total` is how many triples the default graph has, where that is known and stays so.
        """
        self.total = total
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
        # One stream for all: the engine writes new files for each that it is given, and would drown in thousands of small ones.
        self._engine.bulk_extend(
            quad
            for name, triples in graphs.items()
            for node in (ox.NamedNode(name),)
            for row in triples
            for quad in (
                ox.Quad(row.subject, row.predicate, row.object, node),
                ox.Quad(row.subject, row.predicate, row.object, _DEFAULT),
            )
        )
        for name in graphs:
            if not self._engine.contains_named_graph(ox.NamedNode(name)):
                self._engine.add_graph(ox.NamedNode(name))

    def derive(self, graph: str, query: str) -> None:
        """Add the triples of a CONSTRUCT query of ours to a named graph and to the merge; it may call our functions.

        They pass through a file, so that memory does not grow with their number.
        """
        triples = self._engine.query(refuse_outward(query), custom_functions=FUNCTIONS)
        assert isinstance(triples, ox.QueryTriples)
        with tempfile.TemporaryFile() as file:
            triples.serialize(file, format=ox.RdfFormat.N_TRIPLES)
            # The engine's objects must go in the thread that they came in, whatever still holds this frame.
            del triples
            file.seek(0)
            self.load_stream(graph_lines(file, graph), FORMATS["nq"])
        if not self._engine.contains_named_graph(ox.NamedNode(graph)):
            self._engine.add_graph(ox.NamedNode(graph))

    def load_stream(self, stream: Reader, source: Format) -> None:
        """Add the quads of a stream as it is, as fast as the engine can; raises RdfSyntaxError where it is not well formed.

        Quads of the stream that come before the error are in the store all the same.
        """
        try:
            self._engine.bulk_load(stream, format=source.rdf)  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            raise RdfSyntaxError(f"{error}.", "Mend it.") from error

    def load_quads(self, quads: Iterable[ox.Quad], *, merge: bool) -> None:
        """Add quads; `merge` adds them to the default graph as well."""
        self._engine.bulk_extend(with_merge(quads) if merge else quads)

    def copy_to(self, folder: Path) -> None:
        """Make a copy of an on-disk store as it is now, in a new folder; it shares the files that do not change."""
        self._engine.backup(str(folder))

    def load_file(self, path: Path, source: Format, *, merge: bool) -> None:
        """Add a file's quads; raises RdfSyntaxError when it is not well formed."""
        if source.rdf == ox.RdfFormat.RDF_XML:
            refuse_growth(path)
        # Parsed once, so that a blank node is the same in its graph and in the merge.
        quads = ox.parse(path=str(path), format=source.rdf, rename_blank_nodes=True)
        try:
            self._engine.bulk_extend(with_merge(quads) if merge else quads)
        except (SyntaxError, ValueError) as error:
            raise RdfSyntaxError(
                f"{path.name} is not well-formed {source.label}: {error}.", "Mend the file."
            ) from error

    def load_graph(self, graph: str, path: Path) -> None:
        """Add a Turtle file's triples to a named graph, at the engine's own speed, and not to the merge."""
        self._engine.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))

    def update(self, text: str) -> None:
        """Carry out a SPARQL update of ours, as a whole or not at all."""
        self._engine.update(text)

    def close(self) -> None:
        """Write everything to the disk, so that the folder can be opened again at once."""
        self._engine.flush()

    def select(self, query: str) -> list[Row]:
        """Return the solutions of a SELECT query of ours."""
        solutions = self._engine.query(refuse_outward(query), custom_functions=FUNCTIONS)
        assert isinstance(solutions, ox.QuerySolutions)
        return rows_of(solutions)

    def each(self, query: str) -> Iterator[Solution]:
        """Yield the solutions of a SELECT query of ours one at a time, each as its terms in the order of the variables."""
        solutions = self._engine.query(refuse_outward(query), custom_functions=FUNCTIONS)
        assert isinstance(solutions, ox.QuerySolutions)
        yield from map(tuple, solutions)

    def construct(self, query: str) -> list[ox.Triple]:
        """Return the triples of a CONSTRUCT query of ours, each once."""
        triples = self._engine.query(refuse_outward(query), custom_functions=FUNCTIONS)
        assert isinstance(triples, ox.QueryTriples)
        found = list(dict.fromkeys(triples))
        # The engine's objects must go in the thread that they came in, whatever still holds this frame.
        del triples
        return found

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
        """Write the answer to a caller's query, as it is found, to what `start` returns for its format; raises as `answer`.

        `outward` returns the query in the form in which it may contact other endpoints, or raises ForbiddenQueryError.
        """
        directed = outward(query)
        try:
            found = self._query(directed, dataset) if directed != query else self._quickly(query, dataset)
            target = graphs if isinstance(found, ox.QueryTriples) else results
            if target is None:
                raise NotAcceptableError(*unacceptable(graph=isinstance(found, ox.QueryTriples)))
            write(found, target, start(target))
        except SyntaxError as error:
            raise syntax_error(query, self._complaint(query) if directed != query else error) from error
        except (RuntimeError, OSError, ValueError) as error:
            if directed != query:
                raise ServiceError(
                    f"The query cannot be evaluated with what other endpoints answer: {error}.", "Ask them yourself."
                ) from error
            raise BadQueryError(f"The query cannot be evaluated: {error}.", "Mend the query.") from error

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Yield the quads of one named graph, or of all of them."""
        names = [ox.NamedNode(graph)] if graph else self._engine.named_graphs()
        for name in names:
            yield from self._engine.quads_for_pattern(None, None, None, name)

    def unnamed(self) -> Iterator[ox.Triple]:
        """Yield the triples of the default graph that no named graph has."""
        for row in self._engine.quads_for_pattern(None, None, None, _DEFAULT):
            found = self._engine.quads_for_pattern(row.subject, row.predicate, row.object, None)
            if all(other.graph_name == _DEFAULT for other in found):
                yield row.triple

    def check(self) -> None:
        """Do nothing: what is here can be had."""

    def sizes(self) -> dict[str, int]:
        """Return each named graph with its number of triples."""
        return {row["graph"].value: int(row["size"].value) for row in self.select(SIZES)}

    def size(self) -> int:
        """Return the number of triples of the default graph."""
        return int(self.select(SIZE)[0]["size"].value)

    def _complaint(self, query: str) -> Exception:
        """Return what the engine says of a query that it cannot parse."""
        try:
            self._engine.query(query, base_iri=QUERY_BASE)
        except SyntaxError as error:
            return error
        return SyntaxError("it is not SPARQL")

    def _quickly(self, query: str, dataset: DatasetChoice) -> Found:
        """Ask a query in the form that the engine is fastest with; as it is, where it has none that is SPARQL."""
        quick = quickened(query)
        if self.total is not None and not dataset:
            quick = counted(quick, self.total)
        if quick != query:
            with suppress(SyntaxError):
                return self._query(quick, dataset)
        return self._query(query, dataset)

    def _query(self, query: str, dataset: DatasetChoice) -> Found:
        chosen = dataset or named_dataset(query, QUERY_BASE)
        if not chosen:
            return self._engine.query(query, base_iri=QUERY_BASE)
        named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in chosen.named]
        if merge := merged(self._engine, chosen):
            return merge.query(query, base_iri=QUERY_BASE, default_graph=_DEFAULT, named_graphs=named)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
        default = [ox.NamedNode(iri) for iri in dict.fromkeys(chosen.default)]
        return self._engine.query(query, base_iri=QUERY_BASE, default_graph=default, named_graphs=named)


def rows_of(solutions: ox.QuerySolutions) -> list[Row]:
    """Return solutions as mappings of the variables that are bound."""
    names = [variable.value for variable in solutions.variables]
    return [{name: term for name in names if (term := solution[name]) is not None} for solution in solutions]
