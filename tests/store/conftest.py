"""The same small dataset in every kind of store."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from alpine_kg.store import EmbeddedStore, Store

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


@pytest.fixture(scope="module", params=["memory", "disk", "read-only"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder: Path | None = None if request.param == "memory" else tmp_path_factory.mktemp("store") / "quads"
    filled = EmbeddedStore(folder)
    filled.load(dataset())
    filled.close()
    if request.param == "read-only":
        del filled  # the engine holds its lock until the object goes
        filled = EmbeddedStore(folder, read_only=True)
    return filled
