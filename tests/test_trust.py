"""Remembering which graphs were found valid."""

from pathlib import Path

from alpine_kg.trust import Trust


def test_a_digest_is_remembered_by_its_folder(tmp_path: Path) -> None:
    assert not Trust(tmp_path / "cache").has("abc")
    Trust(tmp_path / "cache").add("abc")
    assert Trust(tmp_path / "cache").has("abc")
    assert not Trust(tmp_path / "cache").has("abd")
    assert not Trust(tmp_path / "other").has("abc")


def test_asking_makes_no_folder(tmp_path: Path) -> None:
    Trust(tmp_path / "cache").has("abc")
    assert list(tmp_path.iterdir()) == []


def test_adding_twice_is_adding_once(tmp_path: Path) -> None:
    trust = Trust(tmp_path)
    trust.add("abc")
    trust.add("abc")
    assert trust.has("abc")


def test_a_folder_that_cannot_be_written_to_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    trust = Trust(tmp_path / "file")
    trust.add("abc")
    assert not trust.has("abc")
