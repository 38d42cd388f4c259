"""What several rooms' tests share: the opened shipped graph, and folders that a test may spoil."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from tests.engines.elsewhere import held_elsewhere
from tests.worlds import PAST_WORLD

from alpine_kg.formats import Context
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import PREFIXES as NAMESPACES
from alpine_kg.root import FOLDERS, shipped_root

# The same examples on every run: a suite that fails now and then is not believed. No deadline, since the machine is shared.
settings.register_profile("suite", deadline=None, derandomize=True, database=None, max_examples=40)
settings.load_profile("suite")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", default="memory", help="Kind of engine that holds the graphs: a row of engines/kinds.py"
    )


def pytest_configure(config: pytest.Config) -> None:
    if (name := config.getoption("--engine")) != "memory":
        config.pluginmanager.register(held_elsewhere(name), "engine")


SMALL_ROOT = {
    "ontology/small.ttl": """
        @prefix ak: <https://w3id.org/alpine-kg/ontology#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        ak:Plant rdfs:label "plant"@en ; rdfs:isDefinedBy <https://w3id.org/alpine-kg/ontology> .
    """,
    "ontology/context.jsonld": '{"@context": {"id": "@id", "type": "@type", "any": "@none"}}',
    "data/plants.ttl": """
        @prefix ak: <https://w3id.org/alpine-kg/ontology#> .
        @prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        plant:dieppe a ak:Plant ; rdfs:label "Dieppe" .
    """,
    "queries/derive/first.rq": "CONSTRUCT { ?s <urn:first> true } WHERE { ?s a ?class }",
}
"""The least that opens: one term, one entity, one derivation."""


@pytest.fixture(scope="session")
def graph() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.fixture(scope="session")
def context(graph: KnowledgeGraph) -> Context:
    return graph.context


@pytest.fixture
def shipped_copy(tmp_path: Path) -> Path:
    """A copy of the shipped graph root."""
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, tmp_path / "root" / folder)
    return tmp_path / "root"


@pytest.fixture
def small_root(tmp_path: Path) -> Callable[[dict[str, str | None]], Path]:
    """Makes a tiny graph root, with files replaced, added, or (by None) left out."""

    def make(changes: dict[str, str | None]) -> Path:
        root = tmp_path / "small"
        for name, text in {**SMALL_ROOT, **changes}.items():
            if text is not None:
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
        for folder in FOLDERS:
            (root / folder).mkdir(parents=True, exist_ok=True)
        return root

    return make


PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.items())


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], KnowledgeGraph]:
    """Opens a graph of the shipped vocabulary and queries with these statements, in Turtle without prefixes, for its data."""

    @cache
    def open_world(turtle: str) -> KnowledgeGraph:
        root = tmp_path_factory.mktemp("world")
        for folder in ("ontology", "queries"):
            shutil.copytree(shipped_root() / folder, root / folder)
        (root / "data").mkdir()
        (root / "data" / "world.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
        return KnowledgeGraph.open(root)

    return open_world


@pytest.fixture(scope="session")
def past_world(world: Callable[[str], KnowledgeGraph]) -> KnowledgeGraph:
    return world(PAST_WORLD)
