"""The application over a graph root in which everything that can be a trick is one; `tricks` has the tricks."""

import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Tests are found by their files, not by a package: what they share is imported from the checkout's folder.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.hostile.tricks import DATA, ONTOLOGY, QUERY

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.root import FOLDERS, shipped_root
from alpine_kg.settings import Settings
from alpine_kg.web import create_app

with warnings.catch_warnings():
    # It says that httpx2 will take the place of httpx, once and here, before any test module imports it.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

Serve = Callable[..., TestClient]


@pytest.fixture(scope="package")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serve the shipped graph with files added."""

    def start(files: dict[str, str]) -> TestClient:
        root = tmp_path_factory.mktemp("root")
        for folder in FOLDERS:
            shutil.copytree(shipped_root() / folder, root / folder)
        for name, text in files.items():
            (root / name).write_text(text, encoding="utf-8", newline="")
        app = create_app(KnowledgeGraph.open(root), Settings(client_errors=100_000), valid=False)
        return TestClient(app, follow_redirects=False, raise_server_exceptions=False)

    return start


@pytest.fixture(scope="package")
def client(serve: Serve) -> Iterator[TestClient]:
    files = {"data/tricks.ttl": DATA, "ontology/tricks.ttl": ONTOLOGY, "queries/tricks.rq": QUERY}
    with serve(files) as held:
        yield held
