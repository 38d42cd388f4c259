"""From the files of a root to a filled store, in memory and on disk."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from alpine_kg.errors import RdfSyntaxError, RootError, StoreError
from alpine_kg.graph import KnowledgeGraph, loading
from alpine_kg.graph.loading import fill, ordered_derivations, read_triples
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import GraphRoot
from alpine_kg.store import EmbeddedStore

MakeRoot = Callable[[dict[str, str | None]], Path]
SECOND = "#+ after: [first]\nCONSTRUCT { ?s <urn:second> ?first } WHERE { ?s <urn:first> ?first }"
THIRD = "#+ after: [second]\nCONSTRUCT { ?s <urn:third> ?second } WHERE { ?s <urn:second> ?second }"


def filled(path: Path) -> EmbeddedStore:
    store = EmbeddedStore()
    fill(store, GraphRoot.open(path))
    return store


def test_every_file_and_every_derivation_fills_a_graph(small_root: MakeRoot) -> None:
    store = filled(
        small_root({"queries/derive/empty.rq": "CONSTRUCT { ?s ?p ?o } WHERE { ?s <urn:none> ?o . ?s ?p ?o }"})
    )
    assert {graph.removeprefix(GRAPH): size for graph, size in store.sizes().items() if size} == {
        "ontology": 2,
        "plants": 2,
        "first": 1,
    }


def test_derivations_run_behind_those_they_name(small_root: MakeRoot) -> None:
    # The names sort the other way round.
    root = small_root(
        {
            "queries/derive/a-third.rq": THIRD.replace("after: [second]", "after: [b-second]"),
            "queries/derive/b-second.rq": SECOND,
        }
    )
    assert [query.name for query in ordered_derivations(GraphRoot.open(root))] == ["first", "b-second", "a-third"]
    assert filled(root).sizes()[GRAPH + "a-third"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"queries/derive/second.rq": SECOND.replace("first]", "missing]")},
        {"queries/derive/second.rq": SECOND.replace("first]", "third]"), "queries/derive/third.rq": THIRD},
        {"queries/derive/second.rq": SECOND.replace("first]", "second]")},
    ],
)
def test_derivations_that_wait_for_ever_are_refused(small_root: MakeRoot, changes: dict[str, str | None]) -> None:
    with pytest.raises(RootError, match="wait for each other") as caught:
        filled(small_root(changes))
    assert "second" in caught.value.message
    assert "first" not in caught.value.message.split(" wait ")[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<urn:a> <urn:b>", "line 1"),
        ("<urn:a> <urn:b> <urn:c> .\n<urn:a> urn:b <urn:c> .", "line 2"),
        ("<urn:a> <urn:b> <relative> .", "line 1"),
    ],
)
def test_a_file_that_is_not_turtle_is_refused_by_name_and_line(small_root: MakeRoot, text: str, words: str) -> None:
    with pytest.raises(RdfSyntaxError, match=words) as caught:
        filled(small_root({"data/plants.ttl": text}))
    assert caught.value.message.startswith("data/plants.ttl ")
    assert "alpine-kg validate" in caught.value.remedy


def test_a_file_in_another_encoding_is_refused(small_root: MakeRoot) -> None:
    path = small_root({})
    (path / "data" / "plants.ttl").write_bytes(b'<urn:a> <urn:b> "\xe9" .')
    with pytest.raises(RdfSyntaxError, match="UTF-8"):
        filled(path)


def test_blank_nodes_of_two_files_are_not_the_same(small_root: MakeRoot) -> None:
    path = small_root({"ontology/a.ttl": "_:b <urn:p> 1 .", "ontology/b.ttl": "_:b <urn:p> 2 ."})
    root = GraphRoot.open(path)
    assert len({triple.subject for triple in read_triples(root.ontology[:2], root)}) == 2


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"ontology/context.jsonld": None}, RootError, "JSON-LD context"),
        ({"ontology/context.jsonld": "{}"}, RootError, "JSON-LD context"),
        (
            {"queries/broken.rq": "#+ parameters: [{name: x, type: iri, summary: {en: x}}]\nASK {}"},
            RootError,
            "broken.rq",
        ),
        ({"queries/derive/first.rq": "#+ [\nASK {}"}, RootError, "first.rq"),
        ({"data/x/plants.ttl": ""}, RootError, "would both be the graph"),
    ],
)
def test_a_root_that_cannot_be_opened_says_which_file(
    small_root: MakeRoot, changes: dict[str, str | None], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        KnowledgeGraph.open(small_root(changes))


def counted(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return a list that grows by one each time a store is filled."""
    fillings: list[None] = []

    def counting(*arguments: object) -> None:
        fillings.append(None)
        fill(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "fill", counting)
    return fillings


def test_an_on_disk_store_is_filled_once(small_root: MakeRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fillings = counted(monkeypatch)
    path = small_root({})
    first = KnowledgeGraph.open(path, store=tmp_path / "store")
    second = KnowledgeGraph.open(path, store=tmp_path / "store")
    assert len(fillings) == 1
    assert first.sizes == second.sizes == KnowledgeGraph.open(path).sizes
    assert [hit.iri for hit in second.search("dieppe", limit=5)] == ["https://w3id.org/alpine-kg/id/plant/dieppe"]


def test_changed_files_fill_a_new_store_and_the_old_one_goes(
    small_root: MakeRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fillings = counted(monkeypatch)
    KnowledgeGraph.open(small_root({}), store=tmp_path / "store")
    changed = KnowledgeGraph.open(
        small_root({"data/people.ttl": "<urn:a> <urn:b> <urn:c> ."}), store=tmp_path / "store"
    )
    assert len(fillings) == 2
    assert changed.sizes[GRAPH + "people"] == 1
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_an_interrupted_build_is_begun_anew(
    small_root: MakeRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(store: EmbeddedStore, root: GraphRoot) -> None:
        fill(store, root)
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "fill", interrupted)
    path = small_root({})
    with pytest.raises(KeyboardInterrupt):
        KnowledgeGraph.open(path, store=tmp_path / "store")
    fillings = counted(monkeypatch)
    assert KnowledgeGraph.open(path, store=tmp_path / "store").sizes[GRAPH + "first"] == 1
    assert len(fillings) == 1
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_what_else_is_in_the_folder_stays(small_root: MakeRoot, tmp_path: Path) -> None:
    for name in ("notes", "store-of-others"):
        (tmp_path / "store" / name).mkdir(parents=True)
    (tmp_path / "store" / "README").write_text("mine", encoding="utf-8")
    KnowledgeGraph.open(small_root({}), store=tmp_path / "store")
    assert {"notes", "store-of-others", "README"} < {entry.name for entry in (tmp_path / "store").iterdir()}


def test_a_store_that_cannot_be_made_is_refused(small_root: MakeRoot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="No store can be made"):
        KnowledgeGraph.open(small_root({}), store=tmp_path / "file")


def test_a_damaged_store_is_refused(small_root: MakeRoot, tmp_path: Path) -> None:
    path = small_root({})
    KnowledgeGraph.open(path, store=tmp_path / "store")
    generation = next((tmp_path / "store").iterdir())
    shutil.rmtree(generation / "quads")
    with pytest.raises(StoreError, match="cannot be opened"):
        KnowledgeGraph.open(path, store=tmp_path / "store")
