"""Real services on free ports: one that the tests of a module share, and others that they may kill."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from alpine_kg.root import FOLDERS, shipped_root
from running import Service, running


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped root that a module's tests may change."""
    folder = tmp_path_factory.mktemp("root")
    for part in FOLDERS:
        shutil.copytree(shipped_root() / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[Service]:
    with running("--root", root, path="/readyz") as service:
        yield service
