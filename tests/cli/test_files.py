"""`alpine-kg fmt` and `alpine-kg init`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.root import GraphRoot, shipped_root

Run = Callable[..., Any]
UNTIDY = b"@prefix ak: <https://w3id.org/alpine-kg/ontology#> .\n<urn:a> ak:b 1 , 2 ; a ak:X .\n"
TIDY = b"""\
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .

<urn:a>
    a ak:X ;
    ak:b 1 ;
    ak:b 2 .
"""


def test_the_shipped_data_is_tidy(run: Run) -> None:
    outcome = run("fmt", "--check")
    assert (outcome.status, outcome.body) == (0, b"")


@pytest.mark.parametrize("body", [UNTIDY, TIDY.replace(b"\n", b"\r\n"), TIDY + b"\n", TIDY + b"# a comment\n"])
def test_untidy_files_are_reported_then_tidied(run: Run, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(body)
    outcome = run("fmt", "--check", path)
    assert (outcome.status, outcome.text) == (1, f"would change: {path}\n")
    assert path.read_bytes() == body
    outcome = run("fmt", path)
    assert (outcome.status, outcome.text) == (0, f"changed: {path}\n")
    assert path.read_bytes() == TIDY
    assert run("fmt", path).body == run("fmt", "--check", path).body == b""


@pytest.mark.parametrize(
    ("body", "words"), [(b"<urn:a>", "not well-formed"), (b"<urn:a> <urn:b> [] .", "blank node"), (b"'\xff'", "UTF-8")]
)
def test_a_file_that_cannot_be_tidied_stays_as_it_is(run: Run, tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "x.ttl"
    path.write_bytes(body)
    outcome = run("fmt", path)
    assert outcome.status == 2
    assert str(path) in outcome.errors
    assert words in outcome.errors
    assert path.read_bytes() == body


def test_all_of_a_root_is_tidied_by_default(run: Run, shipped_copy: Path) -> None:
    for path in (shipped_copy / "data").rglob("*.ttl"):
        path.write_bytes(b"# a comment\n" + path.read_bytes())
    assert run("fmt", "--root", shipped_copy).text.count("changed: ") == len(GraphRoot.open().data)
    for path in GraphRoot.open().data:
        assert (shipped_copy / path.relative_to(shipped_root())).read_bytes() == path.read_bytes()


def test_init_makes_a_root_that_is_valid_and_opens(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "root"
    outcome = run("init", folder)
    assert outcome.status == 0
    assert f"alpine-kg validate --root {folder}" in outcome.text
    assert GraphRoot.open(folder).data == ()
    assert GraphRoot.open(folder).ontology
    opened = KnowledgeGraph.open(folder)
    assert opened.catalogue.counts() == {}
    assert opened.queries.keys() == KnowledgeGraph.open().queries.keys()
    assert run("validate", "--root", folder).text.startswith("0 violations, 0 claims")


def test_init_takes_an_empty_folder_and_refuses_a_full_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").status == 0
    outcome = run("init", tmp_path / "empty")
    assert outcome.status == 2
    assert "is not empty" in outcome.errors
