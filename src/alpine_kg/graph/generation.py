"""A generation: one state of a graph root, validated, loaded and indexed, in a folder of its own that never changes.

The folder holds a copy of the root's files, the catalogue and, for an on-disk store, the quads. So what is served does not
change when somebody edits a file, and a generation is there as a whole or not at all: it is built under another name.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from alpine_kg.errors import InvalidGraphError
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.judgement import REFERENCE, Judgement
from alpine_kg.graph.loading import fill, generation_name
from alpine_kg.graph.summary import Summary
from alpine_kg.root import FOLDERS, GraphRoot, PlainRoot
from alpine_kg.store import EmbeddedStore
from alpine_kg.trust import Trust

ROOT: Final = "root"
QUADS: Final = "quads"
INDEX: Final = "catalogue.sqlite"
SUMMARY: Final = "summary.json"
DELETED: Final = ".deleted"
"""What the name of an overlay file ends with that stands for one that is not there."""
_UNFINISHED: Final = ".unfinished"
_KEPT: Final = 2
"""Generations that stay on the disk: the one being served, and the one whose last answers are being finished."""


@dataclass(frozen=True)
class PlainFiles:
    """Files of any RDF to serve as they are; `strict` keeps their named graphs out of the default graph."""

    files: tuple[Path, ...]
    strict: bool


@dataclass(frozen=True)
class Built:
    """A generation that is ready to be served: its folder, its store, and the report of what is invalid in it, if anything."""

    folder: Path
    store: EmbeddedStore
    findings: str


def build(
    source: Path | PlainFiles | None,
    folder: Path,
    *,
    overlays: Sequence[Path],
    trust: Trust,
    on_disk: bool,
    allow_invalid: bool,
    engine: str = REFERENCE,
    edit: Callable[[GraphRoot], None] | None = None,
) -> Built:
    """Return the generation of a root, from the subfolder of `folder` that holds it or newly built there.

    The files of each overlay replace those of the root and of the overlays before it; `edit` may change the copy of the root
    that they make up, before it is validated. Raises InvalidGraphError with the report in its details, unless the graph is
    valid or `allow_invalid`; nothing is left behind then. The folder stays as long as this process lives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{os.getpid()}{_UNFINISHED}"
    for leftover in folder.glob(f"*{_UNFINISHED}"):
        shutil.rmtree(leftover)
    try:
        if isinstance(source, PlainFiles):
            root: GraphRoot = PlainRoot.gather(source.files, unfinished / ROOT, strict=source.strict)
        else:
            root = snapshot(GraphRoot.open(source), unfinished / ROOT, overlays)
        if edit:
            edit(root)
            root = GraphRoot.open(root.path)
        generation = folder / generation_name(root.digest)
        verdict = Judgement.begin(root, trust, engine)
        try:
            store, summary = _store(root, unfinished, generation, on_disk=on_disk)
        finally:
            # What cannot be loaded is not valid either, and the report says more of it than the first thing that failed.
            findings = _accepted(verdict, allow_invalid=allow_invalid)
        if summary:
            replace(summary, valid=not findings).write(unfinished / SUMMARY)
            _sync(unfinished)
            unfinished.rename(generation)
            _sync(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    os.utime(generation)
    hold(generation)
    _forget_old(folder)
    return Built(generation, store or EmbeddedStore(generation / QUADS, read_only=True), findings)


def snapshot(source: GraphRoot, target: Path, overlays: Sequence[Path]) -> GraphRoot:
    """Return a copy of a root's files in a new folder, with those of the overlays in place of their namesakes."""
    for part in FOLDERS:
        shutil.copytree(source.path / part, target / part)
    for overlay in overlays:
        for path in sorted(path for path in overlay.rglob("*") if path.is_file()):
            place = target / path.relative_to(overlay)
            if path.name.endswith(DELETED):
                place.with_name(path.name.removesuffix(DELETED)).unlink(missing_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
    return GraphRoot.open(target)


def _accepted(verdict: Judgement, *, allow_invalid: bool) -> str:
    """Return what was found wrong, once that is known; raises InvalidGraphError for it unless it is allowed."""
    findings = verdict.wait()
    if findings and not allow_invalid:
        raise InvalidGraphError(
            "The graph is not valid.",
            "Mend what the report names, or serve it with --allow-invalid.",
            {"report": findings},
        )
    return findings


def _store(
    root: GraphRoot, unfinished: Path, generation: Path, *, on_disk: bool
) -> tuple[EmbeddedStore | None, Summary | None]:
    """Fill a generation's folder; return the store if it is one in memory, and the summary of a folder that is new."""
    if on_disk and generation.is_dir():
        return None, None
    store = EmbeddedStore(unfinished / QUADS) if on_disk else EmbeddedStore()
    fill(store, root)
    summary = None
    if not generation.is_dir():
        Catalogue.build(store, unfinished / INDEX, plain=isinstance(root, PlainRoot))
        summary = Summary.of(store, root.digest, valid=True)
    store.close()
    return None if on_disk else store, summary


def hold(generation: Path) -> None:
    """Keep a generation's folder from being removed while this process, or one forked from it, lives."""
    fcntl.flock(os.open(generation, os.O_RDONLY), fcntl.LOCK_SH)


def _forget_old(folder: Path) -> None:
    """Remove the older generations that no process holds."""
    generations = sorted(_generations(folder), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in generations[_KEPT:]:
        descriptor = os.open(old, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Renamed first: a removal that is cut short must not leave half a generation under its name.
            shutil.rmtree(old.rename(old.with_name(old.name + _UNFINISHED)), ignore_errors=True)
        except OSError:  # somebody is still being answered from it
            continue
        finally:
            os.close(descriptor)


def _generations(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if (path / INDEX).is_file() and not path.name.endswith(_UNFINISHED))


def _sync(folder: Path) -> None:
    """Make the files below a folder survive a power cut."""
    for path in (*folder.rglob("*"), folder) if folder.name.endswith(_UNFINISHED) else (folder,):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
