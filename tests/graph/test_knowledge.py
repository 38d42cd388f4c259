"""The one object: opening, resolving names, answering, and running named queries."""

import json

import pytest

from alpine_kg.errors import BadParameterError, BadQueryError, NotFoundError
from alpine_kg.formats import FORMATS
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import AK, GRAPH, entity_iri

DIEPPE = entity_iri("plant", "dieppe")


def test_the_shipped_graph(graph: KnowledgeGraph) -> None:
    assert graph.version == graph.root.digest
    assert {
        GRAPH + "ontology",
        GRAPH + "statements",
        GRAPH + "labels",
        GRAPH + "types",
        GRAPH + "dates",
    } < graph.sizes.keys()
    assert all(graph.sizes.values())
    assert graph.queries


def test_what_is_derived(graph: KnowledgeGraph) -> None:
    body = graph.answer(
        """PREFIX ak: <https://w3id.org/alpine-kg/ontology#>
        PREFIX vehicle: <https://w3id.org/alpine-kg/id/vehicle/> PREFIX plant: <https://w3id.org/alpine-kg/id/plant/>
        ASK {
          GRAPH <https://w3id.org/alpine-kg/graph/statements> { vehicle:alpine-crossover-gt ak:producedAt plant:dieppe }
          GRAPH <https://w3id.org/alpine-kg/graph/types> { plant:dieppe a ak:Location }
          GRAPH <https://w3id.org/alpine-kg/graph/dates> { ?c ak:dueEarliest ?first ; ak:dueLatest ?last FILTER(?first < ?last) }
          GRAPH <https://w3id.org/alpine-kg/graph/labels> { ?claim <http://www.w3.org/2000/01/rdf-schema#label> ?label }
        }"""
    ).body
    assert json.loads(body)["boolean"] is True


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("plant:dieppe", DIEPPE),
        ("plant/dieppe", DIEPPE),
        (DIEPPE, DIEPPE),
        ("alpine-crossover-gt", entity_iri("vehicle", "alpine-crossover-gt")),
        ("producedAt", AK + "producedAt"),
        ("ak:producedAt", AK + "producedAt"),
        ("https://example.org/x", "https://example.org/x"),
        ("plant:nowhere", entity_iri("plant", "nowhere")),
    ],
)
def test_names_that_people_write(graph: KnowledgeGraph, name: str, iri: str) -> None:
    assert graph.resolve(name) == iri


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nowhere", "no entity has"),
        ("dieppe", "more than one entity has"),
        ("", "no entity has"),
        ("Dieppe", "no entity has"),
        ("boat/dieppe", "no entity has"),
        ("plant/../dieppe", "no entity has"),
        ("a\0b", "no entity has"),
        ("\udcff", "no entity has"),
        ("'; DROP TABLE entity; --", "no entity has"),
    ],
)
def test_names_that_are_not_enough(graph: KnowledgeGraph, name: str, words: str) -> None:
    with pytest.raises(NotFoundError, match=words) as caught:
        graph.resolve(name)
    assert "plant:dieppe" in caught.value.remedy


@pytest.mark.parametrize(
    "iri",
    [entity_iri("plant", "nowhere"), entity_iri("plant", "a b"), "http://a b", "", "\0", "\udcff", "urn:x", "<urn:x>"],
)
def test_an_entity_that_is_not_there(graph: KnowledgeGraph, iri: str) -> None:
    with pytest.raises(NotFoundError):
        graph.entity(iri)
    with pytest.raises(NotFoundError):
        graph.export(f"{iri}:", FORMATS["ttl"])


def test_answers_have_the_format_that_fits(graph: KnowledgeGraph) -> None:
    assert graph.answer("ASK {}").format is FORMATS["srj"]
    assert graph.answer("DESCRIBE <urn:x>").format is FORMATS["ttl"]
    assert graph.answer("ASK {}", results=FORMATS["csv"]).body == b"true"
    with pytest.raises(BadQueryError):
        graph.answer("ASK")


def test_running_a_query(graph: KnowledgeGraph) -> None:
    rows = graph.run("vehicles-of-plant", {"plant": "renault-maubeuge", "language": "fr"})
    assert {row["vehicle"].value for row in rows} == {entity_iri("vehicle", "renault-4-electric")}
    assert graph.run("vehicles-of-plant", {"plant": "nowhere"}) == []


@pytest.mark.parametrize(
    ("name", "values", "error", "words"),
    [
        ("no-query", {}, NotFoundError, "no query 'no-query'"),
        ("timeline", {"day": "x"}, BadParameterError, "no parameter 'day'"),
        ("timeline", {"from": "x"}, BadParameterError, "from='x' is not a day"),
        ("timeline", {"language": "de"}, BadParameterError, "not one of fr, en"),
        ("announced-at-place", {"place": "person:luca-de-meo"}, BadParameterError, "of a plant or place or site"),
    ],
)
def test_running_what_cannot_be_run(
    graph: KnowledgeGraph, name: str, values: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        graph.run(name, values)
