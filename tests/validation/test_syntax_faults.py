"""A file that cannot be read is reported at the place of each fault, and hides nothing that can be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from alpine_kg.root import GraphRoot
from alpine_kg.validation import validate
from alpine_kg.validation.syntax import json_fault, read_turtle

HEAD = """@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

"""
TWO = """plant:one
    a ak:Plant ;
    rdfs:label "One" .

plant:two
    a ak:Plant ;
    rdfs:label "Two" .
"""


def test_a_sound_text_has_no_fault() -> None:
    reading = read_turtle(HEAD + TWO)
    assert reading.faults == ()
    assert len(reading.triples.lines) == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "left"),
    [
        ('"One" .', '"One"', 7, 2),
        ('"One" .', '"One .', 7, 2),
        ("a ak:Plant ;", "a ak:Plant", 7, 2),
        ("a ak:Plant ;", "a ;", 6, 2),
        ('"Two" .', '"Two" ;', 11, 2),
        ('"Two"', '"Two"@toolonglanguage', 11, 2),
        ('"Two"', "<no iri>", 11, 2),
        ("rdfs:label", '"label"', 7, 2),
    ],
)
def test_a_fault_costs_its_own_paragraph_alone(old: str, new: str, line: int, left: int) -> None:
    reading = read_turtle((HEAD + TWO).replace(old, new, 1))
    assert [fault.line for fault in reading.faults] == [line]
    assert len(reading.triples.lines) == left


def test_every_fault_is_reported() -> None:
    reading = read_turtle((HEAD + TWO).replace('"One" .', '"One"').replace('"Two"', "'Two"))
    assert [fault.line for fault in reading.faults] == [7, 11]
    assert reading.damaged == {"https://w3id.org/alpine-kg/id/plant/one", "https://w3id.org/alpine-kg/id/plant/two"}


def test_a_misspelt_prefix_is_recognised() -> None:
    reading = read_turtle((HEAD + TWO).replace("plant:one", "plnt:one"))
    assert [(fault.line, fault.suggestion) for fault in reading.faults] == [(5, "plant:")]
    assert reading.damaged == {"https://w3id.org/alpine-kg/id/plant/one"}


def test_a_forgotten_declaration_costs_nothing_and_is_given() -> None:
    reading = read_turtle((HEAD + TWO).replace("@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .\n", ""))
    assert [fault.line for fault in reading.faults] == [4]
    assert "@prefix plant: <https://w3id.org/alpine-kg/id/plant/> ." in reading.faults[0].message
    assert len(reading.triples.lines) == 4


def test_a_broken_declaration_costs_that_declaration() -> None:
    reading = read_turtle((HEAD + TWO).replace("@prefix plant:", "@prefx plant:"))
    assert [fault.line for fault in reading.faults] == [2]
    assert len(reading.triples.lines) == 4


def test_json_faults_have_a_line() -> None:
    assert json_fault(b'{"a": 1}') is None
    fault = json_fault(b'{\n  "a": 1,\n  "b"\n}')
    assert fault is not None
    assert fault.line == 4
    fault = json_fault(b'{\n"caf\xe9": 1}')
    assert fault is not None
    assert (fault.line, fault.message) == (2, "byte 0xe9 is not UTF-8")


def test_faults_of_all_files_are_reported_with_the_findings_of_the_others(shipped_copy: Path) -> None:
    def change(name: str, old: str, new: str) -> None:
        path = shipped_copy / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    change("data/plants.ttl", '"@en ;', "@en ;")
    change("data/people.ttl", '"Laurent Rossi"', '"Laurent Rossi"@fr')
    change("ontology/context.jsonld", ",", ",,")
    change("ontology/shapes/post.ttl", "sh:minCount", "sh;minCount")
    (shipped_copy / "data" / "aims.ttl").write_bytes(b"\n\n# caf\xe9\n")
    findings = validate(GraphRoot.open(shipped_copy)).findings
    by_rule = {(finding.rule, finding.file) for finding in findings}
    assert {
        ("syntax", "data/plants.ttl"),
        ("syntax", "data/aims.ttl"),
        ("syntax", "ontology/context.jsonld"),
        ("syntax", "ontology/shapes/post.ttl"),
        ("BilingualLabelShape/Or", "data/people.ttl"),
    } <= by_rule
    assert next(finding.line for finding in findings if finding.file == "data/aims.ttl") == 3
    # Only what stood in the file that is no longer text is missing; the damaged plant is not said to be.
    unresolved = {str(finding.value) for finding in findings if finding.rule == "unresolved-link"}
    assert all("/aim/" in value for value in unresolved)


def test_the_smallest_root_is_read(small_root: Callable[[dict[str, str | None]], Path]) -> None:
    root = GraphRoot.open(small_root({"data/plants.ttl": "plant:dieppe a ak:Plant ."}))
    assert [finding.rule for finding in validate(root).findings] == ["syntax"]
