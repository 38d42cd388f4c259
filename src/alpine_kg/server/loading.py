"""What a spawner loads: the generation of the root that the settings name, with changes that were written over HTTP."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from alpine_kg.graph.generation import PlainFiles, build
from alpine_kg.graph.trust import Trust
from alpine_kg.settings import Settings
from alpine_kg.store.embedded import EmbeddedStore
from alpine_kg.store.workers import Generation

OVERLAY: Final = "written"
"""The folder of files that were written over HTTP; they replace the root's."""
GENERATIONS: Final = "generations"


class Loader:
    """Loads generations into a folder: the on-disk store's, or a temporary one for a graph in memory."""

    def __init__(self, settings: Settings) -> None:
        """Use the folder that the settings name."""
        self._settings = settings
        self._temporary = None if settings.store else Path(tempfile.mkdtemp(prefix="alpine-kg-"))
        self.folder = settings.store or self._temporary or Path()

    def load(self, change: dict[str, Any]) -> Generation:
        """Return a generation, after taking over the files of a change: its folder of files, laid over all earlier ones.

        A change becomes part of the overlay once the generation with it is whole. Raises what `build` raises.
        """
        settings, overlay = self._settings, self.folder / OVERLAY
        changed = Path(change["files"]) if "files" in change else None
        built = build(
            PlainFiles(settings.files, settings.default_graph == "strict") if settings.files else settings.root,
            self.folder / GENERATIONS,
            overlays=[overlay, *([changed] if changed else [])],
            trust=Trust(settings.cache_folder),
            on_disk=settings.store is not None,
            allow_invalid=settings.allow_invalid,
        )
        if changed:
            take_over(changed, overlay)
        quads = built.folder / "quads"
        # RocksDB has threads, which a fork would lose: on disk each worker opens the store for itself.
        opener = (lambda: EmbeddedStore(quads, read_only=True)) if settings.store else (lambda: built.store)
        return Generation({"folder": str(built.folder), "findings": built.findings[:10_000]}, opener)

    def clean_up(self) -> None:
        """Remove the temporary folder, if there is one."""
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)


def take_over(changed: Path, overlay: Path) -> None:
    """Move a change's files into the overlay, one rename each, so that a crash leaves each file old or new."""
    for path in sorted(changed.rglob("*")):
        if path.is_file():
            place = overlay / path.relative_to(changed)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            _sync(place.parent)
    shutil.rmtree(changed, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
