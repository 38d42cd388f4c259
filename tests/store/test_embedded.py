"""What is particular to the embedded store: its folder, and loading."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from alpine_kg.errors import StoreError
from alpine_kg.store import EmbeddedStore

ROW = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))


def test_a_folder_keeps_what_was_loaded(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "quads")
    store.load({"urn:g": [ROW]})
    store.close()
    del store
    assert [quad.triple for quad in EmbeddedStore(tmp_path / "quads", read_only=True).quads()] == [ROW]


def test_loading_adds() -> None:
    store = EmbeddedStore()
    store.load({"urn:g": [ROW]})
    store.load({"urn:g": iter([ROW]), "urn:h": [ROW]})
    assert store.sizes() == {"urn:g": 1, "urn:h": 1}
    assert len(store.select("SELECT * { ?s ?p ?o }")) == 1


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "quads").write_text("not a store", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be opened"):
        EmbeddedStore(tmp_path / "quads")


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    held = EmbeddedStore(tmp_path / "quads")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        EmbeddedStore(tmp_path / "quads")
    assert "stop what uses it" in caught.value.remedy
    held.close()


def test_reading_only_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        EmbeddedStore(tmp_path / "nowhere", read_only=True)
