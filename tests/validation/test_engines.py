"""The fast engine finds what pySHACL finds, or refuses by name and leaves it to pySHACL."""

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from alpine_kg.errors import BadParameterError
from alpine_kg.root import GraphRoot
from alpine_kg.validation import Report, validate
from alpine_kg.validation.engines import ENGINES, Part, Shapes, engine
from alpine_kg.validation.locality import parted
from alpine_kg.validation.rules import Rules
from alpine_kg.validation.setwise import Index
from alpine_kg.validation.shacl import _prepared as prepared_query
from alpine_kg.validation.terms import silenced, to_oxigraph

PREFIXES = """
@prefix : <urn:x#> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
VALUES = [
    *('"a"', '"abc"', '"a"@en', '"b"@EN', '"c"@en-GB', '"d"@fr', '"A b"', '""'),
    *("1", "01", "7", "-3", "1.5", "7.0", "1e1", "true", '"x"^^xsd:integer', '"300"^^xsd:byte', '"7"^^xsd:string'),
    *('"2024-02-29"^^xsd:date', '"2024-02-30"^^xsd:date', '"2024-02-29T00:00:00Z"^^xsd:dateTime', '"2024"^^:own'),
    *(":a", ":b", ":c", ":Thing", "[]", '[ :q "a" ]', ":unknown", "<http://example.org/abc>"),
]
DATA = (
    PREFIXES
    + ":Special rdfs:subClassOf :Thing . :VerySpecial rdfs:subClassOf :Special .\n"
    + "\n".join(
        f":n{number} a {('Thing', 'Special', 'VerySpecial')[number % 3].join((':', ''))} ; :p {value} , {other} ; :q {value} ."
        for number, (value, other) in enumerate(zip(VALUES, VALUES[3:] + VALUES[:3], strict=True))
    )
)
DATA += ':twice a :Thing ; :p "one"@en , "two"@EN , "trois"@fr .\n'
BODIES = {
    **{f"datatype {name}": f"sh:datatype {name}" for name in ("xsd:string", "xsd:integer", "xsd:decimal", "xsd:date")},
    **{f"datatype {name}": f"sh:datatype {name}" for name in ("rdf:langString", "xsd:byte", "rdfs:Literal", ":own")},
    **{f"kind {kind}": f"sh:nodeKind sh:{kind}" for kind in ("IRI", "Literal", "BlankNode", "BlankNodeOrIRI")},
    **{f"kind {kind}": f"sh:nodeKind sh:{kind}" for kind in ("BlankNodeOrLiteral", "IRIOrLiteral")},
    **{
        f"{name} {bound}": f"sh:{name} {bound}"
        for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
        for bound in ("7", "1.5", '"abc"', '"2024-02-29"^^xsd:date', '"2024-02-29T00:00:00Z"^^xsd:dateTime')
    },
    "counts": "sh:minCount 2 ; sh:maxCount 1",
    "none": "sh:maxCount 0",
    "lengths": "sh:minLength 2 ; sh:maxLength 3",
    "pattern": 'sh:pattern "^[a-c]"',
    "pattern without case": 'sh:pattern "A$" ; sh:flags "i"',
    "languages": 'sh:languageIn ( "en" "FR" )',
    "any language": 'sh:languageIn ( "*" )',
    "unique languages": "sh:uniqueLang true",
    "languages that need not be unique": "sh:uniqueLang false",
    "class": "sh:class :Thing",
    "two classes": "sh:class :Thing , :Special",
    "in": 'sh:in ( "a" 1 :b "a"@en 7.0 )',
    "has value": 'sh:hasValue "a" , 7',
    "equals": "sh:equals :q",
    "disjoint": "sh:disjoint :q",
    "and": "sh:and ( [ sh:datatype xsd:string ] [ sh:minLength 2 ] )",
    "or": 'sh:or ( [ sh:datatype xsd:string ] [ sh:languageIn ( "en" ) ] [ sh:path :q ; sh:minCount 1 ] )',
    "xone": "sh:xone ( [ sh:datatype xsd:string ] [ sh:minLength 2 ] [ sh:nodeKind sh:IRI ] )",
    "not": "sh:not [ sh:datatype xsd:string ]",
    "property": "sh:property [ sh:path :q ; sh:minCount 1 ; sh:severity sh:Warning ]",
    "severity": "sh:minLength 2 ; sh:severity sh:Info",
    "a severity of one's own": "sh:minLength 2 ; sh:severity :Awful",
    "deactivated": "sh:minLength 2 ; sh:deactivated true",
    "message with braces": 'sh:minLength 2 ; sh:message "Not a{3}. Mend it."@en',
}
TARGETS = {
    "class": "sh:targetClass :Thing",
    "subclass": "sh:targetClass :Special",
    "node": 'sh:targetNode :n1 , :unknown , "abc"',
    "subjects": "sh:targetSubjectsOf :q",
    "objects": "sh:targetObjectsOf :p",
}
PATHLESS = {"counts", "none", "unique languages", "languages that need not be unique"}
REFUSED = {
    "a path": ":S sh:targetClass :Thing ; sh:path ( :p :q ) ; sh:minCount 1 .",
    "an inverse path": ":S sh:targetClass :Thing ; sh:path [ sh:inversePath :p ] ; sh:minCount 1 .",
    "node": ":S sh:targetClass :Thing ; sh:node [ sh:class :Special ] .",
    "closed": ":S sh:targetClass :Thing ; sh:closed true ; sh:ignoredProperties ( rdf:type ) .",
    "order": ":S sh:targetClass :Thing ; sh:path :p ; sh:lessThan :q .",
    "qualified": ":S sh:targetClass :Thing ; sh:path :p ; sh:qualifiedValueShape [ sh:class :Thing ] ; sh:qualifiedMinCount 1 .",
    "SPARQL": ':S sh:targetClass :Thing ; sh:sparql [ sh:select "SELECT $this { $this <urn:x#q> $this }" ] .',
    "a loop": ":S sh:targetClass :Thing ; sh:path :p ; sh:property :S .",
    "nothing there": ":S sh:targetClass :Thing ; sh:property :Nowhere .",
    "an empty list": ":S sh:targetClass :Thing ; sh:or () .",
    "two counts": ":S sh:targetClass :Thing ; sh:path :p ; sh:minCount 1 , 2 .",
    "no count": ':S sh:targetClass :Thing ; sh:path :p ; sh:minCount "many" .',
    "flags": ':S sh:targetClass :Thing ; sh:path :p ; sh:pattern "a b" ; sh:flags "x" .',
    "a count without a path": ":S sh:targetClass :Thing ; sh:minCount 1 .",
}


def run(name: str, data: str, shapes: Shapes) -> Any:
    graph = Graph().parse(data=data, format="turtle")
    triples = [ox.Triple(*map(to_oxigraph, triple)) for triple in sorted(graph)]  # type: ignore[arg-type]
    index = Index()
    with silenced():
        found = list(ENGINES[name](Part(frozenset(graph.subjects()), triples, (), index), shapes))
    return sorted(
        (f.rule, f.severity, "_" if f.focus_name.startswith("_:") else f.focus_name, str(f.path), known(f.value))
        for f in found
    )


def known(value: Any) -> str:
    return "_" if type(value).__name__ == "BNode" else value.n3() if value is not None else ""


def both(shapes: str, data: str = DATA) -> tuple[Any, Any, Shapes]:
    prepared = Shapes(Graph().parse(data=PREFIXES + shapes, format="turtle"))
    return run("reference", data, prepared), run("fast", data, prepared), prepared


@pytest.mark.parametrize("name", BODIES)
def test_a_component_finds_what_the_reference_finds(name: str) -> None:
    found = 0
    for where in ("", "sh:path :p ; "):
        if where or name not in PATHLESS:
            reference, fast, prepared = both(f":S sh:targetClass :Thing ; {where}{BODIES[name]} .")
            assert prepared.refused == {}
            assert fast == reference
            found += len(reference)
    assert bool(found) is (name not in {"deactivated", "languages that need not be unique"})


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_finds_what_the_reference_finds(target: str) -> None:
    reference, fast, prepared = both(
        f":S {TARGETS[target]} ; sh:minLength 2 . :T {TARGETS[target]} ; sh:path :p ; sh:maxCount 1 ."
    )
    assert prepared.refused == {}
    assert fast == reference != []


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_known_is_refused_and_left_to_the_reference(name: str) -> None:
    prepared = Shapes(
        Graph().parse(data=PREFIXES + REFUSED[name] + " :T sh:targetClass :Thing ; sh:minLength 99 .", format="turtle")
    )
    assert [str(shape) for shape in prepared.refused] == ["urn:x#S"]
    assert all(prepared.refused.values())
    assert [str(shape.node) for shape in prepared.compiled] == ["urn:x#T"]
    outcomes = []
    for row in ENGINES:
        try:
            outcomes.append(run(row, DATA, prepared))
        except Exception as error:  # noqa: BLE001 - what pySHACL raises for it, both must raise
            outcomes.append(type(error))
    assert outcomes[0] == outcomes[1]


@given(
    st.lists(st.sampled_from(sorted(BODIES)), min_size=1, max_size=3, unique=True),
    st.sampled_from(sorted(TARGETS)),
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("pq"), st.sampled_from(VALUES)), max_size=8),
)
def test_random_shapes_on_random_data(names: list[str], target: str, statements: list[tuple[str, str, str]]) -> None:
    shapes = "".join(
        f":S{number} {TARGETS[target]} ; sh:path :p ; {BODIES[name]} .\n" for number, name in enumerate(names)
    )
    data = PREFIXES + ":Special rdfs:subClassOf :Thing . :a a :Thing . :b a :Special . :n1 :q :a .\n"
    data += "".join(f":{subject} :{predicate} {value} .\n" for subject, predicate, value in statements)
    reference, fast, _ = both(shapes, data)
    assert fast == reference


def test_the_reference_parses_the_query_of_a_shape_once() -> None:
    before = prepared_query.cache_info().misses
    shape = ':S sh:targetClass :Thing ; sh:sparql [ sh:select "SELECT $this { $this <urn:x#q> \\"a\\" }" ] .'
    reference, _, _ = both(shape)
    assert reference
    assert prepared_query.cache_info().misses <= before + 1


def test_the_shipped_shapes_are_all_known_to_the_fast_engine_and_all_local(cases: GraphRoot) -> None:
    shapes = Graph()
    for path in cases.shapes:
        shapes.parse(path)
    prepared = Shapes(shapes)
    assert prepared.refused == {}
    assert len(prepared.compiled) > 50
    assert parted(shapes)[1] is None


@pytest.mark.parametrize(
    ("shape", "local"),
    [
        (":S sh:targetClass :T ; sh:path :p ; sh:class :T .", True),
        (":S sh:targetClass :T ; sh:path :p ; sh:property [ sh:path :q ; sh:minCount 1 ] .", True),
        (":S sh:targetSubjectsOf :p ; sh:or ( [ sh:class :T ] [ sh:path :p ; sh:maxCount 0 ] ) .", True),
        (":S sh:targetClass :T ; sh:path :p ; sh:property [ sh:path :q ; sh:class :T ] .", False),
        (":S sh:targetClass :T ; sh:path [ sh:inversePath :p ] ; sh:minCount 1 .", False),
        (":S sh:targetNode :n ; sh:path :p ; sh:minCount 1 .", False),
        (":S sh:targetObjectsOf :p ; sh:class :T .", False),
        (REFUSED["SPARQL"], False),
    ],
)
def test_a_shape_is_local_when_it_looks_no_further_than_a_part_reaches(shape: str, *, local: bool) -> None:
    graph = Graph().parse(data=PREFIXES + shape, format="turtle")
    here, whole = parted(graph)
    assert (whole is None) is local
    assert bool(list(Shapes(here).compiled)) is local


def test_the_fast_engine_reports_what_the_reference_reports(
    cases: GraphRoot, expected: dict[str, Any], comparable: Callable[[Report], dict[str, Any]]
) -> None:
    assert comparable(validate(cases, engine="fast")) == expected


def test_an_engine_that_is_not_there_is_refused(cases: GraphRoot) -> None:
    with pytest.raises(BadParameterError, match="no engine 'quick'"):
        engine("quick")
    with pytest.raises(BadParameterError):
        Rules.of(cases, "quick", (), Graph())
