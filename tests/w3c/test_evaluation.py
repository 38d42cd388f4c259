"""Answers come through HTTP as the engine found them, in every format: our own cases, and the W3C's where they are at hand.

The suites are not in this repository. `make w3c` takes them from rdflib's source distribution, which carries them as the W3C
published them, to `.venv/w3c`; `W3C_TESTS=FOLDER` names another folder that holds `sparql11` and `dawg-data-r2`.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from results import READERS, found
from running import Service, running

HERE = Path(__file__).parent
BASE = "http://example.org/"
LINES = (HERE / "evaluation.txt").read_text(encoding="utf-8").splitlines()
QUERIES = dict(line.split(": ", 1) for line in LINES if line and not line.startswith("#"))
SUITES = Path(os.environ.get("W3C_TESTS") or HERE.parents[1] / ".venv" / "w3c")
NOWHERE = "urn:no-graph"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
EXTENSIONS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".n3": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
}


@dataclass(frozen=True)
class Case:
    """A query with the graphs that it is asked of; none for those of the store or of the query itself."""

    name: str
    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A service and the engine in this process, with the same quads."""

    service: Service
    engine: ox.Store

    def query(self, case: Case) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if not (case.default or case.named):
            return self.engine.query(case.query)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in case.default]
        return self.engine.query(
            case.query, default_graph=default, named_graphs=[ox.NamedNode(iri) for iri in case.named]
        )

    def fetch(self, case: Case, accept: str) -> bytes:
        graphs = [("default-graph-uri", iri) for iri in case.default] + [("named-graph-uri", iri) for iri in case.named]
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        reply = self.service.ask("POST", f"/sparql?{urlencode(graphs)}", headers, case.query.encode())
        assert reply.status == 200, reply.body
        assert reply.media_type == accept
        return reply.body


def compare(pair: Pair, case: Case) -> None:
    """Ask both, and compare in every format."""
    kind = pair.query(case)
    if isinstance(kind, ox.QueryBoolean):
        assert json.loads(pair.fetch(case, "application/sparql-results+json"))["boolean"] is bool(kind)
        verdict = ET.fromstring(pair.fetch(case, "application/sparql-results+xml"))[-1]  # noqa: S314 - our own
        assert verdict.text == str(bool(kind)).lower()
    elif isinstance(kind, ox.QueryTriples):
        expected = canonical([ox.Quad(*triple) for triple in kind])
        for media_type, graph_format in GRAPHS.items():
            quads = list(ox.parse(pair.fetch(case, media_type), format=graph_format))
            assert canonical(quads) == expected, media_type
    else:
        for media_type, read in READERS.items():
            solutions = pair.query(case)
            assert isinstance(solutions, ox.QuerySolutions)
            assert read(pair.fetch(case, media_type)) == found(solutions, lossy=media_type == "text/csv"), media_type


def canonical(quads: list[ox.Quad]) -> set[str]:
    """Return quads so that equal graphs are equal, whatever their blank nodes are called."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Our own data, in both."""
    data = HERE / "evaluation.trig"
    engine = ox.Store()
    engine.load(path=str(data))
    with running(data, "--default-graph", "strict") as service:
        yield Pair(service, engine)


@pytest.mark.parametrize("name", QUERIES)
def test_our_cases(pair: Pair, name: str) -> None:
    compare(pair, Case(name, f"PREFIX : <{BASE}> {QUERIES[name]}"))


def test_our_cases_find_something(pair: Pair) -> None:
    for name, text in QUERIES.items():
        answer = pair.engine.query(f"PREFIX : <{BASE}> {text}")
        assert isinstance(answer, ox.QueryBoolean) or bool(list(answer)) != name.endswith(("nothing", "no solution"))


def cases_of(manifest: Path) -> Iterator[Case]:
    """Yield the evaluation tests of a manifest."""
    base = manifest.as_uri()
    store = ox.Store()
    store.load(path=str(manifest), base_iri=base)

    def values(subject: object, name: str) -> list[ox.NamedNode | ox.BlankNode]:
        quads = store.quads_for_pattern(subject, ox.NamedNode(name), None)  # type: ignore[arg-type]
        return [quad.object for quad in quads if isinstance(quad.object, ox.NamedNode | ox.BlankNode)]

    for quad in store.quads_for_pattern(None, TYPE, ox.NamedNode(MF + "QueryEvaluationTest")):
        for action in values(quad.subject, MF + "action"):
            queries = values(action, QT + "query")
            named = [term.value for term in values(action, QT + "graphData")]
            default = [term.value for term in values(action, QT + "data")]
            if not queries or any(not iri.startswith("file:") for iri in (*named, *default)):
                continue
            path = Path(queries[0].value.removeprefix("file://"))
            # The published manifests name a few files that are not there.
            if not path.is_file():
                continue
            text = path.read_text(encoding="utf-8")
            given = default or named
            yield Case(
                f"{path.parent.name}/{path.stem}",
                f"BASE <{queries[0].value}>\n{text}",
                tuple(default) if default or not given else (NOWHERE,),
                tuple(named),
            )


def suite() -> list[Case]:
    """Return the tests of the suites that are at hand, without those of entailment and of other endpoints."""
    manifests = [
        path
        for part in ("sparql11", "dawg-data-r2")
        for path in sorted((SUITES / part).glob("*/manifest.ttl"))
        if path.parent.name not in {"entailment", "service"}
    ]
    return list({case.name: case for manifest in manifests for case in cases_of(manifest.resolve())}.values())


CASES = suite()


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Every data file of the suites as a named graph of its own name, in both."""
    engine = ox.Store()
    for path in sorted(SUITES.resolve().rglob("*")):
        if path.suffix in EXTENSIONS and "manifest" not in path.name:
            try:
                quads = list(
                    ox.parse(
                        path=str(path), format=EXTENSIONS[path.suffix], base_iri=path.as_uri(), rename_blank_nodes=True
                    )
                )
            except (SyntaxError, ValueError):
                continue
            engine.extend(
                ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(path.as_uri())) for quad in quads
            )
    data = tmp_path_factory.mktemp("suites") / "all.nq"
    engine.dump(str(data), format=ox.RdfFormat.N_QUADS)
    with running(data, "--default-graph", "strict") as service:
        yield Pair(service, engine)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_suites(suites: Pair, case: Case) -> None:
    try:
        suites.query(case)
    except (
        SyntaxError,
        RuntimeError,
        ValueError,
    ):  # what the engine does not take is refused, in no other way than others
        headers = {"Content-Type": "application/sparql-query"}
        assert suites.service.ask("POST", "/sparql", headers, case.query.encode()).status == 400
    else:
        compare(suites, case)
