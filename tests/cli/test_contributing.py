"""What CONTRIBUTING tells a stranger to type adds an announcement that is valid and appears wherever people look."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.news import news_of
from alpine_kg.namespaces import entity_iri

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


@pytest.fixture
def followed(run: Run, shipped_copy: Path) -> dict[str, Any]:
    """Follow the guide on a copy of the shipped graph, and return what the last commands said by their first word."""
    said = {}
    for command, *arguments in COMMANDS:
        assert command == "alpine-kg"
        outcome = run(*arguments, "--root", shipped_copy)
        assert outcome.status == 0, outcome.errors or outcome.text
        said[arguments[0]] = outcome.text
    return said


def test_the_guide_needs_fewer_than_twenty_commands() -> None:
    assert 10 < len(COMMANDS) < 20


def test_the_announcement_is_valid_and_canonical(run: Run, followed: dict[str, Any], shipped_copy: Path) -> None:
    assert followed["validate"].startswith("0 violations")
    assert "warning" not in followed["validate"]
    assert run("fmt", "--check", "--root", shipped_copy).text == ""
    changed = run("diff", Path(__file__).parents[2], shipped_copy).text
    assert "+ Moravan Tatran – produced at – Moravan Kvasiny plant (planned, due around 2028)" in changed
    assert "Withdrawn" not in changed
    assert "Changed" not in changed


def test_it_appears_in_promises_search_and_feeds(followed: dict[str, Any], shipped_copy: Path) -> None:
    assert "produced at" in followed["show"]
    assert "Moravan Tatran - produced at - Moravan Kvasiny plant" in followed["query"]
    graph = KnowledgeGraph.open(shipped_copy, store=shipped_copy.parent / "store")
    for name in ("tatran", "모라반 타트란", "moravan kvasiny", "zavod kvasiny", "jana novakova"):
        assert any("moravan" in hit.iri or "jana" in hit.iri for hit in graph.search(name, limit=3)), name
    news = news_of(graph.store, entity_iri("plant", "moravan-kvasiny-plant"))
    assert [item.announcement for item in news] == [entity_iri("announcement", "2026-05-12-moravan-tatran")]
    assert news_of(graph.store)[0] == news[0]


def test_nothing_else_is_written(followed: dict[str, Any], shipped_copy: Path) -> None:
    del followed
    original = Path(__file__).parents[2]
    copied = [path for path in shipped_copy.rglob("*.ttl") if path.is_file()]
    differing = {
        path.relative_to(shipped_copy).as_posix()
        for path in copied
        if not (original / path.relative_to(shipped_copy)).is_file()
        or (original / path.relative_to(shipped_copy)).read_bytes() != path.read_bytes()
    }
    assert differing == WRITTEN
