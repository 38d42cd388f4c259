"""The graph as of a day over HTTP: names, lists and answers of then, links and notices that keep the day, and refusals."""

import json
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import create_app
from alpine_kg.web.fairness import Fairness

HTML = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture(scope="module")
def then(past_world: KnowledgeGraph) -> Iterator[TestClient]:
    app = create_app(past_world, Settings(client_errors=1e9, client_work_seconds=1e9))
    with TestClient(app, follow_redirects=False) as held:
        yield held


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?as_of=2021-06-01", "Old works"),
        ("?as_of=2022-06-01", "Rédélé works"),
        ("?as_of=2021-06-01&lang=fr", "Old works"),
        ("", "Rédélé works"),
    ],
)
def test_every_format_has_the_name_of_the_day(then: TestClient, query: str, name: str) -> None:
    assert then.get(f"/plant/works.json{query}").json()["prefLabel"] == {"any": name}
    for extension in ("ttl", "nt", "rdf", "jsonld"):
        body = then.get(f"/plant/works.{extension}{query}").text
        assert name in body.encode().decode("unicode_escape" if extension == "nt" and "\\u" in body else "utf-8")
    page = then.get(f"/plant/works.html{query}").text
    assert f"<h1>{name}</h1>" in page
    found = then.get(f"/plants.json{query}").json()["items"]
    assert [item["label"] for item in found] == [{"any": name}]
    assert name in then.get(f"/plants.csv{query}").text


def test_the_same_address_is_another_answer_on_another_day(then: TestClient) -> None:
    first = then.get("/plant/works?as_of=2021-06-01", headers={"accept": "application/json"})
    other = then.get("/plant/works?as_of=2022-06-01", headers={"accept": "application/json"})
    again = then.get("/plant/works?as_of=2021-06-01", headers={"accept": "application/json"})
    assert first.headers["etag"] == again.headers["etag"] != other.headers["etag"]
    assert "public" in first.headers["cache-control"]


def test_links_of_headers_keep_the_day(then: TestClient) -> None:
    answer = then.get("/plant/works.json?as_of=2021-06-01")
    assert answer.headers["content-location"] == "/plant/works.json?as_of=2021-06-01"
    links = answer.headers["link"]
    assert '</plant/works?as_of=2021-06-01>; rel="canonical"' in links
    assert '</plant/works.ttl?as_of=2021-06-01>; rel="describedby"' in links
    assert '</plant/works.rdf?as_of=2021-06-01>; rel="alternate"' in links
    moved = then.get("/id/plant/works?as_of=2021-06-01", headers={"accept": "text/turtle"})
    assert moved.status_code == 303
    assert moved.headers["location"] == "/plant/works.ttl?as_of=2021-06-01"
    following = then.get("/claims.json?as_of=2021-06-01&limit=2").json()["next"]
    assert "as_of=2021-06-01" in following
    assert then.get(following, headers={"accept": "application/json"}).json()["total"] == 5


@pytest.mark.parametrize(
    "path", ["/plant/works.html", "/plants.html", "/search.html?q=works", "/queries/posts-at-date.html"]
)
def test_a_page_of_the_past_says_so_and_leads_on_and_back(then: TestClient, path: str) -> None:
    mark = "&" if "?" in path else "?"
    page = then.get(f"{path}{mark}as_of=2021-06-01", headers=HTML).text
    assert 'class="past"' in page
    assert "1 June 2021" in page
    present = path.replace(".html", "")
    assert f'<a href="{present}">See the present state</a>' in page
    assert '<input type="hidden" name="as_of" value="2021-06-01">' in page
    assert "as_of=2021-06-01" in page
    assert 'class="past"' not in then.get(path, headers=HTML).text


def test_what_was_not_known_is_not_there(then: TestClient) -> None:
    answer = then.get("/person/krief.json?as_of=2022-06-01")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no person 'krief' that was known on 2022-06-01."
    assert then.get("/person/krief.json").status_code == 200
    assert then.get("/search.json?q=krief&as_of=2022-06-01").json()["items"] == []
    assert then.get("/vehicles.json?as_of=2021-06-01").json()["total"] == 0
    # Nobody held a post on that day: the filter is one of today, and finds nothing.
    assert then.get("/people.json?holdsPost=ceo&as_of=2017-12-14").json()["total"] == 0
    # Nothing is made there today: the filter is one of that day.
    assert then.get("/vehicles.json?producedAt=works&as_of=2022-06-01").json()["total"] == 1


@pytest.mark.parametrize(
    ("query", "holder"),
    [
        ("as_of=2022-06-01", {"Rossi"}),
        ("as_of=2024-06-01", {"Krief"}),
        # As far as was known in 2022, on a later day.
        ("as_of=2022-06-01&date=2024-06-01", {"Rossi"}),
        ("date=2024-06-01", {"Krief"}),
    ],
)
def test_named_queries_are_answered_as_of_a_day(then: TestClient, query: str, holder: set[str]) -> None:
    rows = then.get(f"/queries/posts-at-date.json?{query}").json()["rows"]
    assert {row["personLabel"] for row in rows} == holder


@pytest.mark.parametrize(
    "path",
    ["/plant/works", "/plants", "/search?q=works", "/queries/timeline", "/id/plant/works", "/promises"],
)
@pytest.mark.parametrize("day", ["2022", "2022-02-30", "20220101", "", "yesterday", "2022-W01-1", "2022-01-01T00:00"])
def test_what_is_no_day_is_refused(then: TestClient, path: str, day: str) -> None:
    mark = "&" if "?" in path else "?"
    answer = then.get(f"{path}{mark}as_of={day}", headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert "as_of" in answer.json()["detail"]
    twice = then.get(f"{path}{mark}as_of=2022-01-01&as_of=2023-01-01", headers={"accept": "application/json"})
    assert twice.status_code == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparql_is_not_answered_as_of_a_day(then: TestClient, method: str) -> None:
    answer = then.request(
        method, "/sparql", params={"as_of": "2022-01-01", "query": "ASK {}"}, data={"query": "ASK {}"}
    )
    assert answer.status_code == 400
    assert "as_of is not answered here" in answer.json()["detail"]


def test_a_graph_that_is_too_large_has_no_past(serve: Callable[..., TestClient]) -> None:
    answer = serve(past_triples=10).get("/plant/dieppe.json?as_of=2022-01-28")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("#no-past")
    assert "PAST_TRIPLES" in answer.json()["remedy"]


def test_past_states_are_charged_for(past_world: KnowledgeGraph) -> None:
    settings = Settings(client_work_seconds=1e-9, client_work_refill=1e-9)
    with TestClient(create_app(past_world, settings, fairness=Fairness(settings))) as client:
        assert client.get("/plant/works.json?as_of=2021-06-01").status_code == 200
        held_off = client.get("/plant/works.json?as_of=2022-06-01")
        assert held_off.status_code == 429
        assert client.get("/plant/works.json").status_code == 200


def test_the_description_of_the_interface_names_the_day(then: TestClient) -> None:
    paths = then.get("/openapi.json").json()["paths"]
    for path in ("/plant/{document}", "/plants", "/search", "/queries/timeline", "/queries/promises", "/promises"):
        names = [parameter["name"] for parameter in paths[path]["get"]["parameters"]]
        assert names.count("as_of") == 1, path
    assert "as_of" not in json.dumps(paths["/sparql"])
