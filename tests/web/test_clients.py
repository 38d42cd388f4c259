"""Clients that people use, against a server of its own: SPARQLWrapper, rdflib's SPARQLStore, pandas, and bare sockets."""

import io
import socket
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pandas as pd
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

AK = "https://w3id.org/alpine-kg/ontology#"
DIEPPE = "https://w3id.org/alpine-kg/id/plant/dieppe"
NORMANDY = "https://w3id.org/alpine-kg/id/place/normandy"
CROSSOVER = "https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt"
FIRST = f"?vehicle <{AK}firstOfPowertrainMadeIn> <{NORMANDY}> ; rdfs:label ?label"
SELECT = (
    f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\nSELECT ?vehicle ?label WHERE {{ {FIRST} }} ORDER BY ?label"
)
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{DIEPPE}> }} ?s ?p ?o }}"


def wrapper(address: str, query: str, result: str) -> Any:
    client: Any = SPARQLWrapper(f"{address}/sparql")
    client.setQuery(query)
    client.setReturnFormat(result)
    return client


@pytest.mark.parametrize("way", [None, POST, POSTDIRECTLY])
def test_sparqlwrapper_reads_results(address: str, way: str | None) -> None:
    client = wrapper(address, SELECT, JSON)
    if way == POSTDIRECTLY:
        client.setRequestMethod(POSTDIRECTLY)
    if way is not None:
        client.setMethod(POST)
    answer = client.queryAndConvert()
    assert [row["vehicle"]["value"] for row in answer["results"]["bindings"]] == [CROSSOVER, CROSSOVER]
    assert wrapper(address, "ASK {}", JSON).queryAndConvert()["boolean"] is True


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_reads_the_other_formats(address: str) -> None:
    assert CROSSOVER in wrapper(address, SELECT, XML).queryAndConvert().toxml()
    assert wrapper(address, SELECT, CSV).queryAndConvert().decode().startswith("vehicle,label\r\n")
    assert wrapper(address, SELECT, TSV).queryAndConvert().decode().startswith("?vehicle\t?label\n")
    graph = Graph().parse(data=wrapper(address, CONSTRUCT, TURTLE).queryAndConvert(), format="turtle")
    assert (URIRef(DIEPPE), URIRef(AK + "locatedIn"), None) in graph
    assert len(wrapper(address, CONSTRUCT, RDFXML).queryAndConvert()) == len(graph)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_sparqlwrapper_reads_json_ld(address: str) -> None:
    assert (URIRef(DIEPPE), None, None) in wrapper(address, CONSTRUCT, JSONLD).queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_queries_a_store(address: str, method: str) -> None:
    graph = Graph(SPARQLStore(f"{address}/sparql", method=method))
    rows = list(graph.query(SELECT))
    assert {row[0] for row in rows} == {URIRef(CROSSOVER)}  # type: ignore[index]
    assert Literal("Alpine crossover GT", lang="en") in {row[1] for row in rows}  # type: ignore[index]
    assert (URIRef(CROSSOVER), URIRef(AK + "producedAt"), URIRef(DIEPPE)) in graph
    assert graph.query("ASK {}").askAnswer is True
    assert len(graph) > 1000


def test_rdflib_reads_documents(address: str) -> None:
    graph = Graph().parse(f"{address}/id/plant/dieppe", format="turtle")
    assert (URIRef(CROSSOVER), URIRef(AK + "producedAt"), URIRef(DIEPPE)) in graph
    assert len(Graph().parse(f"{address}/export/data.ttl")) > 500


def test_pandas_reads_tables(address: str) -> None:
    table = pd.read_csv(f"{address}/sparql?{urlencode({'query': SELECT, 'format': 'csv'})}")
    assert list(table.columns) == ["vehicle", "label"]
    assert len(table) == 2
    assert len(pd.read_csv(f"{address}/claims.csv?limit=1000")) > 50
    timeline = pd.read_csv(f"{address}/queries/timeline.csv", parse_dates=["latest"])
    assert timeline["latest"].dt.year.max() >= 2025
    table = pd.read_csv(io.BytesIO(httpx.get(f"{address}/queries/timeline.tsv").content), sep="\t")
    assert "?due" in table.columns


def test_one_hop_from_an_identifier_to_turtle(address: str) -> None:
    answer = httpx.get(f"{address}/id/plant/dieppe", headers={"Accept": "text/turtle"}, follow_redirects=True)
    assert [hop.status_code for hop in answer.history] == [303]
    assert answer.history[0].headers["location"] == "/plant/dieppe.ttl"
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "plant:dieppe" in answer.text


def converse(address: str, *requests: bytes) -> bytes:
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as line:
        line.sendall(b"".join(requests))
        return b"".join(iter(lambda: line.recv(65536), b""))


def request(method: str, target: str, *headers: str) -> bytes:
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *headers, "", ""]).encode("latin-1")


def test_answers_without_a_body_leave_the_connection_whole(address: str) -> None:
    tag = httpx.get(f"{address}/plant/dieppe").headers["etag"]
    spoken = converse(
        address,
        request("HEAD", "/plant/dieppe"),
        request("HEAD", "/nope"),
        request("OPTIONS", "/sparql"),
        request("GET", "/plant/dieppe", f"If-None-Match: {tag}"),
        request("HEAD", "/sparql?query=" + quote("ASK {}")),
        request("GET", "/healthz", "Connection: close"),
    )
    lines = [line.split(b" ", 2)[1] for line in spoken.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert lines == [b"200", b"404", b"204", b"304", b"200", b"200"]
    assert spoken.endswith(b'{"status":"alive"}')


@pytest.mark.parametrize(
    "target",
    [
        "/plant/%",
        "/plant/%zz",
        "/plant/%00",
        "/plant/%C0%AF",
        "/plant/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "//plant/dieppe",
        "/plants?%FF=%FE",
        "/plants?q=%00",
        "/plants?" + "&".join(["limit=1"] * 5000),
        "/search?q=" + "%C3%A9" * 5000,
        "*",
    ],
)
def test_targets_that_browsers_never_send(address: str, target: str) -> None:
    spoken = converse(address, request("GET", target, "Connection: close"))
    assert spoken.split(b" ")[1].startswith(b"4"), spoken[:200]


@pytest.mark.parametrize(
    "header",
    [
        "Accept: \xff\xfe",
        "Accept: " + "a/b," * 3000,
        "Accept-Language: \xe9;q=9",
        "If-None-Match: W/",
        "Range: bytes=0-1",
        "Expect: x",
    ],
)
def test_headers_that_browsers_never_send(address: str, header: str) -> None:
    spoken = converse(address, request("GET", "/plant/dieppe", header, "Connection: close"))
    assert spoken.split(b" ")[1] in {b"200", b"400", b"406", b"417"}, spoken[:200]
