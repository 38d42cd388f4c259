"""`alpine-kg promises`, and `--as-of` of the other commands."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from alpine_kg.graph import KnowledgeGraph

Run = Callable[..., Any]


def test_the_table_has_a_line_for_each_promise(run: Run, graph: KnowledgeGraph) -> None:
    outcome = run("promises", "--plant", "dieppe", "--as-of", "2023-01-01")
    lines = outcome.text.splitlines()
    assert lines[0].split() == [
        *("statement", "madeBy", "announced", "due", "status", "outcomeDay", "delayDays", "newDue"),
    ]
    expected = graph.run("promises", {"as_of": "2023-01-01", "plant": "dieppe"})
    assert len(lines) == len(expected) + 1 > 6
    for line, row in zip(lines[1:], expected, strict=True):
        assert line.startswith(row["statement"].value)
        assert f" {row['status'].value} " in line


def test_the_other_forms_have_every_column(run: Run, graph: KnowledgeGraph) -> None:
    expected = graph.run("promises", {"as_of": "2026-06-30", "status": "overdue"})
    held = json.loads(run("promises", "--as-of", "2026-06-30", "--status", "overdue", "--format", "json").text)
    assert [row["promise"] for row in held["rows"]] == [row["promise"].value for row in expected]
    assert held["parameters"]["status"] == "overdue"
    lines = run("promises", "--as-of", "2026-06-30", "--status", "overdue", "--format", "csv").text.splitlines()
    assert lines[0].startswith("promise,statement,subject")
    assert len(lines) == len(expected) + 1


def test_filters_are_passed_on(run: Run) -> None:
    day = ("--as-of", "2023-01-01", "--format", "json")
    later = json.loads(run("promises", *day, "--announced-from", "2022-11-01").text)["rows"]
    assert {row["announced"] for row in later} == {"2022-11-08"}
    assert json.loads(run("promises", *day, "--announced-from", "2023-01-01").text)["rows"] == []
    assert len(json.loads(run("promises", *day, "--undated").text)["rows"]) > len(
        json.loads(run("promises", *day).text)["rows"]
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--status", "lost"), "status='lost' is not one of"),
        (("--format", "xml"), "cannot be listed in 'xml'"),
        (("--as-of", "soon"), "as_of='soon' is not a day"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, arguments: tuple[str, ...], words: str) -> None:
    outcome = run("promises", *arguments)
    assert outcome.status == 2
    assert words in outcome.errors


def test_other_commands_look_as_of_a_day_too(run: Run, past_world: KnowledgeGraph) -> None:
    root = ("--root", str(past_world.root.path))
    assert run("show", "plant:works", *root, "--as-of", "2021-06-01").text.startswith("Old works ")
    assert run("show", "plant:works", *root).text.startswith("Rédélé works ")
    rows = run("query", "posts-at-date", "date=2024-06-01", *root, "--as-of", "2022-06-01").text
    assert "Rossi" in rows
    assert "Krief" not in rows
    refused = run("show", "plant:works", *root, "--as-of", "2021")
    assert refused.status == 2
    assert "'2021' is not a day" in refused.errors
