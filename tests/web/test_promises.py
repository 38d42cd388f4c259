"""`/promises`: one call, complete rows, as of today or a named day, and a page that reads well."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import create_app


@pytest.fixture(scope="module")
def then(past_world: KnowledgeGraph) -> Iterator[TestClient]:
    with TestClient(create_app(past_world, Settings(client_errors=1e9, client_work_seconds=1e9))) as held:
        yield held


@pytest.mark.parametrize(
    ("query", "status"),
    [("plant=works&announced_until=2022-12-31", "cancelled"), ("plant=works&as_of=2023-01-01", "open")],
)
def test_what_was_promised_for_a_plant_is_one_call(then: TestClient, query: str, status: str) -> None:
    answer = then.get(f"/promises.json?{query}")
    row = answer.json()["rows"][0]
    assert len(answer.json()["rows"]) == 1
    assert row["status"] == status
    assert row["due"] == "2025~"
    assert row["sources"] == "Paper"
    assert ("outcome" in row) == (status == "cancelled")


def test_rows_are_those_of_the_named_query(client: TestClient, graph: KnowledgeGraph) -> None:
    ours = client.get("/promises.json?as_of=2023-01-01").json()
    theirs = client.get("/queries/promises.json?as_of=2023-01-01").json()
    assert ours["rows"]
    assert ours == theirs
    assert len(ours["rows"]) == len(graph.run("promises", {"as_of": "2023-01-01"}))


def test_without_a_day_it_is_today_and_not_kept(client: TestClient) -> None:
    answer = client.get("/promises.json?status=overdue")
    assert answer.json()["parameters"]["as_of"] == datetime.now(UTC).date().isoformat()
    assert "public" not in answer.headers["cache-control"]
    assert "public" in client.get("/promises.json?as_of=2023-01-01").headers["cache-control"]


def test_every_format(client: TestClient, graph: KnowledgeGraph) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/promises.csv?as_of=2023-01-01").text)))
    expected = [(row["promise"].value, row["status"].value) for row in graph.run("promises", {"as_of": "2023-01-01"})]
    assert [(row["promise"], row["status"]) for row in rows] == expected
    assert {"open", "overdue", "kept"} <= {row["status"] for row in rows}
    assert client.get("/promises.tsv?as_of=2023-01-01").text.count("\n") == len(rows) + 1
    for accept, media_type in (("text/csv", "text/csv"), ("text/html", "text/html"), ("*/*", "application/json")):
        found = client.get("/promises?as_of=2023-01-01", headers={"accept": accept})
        assert found.headers["content-type"].startswith(media_type)
        assert 'rel="alternate"' in found.headers["link"]
    assert client.get("/promises.ttl").status_code == 404


@pytest.mark.parametrize(
    "query", ["status=lost", "colour=red", "due_from=soon", "soon=many", "plant=person:luca-de-meo", "status="]
)
def test_a_filter_that_cannot_be_is_refused(client: TestClient, query: str) -> None:
    answer = client.get(f"/promises.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["remedy"]


@pytest.mark.parametrize(("language", "word"), [("en", "cancelled"), ("fr", "annulée")])
def test_the_page_says_status_and_outcome_in_words(then: TestClient, language: str, word: str) -> None:
    page = then.get(f"/promises.html?lang={language}&as_of=2024-01-01").text
    assert f'<span class="mark cancelled">{word}</span>' in page
    assert f'href="/claim/off?lang={language}&amp;as_of=2024-01-01"' in page
    assert '<form class="fields" action="/promises"' in page
    # The day has a field of its own in the form, and is not sent twice.
    assert page.count('name="as_of" type="date"') == 1
    form = page[page.index('<form class="fields"') :]
    assert '<input type="hidden" name="as_of"' not in form


def test_a_form_with_empty_fields_is_answered(then: TestClient) -> None:
    page = then.get("/promises?status=&plant=&as_of=&announced_from=", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert 'class="past"' not in page.text


def test_the_home_page_leads_there(client: TestClient) -> None:
    assert 'href="/promises"' in client.get("/index.html").text
    assert client.get("/index.json").json()["links"]["promises"] == "/promises"


def test_every_maker_of_an_announcement_is_named_though_only_some_have_names_in_the_language(
    client: TestClient,
) -> None:
    rows = client.get("/promises.json?as_of=2026-06-30&organization=nissan").json()["rows"]
    made = {row["madeBy"] for row in rows if "ev36zero" in str(row["promise"])}
    assert made
    assert all("AESC" in names and "Boris Johnson" in names for names in made)
