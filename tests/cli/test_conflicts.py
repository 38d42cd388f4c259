"""`alpine-kg conflicts`."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.namespaces import PREFIXES
from alpine_kg.root import shipped_root

Run = Callable[..., Any]
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
CLAIM = """
announcement:{day} a ak:Announcement ; rdfs:label "{day}" .
claim:dated-{day} a ak:Claim ; rdf:subject announcement:{day} ; rdf:predicate ak:date ; rdf:object "{day}"^^edtf:EDTF ;
  ak:announcedIn announcement:{day} ; ak:modality ak:Confirmed .
source:{day} a ak:Source ; ak:publisher "Paper of {day}" ; ak:url "https://{day}.example/"^^xsd:anyURI .
claim:launch-{day} a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:marketLaunch ; rdf:object "{launch}"^^edtf:EDTF ;
  ak:modality ak:Planned ; ak:announcedIn announcement:{day} ; ak:statedIn source:{day} {link} .
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A graph in which one date slips once."""
    for folder in ("ontology", "queries"):
        shutil.copytree(shipped_root() / folder, tmp_path / folder)
    (tmp_path / "data").mkdir()
    world = [
        HEAD,
        'vehicle:car a ak:Vehicle ; rdfs:label "Car" .',
        CLAIM.format(day="2022-01-28", launch="2024", link=""),
        CLAIM.format(day="2023-01-28", launch="2025", link="; ak:revises claim:launch-2022-01-28"),
    ]
    (tmp_path / "data" / "world.ttl").write_text("\n".join(world), encoding="utf-8")
    return tmp_path


def test_a_table_has_one_line_a_conflict(run: Run, root: Path) -> None:
    head, line = run("conflicts", "--root", root).text.splitlines()
    assert head.split()[:2] == ["kind", "about"]
    assert "story-changed (revised)" in line
    assert "Car - market launch" in line
    assert "2024 (planned, due 2024, 2022-01-28): Paper of 2022-01-28" in line


def test_formats_for_machines(run: Run, root: Path) -> None:
    answer = json.loads(run("conflicts", "vehicle:car", "--root", root, "--format", "json", "--lang", "fr").text)
    assert answer["query"] == "conflicts"
    assert [row["otherValue"] for row in answer["rows"]] == ["2025"]
    assert answer["rows"][0]["propertyLabel"] == "lancement commercial"
    assert run("conflicts", "--root", root, "--format", "csv").text.count("\n") == 2


def test_filters(run: Run, root: Path) -> None:
    for option in (["--as-of", "2022-12-31"], ["--kind", "sources-disagree"], ["--open"], ["--property", "builtOn"]):
        assert len(run("conflicts", "--root", root, *option).text.splitlines()) == 1
    assert len(run("conflicts", "--root", root, "--resolved", "--vehicle", "car").text.splitlines()) == 2


@pytest.mark.parametrize("option", [["--format", "xml"], ["--kind", "other"], ["--as-of", "soon"], ["no-such-thing"]])
def test_what_cannot_be_asked_is_said_in_one_line(run: Run, root: Path, option: list[str]) -> None:
    outcome = run("conflicts", "--root", root, *option)
    assert outcome.status == 2
    assert outcome.errors.startswith("alpine-kg: ")
