"""The OpenAPI document: complete and true, since what it describes is what is answered, whatever is sent."""

import os
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.routing import Route
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import KINDS
from alpine_kg.settings import Settings
from alpine_kg.web import create_app
from alpine_kg.web.problems import PROBLEMS

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))
"""Requests for each operation beside those that the document's own limits suggest; more by hand."""


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/openapi.json").json()
    return answer


def test_every_path_is_described(client: TestClient, document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    app: Any = client.app
    described = {route.path for route in app.app.routes if isinstance(route, Route) and route.include_in_schema}
    assert described == set(document["paths"])
    left_out = {route.path for route in app.app.routes if isinstance(route, Route)} - described
    assert all(
        re.search(r"\{extension\}|\{name\}|\{rest:path\}|^/(favicon\.ico|robots\.txt|index)$", path)
        for path in left_out
    )
    for kind, name in KINDS.items():
        assert {f"/{name}", f"/{kind}/{{document}}"} <= described


def test_every_operation_has_a_name_and_says_how_it_fails(document: dict[str, Any]) -> None:
    names = []
    for operations in document["paths"].values():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            assert operation["summary"]
            assert operation["tags"]
            assert {"4XX", "5XX"} <= set(operation["responses"])
            assert ("304" in operation["responses"]) == (method == "get")
            assert "422" not in operation["responses"]
    assert len(names) == len(set(names)) > 50
    kinds = document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert set(kinds) == {problem.type for problem in PROBLEMS.values()}


def test_named_queries_have_typed_parameters(document: dict[str, Any]) -> None:
    parameters = {row["name"]: row for row in document["paths"]["/queries/timeline"]["get"]["parameters"]}
    assert parameters["from"]["schema"] == {"type": "string", "format": "date", "default": "1900-01-01"}
    assert parameters["language"]["schema"]["enum"] == ["fr", "en"]
    assert parameters["until"]["description"]


def test_limits_and_filters_are_described(document: dict[str, Any]) -> None:
    parameters = {row["name"]: row["schema"] for row in document["paths"]["/vehicles"]["get"]["parameters"]}
    assert parameters["limit"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert "producedAt" in parameters


def test_the_page_for_people_has_every_path(client: TestClient, document: dict[str, Any]) -> None:
    page = client.get("/docs").text
    for path, operations in document["paths"].items():
        for method in operations:
            assert f"<code>{method.upper()} {path}</code>" in page


def test_whatever_is_sent_the_answer_is_as_described(graph: KnowledgeGraph) -> None:
    app = create_app(graph, Settings(client_errors=1e9, client_work_seconds=1e9))
    described: Any = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 50
    for operation in operations:
        for mode in GenerationMode if operation.definition.raw.get("parameters") else [GenerationMode.POSITIVE]:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
            def holds(case: Any) -> None:
                # What is of the right form may still name nothing that there is.
                case.call_and_validate(excluded_checks=[positive_data_acceptance])

            holds()
