"""The JSON-LD context as a writer: what each value looks like, and that processors read it back."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from alpine_kg.errors import RootError
from alpine_kg.formats import Context
from alpine_kg.namespaces import AK, EDTF, PREFIXES, RDF, RDFS, XSD

DIEPPE = ox.NamedNode(PREFIXES["plant"] + "dieppe")
PLANNED = ox.NamedNode(AK + "Planned")


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


ENTRIES: list[tuple[str, list[Any], dict[str, Any]]] = [
    # types: by name where there is one
    (RDF + "type", [ox.NamedNode(AK + "Plant")], {"type": "Plant"}),
    (RDF + "type", [ox.NamedNode("urn:x"), ox.NamedNode(AK + "Plant")], {"type": ["Plant", "urn:x"]}),
    (RDF + "type", [ox.Literal("Plant")], {RDF + "type": "Plant"}),
    # texts by language
    (RDFS + "label", [ox.Literal("Usine", language="fr")], {"label": {"fr": "Usine"}}),
    (
        RDFS + "label",
        [
            ox.Literal("b", language="fr"),
            ox.Literal("a", language="en"),
            ox.Literal("c", language="fr"),
            ox.Literal("d"),
        ],
        {"label": {"any": "d", "en": "a", "fr": ["b", "c"]}},
    ),
    (RDFS + "label", [typed("1", XSD + "integer")], {RDFS + "label": 1}),
    (RDFS + "label", [DIEPPE], {RDFS + "label": {"id": DIEPPE.value}}),
    (RDFS + "label", [ox.Literal("x", language="any")], {RDFS + "label": {"@value": "x", "@language": "any"}}),
    # links: by IRI, or by name for terms
    (AK + "statedIn", [DIEPPE], {"statedIn": DIEPPE.value}),
    (AK + "statedIn", [DIEPPE, PLANNED], {"statedIn": [DIEPPE.value, PLANNED.value]}),
    (AK + "statedIn", [ox.BlankNode("b")], {"statedIn": {"id": "_:b"}}),
    (AK + "statedIn", [ox.Literal("not a link")], {"statedIn": {"@value": "not a link"}}),
    (AK + "modality", [PLANNED], {"modality": "Planned"}),
    (AK + "modality", [ox.NamedNode("urn:x")], {"modality": "urn:x"}),
    (AK + "modality", [ox.Literal("Planned")], {"modality": {"@value": "Planned"}}),
    # coerced literals, and what does not fit the coercion
    (AK + "due", [typed("2025~", EDTF)], {"due": "2025~"}),
    (AK + "due", [ox.Literal("2025")], {"due": {"@value": "2025"}}),
    (AK + "due", [ox.Literal("2025", language="en")], {"due": {"@value": "2025", "@language": "en"}}),
    (AK + "due", [typed("2025", XSD + "integer")], {"due": {"@value": "2025", "@type": XSD + "integer"}}),
    (AK + "dueLatest", [typed("2025-12-31", XSD + "date")], {"dueLatest": "2025-12-31"}),
    # plain keys: JSON's own numbers and texts where they say the same
    (AK + "textLength", [typed("2649", XSD + "integer")], {"textLength": 2649}),
    (
        AK + "textLength",
        [typed("02649", XSD + "integer")],
        {"textLength": {"@value": "02649", "@type": XSD + "integer"}},
    ),
    (AK + "textLength", [typed("1_0", XSD + "integer")], {"textLength": {"@value": "1_0", "@type": XSD + "integer"}}),
    (
        AK + "textLength",
        [typed("9007199254740993", XSD + "integer")],
        {"textLength": {"@value": "9007199254740993", "@type": XSD + "integer"}},
    ),
    (AK + "textLength", [typed("true", XSD + "boolean")], {"textLength": True}),
    (AK + "textLength", [typed("1", XSD + "boolean")], {"textLength": {"@value": "1", "@type": XSD + "boolean"}}),
    (AK + "textLength", [typed("4.50", XSD + "decimal")], {"textLength": {"@value": "4.50", "@type": XSD + "decimal"}}),
    (AK + "publisher", [ox.Literal("Alpine")], {"publisher": "Alpine"}),
    (RDF + "object", [DIEPPE], {"object": {"id": DIEPPE.value}}),
    (RDF + "object", [typed("3", XSD + "integer")], {"object": 3}),
    (RDF + "object", [typed("2025~", EDTF)], {"object": {"@value": "2025~", "@type": EDTF}}),
    # properties that the context does not know stand under their IRI
    ("urn:p", [ox.Literal("x")], {"urn:p": "x"}),
    ("urn:p", [DIEPPE, typed("1", XSD + "integer")], {"urn:p": [{"id": DIEPPE.value}, 1]}),
    ("urn:p", [ox.Literal("x", language="fr")], {"urn:p": {"@value": "x", "@language": "fr"}}),
]


@pytest.mark.parametrize(("predicate", "values", "members"), ENTRIES)
def test_entries(context: Context, predicate: str, values: list[Any], members: dict[str, Any]) -> None:
    assert context.entries(predicate, values) == members


@pytest.mark.parametrize(("predicate", "values", "_members"), ENTRIES)
def test_processors_read_entries_back(
    context: Context, predicate: str, values: list[Any], _members: dict[str, Any]
) -> None:
    triples = {ox.Triple(DIEPPE, ox.NamedNode(predicate), value) for value in values}
    document = BytesIO()
    context.write(sorted(triples, key=str), document)
    assert from_pyld(document.getvalue()) == canonical(triples)


def canonical(triples: set[ox.Triple]) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def from_pyld(document: bytes) -> set[ox.Quad]:
    quads = jsonld.to_rdf(json.loads(document), {"format": "application/n-quads"})
    return canonical({quad.triple for quad in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)})


KEYS = st.sampled_from([predicate for predicate, _, _ in ENTRIES])
VALUES = st.sampled_from([value for _, values, _ in ENTRIES for value in values])


@given(pairs=st.lists(st.tuples(KEYS, VALUES), max_size=8))
def test_processors_read_any_mixture_back(context: Context, pairs: list[tuple[str, Any]]) -> None:
    triples = {ox.Triple(DIEPPE, ox.NamedNode(predicate), value) for predicate, value in pairs}
    document = BytesIO()
    context.write(sorted(triples, key=str), document)
    assert from_pyld(document.getvalue()) == canonical(triples)


@pytest.mark.parametrize(
    ("name", "iri"), [("Plant", AK + "Plant"), ("producedAt", AK + "producedAt"), ("label", RDFS + "label")]
)
def test_names_there_and_back(context: Context, name: str, iri: str) -> None:
    assert context.name(iri) == name
    assert context.iri(name) == iri


def test_what_has_no_name_keeps_its_iri(context: Context) -> None:
    assert context.name("urn:x") == context.iri("urn:x") == "urn:x"


@pytest.mark.parametrize(
    ("key", "links"), [("statedIn", True), ("modality", False), ("publisher", False), ("due", False), ("nope", False)]
)
def test_links(context: Context, key: str, links: bool) -> None:  # noqa: FBT001 - a column of the table
    assert context.links(key) is links


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"@context": "https://example.org/"}', "{", "\ufeff{}"])
def test_a_file_that_is_no_context_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "context.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RootError, match="is not a JSON-LD context"):
        Context.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RootError, match="is not a JSON-LD context"):
        Context.read(tmp_path / "context.jsonld")
