"""Spawners as the service has them; `world` has all else that these tests share."""

import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Tests are found by their files, not by a package: what they share is imported from the checkout's folder.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.outbound.world import Spawn, memory_store

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.workers import Channel, Generation, start_spawner
from alpine_kg.web import create_app

with warnings.catch_warnings():
    # It says that httpx2 will take the place of httpx, once and here, before any test module imports it.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture(scope="package")
def client(graph: KnowledgeGraph) -> Iterator[TestClient]:
    settings = Settings(client_errors=10_000)
    with TestClient(create_app(graph, settings), follow_redirects=False) as held:
        yield held


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start spawners, in memory unless told how to open a store."""
    channels: list[Channel] = []

    def start(opener: Callable[[], EmbeddedStore] | None = None, *, federated: bool = False) -> Channel:
        store = memory_store()
        channel = start_spawner(
            lambda: Generation({}, opener or (lambda: store)), memory=512 * 2**20, networked=federated
        )
        channel.ready()
        channels.append(channel)
        return channel

    yield start
    for channel in channels:
        channel.close()
