"""Each shape and check has cases that it catches and cases that it leaves alone.

A case is a Turtle file `valid.<what>.ttl` or `invalid.<reason>.ttl` in `tests/shapes/<file of the shapes>/` or
`tests/checks/<check>/`. All cases join the small world of `world.ttl` in one graph, which is validated once: so every rule runs
over every case, and a case may break one rule only.
"""

import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from rdflib import SH, Graph, URIRef

from alpine_kg.namespaces import local_name
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot
from alpine_kg.validation import Finding, identity, validate

ROOT = GraphRoot.open(Path(__file__).parents[2])
CASES = {
    f"{folder.parent.name}--{folder.name}--{path.stem}": path
    for kind in ("shapes", "checks")
    for folder in sorted((ROOT.path / "tests" / kind).iterdir())
    for path in sorted(folder.glob("*.ttl"))
}
INVALID = [name for name in CASES if "--invalid." in name]
VALID = [name for name in CASES if "--valid." in name]
COMPONENTS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.pattern: "Pattern",
    SH.uniqueLang: "UniqueLang",
    SH.languageIn: "LanguageIn",
    SH.minLength: "MinLength",
    SH.maxLength: "MaxLength",
    SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH.disjoint: "Disjoint",
    SH["or"]: "Or",
}
NO_CONSTRAINT = {
    SH.targetClass,
    SH.path,
    SH.message,
    SH.severity,
    URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
}


def shapes(path: Path) -> dict[str, set[str]]:
    """Return the shapes of a file by local name, each with the components that it has."""
    graph = Graph().parse(path)
    found: dict[str, set[str]] = {}
    for shape in graph.subjects(SH.targetClass, unique=True):
        assert isinstance(shape, URIRef), f"{path}: a shape without an IRI"
        parameters = {URIRef(str(predicate)) for predicate in graph.predicates(shape)} - NO_CONSTRAINT
        found[local_name(shape)] = {COMPONENTS[parameter] for parameter in parameters}
    return found


SHAPES = {path.stem: shapes(path) for path in ROOT.shapes}
CHECKS = {path.stem: QueryFile.read(path) for path in ROOT.checks}
IN_PYTHON = {identity.RULE}
"""Rules beyond what a query can say; their cases stand among those of the checks."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """Return what is found in each case."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(ROOT.path / "ontology", folder / "ontology")
    shutil.copytree(ROOT.path / "queries", folder / "queries")
    (folder / "data").mkdir()
    shutil.copy(Path(__file__).with_name("world.ttl"), folder / "data")
    for name, path in CASES.items():
        shutil.copy(path, folder / "data" / f"{name}.ttl")
    findings: dict[str, list[Finding]] = defaultdict(list)
    for finding in validate(GraphRoot.open(folder)).findings:
        findings[Path(finding.file).stem].append(finding)
    return findings


def rules_of(name: str) -> set[str]:
    """Return the names of the rules that a case is about: a file's shapes, or a check."""
    kind, folder, _ = name.split("--")
    return set(SHAPES[folder]) if kind == "shapes" else {folder}


def test_the_small_world_breaks_no_rule(found: dict[str, list[Finding]]) -> None:
    assert found["world"] == []


def test_there_are_shapes_for_every_kind_and_many_checks() -> None:
    ontology = Graph()
    for path in ROOT.ontology:
        ontology.parse(path)
    kinds = {str(kind) for kind in ontology.objects(predicate=URIRef("https://w3id.org/alpine-kg/ontology#kind"))}
    assert set(SHAPES) == kinds | {"entity"}
    assert len(CHECKS) > 30


@pytest.mark.parametrize("name", sorted({*SHAPES, *CHECKS, *IN_PYTHON}))
def test_each_rule_has_valid_and_invalid_cases(name: str) -> None:
    kind = "shapes" if name in SHAPES else "checks"
    for verdict in ("valid", "invalid"):
        assert any(case.startswith(f"{kind}--{name}--{verdict}.") for case in CASES), (
            f"tests/{kind}/{name}/{verdict}.*.ttl"
        )


def test_each_folder_of_cases_belongs_to_a_rule() -> None:
    assert {name.split("--")[1] for name in CASES} == {*SHAPES, *CHECKS, *IN_PYTHON}


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_case_is_caught_by_its_rule_alone(name: str, found: dict[str, list[Finding]]) -> None:
    findings = found[name]
    assert findings, "nothing was found"
    assert {finding.rule.partition("/")[0] for finding in findings} <= rules_of(name), [f.rule for f in findings]


@pytest.mark.parametrize("name", VALID)
def test_a_valid_case_is_left_alone(name: str, found: dict[str, list[Finding]]) -> None:
    assert found[name] == []


@pytest.mark.parametrize("name", INVALID)
def test_a_finding_names_the_line_of_its_focus_node_and_what_to_do(name: str, found: dict[str, list[Finding]]) -> None:
    lines = CASES[name].read_text(encoding="utf-8").splitlines()
    for finding in found[name]:
        assert 0 < finding.line <= len(lines)
        assert lines[finding.line - 1].strip()
        assert not lines[finding.line - 1].startswith("@prefix")
        assert set(finding.message) == set(finding.remedy) == set(finding.label) == {"fr", "en"}
        assert all([*finding.message.values(), *finding.remedy.values(), *finding.label.values()])


@pytest.mark.parametrize("file", sorted(SHAPES))
def test_every_constraint_of_every_shape_is_broken_by_a_case(file: str, found: dict[str, list[Finding]]) -> None:
    broken = {finding.rule for name in INVALID for finding in found[name]}
    demanded = {f"{shape}/{component}" for shape, components in SHAPES[file].items() for component in components}
    assert demanded, f"{file} demands nothing"
    assert demanded <= broken, sorted(demanded - broken)


def test_shapes_have_no_sparql_and_tell_what_to_do() -> None:
    for path in ROOT.shapes:
        graph = Graph().parse(path)
        assert not list(graph.subject_objects(SH.sparql))
        for shape in graph.subjects(SH.targetClass, unique=True):
            messages = {getattr(m, "language", None): str(m) for m in graph.objects(shape, SH.message)}
            assert set(messages) == {"fr", "en"}, shape
            assert all(". " in text and text.endswith(".") for text in messages.values()), messages


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_checks_say_what_they_demand_and_what_to_do(name: str) -> None:
    header = CHECKS[name].header
    assert header["severity"] in {"Violation", "Warning"}
    for part in ("summary", "message"):
        assert set(header[part]) == {"fr", "en"}
    assert all(". " in text and text.endswith(".") for text in header["message"].values())
    assert "SELECT DISTINCT ?focus" in CHECKS[name].text


def test_nothing_in_the_shipped_graph_seems_to_be_there_twice() -> None:
    report = validate(GraphRoot.open())
    assert report.conforms
    assert [finding for finding in report.findings if finding.rule == "likely-duplicate"] == []
