"""The words for terms."""

import pytest

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.vocabulary import Vocabulary, pick
from alpine_kg.namespaces import AK
from alpine_kg.store import EmbeddedStore


@pytest.mark.parametrize(
    ("labels", "languages", "label"),
    [
        ({"fr": "usine", "en": "plant"}, ["fr"], "usine"),
        ({"fr": "usine", "en": "plant"}, ["de", "en"], "plant"),
        ({"fr": "usine", "": "Dieppe"}, ["de"], "Dieppe"),
        ({"fr": "usine", "": "Dieppe"}, ["fr"], "usine"),
        ({"fr": "usine", "en": "plant"}, ["de"], "plant"),
        ({"fr": "usine"}, [], "usine"),
        ({}, ["fr"], ""),
    ],
)
def test_pick(labels: dict[str, str], languages: list[str], label: str) -> None:
    assert pick(labels, languages) == label


def test_labels_of_terms(graph: KnowledgeGraph) -> None:
    assert graph.vocabulary.label(AK + "Plant", ["en"]) == "plant"
    assert graph.vocabulary.label(AK + "Plant", ["fr"]) == "usine"
    assert graph.vocabulary.label(AK + "Nothing", ["fr"]) == "Nothing"


def test_a_property_read_backwards(graph: KnowledgeGraph) -> None:
    assert AK + "producedAt" in graph.vocabulary.inverse_labels
    assert graph.vocabulary.inverse_label(AK + "producedAt", ["en"]) != graph.vocabulary.label(
        AK + "producedAt", ["en"]
    )
    assert graph.vocabulary.inverse_label(AK + "Plant", ["en"]) == "← plant"


def test_only_terms_have_entries(graph: KnowledgeGraph) -> None:
    assert graph.vocabulary.labels
    assert all("/id/" not in iri for iri in graph.vocabulary.labels)
    assert not Vocabulary.of(EmbeddedStore()).labels


def test_asking_for_an_unknown_term_adds_none(graph: KnowledgeGraph) -> None:
    before = len(graph.vocabulary.labels)
    graph.vocabulary.label("urn:x", ["en"])
    assert len(graph.vocabulary.labels) == before
