"""The overlay: the files that were written over HTTP, which replace the root's, in numbered folders of which the highest counts.

Each write makes the next folder under another name and renames it when it is whole and on the disk, so that a crash at any
moment leaves the old overlay or the new one. Files that a write does not touch are shared by hard links.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from alpine_kg.graph.generation import DELETED

_UNFINISHED: Final = ".unfinished"
_DIGITS: Final = 8


class Overlay:
    """The numbered folders in one folder; for one writer at a time."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made when something is first written."""
        self._folder = folder

    @property
    def current(self) -> Path | None:
        """The folder that counts, or None when nothing was ever written."""
        return max(self._finished(), default=None)

    def next(self) -> Path:
        """Return a new folder, not yet counted, that holds what the current one does."""
        current = self.current
        number = int(current.name) + 1 if current else 1
        self._folder.mkdir(parents=True, exist_ok=True)
        made = self._folder / f"{number:0{_DIGITS}}{_UNFINISHED}"
        shutil.rmtree(made, ignore_errors=True)
        if current:
            shutil.copytree(current, made, copy_function=_link)
        else:
            made.mkdir()
        return made

    def commit(self, made: Path) -> None:
        """Make a folder of `next` the one that counts; when this returns, a power cut no longer undoes it."""
        for folder in [path for path in made.rglob("*") if path.is_dir()]:
            sync(folder)
        sync(made)
        made.rename(made.with_name(made.name.removesuffix(_UNFINISHED)))
        sync(self._folder)
        for old in sorted(self._finished())[:-1]:
            shutil.rmtree(old, ignore_errors=True)

    def _finished(self) -> list[Path]:
        return [path for path in self._folder.glob("*") if path.name.isdigit()]


def write(overlay: Path, name: str, content: bytes | None) -> None:
    """Put a file into a folder of `Overlay.next`, or with None the mark that there is no such file in the root."""
    place = overlay / name
    place.parent.mkdir(parents=True, exist_ok=True)
    mark = place.with_name(place.name + DELETED)
    chosen, other = (mark, place) if content is None else (place, mark)
    # Both may be links to files of the overlay that counts: those must not be written to.
    chosen.unlink(missing_ok=True)
    other.unlink(missing_ok=True)
    chosen.write_bytes(content or b"")
    sync(chosen)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)
        sync(Path(target))
    return target
