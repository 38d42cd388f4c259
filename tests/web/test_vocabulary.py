"""The vocabulary, the shapes, the context, and the dataset's description."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.root import shipped_root
from alpine_kg.web import dataset

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SPDX = "http://spdx.org/rdf/terms#"
READERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def read(body: bytes, extension: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(body, format=READERS[extension]))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


@pytest.mark.parametrize("path", ["/ontology", "/shapes", "/.well-known/void"])
def test_each_description_is_one_graph_in_all_formats(client: TestClient, path: str) -> None:
    graphs = [read(client.get(f"{path}.{extension}").content, extension) for extension in READERS]
    assert len(graphs[0]) > 50
    assert all(graph == graphs[0] for graph in graphs)
    assert client.get(path).headers["content-type"] == "text/turtle; charset=utf-8"
    assert "@context" in client.get(path, headers={"Accept": "application/json"}).json()


def test_the_context_is_the_file(client: TestClient) -> None:
    answer = client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.content == Path(shipped_root() / "ontology" / "context.jsonld").read_bytes()


def test_the_page_of_the_vocabulary_has_an_anchor_a_term(client: TestClient) -> None:
    page = client.get("/ontology.html?lang=en").text
    for term in ("Plant", "producedAt", "Planned"):
        assert f'<dt id="{term}">' in page
    assert 'href="#Vehicle"' in page


def values(triples: list[ox.Triple], predicate: str) -> list[str]:
    return [str(getattr(row.object, "value", "")) for row in triples if row.predicate.value == predicate]


def test_the_dataset_counts_what_is_there(client: TestClient, graph: KnowledgeGraph) -> None:
    body = client.get("/.well-known/void.nt", headers={"Host": "kg.example"}).content
    triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    described = "http://kg.example/.well-known/void#dataset"
    own = [row for row in triples if str(getattr(row.subject, "value", "")) == described]
    counted = json.loads(graph.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").body)
    assert values(own, VOID + "triples") == [counted["results"]["bindings"][0]["n"]["value"]]
    assert values(own, VOID + "entities") == [str(sum(graph.catalogue.counts().values()))]
    assert values(own, VOID + "sparqlEndpoint") == ["http://kg.example/sparql"]
    assert values(own, "http://purl.org/dc/terms/license") == ["https://creativecommons.org/licenses/by/4.0/"]
    titles = [row.object for row in own if row.predicate.value.endswith("/title")]
    assert {title.language for title in titles if isinstance(title, ox.Literal)} == {"fr", "en"}
    assert set(values(own, VOID + "subset")) == set(graph.sizes)


def test_each_distribution_is_what_it_says(client: TestClient) -> None:
    body = client.get("/.well-known/void.nt").content
    triples = [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    held = {(str(row.subject), row.predicate.value): row.object for row in triples}
    distributions = {str(row.object) for row in triples if row.predicate.value == DCAT + "distribution"}
    assert len(distributions) == 6
    for part in distributions:
        address = str(getattr(held[part, DCAT + "downloadURL"], "value", ""))
        download = client.get(address.removeprefix("http://testserver")).content
        checksum = str(held[part, SPDX + "checksum"])
        assert str(getattr(held[part, DCAT + "byteSize"], "value", "")) == str(len(download))
        assert str(getattr(held[checksum, SPDX + "checksumValue"], "value", "")) == hashlib.sha256(download).hexdigest()


def test_a_public_address_stands_in_descriptions(serve: Callable[..., TestClient]) -> None:
    client = serve(public_url="https://kg.example/")
    for path in ("/.well-known/void.nt", "/sparql"):
        text = client.get(path, headers={"Host": "evil.example", "Accept": "application/n-triples"}).text
        assert "<https://kg.example/sparql>" in text
        assert "evil" not in text


def test_the_downloads_of_a_large_graph_are_named_without_being_written(
    serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataset, "_FINGERPRINTED", 100)
    monkeypatch.setattr(KnowledgeGraph, "export", lambda *_: pytest.fail("a download was written"))
    text = serve().get("/.well-known/void.nt").text
    assert f"<{VOID}dataDump> <http://testserver/export/all.nq>" in text
    assert DCAT + "downloadURL" in text
    assert DCAT + "byteSize" not in text
    assert "rdf>" not in "".join(line for line in text.splitlines() if "dataDump" in line)


@pytest.mark.parametrize("host", ["a b", "<x>", "a>b", "x/y", "", "a" * 300, "é", "[::1", "x:99999999"])
@pytest.mark.parametrize("path", ["/.well-known/void", "/sparql"])
def test_a_host_that_is_none_is_refused(client: TestClient, path: str, host: str) -> None:
    assert client.get(path, headers={"Host": host.encode()}).status_code == 400
