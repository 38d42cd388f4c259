"""The application over the shipped graph: asked in this process, and by a server of its own for real clients."""

import gc
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.root import FOLDERS, shipped_root
from alpine_kg.settings import Settings
from alpine_kg.web import create_app

with warnings.catch_warnings():
    # It says that httpx2 will take the place of httpx, once and here, before any test module imports it.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


PATIENT: dict[str, Any] = {"client_errors": 1e9, "client_work_seconds": 1e9}
"""Settings under which one client may fail as often as the tests make it fail."""


@pytest.fixture(scope="session", autouse=True)
def swept(graph: KnowledgeGraph) -> None:
    """Collect what opening a graph leaves behind before a server's thread does.

    The exceptions of the date grammar hold the frames that they were raised in, and with them an answer of the engine, which
    only the thread that made it may let go of.
    """
    del graph
    gc.collect()


@pytest.fixture(scope="session")
def client(graph: KnowledgeGraph) -> Iterator[TestClient]:
    with TestClient(create_app(graph, Settings(**PATIENT)), follow_redirects=False) as held:
        yield held


@pytest.fixture
def serve(graph: KnowledgeGraph) -> Callable[..., TestClient]:
    """Return what makes a client of a new application with other settings, over the shipped graph or another."""

    def make(other: KnowledgeGraph | None = None, *, valid: bool = True, **settings: Any) -> TestClient:
        app = create_app(other or graph, Settings(**PATIENT | settings), valid=valid)
        return TestClient(app, follow_redirects=False, raise_server_exceptions=False)

    return make


@pytest.fixture(scope="session")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], KnowledgeGraph]:
    """Return what opens the shipped graph with one more file of data."""

    def open_with(turtle: str) -> KnowledgeGraph:
        root = tmp_path_factory.mktemp("root")
        for folder in FOLDERS:
            shutil.copytree(shipped_root() / folder, root / folder)
        (root / "data" / "more.ttl").write_text(turtle, encoding="utf-8")
        graph = KnowledgeGraph.open(root)
        gc.collect()
        return graph

    return open_with


@contextmanager
def running(app: Any) -> Iterator[str]:
    """Serve an application on a free port of this machine, and give its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def address(graph: KnowledgeGraph) -> Iterator[str]:
    with running(create_app(graph, Settings(**PATIENT))) as held:
        yield held
