"""Downloads: every name in every format, the same bytes each time, the same graph when read again."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest

from alpine_kg.errors import AlpineKGError, NotFoundError
from alpine_kg.formats import FORMATS, RDF_FORMATS, Format
from alpine_kg.graph import EXPORTS, KnowledgeGraph
from alpine_kg.graph.export import names
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import ONTOLOGY_GRAPH, GraphRoot, shipped_root

NAMES = names(GraphRoot.open())
NQUADS = FORMATS["nq"]


def canonical(rows: Iterable[ox.Quad | ox.Triple]) -> set[ox.Quad]:
    quads = {row if isinstance(row, ox.Quad) else ox.Quad(*row) for row in rows}
    if not any(isinstance(term, ox.BlankNode) for quad in quads for term in quad):
        return quads
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def read(graph: KnowledgeGraph, name: str, target: Format) -> list[ox.Quad]:
    return list(ox.parse(graph.export(name, target), format=target.rdf))


def test_every_graph_can_be_downloaded(graph: KnowledgeGraph) -> None:
    assert set(EXPORTS) < set(NAMES)
    assert {GRAPH + name for name in NAMES} >= graph.sizes.keys()
    assert len(set(NAMES)) == len(NAMES)
    assert all(EXPORTS[name].keys() == {"fr", "en"} for name in EXPORTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_format_carries_the_same_graph(graph: KnowledgeGraph, name: str) -> None:
    quads = read(graph, name, NQUADS)
    assert bool(quads) == (name in EXPORTS or GRAPH + name in graph.sizes)
    merged = canonical({quad.triple for quad in quads})
    for target in RDF_FORMATS:
        back = read(graph, name, target)
        assert canonical(back) == (canonical(quads) if target.has_graphs else merged), target.extension


@pytest.fixture(scope="module")
def another() -> KnowledgeGraph:
    return KnowledgeGraph.open()


@pytest.mark.parametrize("target", RDF_FORMATS, ids=lambda row: str(row.extension))
@pytest.mark.parametrize("name", ["all", "plant:dieppe"])
def test_another_start_gives_the_same_bytes(
    graph: KnowledgeGraph, another: KnowledgeGraph, name: str, target: Format
) -> None:
    assert another.export(name, target) == graph.export(name, target)


def test_an_on_disk_store_gives_the_same_bytes(
    small_root: Callable[[dict[str, str | None]], Path], tmp_path: Path
) -> None:
    path = small_root({})
    on_disk = KnowledgeGraph.open(path, store=tmp_path / "store")
    assert on_disk.export("all", NQUADS) == KnowledgeGraph.open(path).export("all", NQUADS)


def test_the_order_of_the_files_does_not_matter(graph: KnowledgeGraph, shipped_copy: Path) -> None:
    for path in (shipped_copy / "data").rglob("*.ttl"):
        lines = [f"{quad.triple} .\n" for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
        path.write_text("".join(reversed(lines)), encoding="utf-8")
    assert KnowledgeGraph.open(shipped_copy).export("all", NQUADS) == graph.export("all", NQUADS)


def test_all_is_what_is_served(graph: KnowledgeGraph) -> None:
    assert canonical(read(graph, "all", NQUADS)) == canonical(graph.store.quads())


def test_the_parts_make_the_whole(graph: KnowledgeGraph) -> None:
    parts = [canonical(read(graph, name, NQUADS)) for name in ("ontology", "data", "derived")]
    assert set.union(*parts) == canonical(read(graph, "all", NQUADS))
    assert sum(map(len, parts)) == len(set.union(*parts))


@pytest.mark.parametrize("path", GraphRoot.open().data, ids=lambda path: str(path.stem))
def test_data_is_exported_as_it_is_written(graph: KnowledgeGraph, path: Path) -> None:
    written = {quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)}
    assert {quad.triple for quad in read(graph, path.stem, NQUADS)} == written


@pytest.mark.parametrize(
    ("name", "file", "whole"),
    [
        ("plant:dieppe", "data/plants.ttl", False),
        ("plant/dieppe", "data/plants.ttl", False),
        ("person:luca-de-meo", "data/people.ttl", False),
        ("announcement:2022-01-28-dieppe-crossover-gt", "data/announcements/2022-01-28-dieppe-crossover-gt.ttl", True),
        ("claim:2022-01-28-crossover-gt-electric", "data/announcements/2022-01-28-dieppe-crossover-gt.ttl", False),
    ],
)
def test_one_entity_or_announcement_alone(graph: KnowledgeGraph, name: str, file: str, whole: bool) -> None:  # noqa: FBT001
    written = {quad.triple for quad in ox.parse(path=str(shipped_root() / file), format=ox.RdfFormat.TURTLE)}
    node = ox.NamedNode(graph.resolve(name))
    expected = written if whole else {triple for triple in written if triple.subject == node}
    for target in RDF_FORMATS:
        assert {quad.triple for quad in read(graph, name, target)} == expected


@pytest.mark.parametrize(
    "name", ["nothing", "", "ALL", "plant:nowhere", "plant/nowhere", "plant:a b", "../data", "a\0:b"]
)
def test_what_is_not_there_is_refused(graph: KnowledgeGraph, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        graph.export(name, FORMATS["ttl"])
    assert caught.value.remedy


@pytest.mark.parametrize("extension", ["json", "html", "csv", "srj"])
@pytest.mark.parametrize("name", ["all", "plant:dieppe"])
def test_formats_without_rdf_are_refused(graph: KnowledgeGraph, name: str, extension: str) -> None:
    with pytest.raises(AlpineKGError, match="carry"):
        graph.export(name, FORMATS[extension])


def test_the_ontology_is_a_graph_of_its_own(graph: KnowledgeGraph) -> None:
    assert {quad.graph_name for quad in read(graph, "ontology", NQUADS)} == {ox.NamedNode(ONTOLOGY_GRAPH)}


def test_literals_keep_their_spelling(graph: KnowledgeGraph, shipped_copy: Path) -> None:
    places = shipped_copy / "data" / "places.ttl"
    places.write_text(places.read_text(encoding="utf-8").replace("49.92 ", "49.9200 "), encoding="utf-8")
    exported = KnowledgeGraph.open(shipped_copy).export("places", FORMATS["nt"])
    assert b'"49.9200"' in exported
    assert b'"49.9200"' not in graph.export("places", FORMATS["nt"])
