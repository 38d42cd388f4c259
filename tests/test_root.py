"""The graph root: what its parts are, what it refuses, and its digest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alpine_kg.errors import RootError
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import FOLDERS, ONTOLOGY_GRAPH, GraphRoot, shipped_root

MakeRoot = Callable[[dict[str, str | None]], Path]


@pytest.mark.parametrize("part", ["ontology", "shapes", "data", "named_queries", "checks", "derivations"])
def test_every_part_of_the_shipped_root_has_files_in_order(part: str) -> None:
    files = getattr(GraphRoot.open(), part)
    assert files
    assert list(files) == sorted(files)
    assert all(path.is_file() for path in files)


def test_the_shipped_root_has_a_context() -> None:
    assert GraphRoot.open().context.is_file()


def test_each_data_file_is_a_graph() -> None:
    root = GraphRoot.open()
    assert root.graphs[ONTOLOGY_GRAPH] == root.ontology
    assert {graph: files for graph, files in root.graphs.items() if graph != ONTOLOGY_GRAPH} == {
        GRAPH + path.stem: (path,) for path in root.data
    }


def test_files_are_found_in_folders_whatever_these_are_called(small_root: MakeRoot) -> None:
    path = small_root({"data/b.ttl/of-b.ttl": "", "data/b.ttl-more.ttl": "", "data/a/z.ttl": "", "data/a.ttl": ""})
    (path / "data" / "a" / "again").symlink_to(path / "data")
    names = [name for name in map(GraphRoot.open(path).name, GraphRoot.open(path).data) if "/a" in name or "/b" in name]
    assert names == ["data/a/z.ttl", "data/a.ttl", "data/b.ttl/of-b.ttl", "data/b.ttl-more.ttl"]


@pytest.mark.parametrize("missing", FOLDERS)
def test_a_root_without_one_of_its_parts_is_refused(small_root: MakeRoot, missing: str) -> None:
    path = small_root({})
    (path / missing).rename(path / "elsewhere")
    with pytest.raises(RootError, match=f"no {missing}/") as caught:
        GraphRoot.open(path)
    assert "alpine-kg init" in caught.value.remedy


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RootError, match="no ontology/ and no data/ and no queries/"):
        GraphRoot.open(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("data/announcements/plants.ttl", "data/plants.ttl"),
        ("data/first.ttl", "queries/derive/first.rq"),
        ("data/ontology.ttl", "ontology"),
        ("data/my plants.ttl", "cannot name a graph"),
        ("data/<plants>.ttl", "cannot name a graph"),
    ],
)
def test_a_file_that_cannot_be_a_graph_of_its_own_is_refused(small_root: MakeRoot, file: str, words: str) -> None:
    root = GraphRoot.open(small_root({file: ""}))
    with pytest.raises(RootError, match=words) as caught:
        _ = root.graphs
    assert file in caught.value.message
    assert "Rename" in caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"README.md": "hello", "data/notes.txt": "hello"}, True),
        ({"data/plants.ttl": ""}, False),
        ({"data/plants.ttl": None}, False),
        ({"data/people.ttl": ""}, False),
        ({"ontology/context.jsonld": "{}"}, False),
        ({"ontology/shapes/plant.ttl": ""}, False),
        ({"queries/checks/x.rq": ""}, False),
    ],
)
def test_the_digest_follows_the_files_that_are_served(
    small_root: MakeRoot,
    tmp_path: Path,
    changes: dict[str, str | None],
    same: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before = GraphRoot.open(small_root({})).digest
    (tmp_path / "small").rename(tmp_path / "before")
    assert (GraphRoot.open(small_root(changes)).digest == before) is same


def test_a_renamed_file_changes_the_digest(small_root: MakeRoot) -> None:
    path = small_root({})
    before = GraphRoot.open(path).digest
    (path / "data" / "plants.ttl").rename(path / "data" / "works.ttl")
    assert GraphRoot.open(path).digest != before


def test_files_are_named_inside_the_root(small_root: MakeRoot) -> None:
    root = GraphRoot.open(small_root({}))
    assert root.name(root.path / "data" / "plants.ttl") == "data/plants.ttl"
    assert root.name(Path("/elsewhere/x.ttl")) == "/elsewhere/x.ttl"


def test_the_shipped_root_is_there() -> None:
    assert all((shipped_root() / folder).is_dir() for folder in FOLDERS)
