"""Pages: links that lead somewhere, words in both languages, and data that stay data."""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import KINDS
from alpine_kg.web.pages import TEMPLATES
from alpine_kg.web.wording import WORDS

VOID_ELEMENTS = {"meta", "link", "input", "br"}
HOSTILE = """
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
@prefix source: <https://w3id.org/alpine-kg/id/source/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
plant:hostile a ak:Plant ; rdfs:label "<script>alert('label')</script>" ; skos:altLabel "\\"><img src=x onerror=alert(1)>" ;
  rdfs:seeAlso <javascript:alert(2)> .
source:hostile a ak:Source ; rdfs:label "</title><script>" ; ak:publisher "<b>bold</b>" ;
  ak:url "javascript:alert(3)"^^xsd:anyURI , "https://example.org/\\"onclick=x"^^xsd:anyURI .
"""


class Reader(HTMLParser):
    """Collects links, anchors and elements, and checks that elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.elements: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.elements.add(tag)
        assert len(held) == len(attrs), f"{tag} has an attribute twice"
        assert not any(name.startswith("on") for name in held), f"{tag} has a script"
        if tag not in VOID_ELEMENTS:
            self.open.append(tag)
        if "href" in held:
            self.links.append(held["href"])
        if "id" in held:
            assert held["id"] not in self.anchors, f"two elements are {held['id']}"
            self.anchors.add(held["id"])
        if tag == "label":
            self.labels.add(held["for"])
        if tag in {"input", "textarea", "select"} and held.get("type") != "hidden" and "aria-label" not in held:
            self.fields.add(held["id"])

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} closes nothing"
        assert self.open.pop() == tag


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert reader.fields <= reader.labels, "each field has a label"
    return reader


EVERY = {"claim": 80, "source": 40, "quote": 40, "announcement": 5, "organization": 5, "person": 5, "place": 5}
"""Of kinds of which there are many things, and all alike, every n-th page stands for the others."""
EVERY_DATA = 60
"""Of one format, every n-th link to data stands for the others."""
DATA = re.compile(r"\.(atom|csv|json|jsonld|nt|rdf|srj|srx|tsv|ttl)$")


def stands_for_others(inside: str, met: Counter[str]) -> bool:
    """Whether a link that was not met before is followed."""
    # One page of the language switch is enough: the others differ in words only.
    if "lang=" in inside:
        return False
    data = DATA.search(urlsplit(inside).path)
    alike = data[1] if data else inside.split("/")[1]
    met[alike] += 1
    return (met[alike] - 1) % (EVERY_DATA if data else EVERY.get(alike, 1)) == 0


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    waiting, seen, anchors = ["/"], {"/"}, {}
    met: Counter[str] = Counter()
    wanted: set[tuple[str, str]] = set()
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers={"Accept": "text/html, */*;q=0.1", "Accept-Language": "fr"})
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        page = read(answer.text)
        anchors[path] = page.anchors
        assert {"main", "h1", "header", "footer", "title"} <= page.elements
        for link in page.links:
            target, fragment = urldefrag(urljoin(f"http://here{path}", link))
            if not target.startswith("http://here/") or "/export/" in target:
                continue
            inside = target.removeprefix("http://here")
            if fragment:
                wanted.add((inside, fragment))
            if inside not in seen:
                seen.add(inside)
                if stands_for_others(inside, met):
                    waiting.append(inside)
    assert len(anchors) > 60
    for path, fragment in wanted:
        if path in anchors:
            assert fragment in anchors[path], f"{path}#{fragment}"


@pytest.mark.parametrize(
    "path", ["/plant/dieppe", "/claims", "/search?q=dieppe", "/queries/timeline", "/sparql", "/export"]
)
def test_the_other_language_is_one_link_away(client: TestClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"}).text
    start = page.index('<a class="tongue" href="') + len('<a class="tongue" href="')
    other = page[start : page.index('"', start)].replace("&amp;", "&")
    english = client.get(other, headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert '<html lang="en">' in english.text


@pytest.fixture(scope="module")
def hostile(extended: Callable[[str], KnowledgeGraph]) -> KnowledgeGraph:
    return extended(HOSTILE)


def test_data_are_never_markup(serve: Callable[..., TestClient], hostile: KnowledgeGraph) -> None:
    client = serve(hostile)
    paths = (
        "/plant/hostile",
        "/source/hostile",
        "/plants",
        "/sources",
        "/search?q=script",
        "/queries/stated-in-source",
    )
    for path in paths:
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200
        page = read(answer.text)
        assert not {"script", "img", "b"} & page.elements - ({"b"} if path == "/" else set())
        assert not any(link.lower().startswith("javascript:") for link in page.links)
    shown = client.get("/plant/hostile", headers={"Accept": "text/html"}).text
    assert "&lt;script&gt;alert(&#39;label&#39;)&lt;/script&gt;" in shown


def test_data_stay_whole_in_every_format(serve: Callable[..., TestClient], hostile: KnowledgeGraph) -> None:
    client = serve(hostile)
    label = "<script>alert('label')</script>"
    assert client.get("/plant/hostile.json").json()["label"] == {"any": label}
    assert label not in client.get("/plant/hostile.rdf").text
    assert label in client.get("/plants.csv").text


FEED_WORDS = {"announced_by", "promises", "promise", "outcome"} | {
    "fulfils",
    "fulfilsInPart",
    "revises",
    "cancels",
    "contradicts",
}
"""Words that stand in feeds, which no template writes."""


def test_every_word_is_there_in_both_languages_and_used(graph: KnowledgeGraph) -> None:
    statuses = next(each.choices for each in graph.query("promises").parameters if each.name == "status")
    templates = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    for name, texts in WORDS.items():
        assert all(texts)
        used = f"words.{name}" in templates or name in {*KINDS.values(), *statuses}
        assert used or name in {"classes", "properties", "values", "domain", "range", "subclass_of"} | FEED_WORDS, name
    assert {*KINDS.values(), *statuses} <= set(WORDS)
