"""`KnowledgeGraph`: the one object behind the command line, the web application and programs."""

from collections.abc import Mapping
from copy import copy
from datetime import UTC, date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from alpine_kg.errors import NotFoundError, PastError, UnsupportedQueryError
from alpine_kg.formats import FORMATS, Context, Format, write
from alpine_kg.graph import export as exports
from alpine_kg.graph.catalogue import Catalogue, Page
from alpine_kg.graph.description import Description
from alpine_kg.graph.hits import Hits
from alpine_kg.graph.loading import INDEX, QUADS, fill, open_generation, published
from alpine_kg.graph.past import STATES, TRIPLES, Past, store_at
from alpine_kg.graph.summary import Summary
from alpine_kg.graph.vocabulary import Vocabulary
from alpine_kg.namespaces import AK, KINDS, SLUG, entity_iri, expand
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot, PlainRoot
from alpine_kg.store import Answer, DatasetChoice, EmbeddedStore, Row, Store
from alpine_kg.streams import Output

if TYPE_CHECKING:
    from alpine_kg.store.remote.connection import Connection
    from alpine_kg.validation import Report


class KnowledgeGraph:
    """An opened graph root: its store is loaded and its derivations have run.

    >>> graph = KnowledgeGraph.open()
    >>> graph.search("usine de dieppe", limit=1)[0].iri
    'https://w3id.org/alpine-kg/id/plant/dieppe'
    """

    def __init__(self, root: GraphRoot, store: Store, catalogue: Catalogue, summary: Summary | None = None) -> None:
        """Put together an opened graph, counted now unless a summary is given; most callers want `open`."""
        self.root = root
        self.store = store
        self.catalogue = catalogue
        self.context = Context.read(root.context)
        self.vocabulary = Vocabulary.of(store)
        self.version = summary.version if summary else root.digest
        self.queries = {path.stem: QueryFile.read(path) for path in root.named_queries}
        self._summary = summary
        self.as_of: date | None = None
        """The day whose knowledge this is; None in the graph of today."""
        self.keep_past()

    @classmethod
    def open(cls, path: Path | None = None, *, store: "Path | Connection | None" = None) -> "KnowledgeGraph":
        """Return the graph of a root folder (the shipped one by default), held in memory, in an on-disk store or an engine.

        Raises RootError, RdfSyntaxError or StoreError when it cannot be loaded. Opening does not validate: see `validate`.
        """
        root = GraphRoot.open(path)
        if not isinstance(store, Path):
            memory = EmbeddedStore()
            fill(memory, root)
            catalogue = Catalogue.build(memory)
            return cls(root, published(memory, root, store) if store else memory, catalogue)
        generation = open_generation(store, root)
        return cls(root, EmbeddedStore(generation / QUADS, read_only=True), Catalogue(generation / INDEX))

    @cached_property
    def summary(self) -> Summary:
        """What there is in the graph."""
        return self._summary or Summary.of(self.store, self.version, valid=False)

    @property
    def sizes(self) -> dict[str, int]:
        """Each named graph with its number of triples."""
        return self.summary.sizes

    def keep_past(self, *, states: int = STATES, triples: int = TRIPLES) -> None:
        """Keep at most so many past states in memory, with at most so many triples together; larger graphs have none."""
        self._past = Past(self.store, self._build, states=states, triples=triples)

    def at(self, day: date) -> "KnowledgeGraph":
        """Return the graph as it was known on a day: a graph of its own, with the names and the statements of that day.

        Days between two changes share one graph, whose `as_of` is the day of the earlier change; `root`, and with it `export`
        of single records and `validate`, stay those of today. Raises PastError when the graph has no past states, and BusyError
        when too many are being built.

        >>> from datetime import UTC, date, datetime
        >>> KnowledgeGraph.open().at(date(2000, 1, 1)).catalogue.counts().get("claim", 0)
        0
        """
        return self._past.at(day, size=sum(self.sizes.values()))

    def _build(self, day: date) -> "KnowledgeGraph":
        if isinstance(self.root, PlainRoot) or self.version != self.root.digest:
            raise PastError(
                "Past states are made from the files of a graph root, and this graph has others.",
                "Ask for the present.",
            )
        # What does not change with the day is shared: the context, the vocabulary, the queries, and the past itself.
        past = copy(self)
        past.store = store_at(day, self.store, self.root)
        past.catalogue = Catalogue.build(past.store)
        past.summary = Summary.of(past.store, self.version, valid=self.summary.valid)
        past.as_of = day
        return past

    def entity(self, iri: str) -> Description:
        """Return the description of an entity; raises NotFoundError when there is none."""
        return Description.of(iri, self.store, self.context)

    def resolve(self, name: str) -> str:
        """Return the IRI that a person means by `plant:dieppe`, `plant/dieppe`, `dieppe`, a term's name or an IRI.

        Raises NotFoundError for a bare slug that no entity has, or more than one.
        """
        kind, slash, slug = name.partition("/")
        if slash and kind in KINDS and SLUG.fullmatch(slug):
            return entity_iri(kind, slug)
        iri = expand(name)
        if iri != name or "://" in name:
            return iri
        term = AK + name
        return term if term in self.vocabulary.labels else self.catalogue.find(name)

    def page(
        self,
        kind: str,
        *,
        limit: int,
        after: tuple[str, str] | None = None,
        query: str = "",
        filters: Mapping[str, str] | None = None,
    ) -> Page:
        """Return a page of the entities of a kind; raises BadParameterError for an unknown filter."""
        wanted = {name: self.resolve(value) for name, value in (filters or {}).items()}
        return self.catalogue.page(kind, limit=limit, after=after, query=query, filters=wanted)

    def search(self, query: str, *, limit: int, kind: str | None = None) -> Hits:
        """Return the entities that a text names, best first."""
        return self.catalogue.search(query, limit=limit, kind=kind)

    def answer(
        self,
        query: str,
        dataset: DatasetChoice | None = None,
        *,
        results: Format | None = FORMATS["srj"],
        graphs: Format | None = FORMATS["ttl"],
    ) -> Answer:
        """Return the answer to SPARQL text that a caller wrote; see `Store.answer` for what it raises."""
        return self.store.answer(query, dataset or DatasetChoice(), results=results, graphs=graphs)

    def query(self, name: str) -> QueryFile:
        """Return a named query; raises NotFoundError when there is none of that name."""
        try:
            return self.queries[name]
        except KeyError:
            raise NotFoundError(
                f"There is no query {name!r}.", f"The queries are: {', '.join(self.queries)}."
            ) from None

    def run(self, name: str, values: Mapping[str, str] | None = None) -> list[Row]:
        """Return the rows of a named query with its parameters given as texts; raises BadParameterError for a wrong one."""
        query = self.query(name)
        return self.able(name).store.select(query.bind(query.terms(values or {})))

    def able(self, name: str) -> "KnowledgeGraph":
        """Return a graph whose store can answer a named query: this one, or its state of today, made here as past ones are.

        Raises UnsupportedQueryError when the graph is too large for that.
        """
        if name not in self.store.unable:
            return self
        try:
            return self.at(datetime.now(UTC).date())
        except PastError as error:
            raise UnsupportedQueryError(
                f"The engine that holds the graph cannot answer {name!r}, and the graph is too large to be asked here.",
                "Ask a service whose graph is held in memory or on disk.",
            ) from error

    def export(self, name: str, target: Format) -> bytes:
        """Return what `write_export` writes."""
        output = BytesIO()
        self.write_export(name, target, output)
        return output.getvalue()

    def write_export(self, name: str, target: Format, output: Output) -> None:
        """Write a whole-graph download, or one entity's record by its name; the same graph gives the same bytes."""
        if ":" in name or "/" in name:
            write(exports.record(self.resolve(name), self.root), target, self.context, output)
        else:
            exports.write_export(name, target, output, root=self.root, store=self.store, context=self.context)

    def validate(self, texts: Path | None = None) -> "Report":
        """Return the validation report of the root's files; the heavy libraries load only here."""
        from alpine_kg.validation import validate  # noqa: PLC0415

        return validate(self.root, texts=texts)
