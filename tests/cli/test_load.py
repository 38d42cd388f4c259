"""`alpine-kg load`."""

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.cli.load import line

Run = Callable[..., Any]


def test_what_was_loaded_is_told_and_nothing_else_in_a_pipe(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:p> <urn:o> .\n<urn:b> <urn:p> <urn:o> .\n", encoding="ascii")
    outcome = run("load", "--store", tmp_path / "store", tmp_path / "a.nt")
    assert outcome.status == 0
    assert outcome.text.startswith("2 triples in 0 named graphs, in ")
    assert outcome.text.endswith(f"alpine-kg serve --store {tmp_path / 'store'}\n")
    assert outcome.errors == ""


def test_standard_input_is_loaded(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"<urn:a> <urn:p> <urn:o> <urn:g> .")))
    outcome = run("load", "--store", tmp_path / "store", "--format", "nq", "-")
    assert outcome.text.startswith("1 triples in 1 named graphs")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--store", "store"], "There is nothing to load."),
        (["missing.nq"], "The store to load into is missing."),
        (["--store", "http://engine.example/query", "missing.nq"], "The store to load into is not a folder."),
        (["--store", "store", "missing.nq"], "missing.nq is not a file or folder."),
    ],
)
def test_what_is_missing_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], complaint: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run("load", *words)
    assert outcome.status == 2
    assert complaint in outcome.errors


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("load", 30_000_000, 120_000_000, 10.0), "load  25 %  3.0 MB/s  0:30 left"),
        (("load", 30_000_000, 0, 10.0), "load  30 MB  3.0 MB/s"),
        (("files", 5_000, 10_000, 2.0), "files  50 %  2,500 a second  0:02 left"),
        (("derive labels", 0, 0, 3.0), "derive labels"),
    ],
)
def test_progress_says_how_far_how_fast_and_how_long_yet(arguments: tuple[str, int, int, float], shown: str) -> None:
    assert line(*arguments) == shown
