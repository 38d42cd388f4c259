"""Bulk load: from files of any size to a generation that `serve --store` opens at once.

The work is cut into parts. After each part the store is kept as it is, by links to files that never change again; a load that is
cut short goes on from there, so that nothing is loaded twice, and until the last step nothing of it is to be seen.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from alpine_kg import __version__
from alpine_kg.errors import StoreError
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.generation import INDEX, QUADS, ROOT, SUMMARY, snapshot
from alpine_kg.graph.loading import generation_name
from alpine_kg.graph.overlay import sync
from alpine_kg.graph.parts import Part, parts_of_root, parts_of_sources
from alpine_kg.graph.sources import Source
from alpine_kg.graph.summary import Summary
from alpine_kg.root import GraphRoot, PlainRoot
from alpine_kg.store import EmbeddedStore
from alpine_kg.trust import Trust

LOADED: Final = "loaded"
"""The file in a store's folder that names the generation which was loaded last."""
_LOADS: Final = "loads"
_KEPT: Final = "kept-"
_UNFINISHED: Final = ".unfinished"
_NEVER_WRITTEN_AGAIN: Final = ".sst"

Tell = Callable[[str, int, int], None]
"""Hears the stage, how many bytes of the sources have been read, and how many there are; 0 when that is not known."""


@dataclass(frozen=True)
class Load:
    """What is to be loaded: sources, and a graph root whose data, rules and derivations go with them, if one is given.

    `strict` keeps named graphs out of the default graph, where there is no root.
    """

    sources: Sequence[Source]
    root: GraphRoot | None = None
    strict: bool = False

    def run(self, folder: Path, *, trust: Trust, standard_input: IO[bytes] | None = None, tell: Tell) -> Summary:
        """Load everything into a store's folder, or go on where the same load was cut short; return what is there now.

        Raises RdfSyntaxError with the name of a source that is not well formed, and StoreError when the folder cannot be used.
        """
        with _held(folder / _LOADS):
            version = self._version()
            work = _Work(folder / _LOADS / generation_name(version))
            work.forget_others()
            root = self._copy_root(work.path)
            store, done = work.resume()
            for number, part in enumerate(self._parts(root, standard_input, tell)):
                if number < done:
                    part.skip()
                else:
                    part.load(store)
                    work.keep(store, number + 1)
            tell("index", 0, 0)
            (work.path / INDEX).unlink(missing_ok=True)
            Catalogue.build(store, work.path / INDEX, plain=isinstance(root, PlainRoot)).close()
            tell("count", 0, 0)
            valid = isinstance(root, PlainRoot) or (not self.sources and trust.has(root.digest))
            summary = Summary.of(store, version, valid=valid)
            summary.write(work.path / SUMMARY)
            store.close()
            del store  # the engine holds its lock until the object goes
            work.publish(folder)
        return summary

    def _parts(self, root: GraphRoot, standard_input: IO[bytes] | None, tell: Tell) -> Iterator[Part]:
        total, read = sum(source.size for source in self.sources), 0

        def count(size: int) -> None:
            nonlocal read
            read += size
            tell("load", read, total if all(source.size for source in self.sources) else 0)

        yield from parts_of_sources(self.sources, lambda source: source.open(standard_input, count), merge=root.union)
        if not isinstance(root, PlainRoot):
            yield from parts_of_root(root, tell)

    def _copy_root(self, work: Path) -> GraphRoot:
        """Return a copy of the root, so that what is served does not change when somebody edits a file."""
        copy = work / ROOT
        if not copy.is_dir():
            unfinished = work / (ROOT + _UNFINISHED)
            shutil.rmtree(unfinished, ignore_errors=True)
            if self.root:
                snapshot(self.root, unfinished, [])
            else:
                PlainRoot.gather((), unfinished, strict=self.strict)
            unfinished.rename(copy)
        return GraphRoot.open(copy)

    def _version(self) -> str:
        """Return a digest of what is loaded; what standard input holds is not known, so it is never the same."""
        total = hashlib.sha256(f"{__version__}\0{self.strict}\0{self.root.digest if self.root else ''}".encode())
        for source in self.sources:
            total.update(f"\0{source.format.extension}\0{source.state}".encode() if source.path else os.urandom(16))
        return total.hexdigest() if self.sources or not self.root else self.root.digest


class _Work:
    """The folder of one load, with the store as it was after the last part that was done."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)

    def forget_others(self) -> None:
        """Remove what is left of other loads, which cannot go on."""
        for other in self.path.parent.iterdir():
            if other.is_dir() and other != self.path:
                shutil.rmtree(other)

    def resume(self) -> tuple[EmbeddedStore, int]:
        """Return the store as it was kept last, and how many parts are in it."""
        quads = self.path / QUADS
        shutil.rmtree(quads, ignore_errors=True)
        kept = self._kept()
        if not kept:
            return EmbeddedStore(quads), 0
        shutil.copytree(kept[-1], quads, copy_function=_link)
        return EmbeddedStore(quads), int(kept[-1].name.removeprefix(_KEPT))

    def keep(self, store: EmbeddedStore, parts: int) -> None:
        """Keep the store as it is now, in place of what was kept before."""
        unfinished = self.path / (_KEPT + _UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)
        store.copy_to(unfinished)
        older = self._kept()
        unfinished.rename(self.path / f"{_KEPT}{parts:08}")
        for kept in older:
            shutil.rmtree(kept)

    def publish(self, folder: Path) -> None:
        """Make the load the generation that the folder's service opens; nothing of it was to be seen before."""
        for kept in self._kept():
            shutil.rmtree(kept)
        generations = folder / "generations"
        generations.mkdir(exist_ok=True)
        target = generations / self.path.name
        for path in (*self.path.iterdir(), *(self.path / QUADS).iterdir(), self.path):
            sync(path)
        if target.is_dir():
            shutil.rmtree(target.rename(target.with_name(target.name + _UNFINISHED)))
        self.path.rename(target)
        pointer = folder / (LOADED + _UNFINISHED)
        pointer.write_text(target.name, encoding="ascii")
        sync(pointer)
        pointer.rename(folder / LOADED)
        sync(folder)

    def _kept(self) -> list[Path]:
        return sorted(path for path in self.path.glob(f"{_KEPT}*") if path.name.removeprefix(_KEPT).isdigit())


def _link(source: str, target: str) -> str:
    if source.endswith(_NEVER_WRITTEN_AGAIN):
        os.link(source, target)
    else:
        shutil.copyfile(source, target)
    return target


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other loads out of a folder; raises StoreError when one is in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"No store can be made in {folder.parent}: {error}.", "Name a folder to write to.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise StoreError(
            f"Another load into {folder.parent} is running.", "Wait for it, or name another folder."
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)
