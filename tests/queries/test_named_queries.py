"""The named queries: expected rows on the shipped graph, one file a query, and the same answers elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rdflib
import yaml

from alpine_kg.formats import FORMATS
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import KINDS, shorten
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot

FOLDER = Path(__file__).parent
QUERIES = {path.stem: QueryFile.read(path) for path in GraphRoot.open().named_queries}
CASES: dict[str, list[dict[str, Any]]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))
}

each_query = pytest.mark.parametrize("name", QUERIES)


def test_every_query_has_expected_rows_and_no_other_has() -> None:
    assert QUERIES
    assert CASES.keys() == QUERIES.keys()


@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name} {case['parameters']}") for name, cases in CASES.items() for case in cases],
)
def test_rows(graph: KnowledgeGraph, name: str, case: dict[str, Any]) -> None:
    def value(row: Mapping[str, Any], column: str) -> str | None:
        return shorten(row[column].value) if column in row else None

    found = [
        [value(row, column) for column in case["columns"]]
        for row in graph.run(name, case["parameters"])
        if all(value(row, column) == text for column, text in case.get("among", {}).items())
    ]
    assert found == case["rows"]


@each_query
def test_the_cases_of_a_query_prove_something(name: str) -> None:
    cases = CASES[name]
    assert cases[0]["rows"]
    assert any(not case["rows"] for case in cases) or len(cases) > 2
    assert {"fr"} <= {case["parameters"].get("language") for case in cases}


@each_query
def test_the_header_says_in_both_languages_what_the_query_answers(name: str) -> None:
    query = QUERIES[name]
    assert query.summary.keys() == {"fr", "en"}
    assert all(text.strip() for text in query.summary.values())
    for parameter in query.parameters:
        assert parameter.summary.keys() == {"fr", "en"}
        assert all(text.strip() for text in parameter.summary.values())
        assert set(parameter.kinds) <= {*KINDS, "term"}


@each_query
def test_the_default_of_a_parameter_is_one_that_a_caller_could_give(name: str) -> None:
    for parameter in QUERIES[name].parameters:
        assert parameter.term(parameter.example)


@each_query
def test_blocks_of_one_parameter_hold_one_default(name: str) -> None:
    query = QUERIES[name]
    for parameter in query.parameters:
        blocks = {part.split("}")[0].strip() for part in query.text.split(f"VALUES ?_{parameter.name} {{")[1:]}
        assert blocks == {parameter.default}


@each_query
def test_giving_the_defaults_changes_nothing(graph: KnowledgeGraph, name: str) -> None:
    given = {parameter.name: parameter.example for parameter in QUERIES[name].parameters if not parameter.optional}
    assert graph.run(name, given) == graph.run(name)


@each_query
def test_rows_are_in_an_order_of_their_own(name: str) -> None:
    assert "ORDER BY" in QUERIES[name].text


@pytest.fixture(scope="module")
def elsewhere(graph: KnowledgeGraph) -> rdflib.Graph:
    """The downloaded graph in another engine."""
    return rdflib.Graph().parse(data=graph.export("all", FORMATS["nt"]), format="nt")


def comparable(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """Return rows without an order; that in which GROUP_CONCAT joins is left to the engine too."""
    return sorted(sorted((name, ", ".join(sorted(text.split(", ")))) for name, text in row.items()) for row in rows)


SLOW_ELSEWHERE = {"promises", "conflicts"}
"""Queries whose nested optional parts rdflib evaluates row by row, for hours; they run in engines that join sets."""


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - SLOW_ELSEWHERE))
def test_the_file_runs_unchanged_in_another_engine(graph: KnowledgeGraph, elsewhere: rdflib.Graph, name: str) -> None:
    ours = [{variable: term.value for variable, term in row.items()} for row in graph.run(name)]
    theirs = [
        {str(variable): str(term) for variable, term in row.items()}
        for row in elsewhere.query(QUERIES[name].text).bindings
    ]
    assert comparable(theirs) == comparable(ours)
