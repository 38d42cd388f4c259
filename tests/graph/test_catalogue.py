"""Lists and searches."""

import sqlite3
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.errors import BadParameterError
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.ranking import matching
from alpine_kg.names import WORD, fold
from alpine_kg.namespaces import AK, KINDS, RDF, RDFS, entity_iri
from alpine_kg.store import EmbeddedStore

FIRST = [
    ("usine de dieppe", "plant/dieppe"),
    ("USINE DE DIEPPE", "plant/dieppe"),
    ("dieppe usine", "plant/dieppe"),
    ("usine  de, dieppe!", "plant/dieppe"),
    ("Dieppe factory", "plant/dieppe"),
    ("dieppe", "place/dieppe"),
    ("de meo", "person/luca-de-meo"),
    ("De Meo", "person/luca-de-meo"),
    ("meo luca", "person/luca-de-meo"),
    ("Luc de m", "person/luca-de-meo"),
    ("de_meo", "person/luca-de-meo"),
    ("Re-Nouveau", "plan/re-nouveau-france-2025"),
    ("re nouveau", "plan/re-nouveau-france-2025"),
    ("RE‑NOUVEAU", "plan/re-nouveau-france-2025"),
    ("renaulution", "plan/renaulution"),
    ("redele", "person/jean-redele"),
    ("Rédélé", "person/jean-redele"),
    ("RE\u0301DE\u0301", "person/jean-redele"),
    ("manufacture rédélé", "plant/dieppe"),
    ("cmf-ev", "platform/cmf-ev"),
    ("cmfev", "platform/cmf-ev"),
    ("plateforme cmfev", "platform/cmf-ev"),
    ("renouveau", "plan/re-nouveau-france-2025"),
    ("gt xover", "vehicle/alpine-crossover-gt"),
    ("a110", "vehicle/alpine-a110"),
    ("gt x-over", "vehicle/alpine-crossover-gt"),
    ("a390", "vehicle/alpine-crossover-gt"),
    ("DZ110", "vehicle/alpine-crossover-gt"),
    ("ampr medium", "platform/cmf-ev"),
    ("crossover gt", "vehicle/alpine-crossover-gt"),
    ("crossover gt nonsense", "vehicle/alpine-crossover-gt"),
    ("normandy", "place/normandy"),
    ("Normandie", "place/normandy"),
    ("economie", "post/minister-economy-finance-recovery"),
    ("coeur", "aim/france-at-heart-of-renault-group"),
    ("CŒUR", "aim/france-at-heart-of-renault-group"),
    ("Ｏｃｏｎ", "person/esteban-ocon"),
    ("alpine", "organization/alpine"),
    ("groupe renault", "organization/renault-group"),
    ("motors actu crossover", "source/motorsactu-gtxover"),
]


@pytest.mark.parametrize(("query", "first"), FIRST)
def test_the_best_hit_comes_first(graph: KnowledgeGraph, query: str, first: str) -> None:
    hits = graph.search(query, limit=5)
    assert hits[0].iri == entity_iri(*first.split("/"))
    assert hits[0].labels
    assert hits[0].types


@pytest.mark.parametrize("query", ["", " ", "nonsensexyz", "-", "*", '"', "'", "()", "\0", "\u0301", "🚗", "\udcff"])
def test_what_names_nothing_finds_nothing(graph: KnowledgeGraph, query: str) -> None:
    assert graph.search(query, limit=5) == []
    assert graph.page("plant", limit=5, query=query).total == (0 if query else graph.catalogue.counts()["plant"])


@given(query=st.text(max_size=30) | st.text(alphabet='"*()^:-+{}, ANDORNEAT dieppe\0', max_size=30))
def test_no_text_is_syntax(graph: KnowledgeGraph, query: str) -> None:
    assert len(graph.search(query, limit=3)) <= 3


def test_a_search_can_keep_to_a_kind(graph: KnowledgeGraph) -> None:
    hits = graph.search("dieppe", limit=100, kind="plant")
    assert [hit.iri for hit in hits] == [entity_iri("plant", "dieppe")]
    assert graph.search("dieppe", limit=100, kind="person") == []


def test_a_limit_keeps_the_best(graph: KnowledgeGraph) -> None:
    every = graph.search("alpine", limit=100)
    assert graph.search("alpine", limit=3) == every[:3]


def test_a_search_gives_as_many_as_there_are(graph: KnowledgeGraph) -> None:
    every = len(graph.search("dieppe", limit=1000))
    assert every > 20
    assert all(len(graph.search("dieppe", limit=limit)) == min(limit, every) for limit in range(1, every + 2))


@pytest.mark.parametrize(("text", "same"), [("dieppe d usine", "usine dieppe"), ("d dieppe dieppe", "dieppe")])
def test_a_word_that_begins_another_changes_nothing(graph: KnowledgeGraph, text: str, same: str) -> None:
    for kind in KINDS:
        assert graph.page(kind, limit=1000, query=text) == graph.page(kind, limit=1000, query=same)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Usine de DIEPPE", "l usine de dieppe"),
        ("Rédélé", "redele"),
        ("Re\u0301de\u0301le\u0301", "redele"),
        ("cœur", "coeur"),
        ("Crossover™", "crossovertm"),
        ("Straße", "strasse"),
        ("ÆØÅ", "aeøa"),
        ("A-110_x", "a 110 x"),
        ("  ", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == fold(folded) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_paging_gives_every_entity_once(graph: KnowledgeGraph, kind: str, limit: int) -> None:
    seen, after = [], None
    while True:
        page = graph.page(kind, limit=limit, after=after)
        assert page.total == graph.catalogue.counts().get(kind, 0)
        seen += [hit.iri for hit in page.hits]
        after = page.cursor
        if after is None:
            break
        assert len(page.hits) == limit
    assert sorted(seen) == sorted(entity_iri(kind, slug) for slug in graph.catalogue.slugs(kind))


def test_a_cursor_holds_when_entities_are_gone(graph: KnowledgeGraph) -> None:
    every = [hit.iri for hit in graph.page("vehicle", limit=100).hits]
    behind = graph.page("vehicle", limit=100, after=("", "")).hits
    assert [hit.iri for hit in behind] == every
    assert graph.page("vehicle", limit=100, after=("\uffff", "")).hits == []


def test_lists_are_in_the_order_of_their_labels(graph: KnowledgeGraph) -> None:
    labels = [fold(hit.labels.get("fr") or hit.labels.get("") or "") for hit in graph.page("claim", limit=1000).hits]
    assert len(labels) > 50
    assert labels == sorted(labels)


@pytest.mark.parametrize(
    ("kind", "query", "filters", "slugs"),
    [
        ("vehicle", "", {"producedAt": "plant:renault-maubeuge"}, {"renault-4-electric"}),
        ("vehicle", "", {"producedAt": "plant/dieppe", "builtOn": "cmf-ev"}, {"alpine-crossover-gt"}),
        ("vehicle", "", {"producedAt": "plant:nowhere"}, set()),
        ("vehicle", "", {"bodyStyle": "Crossover"}, {"alpine-crossover-gt", "nissan-electric-crossover"}),
        ("vehicle", "compact", {"brand": "organization:alpine"}, {"alpine-compact"}),
        ("vehicle", "electric a110", {}, {"alpine-a110-successor"}),
        ("claim", "hosts cmf", {"modality": "Planned"}, {"2022-01-28-dieppe-hosts-cmf-ev"}),
        ("claim", "hosts cmf", {"modality": "Rumoured"}, set()),
    ],
)
def test_lists_can_be_narrowed(
    graph: KnowledgeGraph, kind: str, query: str, filters: dict[str, str], slugs: set[str]
) -> None:
    page = graph.page(kind, limit=100, query=query, filters=filters)
    assert {hit.iri for hit in page.hits} == {entity_iri(kind, slug) for slug in slugs}
    assert page.total == len(slugs)


@pytest.mark.parametrize(
    ("kind", "name"), [("vehicle", "colour"), ("vehicle", "announcedIn"), ("vehicle", ""), ("plant", "' OR 1")]
)
def test_an_unknown_filter_is_refused_with_those_that_exist(graph: KnowledgeGraph, kind: str, name: str) -> None:
    with pytest.raises(BadParameterError, match="no filter") as caught:
        graph.page(kind, limit=1, filters={name: "plant:dieppe"})
    assert ("producedAt" if kind == "vehicle" else "locatedIn") in caught.value.remedy


def test_counts(graph: KnowledgeGraph) -> None:
    counts = graph.catalogue.counts()
    assert counts["announcement"] == 62
    assert list(counts) == [kind for kind in KINDS if kind in counts]
    assert all(len(graph.catalogue.slugs(kind)) == number for kind, number in counts.items())


def test_a_catalogue_in_a_file_is_the_same(graph: KnowledgeGraph, tmp_path: Path) -> None:
    Catalogue.build(graph.store, tmp_path / "index.sqlite")
    opened = Catalogue(tmp_path / "index.sqlite")
    assert opened.counts() == graph.catalogue.counts()
    assert opened.search("usine de dieppe", limit=3) == graph.catalogue.search("usine de dieppe", limit=3)


def test_threads_share_a_catalogue(graph: KnowledgeGraph) -> None:
    found: list[str] = []

    def search() -> None:
        found.extend(graph.search("usine de dieppe", limit=1)[0].iri for _ in range(20))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [entity_iri("plant", "dieppe")] * 80


def test_only_typed_entities_are_listed() -> None:
    store = EmbeddedStore()
    rows: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
        (entity_iri("plant", "typed"), RDF + "type", ox.NamedNode(AK + "Plant")),
        (entity_iri("plant", "named"), RDFS + "label", ox.Literal("Named")),
        (entity_iri("boat", "typed"), RDF + "type", ox.NamedNode(AK + "Boat")),
        (entity_iri("plant", "other") + "/x", RDF + "type", ox.NamedNode(AK + "Plant")),
    ]
    store.load({"urn:g": [ox.Triple(ox.NamedNode(s), ox.NamedNode(p), o) for s, p, o in rows]})
    catalogue = Catalogue.build(store)
    assert catalogue.counts() == {"plant": 1}
    # Without a label it stands in the list by its slug.
    assert [hit.iri for hit in catalogue.search("typed", limit=5)] == [entity_iri("plant", "typed")]


def test_an_empty_catalogue() -> None:
    catalogue = Catalogue.build(EmbeddedStore())
    assert catalogue.counts() == {}
    assert catalogue.search("x", limit=1) == []
    assert catalogue.page("plant", limit=1).hits == []


def test_words_are_parted_where_the_index_parts_them() -> None:
    """Every letter there is: one that the index parts at would make a phrase of a word, which it cannot look for."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE name USING fts5 (names, content = '', detail = none)")
    for letter in map(chr, [*range(1, 0xD800), *range(0xE000, 0x110000)]):
        if WORD.match(letter):
            database.execute("SELECT rowid FROM name WHERE name MATCH ?", [matching(f"x{letter}y")])
