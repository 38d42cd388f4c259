"""`/conflicts`: the named query at a path of its own, and its page with both sides."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import PREFIXES
from alpine_kg.root import shipped_root
from alpine_kg.settings import Settings
from alpine_kg.web import create_app

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
WORLD = """
announcement:2022-01-28-a a ak:Announcement ; rdfs:label "A" .
claim:dated a ak:Claim ; rdf:subject announcement:2022-01-28-a ; rdf:predicate ak:date ; rdf:object "2022-01-28"^^edtf:EDTF ;
  ak:announcedIn announcement:2022-01-28-a ; ak:modality ak:Confirmed .
vehicle:car a ak:Vehicle ; rdfs:label "The <b>car</b>" .
platform:one a ak:Platform ; rdfs:label "One" .
platform:two a ak:Platform ; rdfs:label "Two" .
source:left a ak:Source ; ak:publisher "Left" ; ak:url "https://left.example/"^^xsd:anyURI ;
  ak:published "2022-01-28"^^edtf:EDTF .
source:right a ak:Source ; ak:publisher "Right, and more" ; ak:published "2022-01-30"^^edtf:EDTF .
quote:left a ak:Quote ; ak:quotedFrom source:left ; oa:exact "it stands on One" .
claim:left a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:builtOn ; rdf:object platform:one ; ak:modality ak:Planned ;
  ak:announcedIn announcement:2022-01-28-a ; ak:statedIn source:left ; ak:quote quote:left ; ak:due "2025~"^^edtf:EDTF .
claim:right a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:builtOn ; rdf:object platform:two ; ak:modality ak:Confirmed ;
  ak:announcedIn announcement:2022-01-28-a ; ak:statedIn source:right .
claim:sold a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:previews ; rdf:object vehicle:car ; ak:modality ak:Confirmed ;
  ak:announcedIn announcement:2022-01-28-a ; ak:statedIn source:left ; ak:disputedIn source:right .
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph with one pair of claims that cannot both be true, and one claim that a source disputes."""
    root = tmp_path_factory.mktemp("conflicts")
    for folder in ("ontology", "queries"):
        shutil.copytree(shipped_root() / folder, root / folder)
    (root / "data").mkdir()
    (root / "data" / "world.ttl").write_text(HEAD + WORLD, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(KnowledgeGraph.open(root), Settings())) as client:
        yield client


def test_a_conflict_has_both_sides_with_sources_and_words(site: TestClient) -> None:
    answer = site.get("/conflicts").json()
    pair, dispute = answer["rows"]
    assert (pair["kind"], pair["rule"], pair["days"]) == ("sources-disagree", "value", 0)
    assert (pair["value"], pair["modality"], pair["due"], pair["known"]) == ("One", "planned", "2025~", "2022-01-28")
    assert (pair["sources"], pair["words"]) == ("Left <https://left.example/>", "it stands on One")
    assert (pair["otherValue"], pair["otherModality"], pair["otherSources"]) == ("Two", "confirmed", "Right, and more")
    assert "otherWords" not in pair
    assert (dispute["rule"], dispute["otherSources"], dispute["otherKnown"]) == (
        "disputed",
        "Right, and more",
        "2022-01-30",
    )
    assert "other" not in dispute
    assert "otherValue" not in dispute


def test_the_path_and_the_named_query_answer_alike(site: TestClient) -> None:
    for extension in ("json", "csv", "tsv"):
        assert site.get(f"/conflicts.{extension}").content == site.get(f"/queries/conflicts.{extension}").content
    rows = list(csv.DictReader(io.StringIO(site.get("/conflicts.csv").text)))
    assert [row["rule"] for row in rows] == ["value", "disputed"]


@pytest.mark.parametrize(
    ("parameters", "rows"),
    [
        ("as_of=2022-01-28", 1),
        ("as_of=2022-01-27", 0),
        ("kind=story-changed", 0),
        ("kind=sources-disagree&resolved=no", 2),
        ("about=platform:two", 1),
        ("about=vehicle:car", 2),
        ("about=vehicle:other", 0),
        ("property=builtOn", 1),
        ("vehicle=car", 2),
        ("plant=dieppe", 0),
        ("organization=renault-group", 0),
        ("window=0", 2),
    ],
)
def test_filters(site: TestClient, parameters: str, rows: int) -> None:
    assert len(site.get(f"/conflicts?{parameters}").json()["rows"]) == rows


@pytest.mark.parametrize("query", ["kind=other", "as_of=yesterday", "window=long", "nothing=1", "about=%00"])
def test_what_is_no_parameter_is_a_problem(site: TestClient, query: str) -> None:
    answer = site.get(f"/conflicts?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["sources disagree", "says otherwise", "planned"]),
        ("fr", ["les sources se contredisent", "dit autre chose"]),
    ],
)
def test_the_page_reads_well_in_both_languages(site: TestClient, language: str, words: list[str]) -> None:
    page = site.get(f"/conflicts.html?lang={language}").text
    assert all(text in page for text in [*words, "One", "Two", "Left", "https://left.example/", "it stands on One"])
    assert "The &lt;b&gt;car&lt;/b&gt;" in page
    assert 'href="/conflicts"' in site.get("/", headers={"Accept": "text/html"}).text


def test_openapi_describes_the_path(site: TestClient) -> None:
    described = site.get("/openapi.json").json()["paths"]["/conflicts"]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert {"as_of", "kind", "about", "property", "organization", "plant", "vehicle", "language"} <= names
