"""What a spawner loads: the generation of the root that the settings name, with changes that were written over HTTP."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from alpine_kg.errors import ForbiddenWriteError, StoreError
from alpine_kg.graph.bulk import LOADED
from alpine_kg.graph.generation import QUADS, ROOT, SUMMARY, PlainFiles, build, hold
from alpine_kg.graph.loading import LAYOUT, published
from alpine_kg.graph.overlay import Overlay
from alpine_kg.graph.summary import Summary
from alpine_kg.graph.writing import Write
from alpine_kg.root import GraphRoot
from alpine_kg.settings import Settings
from alpine_kg.store.embedded import EmbeddedStore
from alpine_kg.store.workers import Generation
from alpine_kg.trust import Trust

OVERLAY: Final = "written"
"""The folder of files that were written over HTTP; they replace the root's."""
GENERATIONS: Final = "generations"
PENDING: Final = "pending"
"""The folder of bodies that are being received, or wait to be written."""
_LOCK: Final = "lock"
_PATIENCE: Final = 10.0
"""Seconds to wait for the processes of a service that was killed to let go of the folder."""
_PREFIX: Final = "alpine-kg-"


class Loader:
    """Loads generations into a folder: the on-disk store's, or a temporary one for a graph in memory."""

    def __init__(self, settings: Settings) -> None:
        """Take hold of the folder for this process and all below it; raises StoreError when another service has it."""
        self._settings = settings
        self._temporary = None if settings.store_folder else _temporary_folder()
        self.folder = settings.store_folder or self._temporary or Path()
        _lock(self.folder, _PATIENCE)
        shutil.rmtree(self.folder / PENDING, ignore_errors=True)
        (self.folder / PENDING).mkdir()
        self._overlay = Overlay(self.folder / OVERLAY)

    def load(self, change: dict[str, Any]) -> Generation:
        """Return a generation, with a change's `write` laid over all earlier ones; raises what `build` and `Write.apply` do.

        The write becomes part of the overlay once the generation with it is whole.
        """
        settings = self._settings
        if loaded := self._loaded():
            return self._generation(loaded, change)
        if "write" in change and settings.remote:
            raise ForbiddenWriteError(
                "A graph in a remote engine cannot be written to over HTTP: other processes serve it from files of their own.",
                "Change the files of the graph root, and have every process reload.",
            )
        outcome: dict[str, Any] = {}
        overlay, edit = self._overlay.current, None
        if "write" in change:
            made = self._overlay.next()
            edit = _editor(Write(**change["write"]), made, outcome)
        built = build(
            PlainFiles(settings.files, settings.default_graph == "strict") if settings.files else settings.root,
            self.folder / GENERATIONS,
            overlays=[overlay] if overlay else [],
            edit=edit,
            trust=Trust(settings.cache_folder),
            on_disk=settings.store_folder is not None,
            allow_invalid=settings.allow_invalid,
            engine=settings.engine,
        )
        if edit:
            self._overlay.commit(made)
        info = self._info(built.folder, outcome, valid=not built.findings)
        if settings.remote:
            from alpine_kg.store.remote.connection import Connection  # noqa: PLC0415 - only a remote engine needs it

            store = published(built.store, GraphRoot.open(built.folder / ROOT), Connection.of(settings))
            return Generation(info, lambda: store, confined=False)
        if settings.store_folder:
            return Generation(info, _opener(built.folder))
        built.store.total = Summary.read(built.folder / SUMMARY).triples
        return Generation(info, lambda: built.store)

    def _loaded(self) -> Path | None:
        """Return the generation that `alpine-kg load` left in the store's folder, when no root and no files are to be served."""
        settings = self._settings
        pointer = self.folder / LOADED
        if settings.store_folder is None or settings.root or settings.files or not pointer.is_file():
            return None
        folder = self.folder / GENERATIONS / pointer.read_text(encoding="ascii")
        if not folder.name.endswith(LAYOUT):
            raise StoreError(
                f"What was loaded into {self.folder} is in the layout of another version of alpine-kg.",
                "Load it again: alpine-kg load",
            )
        if not (folder / SUMMARY).is_file():
            raise StoreError(f"What was loaded into {self.folder} is gone.", "Load it again: alpine-kg load")
        return folder

    def _generation(self, folder: Path, change: dict[str, Any]) -> Generation:
        """Return a generation that was loaded; raises ForbiddenWriteError for a write to it."""
        if "write" in change:
            raise ForbiddenWriteError(
                "A store that was loaded cannot be written to.", "Load it again, or serve a graph root."
            )
        hold(folder)
        return Generation(self._info(folder, {}, valid=Summary.read(folder / SUMMARY).valid), _opener(folder))

    def _info(self, folder: Path, outcome: dict[str, Any], *, valid: bool) -> dict[str, Any]:
        return {
            "folder": str(folder),
            "pending": str(self.folder / PENDING),
            "spawner": os.getpid(),
            "valid": valid,
            "outcome": outcome,
        }

    def clean_up(self) -> None:
        """Remove the temporary folder, if there is one."""
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)


def _opener(folder: Path) -> Callable[[], EmbeddedStore]:
    # RocksDB has threads, which a fork would lose: on disk each worker opens the store for itself.
    total = Summary.read(folder / SUMMARY).triples
    return lambda: EmbeddedStore(folder / QUADS, read_only=True, total=total)


def _editor(write: Write, overlay: Path, outcome: dict[str, Any]) -> Callable[[GraphRoot], None]:
    return lambda root: outcome.update(write.apply(root, overlay))


def _lock(folder: Path, patience: float) -> int:
    """Hold a folder for this process and those forked from it; raises StoreError when others hold it for too long."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"No store can be made in {folder}: {error}.", "Name a folder to write to.") from error
    deadline = time.monotonic() + patience
    while True:
        try:
            # The lock belongs to the open file, which forks share: it lasts until the last of them has ended.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise StoreError(
                    f"The store in {folder} is in use by another service.", "Stop that one, or name another folder."
                ) from None
            time.sleep(0.05)
        else:
            return descriptor


def _temporary_folder() -> Path:
    """Return a new folder, after removing those that killed services have left behind."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            descriptor = _lock(left, 0) if (left / _LOCK).exists() and left.stat().st_uid == os.getuid() else None
        except (OSError, StoreError):
            continue
        if descriptor is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(descriptor)
    return Path(tempfile.mkdtemp(prefix=_PREFIX))
