"""Stamps: what has not changed is not read, and whatever has is, however it was done."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest

from alpine_kg.root import FOLDERS, GraphRoot, shipped_root
from alpine_kg.validation import stamps
from alpine_kg.validation.recorded import report_recorded
from alpine_kg.validation.records import RawFile
from alpine_kg.validation.runners import Serial
from alpine_kg.validation.splitting import Splitting

FILE = "data/aims.ttl"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, tmp_path / "root" / folder)
    for path in (tmp_path / "root" / "data").glob("*/*.ttl"):
        path.unlink()
    return tmp_path / "root"


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files known by their stamps at once."""
    monkeypatch.setattr(stamps, "_SETTLED", -60.0)


class Watched(Splitting):
    """A validation that notes which files it reads."""

    def __post_init__(self) -> None:
        self.read: list[str] = []
        super().__post_init__()

    def _raw(self, path: Path, graph: str) -> RawFile:
        self.read.append(self.root.name(path))
        return super()._raw(path, graph)


def _read(root: Path, state: Path) -> list[str]:
    """Validate, and return which files of data were read."""
    opened = GraphRoot.open(root)
    watched = Watched(opened, "fast", Serial())
    report_recorded(opened, watched.run(state), None)
    assert opened.digest == GraphRoot.open(root).digest
    return [name for name in watched.read if name.startswith("data/")]


@pytest.mark.usefixtures("settled")
def test_only_files_with_another_stamp_are_read(root: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    names = {GraphRoot.open(root).name(path) for path in GraphRoot.open(root).data}
    assert set(_read(root, state)) == names
    assert _read(root, state) == []
    (root / FILE).touch()
    assert _read(root, state) == [FILE]
    assert _read(root, state) == []


@pytest.mark.usefixtures("settled")
def test_a_change_that_keeps_size_and_time_is_seen(root: Path, tmp_path: Path) -> None:
    state, path = tmp_path / "state.sqlite", root / FILE
    _read(root, state)
    before, text = path.stat(), path.read_text(encoding="utf-8")
    time.sleep(0.02)  # the system's clock of file times ticks in some milliseconds
    path.write_text(text.replace("a", "e", 1), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert FILE in _read(root, state)


def test_what_has_changed_only_just_is_read_again(root: Path, tmp_path: Path) -> None:
    path = root / FILE
    path.touch()
    assert stamps.stamp_of(path) == ""
    state = tmp_path / "state.sqlite"
    assert FILE in _read(root, state)
    path.touch()
    assert stamps.stamp_of(path) == ""
    assert FILE in _read(root, state)


def test_a_digest_that_is_noted_stands_for_the_file(root: Path) -> None:
    opened = GraphRoot.open(root)
    opened.note(root / FILE, hashlib.sha256(b"something else").hexdigest())
    assert opened.digest != GraphRoot.open(root).digest
