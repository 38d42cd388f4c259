"""Headers: nothing of the data, nor of a request, begins another one or ends the answer."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.hostile.tricks import TEXTS

from alpine_kg.errors import RootError
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import create_app

VALUE = re.compile(r"[\x20-\x7e]*")
LINK = re.compile(r'<[^<>"\\\s]*>(?:; [a-z]+="[^"\\<>]*")*')
CODED = [
    *TEXTS,
    "\r\nX-Evil: 1",
    "%0d%0aX-Evil: 1",
    "x\x00y",
    "\udc80".encode("utf-8", "surrogatepass").hex(),
    "é" * 300,
]


def checked(client: TestClient, path: str, **headers: str) -> tuple[int, str]:
    """The status and the type of an answer, whose headers are sound."""
    got = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert got.status_code < 500, (path, headers)
    assert "x-evil" not in got.headers
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"]
    for name, value in got.headers.items():
        assert VALUE.fullmatch(value), (path, name, value)
    for link in filter(None, got.headers.get("link", "").split(", ")):
        assert LINK.fullmatch(link), link
    if got.status_code >= 400:
        assert got.headers["content-type"] == "application/problem+json"
        assert json.loads(got.content)["detail"]
    return got.status_code, got.headers["content-type"] if got.content else ""


PATHS = (
    "/{}",
    "/vehicle/{}",
    "/vehicle/{}.json",
    "/vehicle/trick-0.{}",
    "/id/vehicle/{}",
    "/id/{}/trick-0",
    "/export/{}",
    "/export/{}.ttl",
    "/export/vehicle:{}.ttl",
    "/queries/{}",
    "/queries/tricks?text={}",
    "/queries/tricks?{}=x",
    "/queries/tricks?lang={}",
    "/search?q={}",
    "/search?q=x&kind={}",
    "/search?q=x&limit={}",
    "/vehicles?{}=x",
    "/vehicles?brand={}",
    "/vehicles?cursor={}",
    "/vehicles.{}",
    "/sparql?query={}",
    "/sparql?query=ASK%20%7B%7D&format={}",
    "/sparql?query=ASK%20%7B%7D&timeout={}",
    "/sparql?query=ASK%20%7B%7D&default-graph-uri={}",
    "/static/{}",
    "/graph/{}",
    "/rdf-graph-store/{}",
    "/rdf-graph-store?graph={}",
    "/rdf-graph-store?{}",
    "/ontology.{}",
    "/problems.{}",
    "/.well-known/{}",
)


@pytest.mark.parametrize("path", PATHS)
def test_what_is_written_in_an_address_stays_in_the_body(client: TestClient, path: str) -> None:
    for text in CODED:
        checked(client, path.format(quote(text, safe="")))


@pytest.mark.parametrize(
    "header", ["Accept", "Accept-Language", "If-None-Match", "User-Agent", "Referer", "Origin", "X-Request-Id", "Range"]
)
def test_what_is_written_in_a_header_stays_there(client: TestClient, header: str) -> None:
    values = [text for text in TEXTS if re.fullmatch(r"[\x20-\x7e]+", text)]
    for value in [*values, "*" * 5_000, "a/b;q=" + "9" * 4_000, ",".join(["text/html"] * 3_000)]:
        for path in ("/vehicle/trick-0", "/sparql", "/vehicles", "/nothing"):
            checked(client, path, **{header: value.strip() or "x"})


@pytest.mark.parametrize(
    "host", ["evil.example\\x", "a b", "<script>", "x/../y", "x@y", "x:99999999", "x?y", "[::1", '"']
)
def test_a_host_that_is_none_becomes_no_iri(client: TestClient, host: str) -> None:
    for path in ("/sparql", "/.well-known/void", "/"):
        got = client.get(path, headers={"Host": host, "Accept": "text/turtle"})
        assert got.status_code in {400, 406}
        assert host not in got.headers.get("link", "")


@pytest.mark.parametrize(
    "license_",
    [
        '"x\\r\\nX-Evil: 1"',
        '"\\"><script>alert(1)</script>"',
        "<javascript:alert(1)>",
        "<https://example.org/licence-é-œ-日本>",
        "<https://example.org/a'b;c,d>",
        '"é œ 日本"@fr',
    ],
)
def test_a_licence_is_a_link_or_a_text(small_root: Callable[..., Path], license_: str) -> None:
    ontology = f"""
        <https://w3id.org/alpine-kg/ontology> a <http://www.w3.org/2002/07/owl#Ontology> ;
            <http://purl.org/dc/terms/license> {license_} .
    """
    graph = KnowledgeGraph.open(small_root({"ontology/header.ttl": ontology}))
    with TestClient(create_app(graph, Settings()), raise_server_exceptions=False) as client:
        for path in ("/", "/plant/dieppe", "/plant/dieppe.ttl", "/export/all.nt", "/plants", "/.well-known/void.ttl"):
            assert checked(client, path)[0] == 200
        page = client.get("/", headers={"Accept": "text/html"}).text
        assert not re.search(r"<script|href=\"javascript", page)


def test_a_download_is_named_in_plain_letters(client: TestClient) -> None:
    for name in ("all.ttl", "tricks.nq.gz", "vehicle:trick-0.rdf", "2022-01-28-dieppe-crossover-gt.trig"):
        got = client.get(f"/export/{name}")
        assert re.fullmatch(r'attachment; filename="[a-z0-9.-]+"', got.headers["content-disposition"])


@pytest.mark.parametrize("name", ['a"b', "a\r\nb", "a b", "a?b", "a#b", "é", "{x}", "a.b", "<b>"])
def test_a_query_s_file_is_named_in_plain_letters(small_root: Callable[..., Path], name: str) -> None:
    for folder in ("queries", "queries/derive"):
        with pytest.raises(RootError, match="cannot name a query"):
            KnowledgeGraph.open(small_root({f"{folder}/{name}.rq": "ASK {}"}))
