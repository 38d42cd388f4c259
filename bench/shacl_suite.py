"""Compare the engines on the W3C test suite of SHACL, https://w3c.github.io/data-shapes/data-shapes-test-suite/.

    pip download --no-deps --no-binary pyshacl pyshacl==0.40.1    # its source distribution holds the suite
    tar xzf pyshacl-0.40.1.tar.gz
    python bench/shacl_suite.py pyshacl-0.40.1/test/resources/sht_tests

For each test: whether pySHACL passes it, whether the fast engine gives the same results (focus node, path, component, severity,
value and shape), and whether it ran every shape itself, some, or left all to pySHACL. Ends with status 1 when a test that
pySHACL passes comes out differently.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, SH, Graph, Namespace
from rdflib.term import BNode, Node

from alpine_kg.validation.engines import ENGINES, Part, Shapes
from alpine_kg.validation.findings import Failure
from alpine_kg.validation.setwise import Index
from alpine_kg.validation.terms import silenced, to_oxigraph

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
RESULTS = Path(__file__).with_name("results") / "shacl_suite.json"


@dataclass(frozen=True)
class Outcome:
    """What came of one test."""

    name: str
    passed: bool
    equal: bool
    by: str


def main() -> int:
    """Print a line a difference and a table; keep the outcomes as JSON."""
    suite = Path(sys.argv[1])
    with silenced():
        outcomes = [outcome for path in sorted(suite.rglob("*.ttl")) for outcome in run(path, suite)]
    wrong = [outcome.name for outcome in outcomes if outcome.passed and not outcome.equal]
    table: dict[str, Counter[str]] = {}
    for outcome in outcomes:
        row = table.setdefault(outcome.name.rpartition("/")[0], Counter())
        row.update(["tests", outcome.by, *["passed"] * outcome.passed, *["equal"] * outcome.equal])
    print(f"{'':28}{'tests':>8}{'pySHACL':>9}{'equal':>8}{'fast':>8}{'partly':>8}{'refused':>8}")
    for name, row in (*table.items(), ("all", sum(table.values(), Counter()))):
        columns = (row["tests"], row["passed"], row["equal"], row["fast"], row["partly"], row["refused"])
        print(f"{name:28}" + "".join(f"{number:>8}" for number in columns))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([vars(outcome) for outcome in outcomes], indent=1) + "\n", encoding="utf-8")
    print(*(f"differs: {name}" for name in wrong), sep="\n")
    return bool(wrong)


def run(path: Path, suite: Path) -> list[Outcome]:
    """Return the outcomes of the tests in a file."""
    manifest = Graph().parse(path, publicID=path.as_uri())
    found = []
    for test in manifest.subjects(RDF.type, SHT.Validate):
        action, expected = manifest.value(test, MF.action), manifest.value(test, MF.result)
        data, shapes = (
            _graph(manifest.value(action, role), path, manifest) for role in (SHT.dataGraph, SHT.shapesGraph)
        )
        triples = [ox.Triple(*map(to_oxigraph, triple)) for triple in data]  # type: ignore[arg-type]
        part = Part(frozenset(data.subjects()), triples, (), Index())
        prepared = Shapes(shapes)
        reference, fast = (_results(name, part, prepared) for name in ("reference", "fast"))
        passed = _count(data, shapes) == (None if expected == SHT.Failure else len(_results_of(manifest, expected)))
        by = "fast" if not prepared.refused else "partly" if prepared.compiled else "refused"
        found.append(Outcome(str(path.relative_to(suite).with_suffix("")), passed, reference == fast, by))
    return found


def _graph(name: Any, path: Path, manifest: Graph) -> Graph:
    return manifest if str(name) == path.as_uri() else Graph().parse(str(name).removeprefix("file://"))


def _results_of(graph: Graph, report: Node | None) -> list[Node]:
    return list(graph.objects(report, SH.result))


def _count(data: Graph, shapes: Graph) -> int | None:
    """Return how many results pySHACL itself gives, or None when it fails."""
    try:
        _, graph, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    except Exception:  # noqa: BLE001 - some tests demand a failure
        return None
    return (
        len(_results_of(graph, graph.value(predicate=RDF.type, object=SH.ValidationReport)))
        if isinstance(graph, Graph)
        else None
    )


def _results(name: str, part: Part, shapes: Shapes) -> Any:
    try:
        return {_key(failure) for failure in ENGINES[name](part, shapes)}
    except Exception as error:  # noqa: BLE001 - some tests demand a failure, and pySHACL's are of many kinds
        return f"failure: {type(error).__name__}"


def _key(failure: Failure) -> tuple[Any, ...]:
    path = "a path" if isinstance(failure.path, BNode) else failure.path
    return failure.rule, failure.severity, failure.focus, path, failure.value


if __name__ == "__main__":
    sys.exit(main())
