"""The JSON-LD context: complete against the ontology, rightly coerced, and read alike by independent processors."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

ROOT = Path(__file__).parents[1]
AK = Namespace("https://w3id.org/alpine-kg/ontology#")
ID = "https://w3id.org/alpine-kg/id/"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
PREFIXES = {key: value for key, value in CONTEXT.items() if isinstance(value, str) and value.endswith(("#", "/"))}
ANNOUNCEMENTS = sorted((ROOT / "data" / "announcements").glob("*.ttl"))
# Not terms but syntax and words of other vocabularies.
BORROWED = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    "any": "@none",
    "included": "@included",
    "items": "@included",
    # Sorts before "facts": a processor that has met facts has a reverse map already, and refuses a second.
    "backlinks": "@reverse",
    # Of the service, not of the graph: they mean nothing in RDF.
    "path": None,
    "total": None,
    "next": None,
    "label": {"@id": "rdfs:label", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@container": "@language"},
    "sameAs": {"@id": "owl:sameAs", "@type": "@id"},
    "differentFrom": {"@id": "owl:differentFrom", "@type": "@id"},
    "exactMatch": {"@id": "skos:exactMatch", "@type": "@id"},
    "lat": "geo:lat",
    "long": "geo:long",
    "subject": {"@id": "rdf:subject", "@type": "@id"},
    "predicate": {"@id": "rdf:predicate", "@type": "@vocab"},
    "object": "rdf:object",
    "facts": {"@reverse": "rdf:subject", "@container": "@index", "@index": "predicate"},
    "incoming": {"@reverse": "rdf:object", "@container": "@index", "@index": "predicate"},
    **{key: f"oa:{key}" for key in ("exact", "start", "end", "prefix", "suffix")},
}


def read_ontology() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        graph.parse(path)
    return graph


ONTOLOGY = read_ontology()
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TERMS = sorted({term for term in ONTOLOGY.subjects(RDF.type) if isinstance(term, URIRef) and term.startswith(AK)})


def wanted(term: URIRef) -> Any:
    """Return the entry that the ontology demands for one of its terms."""
    name = f"ak:{term.removeprefix(AK)}"
    if not any((term, RDF.type, kind) in ONTOLOGY for kind in PROPERTY_TYPES):
        return name
    range_ = ONTOLOGY.value(term, RDFS.range)
    if range_ == RDF.langString:
        return {"@id": name, "@container": "@language"}
    datatypes = {URIRef(EDTF): "edtf:EDTF", XSD.date: "xsd:date", XSD.anyURI: "xsd:anyURI"}
    if range_ in datatypes:
        return {"@id": name, "@type": datatypes[URIRef(str(range_))]}
    if range_ in {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}:
        # JSON's own numbers are xsd:integer; coercing them to xsd:decimal would change what Turtle says.
        return name
    named = range_ == RDF.Property or (range_, RDFS.subClassOf, SKOS.Concept) in ONTOLOGY
    return {"@id": name, "@type": "@vocab" if named else "@id"}


@pytest.mark.parametrize("term", TERMS, ids=lambda term: str(term).removeprefix(AK))
def test_every_term_has_its_key_with_the_right_coercion(term: URIRef) -> None:
    assert CONTEXT.get(term.removeprefix(AK)) == wanted(term)


def test_there_is_nothing_else_in_the_context() -> None:
    assert len(TERMS) > 200
    own = {term.removeprefix(AK) for term in TERMS}
    assert {key: value for key, value in CONTEXT.items() if key not in own and key not in PREFIXES} == BORROWED


def test_no_key_is_both_prefix_and_term() -> None:
    assert not set(PREFIXES) & ({term.removeprefix(AK) for term in TERMS} | set(BORROWED))


CLAIM: dict[str, Any] = {
    "@context": CONTEXT,
    "id": ID + "plant/dieppe",
    "path": "/plant/dieppe",
    "type": "Plant",
    "label": {"fr": "usine de Dieppe", "any": "Dieppe"},
    "facts": {
        "investment": {
            "id": ID + "claim/a",
            "type": "Claim",
            "predicate": "investment",
            "object": 36000000,
            "unit": "cur:EUR",
            "modality": "Planned",
            "due": "2025~",
            "statedIn": [ID + "source/one", ID + "source/two"],
            "quote": {"id": ID + "quote/q", "exact": "trente-six millions", "start": 4, "end": 23},
        },
        "officialName": {
            "id": ID + "claim/b",
            "predicate": "officialName",
            "object": "Usine Alpine",
            "validFrom": "1969",
        },
    },
    "incoming": {"producedAt": {"id": ID + "claim/c", "predicate": "producedAt", "subject": ID + "vehicle/x"}},
    "included": [{"id": ID + "vehicle/x", "type": "Vehicle", "producedAt": ID + "plant/dieppe"}],
}
CLAIM_TURTLE = f"""
@prefix ak: <{AK}> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
<{ID}plant/dieppe> a ak:Plant ; rdfs:label "usine de Dieppe"@fr, "Dieppe" .
<{ID}claim/a> a ak:Claim ; rdf:subject <{ID}plant/dieppe> ; rdf:predicate ak:investment ; rdf:object 36000000 ;
  ak:unit <http://qudt.org/vocab/currency/EUR> ; ak:modality ak:Planned ; ak:due "2025~"^^<{EDTF}> ;
  ak:statedIn <{ID}source/one>, <{ID}source/two> ; ak:quote <{ID}quote/q> .
<{ID}quote/q> oa:exact "trente-six millions" ; oa:start 4 ; oa:end 23 .
<{ID}claim/b> rdf:subject <{ID}plant/dieppe> ; rdf:predicate ak:officialName ; rdf:object "Usine Alpine" ;
  ak:validFrom "1969"^^<{EDTF}> .
<{ID}claim/c> rdf:subject <{ID}vehicle/x> ; rdf:predicate ak:producedAt ; rdf:object <{ID}plant/dieppe> .
<{ID}vehicle/x> a ak:Vehicle ; ak:producedAt <{ID}plant/dieppe> .
"""


def by_pyld(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=str(jsonld.to_rdf(document, {"format": "application/n-quads"})), format="nt")


def by_rdflib(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


# rdflib's own parser of JSON-LD makes an object of a class that rdflib has deprecated.
IN_RDFLIB = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@IN_RDFLIB
@pytest.mark.parametrize("read", [by_pyld, by_rdflib])
def test_a_document_with_plain_keys_means_its_turtle(read: Any) -> None:
    assert isomorphic(read(CLAIM), Graph().parse(data=CLAIM_TURTLE, format="turtle"))


@pytest.mark.parametrize("path", ANNOUNCEMENTS, ids=lambda path: path.stem)
def test_announcements_come_back_unchanged_through_plain_keys(path: Path) -> None:
    graph = Graph().parse(path)
    triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    compact: Any = jsonld.compact(
        jsonld.from_rdf(lines.decode(), {"format": "application/n-quads", "useNativeTypes": True}), CONTEXT
    )
    assert len(graph) > 50
    assert isomorphic(by_pyld(compact), graph)
    keys = {key for node in compact["@graph"] for key in node}
    assert {key for key in keys if ":" in key} == set(), "these have no plain key"


@IN_RDFLIB
@pytest.mark.parametrize("read", [by_pyld, by_rdflib])
def test_links_can_be_written_from_their_object(read: Any) -> None:
    document = {
        "@context": CONTEXT,
        "backlinks": {"postIn": {"id": ID + "post/ceo"}},
        "id": ID + "organization/alpine",
        "facts": {"partOf": {"id": ID + "claim/a"}},
    }
    assert {(str(subject), str(value)) for subject, _, value in read(document).triples((None, AK.postIn, None))} == {
        (ID + "post/ceo", ID + "organization/alpine")
    }


@IN_RDFLIB
def test_an_untagged_name_and_a_french_one_share_a_key() -> None:
    graph = by_rdflib({"@context": CONTEXT, "id": ID + "plan/cap", "altLabel": {"any": ["CAP"], "fr": ["plan CAP"]}})
    assert set(graph.objects(None, SKOS.altLabel)) == {Literal("CAP"), Literal("plan CAP", "fr")}
