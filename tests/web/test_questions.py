"""Named queries: typed parameters, rows in every format, and their page."""

import csv
import io
import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import entity_iri

PRODUCED = "/queries/vehicles-of-plant"


def test_the_index_says_what_can_be_asked(client: TestClient, graph: KnowledgeGraph) -> None:
    queries = client.get("/queries").json()["queries"]
    assert [query["name"] for query in queries] == list(graph.queries)
    for query in queries:
        assert set(query["summary"]) == {"fr", "en"}
        for parameter in query["parameters"]:
            assert parameter["optional"] == ("default" not in parameter)
        assert client.get(query["path"]).status_code == 200


def test_rows_are_plain_values(client: TestClient) -> None:
    answer = client.get(f"{PRODUCED}?plant=dieppe&language=en").json()
    assert answer["query"] == "vehicles-of-plant"
    assert answer["parameters"] == {"plant": "dieppe", "language": "en"}
    rows = {row["claim"]: row for row in answer["rows"]}
    row = rows[entity_iri("claim", "2022-01-28-crossover-gt-produced-at-dieppe")]
    assert (row["vehicleLabel"], row["due"], row["platformLabel"]) == ("A390", "2025~", "AmpR Medium")


def test_numbers_are_numbers(client: TestClient) -> None:
    rows = client.get("/queries/entities-of-kind").json()["rows"]
    assert all(isinstance(row["claimsAbout"], int) for row in rows)


def test_all_formats_have_the_same_rows(client: TestClient) -> None:
    rows: list[dict[str, Any]] = client.get("/queries/timeline.json").json()["rows"]
    table = list(csv.DictReader(io.StringIO(client.get("/queries/timeline.csv").text)))
    assert [row["claim"] for row in rows] == [row["claim"] for row in table] != []
    results = json.loads(client.get("/queries/timeline.srj").content)
    assert [row["claim"]["value"] for row in results["results"]["bindings"]] == [row["claim"] for row in rows]
    assert client.get("/queries/timeline.tsv").text.startswith("?due\t")
    assert client.get("/queries/timeline.srx").headers["content-type"] == "application/sparql-results+xml"
    assert "text/csv" in client.get("/queries/timeline", headers={"Accept": "text/csv"}).headers["content-type"]


@pytest.mark.parametrize("value", ["dieppe", "plant:dieppe", entity_iri("plant", "dieppe")])
def test_a_thing_is_named_by_slug_prefix_or_iri(client: TestClient, value: str) -> None:
    assert client.get(PRODUCED, params={"plant": value}).json()["rows"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/queries/nothing", 404),
        ("/queries/timeline.ttl", 404),
        ("/queries/timeline/", 404),
        ("/queries/timeline?colour=red", 400),
        ("/queries/timeline?from=yesterday", 400),
        ("/queries/timeline?from=2025-02-30", 400),
        ("/queries/timeline?from=2020-01-01&from=2021-01-01", 400),
        ("/queries/timeline?language=de", 400),
        (f"{PRODUCED}?plant=vehicle:alpine-crossover-gt", 400),
        (f"{PRODUCED}?plant=%7D%20UNION%20%7B", 400),
        (f"{PRODUCED}?plant=plant:a%20b", 400),
        (f"{PRODUCED}?plant=" + "a" * 3000, 400),
    ],
)
def test_what_cannot_be_asked(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_value_is_bound_and_never_becomes_syntax(client: TestClient) -> None:
    value = "plant:x> } SELECT * { ?s ?p ?o } #"
    assert client.get(PRODUCED, params={"plant": value}).status_code == 400


def test_the_page_is_a_form_with_its_answer(client: TestClient) -> None:
    page = client.get(f"{PRODUCED}?lang=fr", headers={"Accept": "text/html"}).text
    assert '<input id="p-plant" name="plant" type="text"' in page
    assert '<option value="plant:dieppe">Manufacture Alpine Dieppe Jean Rédélé</option>' in page
    assert '<option value="plant:renault-douai">Usine Renault de Douai</option>' in page, (
        "labels in the page's language"
    )
    assert '<a href="/vehicle/alpine-crossover-gt?lang=fr">A390</a>' in page, "the name of the day before the label"
    assert "vers 2025" in page
    assert client.get(f"{PRODUCED}?plant=&language=", headers={"Accept": "text/html"}).status_code == 200, (
        "empty fields"
    )
