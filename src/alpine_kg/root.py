"""A graph root: the folder with `ontology/`, `data/` and `queries/` that everything is read from."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from alpine_kg import __version__
from alpine_kg.errors import RootError
from alpine_kg.namespaces import GRAPH

FOLDERS: Final = ("ontology", "data", "queries")
ONTOLOGY_GRAPH: Final = GRAPH + "ontology"
_GRAPH_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class GraphRoot:
    """The files of a graph root, each list in a fixed order.

    Raises RootError from `open` when the folder lacks one of its three parts.
    """

    path: Path

    @classmethod
    def open(cls, path: Path | None = None) -> "GraphRoot":
        """Return the graph root at `path`, or the one that is shipped with this package."""
        chosen = path or shipped_root()
        if (chosen / PlainRoot.FILES).is_dir():
            return PlainRoot(chosen)
        missing = [name for name in FOLDERS if not (chosen / name).is_dir()]
        if missing:
            raise RootError(
                f"{chosen} is not a graph root: it has no {' and no '.join(f'{name}/' for name in missing)} folder.",
                "Name a folder with ontology/, data/ and queries/, or make one with `alpine-kg init DIR`.",
            )
        return cls(chosen)

    @cached_property
    def ontology(self) -> tuple[Path, ...]:
        """The vocabulary's files."""
        return tuple(sorted((self.path / "ontology").glob("*.ttl")))

    @cached_property
    def shapes(self) -> tuple[Path, ...]:
        """The shapes over the data, one file a class."""
        return tuple(sorted((self.path / "ontology" / "shapes").glob("*.ttl")))

    @cached_property
    def context(self) -> Path:
        """The JSON-LD context."""
        return self.path / "ontology" / "context.jsonld"

    @cached_property
    def data(self) -> tuple[Path, ...]:
        """The entities' and announcements' files."""
        return tuple(path for path in self._listing["data"] if path.name.endswith(".ttl"))

    @cached_property
    def named_queries(self) -> tuple[Path, ...]:
        """The questions that anyone can ask by name."""
        return tuple(sorted((self.path / "queries").glob("*.rq")))

    @cached_property
    def checks(self) -> tuple[Path, ...]:
        """The queries whose rows are failures."""
        return tuple(sorted((self.path / "queries" / "checks").glob("*.rq")))

    @cached_property
    def derivations(self) -> tuple[Path, ...]:
        """The CONSTRUCT queries that run at load."""
        return tuple(sorted((self.path / "queries" / "derive").glob("*.rq")))

    @cached_property
    def graphs(self) -> dict[str, tuple[Path, ...]]:
        """Every authored named graph with the files it is made of: the ontology, then one a data file.

        Raises RootError when two files of data/ would share one graph, or when one has a name that no IRI can have.
        """
        graphs: dict[str, tuple[Path, ...]] = {ONTOLOGY_GRAPH: self.ontology}
        taken = {path.stem: path for path in (*self.derivations, self.path / "ontology")}
        for path in self.data:
            stem = path.stem
            if not _GRAPH_NAME.fullmatch(stem):
                raise RootError(
                    f"{self.name(path)} cannot name a graph.",
                    "Rename it: letters, digits, hyphens, underscores and dots.",
                )
            if stem in taken:
                raise RootError(
                    f"{self.name(path)} and {self.name(taken[stem])} would both be the graph {GRAPH}{stem}.",
                    "Rename one of them.",
                )
            taken[stem] = path
            graphs[GRAPH + stem] = (path,)
        return graphs

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every file that the served graph follows from, and over this package's version."""
        total = hashlib.sha256(__version__.encode())
        for path in self._files():
            total.update(f"\0{self.name(path)}\0".encode())
            if str(path) not in self._digests:
                self.read(path)
            total.update(bytes.fromhex(self._digests[str(path)]))
        return total.hexdigest()

    def read(self, path: Path) -> tuple[bytes, str]:
        """Return a file's bytes and their SHA-256; `digest` stands for what was read first, whatever the file becomes."""
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        self._digests.setdefault(str(path), digest)
        return content, digest

    @cached_property
    def _digests(self) -> dict[str, str]:
        # By text, whose hash is kept; a path makes its own anew from its parts.
        return {}

    def note(self, path: Path, digest: str) -> None:
        """Take a SHA-256 for that of a file, which then is not read for `digest`."""
        self._digests.setdefault(str(path), digest)

    def name(self, path: Path) -> str:
        """Return a file's path inside the root, as messages give it."""
        # Not by pathlib: with ten thousand files that alone took a second.
        return str(path).removeprefix(self._prefix).replace(os.sep, "/")

    @cached_property
    def _prefix(self) -> str:
        return os.path.join(self.path, "")  # noqa: PTH118 - a path that ends with a separator

    @property
    def union(self) -> bool:
        """Whether the default graph is the merge of the named graphs."""
        return True

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that the root is made of."""
        return FOLDERS

    def _files(self) -> Iterator[Path]:
        for folder in FOLDERS:
            yield from self._listing[folder]

    @cached_property
    def _listing(self) -> dict[str, tuple[Path, ...]]:
        return {folder: _under(self.path / folder, (".ttl", ".rq", ".jsonld")) for folder in FOLDERS}


class PlainRoot(GraphRoot):
    """RDF files of any vocabulary, served as they are: nothing is validated, derived or asked by name."""

    FILES: Final = "files"
    STRICT: Final = "strict"

    ontology = shapes = named_queries = checks = derivations = ()

    @classmethod
    def gather(cls, files: Iterable[Path], target: Path, *, strict: bool) -> "PlainRoot":
        """Return a root made of copies of these files; raises RootError for one that is not there.

        `strict` keeps named graphs out of the default graph.
        """
        (target / cls.FILES).mkdir(parents=True)
        for number, path in enumerate(files):
            if not path.is_file():
                raise RootError(f"{path} is not a file.", "Name files of RDF.")
            shutil.copyfile(path, target / cls.FILES / f"{number:04}-{path.name}")
        if strict:
            (target / cls.FILES / cls.STRICT).touch()
        return cls(target)

    @property
    def strict(self) -> bool:
        """Whether named graphs stay out of the default graph."""
        return (self.path / self.FILES / self.STRICT).is_file()

    @property
    def union(self) -> bool:
        """Whether the default graph is the merge of the named graphs."""
        return not self.strict

    @cached_property
    def context(self) -> Path:
        """The JSON-LD context of this project, whose prefixes serve any graph."""
        return shipped_root() / "ontology" / "context.jsonld"

    @cached_property
    def data(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(path for path in sorted((self.path / self.FILES).iterdir()) if path.name != self.STRICT)

    @cached_property
    def graphs(self) -> dict[str, tuple[Path, ...]]:
        """No graph is named after a file: files name their graphs themselves."""
        return {}

    @property
    def folders(self) -> tuple[str, ...]:
        """The folder of the files."""
        return (self.FILES,)

    def _files(self) -> Iterator[Path]:
        yield from sorted((self.path / self.FILES).iterdir())


def _under(folder: Path, endings: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files in a folder and those inside it whose names end in one of these, ordered by the parts of their paths."""
    return tuple(sorted(_walk(folder, endings), key=lambda path: str(path).replace(os.sep, "\0")))


def _walk(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    # Twice through the folder, since that is half the time of making each path anew from its name.
    with os.scandir(folder) as entries:
        inner = {entry.name for entry in entries if entry.is_dir()}
    for path in folder.iterdir():
        if path.name in inner:
            if not path.is_symlink():  # which may lead back here
                yield from _walk(path, endings)
        elif path.name.endswith(endings):
            yield path


def shipped_root() -> Path:
    """Return the graph root in this package: the checkout's own folders, or the copy inside the wheel."""
    packaged = Path(__file__).parent / "shipped"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]
