"""The rules of docs/promises.md by a table of cases that share one graph, and the filters by what concerned a thing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import entity_iri, shorten

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
LINKS = ("fulfils", "fulfilsInPart", "revises", "cancels", "contradicts")
STATEMENTS = {"start": "ak:productionStart", "made": "ak:producedAt", "models": "ak:newModels"}
Open = Callable[[str], KnowledgeGraph]


def edtf(text: str) -> str:
    return f'"{text}"^^edtf:EDTF'


def world_of(number: int, case: dict[str, Any]) -> str:
    """Return a case's claims in Turtle, each in an announcement of its own, under identifiers that begin with its number."""
    return "".join(told(f"c{number}", name, claim) for name, claim in case["claims"].items())


def told(case: str, name: str, claim: dict[str, Any]) -> str:
    key = f"{case}-{name}"
    objects = {"start": edtf(claim.get("date", "")), "made": f"plant:{case}", "models": str(claim.get("number", ""))}
    lines = [
        f"claim:{key} a ak:Claim ; rdf:subject vehicle:{case} ; rdf:predicate {STATEMENTS[claim['says']]}",
        f"rdf:object {objects[claim['says']]}",
        f"ak:announcedIn announcement:{key}",
        f"ak:statedIn source:{key}",
        f"ak:basis ak:Stated ; ak:modality ak:{claim.get('modality', 'planned').capitalize()}",
        *(
            f"ak:{term} {edtf(claim[word])}"
            for word, term in (("due", "due"), ("from", "validFrom"), ("until", "validUntil"))
            if word in claim
        ),
        *(f"ak:{link} claim:{case}-{claim[link]}" for link in LINKS if link in claim),
    ]
    if claim["says"] == "models":
        lines.append(f"ak:unit {claim.get('unit', 'unit:NUM')}")
    return f"""
        {" ; ".join(lines)} .
        announcement:{key} a ak:Announcement ; rdfs:label "{key}" .
        claim:{key}-date a ak:Claim ; rdf:subject announcement:{key} ; rdf:predicate ak:date ; rdf:object {edtf(claim["said"])} ;
          ak:announcedIn announcement:{key} ; ak:statedIn source:{key} ; ak:modality ak:Delivered .
        source:{key} a ak:Source ; rdfs:label "{key}" ; ak:publisher "Paper {name}" ; ak:reports announcement:{key} ;
          ak:published {edtf(claim.get("published", claim["said"]))} .
    """


@pytest.fixture(scope="module")
def worlds(world: Open) -> KnowledgeGraph:
    return world("".join(world_of(number, case) for number, case in enumerate(CASES)))


def test_there_are_cases_enough_and_for_every_status(worlds: KnowledgeGraph) -> None:
    choices = next(each.choices for each in worlds.query("promises").parameters if each.name == "status")
    assert len(CASES) >= 30
    assert {row["status"] for case in CASES for row in case["rows"].values() if row} == set(choices)


@pytest.mark.parametrize(("number", "case"), [*enumerate(CASES)], ids=[case["case"] for case in CASES])
def test_what_became_of_a_promise(worlds: KnowledgeGraph, number: int, case: dict[str, Any]) -> None:
    vehicle = entity_iri("vehicle", f"c{number}")
    rows = worlds.run("promises", {"as_of": case["as_of"], "vehicle": vehicle})
    found = {shorten(row["promise"].value).removeprefix(f"claim:c{number}-"): row for row in rows}
    for name, expected in case["rows"].items():
        if expected is None:
            assert name not in found
            continue
        held = {column: shorten(term.value).removeprefix(f"claim:c{number}-") for column, term in found[name].items()}
        assert {column: held.get(column) for column in expected} == expected
        assert held["sources"] == f"Paper {name}"
        assert held.get("outcomeSources") == (f"Paper {held['outcome']}" if "outcome" in held else None)
    assert {name for name, expected in case["rows"].items() if expected} <= found.keys()


MOVED = """
    claim:move a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:producedAt ; rdf:object plant:other ;
      ak:announcedIn announcement:later ; ak:statedIn source:later ; ak:modality ak:Planned ; ak:due "2026"^^edtf:EDTF ;
      ak:revises claim:made .
    claim:made a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:producedAt ; rdf:object plant:here ;
      ak:announcedIn announcement:first ; ak:statedIn source:first ; ak:modality ak:Planned ; ak:due "2025"^^edtf:EDTF .
    claim:start a ak:Claim ; rdf:subject vehicle:car ; rdf:predicate ak:marketLaunch ; rdf:object "2025"^^edtf:EDTF ;
      ak:announcedIn announcement:first ; ak:statedIn source:first ; ak:modality ak:Planned .
    announcement:first a ak:Announcement . announcement:later a ak:Announcement .
    source:first a ak:Source ; ak:reports announcement:first ; ak:published "2021-01-14"^^edtf:EDTF ; ak:publisher "A" .
    source:later a ak:Source ; ak:reports announcement:later ; ak:published "2023-01-14"^^edtf:EDTF ; ak:publisher "B" .
"""


@pytest.mark.parametrize(
    ("plant", "as_of", "found"),
    [
        ("here", "2022-01-01", {"made", "start"}),
        ("other", "2022-01-01", set()),
        # The car has left the plant, but what was promised of it was promised for the plant.
        ("here", "2024-01-01", {"made", "start", "move"}),
        ("other", "2024-01-01", {"made", "start", "move"}),
    ],
)
def test_a_plant_is_concerned_by_what_was_planned_there_at_the_time(
    world: Open, plant: str, as_of: str, found: set[str]
) -> None:
    graph = world(MOVED)
    rows = graph.run("promises", {"as_of": as_of, "plant": plant})
    assert {shorten(row["promise"].value).removeprefix("claim:") for row in rows} == found


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"plant": "other", "vehicle": "car"}, {"made", "start", "move"}),
        ({"plant": "here", "vehicle": "truck"}, set()),
        ({"plant": "nowhere"}, set()),
        ({"vehicle": "car", "due_from": "2026-01-01"}, {"move"}),
        ({"vehicle": "car", "announced_until": "2021-12-31"}, {"made", "start"}),
    ],
)
def test_a_promise_has_to_do_with_each_thing_that_is_asked_for(
    world: Open, filters: dict[str, str], found: set[str]
) -> None:
    rows = world(MOVED).run("promises", {"as_of": "2024-01-01", **filters})
    assert {shorten(row["promise"].value).removeprefix("claim:") for row in rows} == found
