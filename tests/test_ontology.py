"""The vocabulary: its meta-shapes hold, they catch what they are for, and nothing uses a term that it does not declare."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).parents[1]
AK = Namespace("https://w3id.org/alpine-kg/ontology#")
SH = Namespace("http://www.w3.org/ns/shacl#")
OWN = URIRef("https://w3id.org/alpine-kg/ontology")
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
FILES = sorted((ROOT / "ontology").glob("*.ttl"))
DATA = sorted((ROOT / "data").rglob("*.ttl"))
Statement = tuple[Node, Node, Node]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def meta() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "ontology" / "meta").glob("*.ttl")):
        graph.parse(path)
    return graph


def findings(data: Graph, shapes: Graph) -> set[tuple[Node | None, Node | None]]:
    """Return the focus node and the path (or nothing) of each result."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, Graph)
    results = report.subjects(RDF.type, SH.ValidationResult)
    return {(report.value(result, SH.focusNode), report.value(result, SH.resultPath)) for result in results}


def test_the_ontology_satisfies_its_meta_shapes(ontology: Graph, meta: Graph) -> None:
    assert len(ontology) > 2000
    assert findings(ontology, meta) == set()


@dataclass(frozen=True)
class Mutation:
    """One thing broken about one term; `path` is where the report must point."""

    name: str
    focus: URIRef
    path: URIRef | None
    removed: tuple[tuple[Node | None, Node | None, Node | None], ...] = ()
    added: tuple[Statement, ...] = ()


def without(
    name: str, term: URIRef, predicate: URIRef, value: Node | None = None, path: URIRef | None = None
) -> Mutation:
    return Mutation(name, term, path or predicate, removed=((term, predicate, value),))


def changed(name: str, term: URIRef, predicate: URIRef, value: Node) -> Mutation:
    return Mutation(name, term, predicate, removed=((term, predicate, None),), added=((term, predicate, value),))


def extra(name: str, term: URIRef, predicate: URIRef, value: Node, path: URIRef | None) -> Mutation:
    return Mutation(name, term, path, added=((term, predicate, value),))


# Each mutation breaks another term, so that one run of the validator shows all of them.
MUTATIONS = [
    without("no French label", AK.Plant, RDFS.label, Literal("usine", "fr")),
    without("no English label", AK.Modality, RDFS.label, Literal("modality", "en")),
    extra("label without language", AK.Place, RDFS.label, Literal("locus"), RDFS.label),
    extra("label in a third language", AK.Aim, RDFS.label, Literal("Ziel", "de"), RDFS.label),
    without("no definition", AK.weight, SKOS.definition),
    changed("definition in one language", AK.power, SKOS.definition, Literal("The output of the engine.", "en")),
    extra("definition that is no sentence", AK.length, SKOS.definition, Literal("longueur", "fr"), SKOS.definition),
    without("no isDefinedBy", AK.price, RDFS.isDefinedBy),
    changed("foreign isDefinedBy", AK.brand, RDFS.isDefinedBy, URIRef("https://schema.org/")),
    without("no type", AK.Rumoured, RDF.type),
    changed("unknown type", AK.Denied, RDF.type, AK.Modalty),
    without("unit without labels", URIRef("http://qudt.org/vocab/unit/KiloM"), RDFS.label),
    without("no domain", AK.builtOn, RDFS.domain),
    extra("two domains", AK.producedAt, RDFS.domain, AK.Agent, RDFS.domain),
    changed("domain that nobody declares", AK.venue, RDFS.domain, AK.Happening),
    without("no range", AK.succeeds, RDFS.range),
    changed("range that nobody declares", AK.holdsPost, RDFS.range, AK.Job),
    changed("unknown datatype", AK.codeName, RDFS.range, XSD.token),
    without("no inverse label in French", AK.partOf, AK.inverseLabel, Literal("comprend", "fr")),
    extra("inverse label on a literal", AK.launchOrder, AK.inverseLabel, Literal("rang de", "fr"), AK.inverseLabel),
    Mutation(  # the path of this rule is a sequence, so no single property can be named
        "claimable property off the tree",
        AK.partOfPlan,
        None,
        removed=((AK.partOfPlan, RDFS.domain, None),),
        added=((AK.partOfPlan, RDFS.domain, AK.Source),),
    ),
    without("narrower type alone", AK.workforce, RDF.type, AK.ClaimableProperty),
    changed("quantity without a number", AK.investment, RDFS.range, XSD.string),
    changed("milestone without a date", AK.opened, RDFS.range, XSD.date),
    changed("single-valued false", AK.status, AK.singleValued, Literal("false", datatype=XSD.boolean)),
    extra("single-valued and not claimable", AK.url, AK.singleValued, Literal("true", datatype=XSD.boolean), None),
    extra("claimable and derived", AK.dueLatest, RDF.type, AK.ClaimableProperty, None),
    without("date without bounds", AK.published, AK.earliestProperty),
    without("date with one bound", AK.validFrom, AK.latestProperty),
    changed("derived property that is no day", AK.dateEarliest, RDFS.range, EDTF),
    changed("bound that is not derived", AK.validUntil, AK.latestProperty, AK.summary),
    extra("version on a term", AK.Event, OWL.versionIRI, OWN + "/0.1.0#Event", None),
    without("header without version", OWN, OWL.versionIRI),
    changed("kind in capitals", AK.Award, AK.kind, Literal("Award")),
    without("class of entities off the tree", AK.Plan, RDFS.subClassOf, AK.Entity, path=RDFS.subClassOf),
    changed("member outside the list", AK.Suv, SKOS.inScheme, AK.Event),
    Mutation("class in small letters", AK.gadget, None, added=((AK.gadget, RDF.type, OWL.Class),)),
    Mutation("property in capitals", AK.MadeAt, None, added=((AK.MadeAt, RDF.type, OWL.ObjectProperty),)),
]


@pytest.fixture(scope="module")
def found(ontology: Graph, meta: Graph) -> set[tuple[Node | None, Node | None]]:
    broken = Graph() + ontology
    for mutation in MUTATIONS:
        for pattern in mutation.removed:
            assert any(broken.triples(pattern)), f"{mutation.name}: there is no {pattern} to remove"
            broken.remove(pattern)
        for statement in mutation.added:
            broken.add(statement)
    return findings(broken, meta)


def test_each_mutation_breaks_a_term_of_its_own() -> None:
    assert [term for term, times in Counter(mutation.focus for mutation in MUTATIONS).items() if times > 1] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_the_meta_shapes_catch(mutation: Mutation, found: set[tuple[Node | None, Node | None]]) -> None:
    paths = {path for focus, path in found if focus == mutation.focus}
    assert paths, "nothing was found about the term"
    assert mutation.path is None or mutation.path in paths or None in paths


def test_every_term_is_typed(ontology: Graph) -> None:
    terms = {subject for subject in ontology.subjects() if isinstance(subject, URIRef) and subject.startswith(AK)}
    assert len(terms) > 200
    assert {term for term in terms if not list(ontology.objects(term, RDF.type))} == set()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", [OWL.Class, RDF.Property])
def test_labels_are_unique_among_classes_and_among_properties(ontology: Graph, kind: URIRef, language: str) -> None:
    kinds = [kind] if kind == OWL.Class else [OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty]
    labels = Counter(
        str(label)
        for each in kinds
        for term in ontology.subjects(RDF.type, each)
        for label in ontology.objects(term, RDFS.label)
        if isinstance(label, Literal) and label.language == language
    )
    assert sum(labels.values()) > 40
    assert [label for label, times in labels.items() if times > 1] == []


FOREIGN = {"foaf": "http://xmlns.com/foaf/0.1/", "schema": "https://schema.org/", "org": "http://www.w3.org/ns/org#",
           "prov": "http://www.w3.org/ns/prov#", "oa": "http://www.w3.org/ns/oa#", "rdf": str(RDF)}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "alignments"),
    [
        ("Person", "foaf:Person schema:Person"),
        ("Organization", "org:Organization schema:Organization"),
        ("Vehicle", "schema:ProductModel"),
        ("Site", "org:Site"),
        ("Plan", "prov:Plan"),
        ("Location", "schema:Place"),
        ("Post", "org:Post"),
        ("Event", "schema:Event"),
        ("Announcement", "prov:Activity"),
        ("Source", "prov:Entity schema:CreativeWork"),
        ("Claim", "rdf:Statement schema:Claim"),
        ("Quote", "oa:TextQuoteSelector oa:TextPositionSelector"),
    ],
)
def test_classes_are_aligned_with_what_the_field_uses(ontology: Graph, name: str, alignments: str) -> None:
    wanted = {
        URIRef(FOREIGN[prefix] + local) for prefix, _, local in (each.partition(":") for each in alignments.split())
    }
    assert wanted <= set(ontology.objects(AK[name], RDFS.subClassOf))


def own_terms(path: Path) -> Iterator[str]:
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        yield from (term.value for term in quad.triple if isinstance(term, ox.NamedNode) and term.value.startswith(AK))


@pytest.mark.parametrize("path", [*FILES, *DATA], ids=lambda path: path.name)
def test_only_declared_terms_are_used(ontology: Graph, path: Path) -> None:
    declared = {str(subject) for subject in ontology.subjects(RDF.type)}
    assert set(own_terms(path)) - declared == set()


def test_the_data_exercise_both_files_and_links() -> None:
    assert len(FILES) > 3
    assert len(DATA) > 9
