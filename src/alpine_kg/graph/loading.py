"""From the files of a root to a filled store: parse, load, derive."""

import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from alpine_kg.errors import RdfSyntaxError, RootError, StoreError
from alpine_kg.formats import FORMATS, RDF_FORMATS, Format
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.namespaces import GRAPH, XSD
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot, PlainRoot
from alpine_kg.store import EmbeddedStore, Store
from alpine_kg.store.remote import Edition, RemoteStore, publish

if TYPE_CHECKING:
    from alpine_kg.store.remote.connection import Connection

QUADS: Final = "quads"
INDEX: Final = "catalogue.sqlite"
LAYOUT: Final = "-2"
"""Ends the names of generations, and changes with what is in their folders: none is taken for one of another layout."""
_DIGITS: Final = 32
_EXTENSIONS: Final = {"owl": "rdf", "xml": "rdf", "json": "jsonld", "turtle": "ttl"}
"""Other endings of file names, with the format that they stand for."""
_NAMED: Final = [*(f".{row.extension}" for row in RDF_FORMATS), *(f".{name}" for name in _EXTENSIONS)]
_UNFINISHED: Final = ".unfinished"


def read_triples(files: Iterable[Path], root: GraphRoot) -> list[ox.Triple]:
    """Return the triples of Turtle files as they are written; raises RdfSyntaxError naming file and line."""
    return list(each_triple(files, root))


def each_triple(files: Iterable[Path], root: GraphRoot) -> Iterator[ox.Triple]:
    """Yield the triples of Turtle files, as `read_triples` returns them."""
    for path in files:
        try:
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                yield quad.triple
        except SyntaxError as error:
            raise RdfSyntaxError(
                f"{root.name(path)} is not well-formed Turtle: {error}.", "`alpine-kg validate` lists every such line."
            ) from error


def fill(store: Store, root: GraphRoot) -> None:
    """Load every authored graph of a root into a store, then the graphs derived from them as of today (UTC).

    So the same files give the same triples from one end or start of a claim's period to the next, whenever they are loaded.
    """
    if isinstance(root, PlainRoot):
        for path in root.data:
            store.load_file(path, file_format(path), merge=not root.strict)
        return
    store.load({graph: each_triple(files, root) for graph, files in root.graphs.items()})
    derive(store, root, datetime.now(UTC).date())


def published(store: EmbeddedStore, root: GraphRoot, connection: "Connection") -> RemoteStore:
    """Return the store of a root's graphs in a remote engine, after publishing there what an embedded store holds of them."""
    edition = Edition(root.digest, tuple(store.sizes()))
    plain = isinstance(root, PlainRoot)
    publish(connection, store, edition, union=root.union, others=plain)
    connection.close()  # it may be long until it is used again, and in another process
    return RemoteStore(connection, edition)


def derive(store: Store, root: GraphRoot, today: date) -> None:
    """Load the graphs that follow from what a store holds; what depends on the day is as of `today`."""
    for name, query in derivations(root, today):
        store.derive(GRAPH + name, query)


def derivations(root: GraphRoot, today: date) -> list[tuple[str, str]]:
    """Return the name and the text of each derivation of a root as of a day, in the order in which they are to run."""
    terms = {"today": day_term(today)}
    return [(query.name, query.bind(terms)) for query in ordered_derivations(root)]


def day_term(day: date) -> ox.Literal:
    """Return a day as queries take it."""
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))


def known_format(name: str) -> Format | None:
    """Return the format of RDF that a file's name tells, if it tells one."""
    extension = Path(name).suffix.removeprefix(".").lower()
    found = FORMATS.get(_EXTENSIONS.get(extension, extension))
    return found if found and found.rdf else None


def file_format(path: Path) -> Format:
    """Return the format of a file by its name; raises RootError for a name that tells none."""
    found = known_format(path.name)
    if found is None:
        raise RootError(
            f"{path.name} is in no format of RDF that is known by its name.", f"End it in {', '.join(_NAMED)}."
        )
    return found


def ordered_derivations(root: GraphRoot) -> list[QueryFile]:
    """Return the CONSTRUCT queries of a root, each behind those that its header names under `after`.

    Raises RootError when they wait for each other or for one that is not there.
    """
    waiting = {path.stem: QueryFile.read(path) for path in root.derivations}
    ordered: list[QueryFile] = []
    while waiting:
        done = {query.name for query in ordered}
        ready = [query for query in waiting.values() if done.issuperset(query.header.get("after", ()))]
        if not ready:
            raise RootError(
                f"The derivations {', '.join(waiting)} wait for each other or for one that is missing.",
                "Mend `after` in their headers.",
            )
        ordered += ready
        for query in ready:
            del waiting[query.name]
    return ordered


def generation_name(digest: str) -> str:
    """Return the name of the folder that holds what has this digest."""
    return digest[:_DIGITS] + LAYOUT


def open_generation(folder: Path, root: GraphRoot) -> Path:
    """Return the folder of the on-disk store that holds this very root, after building it there when it is new.

    A store is built under another name and renamed when it is whole, so a folder with a digest for a name is always complete;
    older generations are removed afterwards.
    """
    generation = folder / generation_name(root.digest)
    if not generation.is_dir():
        unfinished = folder / (generation.name + _UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            unfinished.mkdir(parents=True)
        except OSError as error:
            raise StoreError(f"No store can be made in {folder}: {error}.", "Name a folder to write to.") from error
        store = EmbeddedStore(unfinished / QUADS)
        fill(store, root)
        Catalogue.build(store, unfinished / INDEX, plain=isinstance(root, PlainRoot))
        store.close()
        del store  # the engine holds its lock until the object goes
        unfinished.rename(generation)
    for old in folder.iterdir():
        if old.is_dir() and old != generation and (old / QUADS).is_dir():
            # Renamed first: a removal that is cut short must not leave half a generation under its name.
            shutil.rmtree(old.rename(old.with_name(old.name + _UNFINISHED)), ignore_errors=True)
    return generation
