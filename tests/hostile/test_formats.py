"""Formats: each says the same, letter by letter, or says that it cannot."""

import csv
import io
import json
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from rdflib import Graph
from starlette.testclient import TestClient
from tests.hostile.conftest import Serve
from tests.hostile.tricks import ENTITY, IRIS, PREFIXES, TEXTS

ALL = [*TEXTS, "\x01 \x1b[31m \x7f"]
RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


def read(body: bytes, extension: str) -> set[str]:
    dataset = ox.Dataset(ox.parse(body, format=RDF[extension]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


@pytest.mark.parametrize("kind", ["vehicle", "claim"])
@pytest.mark.parametrize("number", range(len(TEXTS)), ids=TEXTS)
def test_an_entity_is_the_same_in_every_format(client: TestClient, kind: str, number: int) -> None:
    found = {extension: read(client.get(f"/{kind}/trick-{number}.{extension}").content, extension) for extension in RDF}
    assert any(str(ox.Literal(TEXTS[number])) in triple for triple in found["nt"])
    assert found["ttl"] == found["nt"] == found["rdf"] == found["jsonld"]
    tree = client.get(f"/{kind}/trick-{number}.json")
    assert json.dumps(TEXTS[number])[1:-1] in json.dumps(tree.json())


def test_another_reader_of_xml_agrees(client: TestClient) -> None:
    for number, text in enumerate(TEXTS):
        graph = Graph().parse(client.get(f"/vehicle/trick-{number}.rdf").content, format="xml")
        assert text in {str(value) for value in graph.objects(None, None)}


@pytest.mark.parametrize("name", ["vehicles", "announcements", "sources"])
def test_a_list_is_the_same_in_every_format(client: TestClient, name: str) -> None:
    path, size = f"/{name}", "?limit=1000"
    items = {item["id"]: item["label"] for item in client.get(f"{path}.json{size}").json()["items"]}
    found = {extension: read(client.get(f"{path}.{extension}{size}").content, extension) for extension in RDF}
    assert found["ttl"] == found["nt"] == found["rdf"] == found["jsonld"]
    table = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv{size}").content.decode(), newline="")))
    labels = {row["id"]: row["label_fr"] for row in table}
    for number, text in enumerate(TEXTS):
        iri = f"{ENTITY}{name.removesuffix('s')}/trick-{number}"
        assert text in items[iri].values()
        assert labels[iri] == text, "as it is: what a spreadsheet makes of it is the spreadsheet's affair"
        assert any(triple.startswith(f"<{iri}> <{LABEL}> {ox.Literal(text)}") for triple in found["nt"])


@pytest.mark.parametrize("name", ["all", "data", "tricks", "ontology", "vehicle:trick-0"])
def test_downloads_are_read_as_they_were_written(client: TestClient, name: str) -> None:
    found = {extension: read(client.get(f"/export/{name}.{extension}").content, extension) for extension in RDF}
    assert found["ttl"] == found["nt"] == found["rdf"] == found["jsonld"]
    assert any("alert(1)" in triple for triple in found["nt"])


def escaped(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08X}" if not letter.isalnum() else letter for letter in text) + '"'


def ask(client: TestClient, query: str, accept: str) -> Any:
    return client.post("/sparql", data={"query": query}, headers={"Accept": accept})


TABLE = "SELECT ?text ?tagged ?iri {{ VALUES (?text ?tagged ?iri) {{ {} }} }}".format(
    " ".join(f"({escaped(text)} {escaped(text)}@fr <{IRIS[number % len(IRIS)]}>)" for number, text in enumerate(ALL))
)


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("text/tab-separated-values", ox.QueryResultsFormat.TSV),
    ],
)
def test_tables_are_read_as_they_were_found(client: TestClient, accept: str, form: ox.QueryResultsFormat) -> None:
    rows = ox.parse_query_results(ask(client, TABLE, accept).content, form)
    assert isinstance(rows, ox.QuerySolutions)
    assert [(row["text"].value, row["tagged"].value, row["iri"].value) for row in rows] == expected(ALL)


def expected(texts: list[str]) -> list[tuple[str, str, str]]:
    return [(text, text, IRIS[number % len(IRIS)]) for number, text in enumerate(texts)]


def test_csv_is_as_the_recommendation_has_it(client: TestClient) -> None:
    """Quotes where they must be and nowhere else, nothing put before what looks like a formula."""
    got = ask(client, TABLE, "text/csv")
    rows = list(csv.reader(io.StringIO(got.content.decode(), newline="")))
    assert rows[0] == ["text", "tagged", "iri"]
    assert [tuple(row) for row in rows[1:]] == expected(ALL)
    special = 'VALUES ?x { "=1+1" "a,b" "a\\"b" "a\\nb" "a\\rb" "a b" "" <https://example.org/a,b> 01 }'
    lines = b'x\r\n=1+1\r\n"a,b"\r\n"a""b"\r\n"a\nb"\r\n"a\rb"\r\na b\r\n\r\n"https://example.org/a,b"\r\n1\r\n'
    assert ask(client, f"SELECT * {{ {special} }}", "text/csv").content == lines


def test_xml_says_the_same_or_nothing(client: TestClient) -> None:
    xml = "application/sparql-results+xml"
    fitting = TABLE.replace(escaped(ALL[-1]), '"fits"')
    rows = ox.parse_query_results(ask(client, fitting, xml).content, ox.QueryResultsFormat.XML)
    assert isinstance(rows, ox.QuerySolutions)
    assert [(row["text"].value, row["tagged"].value, row["iri"].value) for row in rows] == expected([*TEXTS, "fits"])
    refused = ask(client, TABLE, xml)
    assert refused.status_code == 406
    assert refused.json()["type"].endswith("#not-acceptable")


@pytest.mark.parametrize(
    "triple",
    [
        '<urn:s> <urn:p> "\\u0001"',
        '<urn:s> <urn:p> "\\uFFFE"',
        "<urn:s> <http://example.org/1> 1",
        "<urn:s> <urn:x:2> 1",
        "<urn:s> a <urn:x:2>",
        "<urn:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1",
    ],
)
def test_what_rdf_xml_cannot_carry_is_refused_there_and_given_elsewhere(client: TestClient, triple: str) -> None:
    query = f"CONSTRUCT {{ {triple} }} {{}}"
    refused = ask(client, query, "application/rdf+xml")
    assert refused.status_code in {400, 406}
    assert refused.headers["content-type"] == "application/problem+json"
    for accept in ("text/turtle", "application/n-triples", "application/ld+json"):
        assert ask(client, query, accept).status_code == 200


def test_one_entity_that_xml_cannot_carry_takes_no_other_answer_with_it(serve: Serve) -> None:
    data = f'{PREFIXES} <{ENTITY}plant/bell> a ak:Plant ; rdfs:label "bell \\u0007" .'
    with serve({"data/bell.ttl": data}) as client:
        assert client.get("/plant/bell.rdf").status_code == 406
        assert client.get("/export/all.rdf").status_code == 406
        assert client.get("/plant/dieppe.rdf").status_code == 200
        for path in ("/plant/bell", "/plant/bell.ttl", "/plant/bell.json", "/plants", "/export/all.nt", "/export", "/"):
            assert client.get(path).status_code == 200, path
        void = client.get("/.well-known/void.nt")
        assert void.status_code == 200
        assert "all.ttl" in void.text
        assert "all.rdf" not in void.text


def test_numbers_without_end_are_numbers(client: TestClient) -> None:
    for extension in RDF:
        assert "9" * 5_000 in client.get(f"/vehicle/endless.{extension}").text
    assert "9" * 5_000 in client.get("/vehicle/endless.json").text
    query = quote(f"SELECT ?x {{ VALUES ?x {{ {'9' * 5_000} }} }}")
    assert client.get(f"/sparql?format=html&query={query}").status_code == 200
