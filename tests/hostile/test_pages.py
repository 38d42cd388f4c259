"""Pages: literals are text on every one of them, and lead nowhere that they should not."""

import re
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from tests.hostile.pages import Page
from tests.hostile.tricks import ADDRESSES, IRIS, TEXTS

HTML = {"Accept": "text/html"}
POLICY = {
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def page(client: TestClient, path: str) -> Page:
    got = client.get(path, headers=HTML)
    assert got.status_code == 200, (path, got.text)
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert set(got.headers["content-security-policy"].split("; ")) == POLICY
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    read = Page(got.content.decode())
    assert read.faults == [], path
    return read


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=TEXTS)
@pytest.mark.parametrize("kind", ["vehicle", "announcement", "source", "quote", "claim"])
def test_an_entity_s_texts_are_text(client: TestClient, kind: str, number: int) -> None:
    shown = page(client, f"/{kind}/trick-{number}")
    assert TEXTS[number] in shown.text, "it is there, letter by letter"


@pytest.mark.parametrize("text", TEXTS, ids=TEXTS)
def test_what_a_caller_writes_is_text(client: TestClient, text: str) -> None:
    asked = quote(text)
    for path in (f"/search?q={asked}", f"/vehicles?q={asked}"):
        assert text in page(client, path).values, "in the field that it was written in"
    assert text in page(client, f"/queries/tricks?text={asked}").text
    query = f"SELECT ?x {{ VALUES ?x {{ {literal(text)} }} }}"
    answered = page(client, f"/sparql?format=html&query={quote(query)}")
    assert text in answered.text
    assert query in answered.text, "in the field, and in the table"
    graph = f"CONSTRUCT {{ <urn:s> <urn:p> {literal(text)} }} {{}}"
    assert "urn:s" in page(client, f"/sparql?format=html&query={quote(graph)}").text


def literal(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08X}" if not letter.isalnum() else letter for letter in text) + '"'


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/vehicles",
            "/announcements",
            "/sources",
            "/claims",
            "/quotes",
            "/vehicles?limit=5",
            "/queries",
            "/export",
        ),
        *(
            "/ontology",
            "/shapes",
            "/docs",
            "/problems",
            "/sparql",
            "/.well-known/void",
            "/vehicle/endless",
            "/search?q=trick",
        ),
        *(
            "/queries/tricks",
            "/queries/evidence?subject=vehicle:trick-0",
            "/queries/entities-of-kind",
            "/queries/timeline",
        ),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_other_page(client: TestClient, path: str, language: str) -> None:
    page(client, f"{path}{'&' if '?' in path else '?'}lang={language}")


def test_every_path_without_parts_has_a_sound_page_or_none(client: TestClient) -> None:
    """So that a path which is added later is looked at too."""
    paths = [
        path for path, held in client.get("/openapi.json").json()["paths"].items() if "{" not in path and "get" in held
    ]
    assert len(paths) > 30
    for path in paths:
        got = client.get(path, headers=HTML)
        if got.headers.get("content-type", "").startswith("text/html"):
            page(client, path)
        else:
            assert got.status_code < 500, path


def test_every_page_that_a_trick_leads_to(client: TestClient) -> None:
    seen: set[str] = set()
    ahead = ["/vehicle/trick-0", "/ontology", "/claims?limit=1000"]
    while ahead and len(seen) < 150:
        path = ahead.pop()
        seen.add(path)
        links = [re.split("#", link)[0] for link in page(client, path).links]
        ahead += [
            link
            for link in links
            if re.fullmatch(r"/[a-z]+/(trick|address|iri)-\d+", link) and link not in {*seen, *ahead}
        ]
    assert len(seen) > 60


@pytest.mark.parametrize("number", range(len(ADDRESSES)), ids=ADDRESSES)
def test_only_addresses_of_the_web_are_links(client: TestClient, number: int) -> None:
    address = ADDRESSES[number]
    for path in (f"/source/address-{number}", f"/claim/address-{number}"):
        shown = page(client, path)
        assert address in shown.text + "".join(shown.values)
        linked = {link for link in shown.links if not link.startswith(("/", "#", "?"))}
        assert linked <= {address, "https://creativecommons.org/licenses/by/4.0/"}
        if not re.match("https?://.", address):
            assert address not in shown.links


@pytest.mark.parametrize("iri", IRIS)
def test_only_iris_of_the_web_are_links(client: TestClient, iri: str) -> None:
    query = quote(f'SELECT ?x {{ VALUES ?x {{ <{iri}> "{iri}"^^<http://www.w3.org/2001/XMLSchema#anyURI> }} }}')
    for path in (f"/sparql?format=html&query={query}", "/ontology", "/queries/tricks"):
        assert (iri in page(client, path).links) == iri.startswith("https://"), path


def test_a_page_is_no_script_s_either(client: TestClient) -> None:
    """JSON is not sniffed, and no page holds any."""
    for path in ("/vehicle/trick-0.json", "/vehicles.json", "/openapi.json", "/context.jsonld"):
        got = client.get(path)
        assert got.headers["x-content-type-options"] == "nosniff"
        assert re.match(r"application/([a-z]+\+)?json$", got.headers["content-type"])
