"""The same small dataset in every kind of store."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

# Tests are found by their files, not by a package: what they share is imported from the checkout's folder.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engines.kinds import KINDS

from alpine_kg.settings import Settings
from alpine_kg.store import EmbeddedStore, Store
from alpine_kg.store.remote import Edition, RemoteStore, publish
from alpine_kg.store.remote.connection import Connection

DATASET = """
    @prefix : <https://example.org/> .
    :g1 { :a :p 1, 2 ; :q "l\\r\\nine", "é"@fr, "01"^^<http://www.w3.org/2001/XMLSchema#gMonth> . :a :r _:b . _:b :p 3 }
    :g2 { :a :p 1 . :c :p 4 }
"""


def dataset() -> dict[str, list[ox.Triple]]:
    graphs: dict[str, list[ox.Triple]] = {"https://example.org/empty": []}
    for quad in ox.parse(DATASET, format=ox.RdfFormat.TRIG):
        assert isinstance(quad.graph_name, ox.NamedNode)
        graphs.setdefault(quad.graph_name.value, []).append(quad.triple)
    return graphs


@pytest.fixture(scope="module", params=["memory", "disk", "read-only", "oxigraph"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    if request.param == "oxigraph":
        with KINDS["oxigraph"].start(tmp_path_factory.mktemp("engine")) as (settings, _):
            yield published(Settings(store=settings["store"]))
        return
    folder: Path | None = None if request.param == "memory" else tmp_path_factory.mktemp("store") / "quads"
    filled = EmbeddedStore(folder)
    filled.load(dataset())
    filled.close()
    if request.param == "read-only":
        del filled  # the engine holds its lock until the object goes
        filled = EmbeddedStore(folder, read_only=True)
    yield filled


def published(settings: Settings) -> RemoteStore:
    filled, connection = EmbeddedStore(), Connection.of(settings)
    filled.load(dataset())
    edition = Edition("first", tuple(filled.sizes()))
    publish(connection, filled, edition, union=True, others=False)
    return RemoteStore(connection, edition)
