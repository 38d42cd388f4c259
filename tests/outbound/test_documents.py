"""Documents and parameters name addresses; none of them is fetched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.outbound.world import listener

from alpine_kg.errors import RdfSyntaxError
from alpine_kg.formats import FORMATS
from alpine_kg.store import EmbeddedStore

RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:"><rdf:Description rdf:about="urn:a">'
END = "</rdf:Description></rdf:RDF>"
DOCUMENTS = {
    "remote context": ("jsonld", '{"@context": "E", "@id": "urn:a", "urn:b": "c"}'),
    "one of several contexts": ("jsonld", '{"@context": [{}, "E"], "@id": "urn:a", "urn:b": "c"}'),
    "imported context": ("jsonld", '{"@context": {"@import": "E"}, "@id": "urn:a", "urn:b": "c"}'),
    "scoped context": (
        "jsonld",
        '{"@context": {"x": {"@id": "urn:x", "@context": "E"}}, "@id": "urn:a", "x": {"urn:b": "c"}}',
    ),
    "embedded context": ("jsonld", '{"@id": "urn:a", "urn:x": {"@context": "E", "urn:b": "c"}}'),
    "external entity": ("rdf", f'<!DOCTYPE r [<!ENTITY x SYSTEM "E">]>{RDF}<u:b>&x;</u:b>{END}'),
    "public entity": ("rdf", f'<!DOCTYPE r [<!ENTITY x PUBLIC "x" "E">]>{RDF}<u:b>&x;</u:b>{END}'),
    "parameter entity": ("rdf", f'<!DOCTYPE r [<!ENTITY % x SYSTEM "E"> %x;]>{RDF}<u:b>c</u:b>{END}'),
    "entity that is a file": (
        "rdf",
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>{RDF}<u:b>&x;</u:b>{END}',
    ),
    "document type": ("rdf", f'<!DOCTYPE r SYSTEM "E">{RDF}<u:b>c</u:b>{END}'),
    "style sheet": ("rdf", f'<?xml-stylesheet href="E"?>{RDF}<u:b>c</u:b>{END}'),
    "import": ("ttl", "<E> <http://www.w3.org/2002/07/owl#imports> <E> ; <urn:see> <E> ."),
    "base": ("ttl", "@base <E> . @prefix e: <E> . <a> e:b <#c> ."),
}
REFUSED = {name for name in DOCUMENTS if "context" in name or "entity" in name}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_fetches_nothing(name: str, tmp_path: Path) -> None:
    extension, text = DOCUMENTS[name]
    path = tmp_path / f"file.{extension}"
    with listener() as (address, contacts):
        path.write_text(text.replace('E"', f'{address}"').replace("E>", f"{address}>"), encoding="utf-8")
        store = EmbeddedStore()
        if name in REFUSED:
            with pytest.raises(RdfSyntaxError):
                store.load_file(path, FORMATS[extension], merge=True)
        else:
            store.load_file(path, FORMATS[extension], merge=True)
            assert store.size() > 0
    assert contacts == []


def asked(address: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Requests that name an address wherever they can."""
    select = "SELECT * { ?s ?p ?o } LIMIT 1"
    yield "/sparql", {"query": f"ASK FROM <{address}> {{ ?s ?p ?o }}"}
    yield "/sparql", {"query": f"ASK FROM NAMED <{address}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"}
    yield "/sparql", {"query": f"SELECT * {{ GRAPH <{address}> {{ ?s ?p ?o }} }}"}
    yield "/sparql", {"query": f"DESCRIBE <{address}>"}
    yield "/sparql", {"query": f"LOAD <{address}>"}
    yield "/sparql", {"query": f"LOAD SILENT <{address}> INTO GRAPH <urn:x>"}
    yield "/sparql", {"query": f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}"}
    yield "/sparql", {"query": select, "default-graph-uri": address}
    yield "/sparql", {"query": select, "named-graph-uri": address}
    yield "/sparql", {"query": select, "using-graph-uri": address}
    yield "/sparql", {"update": f"LOAD <{address}>"}
    yield "/rdf-graph-store", {"graph": address}
    yield f"/rdf-graph-store/{address}", {}
    yield f"/graph/{address}", {}
    yield "/search", {"q": address}
    yield "/claims", {"subject": address}
    yield "/queries/evidence", {"entity": address}
    yield f"/id/{address}", {}
    yield f"/export/{address}", {}


def test_no_request_makes_the_service_fetch(client: TestClient) -> None:
    with listener() as (address, contacts):
        for path, parameters in asked(address):
            got = client.get(path, params=parameters)
            assert got.status_code < 500, path
            form = client.post("/sparql", data=parameters)
            assert form.status_code < 500, path
        headers = {
            "Host": address.split("/")[2],
            "X-Forwarded-Host": address,
            "Origin": address,
            "Referer": address,
        }
        assert client.get("/sparql", headers=headers).status_code == 200
    assert contacts == []


def test_service_is_answered_with_a_problem(client: TestClient) -> None:
    got = client.get("/sparql", params={"query": "ASK { SERVICE <https://query.wikidata.org/sparql> {} }"})
    assert got.status_code == 403
    assert got.json()["type"].endswith("#forbidden-query")
    assert "<https://query.wikidata.org/sparql>" in got.json()["detail"]
    assert "ALPINE_KG_SERVICE_ALLOW" in got.json()["remedy"]


def entities(depth: int, width: int) -> str:
    """Entities each of which holds the one before it so many times."""
    declared = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * width}">' for level in range(1, depth))
    return f'<!DOCTYPE r [<!ENTITY e0 "0123456789">{declared}]>'


@pytest.mark.parametrize(
    ("before", "text", "fits"),
    [
        (entities(9, 10), "&e8;", False),
        (entities(7, 10), "&e6;", False),
        (entities(4, 10), "&e3;", True),
        (entities(9, 10), "", False),
        (f'<!DOCTYPE r [<!ENTITY e0 "{"x" * 100_000}">]>', "&e0;" * 1_000, False),
        ('<!DOCTYPE r [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]>', "&owl;" * 10_000, True),
        ("<!-- <!ENTITY -->", "&amp;" * 1_000, True),
    ],
)
def test_entities_do_not_make_a_file_explode(before: str, text: str, *, fits: bool, tmp_path: Path) -> None:
    path = tmp_path / "file.rdf"
    path.write_text(f"{before}{RDF}<u:b>{text}</u:b>{END}", encoding="utf-8")
    store = EmbeddedStore()
    if fits:
        store.load_file(path, FORMATS["rdf"], merge=True)
        assert store.size() == 1
    else:
        with pytest.raises(RdfSyntaxError, match="times longer"):
            store.load_file(path, FORMATS["rdf"], merge=True)
