"""Descriptions: what is known of an entity with its evidence, as triples and as the same tree in JSON."""

from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld

from alpine_kg.graph import Description, KnowledgeGraph
from alpine_kg.graph.description import path_of
from alpine_kg.namespaces import AK, ENTITY, KINDS, OA, RDF, RDFS, entity_iri, split_entity

CROSSOVER = entity_iri("vehicle", "alpine-crossover-gt")
DIEPPE = entity_iri("plant", "dieppe")
PRODUCED = entity_iri("claim", "2022-01-28-crossover-gt-produced-at-dieppe")


@pytest.fixture(scope="module")
def plant(graph: KnowledgeGraph) -> Description:
    return graph.entity(DIEPPE)


@pytest.fixture(scope="module")
def vehicle(graph: KnowledgeGraph) -> Description:
    return graph.entity(CROSSOVER)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def canonical(triples: Any) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@pytest.mark.parametrize("kind", KINDS)
def test_the_tree_says_exactly_what_the_triples_say(graph: KnowledgeGraph, kind: str) -> None:
    for slug in graph.catalogue.slugs(kind):
        description = graph.entity(entity_iri(kind, slug))
        document = {"@context": graph.context.body, **description.tree}
        quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
        back = {quad.triple for quad in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)}
        assert canonical(back) == canonical(description.triples), slug


def test_a_fact_stands_with_its_evidence(vehicle: Description) -> None:
    (fact,) = (fact for fact in vehicle.tree["facts"]["producedAt"] if fact["id"] == PRODUCED)
    assert fact["object"]["id"] == DIEPPE
    assert fact["object"]["label"] == {"en": "Alpine Dieppe plant", "fr": "Usine Alpine de Dieppe"}
    assert (fact["modality"], fact["basis"], fact["due"], fact["dueLatest"]) == (
        "Planned",
        "Stated",
        "2025~",
        "2025-12-31",
    )
    assert fact["announcedIn"]["date"] == "2022-01-28"
    assert "Alpine" in {source["publisher"] for source in many(fact["statedIn"])}
    assert any("production à Dieppe" in quote["exact"] for quote in many(fact["quote"]))


def test_facts_are_grouped_by_property_and_ordered(vehicle: Description) -> None:
    groups = vehicle.tree["facts"]
    assert list(groups) == sorted(groups)
    assert all(fact["predicate"] == name for name, facts in groups.items() for fact in facts)


def test_incoming_facts_lead_back(plant: Description) -> None:
    incoming = plant.tree["incoming"]["producedAt"]
    (fact,) = (fact for fact in incoming if fact["id"] == PRODUCED)
    assert fact["subject"]["id"] == CROSSOVER
    assert fact["subject"]["label"]["en"] == "Alpine crossover GT"
    # The way back to the plant itself is left out: one is on its page.
    assert not any("object" in fact for fact in incoming)


def test_every_claim_about_an_entity_is_among_its_facts(graph: KnowledgeGraph, plant: Description) -> None:
    def claims(role: str) -> set[str]:
        rows = graph.store.select(f"SELECT ?claim {{ ?claim <{RDF}{role}> <{DIEPPE}> }}")
        return {row["claim"].value for row in rows}

    for role, group in (("subject", "facts"), ("object", "incoming")):
        shown = {fact["id"] for facts in plant.tree[group].values() for fact in facts}
        assert shown == claims(role) != set()


def test_every_quote_of_a_claim_comes_along_whole(vehicle: Description) -> None:
    quotes = {triple.object for triple in vehicle.triples if triple.predicate.value == AK + "quote"}
    for quote in quotes:
        known = {triple.predicate.value for triple in vehicle.triples if triple.subject == quote}
        assert {OA + "exact", OA + "start", OA + "end", AK + "quotedFrom"} <= known


@pytest.mark.parametrize("kind", ["plant", "vehicle", "person", "announcement", "plan", "claim", "source"])
def test_everything_that_is_linked_has_a_name(graph: KnowledgeGraph, kind: str) -> None:
    for slug in graph.catalogue.slugs(kind):
        triples = graph.entity(entity_iri(kind, slug)).triples
        labelled = {triple.subject for triple in triples if triple.predicate.value == RDFS + "label"}
        linked = {
            triple.object
            for triple in triples
            if isinstance(triple.object, ox.NamedNode)
            and triple.object.value.startswith((ENTITY, AK))
            and (split_entity(triple.object.value) or ("term",))[0] != "quote"
        }
        assert linked <= labelled, slug


def test_no_triple_comes_twice(plant: Description) -> None:
    assert len(set(plant.triples)) == len(plant.triples)


def test_a_tree_is_the_same_each_time(graph: KnowledgeGraph, plant: Description) -> None:
    shuffled = Description(plant.iri, tuple(reversed(plant.triples)), graph.context)
    assert shuffled.tree == plant.tree
    assert str(shuffled.tree) == str(plant.tree)


def test_a_term_can_be_described(graph: KnowledgeGraph) -> None:
    tree = graph.entity(AK + "producedAt").tree
    assert tree["label"]["en"] == graph.vocabulary.label(AK + "producedAt", ["en"])


@pytest.mark.parametrize(
    ("iri", "path"), [(DIEPPE, "/plant/dieppe"), (AK + "Plant", None), (ENTITY + "boat/x", None), (DIEPPE + "#x", None)]
)
def test_paths(iri: str, path: str | None) -> None:
    assert path_of(iri) == path


@pytest.fixture(scope="module")
def odd(graph: KnowledgeGraph) -> Description:
    """What the shipped graph does not have: a claim about itself, a ring of links, a blank node, a link from elsewhere."""
    rows = """
        @prefix ak: <https://w3id.org/alpine-kg/ontology#> .
        @prefix claim: <https://w3id.org/alpine-kg/id/claim/> .
        @prefix plan: <https://w3id.org/alpine-kg/id/plan/> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        claim:x rdf:subject plan:a ; rdf:predicate ak:partOfPlan ; rdf:object plan:a ; ak:revises claim:y .
        claim:y rdf:subject plan:a ; rdf:predicate ak:partOfPlan, <urn:other> ; rdf:object plan:b ; ak:revises claim:x .
        plan:a ak:partOfPlan plan:b ; <urn:p> _:b , plan:a .
        plan:b ak:partOfPlan plan:a .
        _:b <urn:p> plan:a , "x"@fr .
        <urn:stray> <urn:p> "stray" .
    """
    triples = [quad.triple for quad in ox.parse(rows, format=ox.RdfFormat.TURTLE)]
    return Description(entity_iri("plan", "a"), tuple(triples), graph.context)


def test_rings_end_and_nothing_is_lost(graph: KnowledgeGraph, odd: Description) -> None:
    document = {"@context": graph.context.body, **odd.tree}
    quads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    back = {quad.triple for quad in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)}
    assert canonical(back) == canonical(odd.triples)


def test_claims_that_speak_of_each_other_are_written_out_once(graph: KnowledgeGraph) -> None:
    """Written out in each other they would be more than the stars: each of these leads to all that come after it."""
    claims = [entity_iri("claim", f"c{number:02}") for number in range(40)]
    rows = "".join(
        f'<{claim}> a <{AK}Claim> ; <{RDFS}label> "{claim[-2:]}" .\n'
        f"<{claim}> <{RDF}subject> <{DIEPPE}> ; <{RDF}predicate> <{AK}partOf> .\n"
        + "".join(f"<{claim}> <{AK}revises> <{later}> .\n" for later in claims[place + 1 :])
        for place, claim in enumerate(claims)
    )
    triples = [quad.triple for quad in ox.parse(rows, format=ox.RdfFormat.TURTLE)]
    tree = Description(DIEPPE, tuple(triples), graph.context).tree
    facts = tree["facts"]["partOf"]
    assert [fact["id"] for fact in facts] == claims
    assert facts[-2]["revises"] == {"id": claims[-1], "path": "/claim/c39", "label": {"any": "39"}}
    assert str(tree).count("'predicate'") == len(claims)
