"""`alpine-kg query`."""

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from alpine_kg.graph import KnowledgeGraph

Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Due dates in their order"), ("fr", "Les échéances dans leur ordre")]
)
def test_without_a_name_all_queries_are_listed(run: Run, graph: KnowledgeGraph, language: str, words: str) -> None:
    outcome = run("query", "--lang", language)
    assert outcome.status == 0
    assert [line.split()[0] for line in outcome.text.splitlines()] == ["query", *graph.queries]
    assert words in outcome.text


def test_a_table_has_one_line_a_row(run: Run, graph: KnowledgeGraph) -> None:
    outcome = run("query", "vehicles-of-plant", "plant=dieppe")
    head, *rows = outcome.text.splitlines()
    assert head.split()[:2] == ["vehicle", "vehicleLabel"]
    assert len(rows) == len(graph.run("vehicles-of-plant"))
    (row,) = (row for row in rows if row.endswith("claim:2022-01-28-crossover-gt-produced-at-dieppe"))
    assert row.startswith("vehicle:alpine-crossover-gt    A390  ")
    assert "2025~" in row


def test_formats_for_machines(run: Run, graph: KnowledgeGraph) -> None:
    expected = [row["claim"].value for row in graph.run("timeline", {"language": "fr"})]
    table = csv.DictReader(io.StringIO(run("query", "timeline", "language=fr", "--format", "csv").text, newline=""))
    assert [row["claim"] for row in table] == expected
    results = json.loads(run("query", "timeline", "language=fr", "--format", "srj").body)
    assert [row["claim"]["value"] for row in results["results"]["bindings"]] == expected
    assert b"<sparql" in run("query", "timeline", "--format", "srx").body
    assert run("query", "timeline", "--format", "tsv").text.startswith("?due\t")


@pytest.mark.parametrize(("query", "answer"), [("ASK {}", "yes\n"), ("ASK { <urn:x> ?p ?o }", "no\n")])
def test_a_question_is_answered_in_a_word(run: Run, query: str, answer: str) -> None:
    assert run("query", "--sparql", query).text == answer


def test_a_graph_is_answered_in_turtle_or_as_asked(run: Run) -> None:
    query = "CONSTRUCT WHERE { <https://w3id.org/alpine-kg/id/plant/dieppe> ?p ?o }"
    turtle = set(ox.parse(run("query", "--sparql", query).body, format=ox.RdfFormat.TURTLE))
    assert len(turtle) > 5
    assert set(ox.parse(run("query", "--sparql", query, "--format", "rdf").body, format=ox.RdfFormat.RDF_XML)) == turtle


def test_the_text_may_stand_in_a_file_or_come_in(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.rq").write_text("ASK {}", encoding="utf-8")
    assert run("query", "--sparql", tmp_path / "mine.rq").text == "yes\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO("ASK { <urn:x> ?p ?o }"))
    assert run("query", "--sparql", "-").text == "no\n"


def test_a_value_may_hold_an_equals_sign(run: Run) -> None:
    outcome = run("query", "stated-in-source", "source=https://example.org/?a=b", "--format", "csv")
    assert outcome.status == 0
    assert len(outcome.text.splitlines()) == 1


def test_texts_are_not_markup(run: Run) -> None:
    assert "[bold]x[/bold]" in run("query", "--sparql", 'SELECT ("[bold]x[/bold]" AS ?x) {}').text
