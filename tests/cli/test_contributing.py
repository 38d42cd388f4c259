"""What CONTRIBUTING tells a stranger to type adds an announcement that is valid and appears wherever people look."""

import csv
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.news import news_of
from alpine_kg.namespaces import entity_iri
from alpine_kg.root import FOLDERS, shipped_root

Run = Callable[..., Any]
GUIDE = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
COMMANDS = [
    shlex.split(command)
    for block in BLOCKS
    for command in re.sub(r"\\\n\s*", " ", block).split("$ ")
    if command.strip()
]
WRITTEN = {
    "data/announcements/2026-05-12-moravan-tatran.ttl",
    "data/organizations.ttl",
    "data/people.ttl",
    "data/places.ttl",
    "data/plants.ttl",
    "data/posts.ttl",
    "data/sources.ttl",
    "data/vehicles.ttl",
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped graph root, on which the guide is followed once for all tests."""
    root = tmp_path_factory.mktemp("guide") / "root"
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, root / folder)
    return root


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What the last commands of the guide said, by their first word."""
    return {}


@pytest.fixture
def followed(run: Run, copied: Path, said: dict[str, str]) -> dict[str, str]:
    """Follow the guide on the copy, unless that is done, and return what the last commands said by their first word."""
    for command, *arguments in () if said else COMMANDS:
        assert command == "alpine-kg"
        outcome = run(*arguments, "--root", copied)
        assert outcome.status == 0, outcome.errors or outcome.text
        said[arguments[0]] = outcome.text
    return said


def test_the_guide_needs_fewer_than_twenty_commands() -> None:
    assert 10 < len(COMMANDS) < 20


def test_the_announcement_is_valid_and_canonical(run: Run, followed: dict[str, str], copied: Path) -> None:
    *findings, summary = followed["validate"].splitlines()
    assert summary.startswith("0 violations")
    # What the shipped data are warned of is not the stranger's affair.
    own = re.compile("moravan|tatran|kvasiny|novák", re.IGNORECASE)
    assert [finding for finding in findings if own.search(finding)] == []
    assert run("fmt", "--check", "--root", copied).text == ""
    changed = run("diff", Path(__file__).parents[2], copied).text
    assert "+ Moravan Tatran – produced at – Moravan Kvasiny plant (planned, due around 2028)" in changed
    assert "Withdrawn" not in changed
    assert "Changed" not in changed


def test_it_appears_in_promises_search_and_feeds(followed: dict[str, str], copied: Path) -> None:
    assert "produced at" in followed["show"]
    assert "Moravan Tatran - produced at - Moravan Kvasiny plant" in followed["query"]
    graph = KnowledgeGraph.open(copied, store=copied.parent / "store")
    for name in ("tatran", "모라반 타트란", "moravan kvasiny", "zavod kvasiny", "jana novakova"):
        assert any("moravan" in hit.iri or "jana" in hit.iri for hit in graph.search(name, limit=3)), name
    news = news_of(graph.store, entity_iri("plant", "moravan-kvasiny-plant"))
    assert [item.announcement for item in news] == [entity_iri("announcement", "2026-05-12-moravan-tatran")]
    assert news_of(graph.store)[0] == news[0]


def test_nothing_else_is_written(followed: dict[str, str], copied: Path) -> None:
    del followed
    original = Path(__file__).parents[2]
    differing = {
        path.relative_to(copied).as_posix()
        for path in copied.rglob("*.ttl")
        if not (original / path.relative_to(copied)).is_file()
        or (original / path.relative_to(copied)).read_bytes() != path.read_bytes()
    }
    assert differing == WRITTEN


def test_a_claim_that_differs_appears_in_conflicts(
    run: Run, followed: dict[str, str], copied: Path, tmp_path: Path
) -> None:
    del followed
    root = shutil.copytree(copied, tmp_path / "root")
    claim = ("--announcement", "2026-05-12-moravan-tatran", "--subject", "Tatran", "--predicate", "productionStart")
    outcome = run("new", "claim", *claim, "--object", "2030", "--root", root)
    assert outcome.status == 0, outcome.errors or outcome.text
    told = run("conflicts", "vehicle:moravan-tatran", "--format", "csv", "--root", root)
    assert told.status == 0, told.errors
    (row,) = csv.DictReader(told.text.splitlines())
    assert (row["kind"], row["value"], row["otherValue"]) == ("sources-disagree", "2028~", "2030")
