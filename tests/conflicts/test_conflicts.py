"""The rules of docs/conflicts.md: what `queries/conflicts.rq` finds in a table of small worlds, and what it leaves alone."""

import shutil
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.namespaces import PREFIXES, entity_iri, local_name
from alpine_kg.root import shipped_root

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
NAMES = [case["case"] for case in CASES]
LINKS = {"revises", "cancels", "fulfils", "fulfilsInPart", "contradicts"}
DATES = {"due", "validFrom", "validUntil"}
CLASSES = {
    "vehicle": "Vehicle",
    "plant": "Plant",
    "platform": "Platform",
    "organization": "Company",
    "person": "Person",
    "post": "Post",
    "place": "Place",
    "event": "Event",
}
RULES = {
    "value",
    "date",
    "quantity",
    "place",
    "modality",
    "amount",
    "due",
    "period",
    "properties",
    "disputed",
    "contradicts",
    "revised",
    "cancelled",
}
Found = dict[str, list[list[str | None]]]


class World:
    """A case as Turtle, in which every name ends in the case's number."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lines: dict[str, str] = {}

    def thing(self, name: str) -> str:
        """Return what stands for a name, and describe it: an entity, or a term of the vocabulary."""
        kind, _, slug = name.partition(":")
        if kind not in CLASSES:
            return name
        iri = f"<{entity_iri(kind, f'{slug}-{self.number}')}>"
        self.lines[iri] = f'{iri} a ak:{CLASSES[kind]} ; rdfs:label "{slug} {self.number}" .'
        return iri

    def source(self, name: str) -> str:
        iri = f"<{entity_iri('source', f'{name}-{self.number}')}>"
        self.lines[iri] = f'{iri} a ak:Source ; ak:publisher "{name}" ; ak:url "https://{name}.example/"^^xsd:anyURI .'
        return iri

    def claim(self, name: str) -> str:
        return f"<{entity_iri('claim', f'{name}-{self.number}')}>"

    def announcement(self, day: str) -> str:
        iri = f"<{entity_iri('announcement', f'{day}-{self.number}')}>"
        dated = entity_iri("claim", f"{day}-dated-{self.number}")
        self.lines[iri] = (
            f'{iri} a ak:Announcement ; rdfs:label "{day} {self.number}" . '
            f'<{dated}> a ak:Claim ; rdf:subject {iri} ; rdf:predicate ak:date ; rdf:object "{day}"^^edtf:EDTF ; '
            f"ak:announcedIn {iri} ; ak:modality ak:Confirmed ."
        )
        return iri

    def value(self, given: object, *, date: bool) -> str:
        if date:
            return f'"{given}"^^edtf:EDTF'
        return self.thing(str(given)) if isinstance(given, str) and ":" in given else f"{given!r}"

    def state(self, name: str, row: dict[str, Any], dates: set[str]) -> None:
        parts = [
            "a ak:Claim",
            f"rdf:subject {self.thing(row.get('of', 'vehicle:thing'))}",
            f"rdf:predicate ak:{row['p']}",
            f"rdf:object {self.value(row['o'], date=row['p'] in dates)}",
            f"ak:modality ak:{row.get('m', 'Planned')}",
            f"ak:announcedIn {self.announcement(str(row['said']))}",
            *(f"ak:statedIn {self.source(each)}" for each in row.get("by", [f"by-{name}"])),
            *(f"ak:disputedIn {self.source(each)}" for each in row.get("disputedIn", ())),
        ]
        parts += [f"ak:{key} {row[key]}" for key in row.keys() & {"unit", "amount"}]
        parts += [f"ak:{key} {self.value(row[key], date=True)}" for key in row.keys() & DATES]
        parts += [f"ak:{key} {self.claim(row[key])}" for key in row.keys() & LINKS]
        parts += [f"ak:bound ak:{row['bound']}"] if "bound" in row else []
        self.lines[name] = f"{self.claim(name)} {' ; '.join(parts)} ."


DATED = """
PREFIX edtf: <http://id.loc.gov/datatypes/edtf/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?property WHERE { ?property rdfs:range edtf:EDTF }
"""


def turtle(dates: set[str]) -> str:
    prefixes = "\n".join(f"@prefix {prefix}: <{iri}> ." for prefix, iri in PREFIXES.items())
    worlds: list[str] = []
    for number, case in enumerate(CASES):
        world = World(number)
        for name, row in case["claims"].items():
            world.state(name, row, dates)
        worlds += world.lines.values()
    return "\n".join([prefixes, *worlds])


@pytest.fixture(scope="module")
def worlds(graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """All cases in one graph, which the query therefore has to keep apart."""
    root = tmp_path_factory.mktemp("worlds")
    for folder in ("ontology", "queries"):
        shutil.copytree(shipped_root() / folder, root / folder)
    (root / "data").mkdir()
    dates = {local_name(row["property"].value) for row in graph.store.select(DATED)}
    (root / "data" / "worlds.ttl").write_text(turtle(dates), encoding="utf-8")
    return KnowledgeGraph.open(root)


def ask(worlds: KnowledgeGraph, **values: str) -> Found:
    """Return what is found in each case: the names of both sides, the kind, the rule and the link."""
    found: Found = defaultdict(list)
    for row in worlds.run("conflicts", values):
        claim, number = local_name(row["claim"].value).rsplit("-", 1)
        other = local_name(row["other"].value).rsplit("-", 1)[0] if "other" in row else row["otherSources"].value
        link = row["resolved"].value if "resolved" in row else None
        found[NAMES[int(number)]].append([claim, other.partition(" <")[0], row["kind"].value, row["rule"].value, link])
    return found


@pytest.fixture(scope="module")
def found(worlds: KnowledgeGraph) -> Found:
    return ask(worlds)


def test_the_table_is_long_and_each_case_has_a_name_of_its_own() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 50
    assert sum(not case["finds"] for case in CASES) >= 20


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_what_is_found(case: dict[str, Any], found: Found) -> None:
    assert sorted(found[case["case"]], key=str) == sorted(case["finds"], key=str)


def test_every_rule_is_in_the_table() -> None:
    rules = {row[3] for case in CASES for row in case["finds"]}
    text = (shipped_root() / "queries" / "conflicts.rq").read_text(encoding="utf-8")
    assert rules == {name for name in RULES if f' {name}"' in text}
