"""Measure validation: plain pySHACL, pySHACL as we run it, and the fast engine by parts, at growing sizes.

    python bench/validating.py --sizes 10_000 100_000 1_000_000 [--jobs 2] [--plain 700 1_500 3_000]

Each measurement is a process of its own: seconds, CPU seconds with those of its children, and the largest memory of any one
process. The graphs come from bench/generate.py. *Plain* is pySHACL as its documentation has it, with the same rules: the shipped
shapes, and each check as an `sh:sparql` constraint. Checks that such constraints cannot say (https://www.w3.org/TR/shacl/#pre-binding
forbids VALUES, MINUS and most subqueries, and rdflib lacks our date functions) are left out, which favours it. Its CPU seconds
are fitted to a line through its sizes, and that line is what the larger sizes are compared with. At the largest size one
announcement is then changed and the graph validated again. Results are kept in bench/results/validating.json.
"""

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rdflib import RDF, SH, Graph, Literal, URIRef

from alpine_kg.namespaces import AK, AKSH
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot
from alpine_kg.validation import validate, validate_split
from alpine_kg.validation.runners import runner

RESULTS = Path(__file__).with_name("results") / "validating.json"
_FOCUS = re.compile(r"\?focus\b")
_NAMED = re.compile(r"GRAPH \?file (\{[^{}]*\})")
_NOT_OURS = re.compile(r"FILTER\(\?file != akg:ontology\)|\?file != akg:ontology && ")
_UNSAYABLE = re.compile(r"\b(MINUS|VALUES|akf:)|SELECT.*\bSELECT\b", re.DOTALL)
_CLASSES = ("Claim", "Quote", "Source", "Announcement", "Entity")


def main() -> None:
    """Print one table, or be one of its measurements."""
    options = _arguments()
    if options.measure:
        kind, root, *rest = options.measure
        print(json.dumps(measure(kind, Path(root), rest)))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for size in options.plain for row in _rows(Path(folder), size, ["plain"])]
        for size in options.sizes:
            kinds = ["reference"] if size <= options.reference else []
            rows += _rows(Path(folder), size, [*kinds, "fast", *([f"jobs {options.jobs}"] if options.jobs > 1 else [])])
        rows += _rows(Path(folder), options.sizes[-1], ["remember", "revalidate"])
    _show(rows)
    RESULTS.parent.mkdir(exist_ok=True)
    about = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    about |= {name: version(name) for name in ("pyshacl", "pyoxigraph", "rdflib")}
    RESULTS.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    number = {"type": lambda text: int(float(text)), "nargs": "+"}
    parser.add_argument("--sizes", **number, default=[10_000, 100_000, 1_000_000])  # type: ignore[arg-type]
    parser.add_argument("--plain", **number, default=[700, 1_500, 3_000])  # type: ignore[arg-type]
    parser.add_argument("--reference", type=int, default=100_000, help="largest size for pySHACL as we run it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def _rows(folder: Path, size: int, kinds: list[str]) -> list[dict[str, Any]]:
    """Return the measurements of one size; the graph is made when it is not there."""
    root = folder / str(size)
    if not root.exists():
        generate = [
            sys.executable,
            str(Path(__file__).with_name("generate.py")),
            "--triples",
            str(size),
            "--root",
            str(root),
        ]
        subprocess.run(generate, check=True, stderr=subprocess.DEVNULL)
    rows = []
    for kind in kinds:
        arguments = [sys.executable, __file__, "--measure", kind, str(root), str(folder / "state")]
        done = subprocess.run(arguments, check=True, capture_output=True, text=True)
        rows.append({"kind": kind, "size": size, **json.loads(done.stdout)})
        print(json.dumps(rows[-1]), file=sys.stderr)
    return rows


def measure(kind: str, root: Path, rest: list[str]) -> dict[str, Any]:
    """Return what one validation takes."""
    opened, state = GraphRoot.open(root), Path(rest[0]) if rest else None
    if kind == "revalidate":
        path = opened.data[len(opened.data) // 2]
        path.write_text(
            path.read_text(encoding="utf-8").replace("ak:Planned", "ak:Confirmed", 1) + "\n", encoding="utf-8"
        )
    data = _plain_graphs(opened) if kind == "plain" else (Graph(), Graph())
    before, start = _cpu(), time.perf_counter()
    if kind == "plain":
        triples, findings = _plain(*data)
    else:
        jobs = int(kind.split()[1]) if kind.startswith("jobs") else 2 if kind == "remember" else 1
        remembered = state if kind in {"remember", "revalidate"} else None
        report = (
            validate(opened)
            if kind == "reference"
            else validate_split(opened, engine="fast", runner=runner(jobs=jobs), state=remembered)
        )
        triples, findings = report.counts.triples, len(report.findings)
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    constraints = {"constraints": len(list(data[1].subject_objects(SH.sparql)))} if kind == "plain" else {}
    return {
        **constraints,
        "triples": triples,
        "findings": findings,
        "seconds": round(time.perf_counter() - start, 2),
        "cpu": round(_cpu() - before, 2),
        "megabytes": largest // 1024,
    }


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _plain_graphs(root: GraphRoot) -> tuple[Graph, Graph]:
    """Return a root's data and ontology, and its shapes with the checks as constraints."""
    data, shapes = Graph(), Graph()
    for path in (*root.ontology, *root.data):
        data.parse(path)
    for path in root.shapes:
        shapes.parse(path)
    for number, path in enumerate(root.checks):
        check = QueryFile.read(path)
        # A constraint sees one graph, so the checks that leave the ontology's own statements out see them too.
        text = _NOT_OURS.sub("", _NAMED.sub(r"\1", check.text))
        text = _FOCUS.sub("$this", text)
        if _UNSAYABLE.search(text):
            continue
        shape, constraint = URIRef(f"{AKSH}Check{number}"), URIRef(f"{AKSH}constraint{number}")
        shapes.add((shape, RDF.type, SH.NodeShape))
        for name in _CLASSES:
            shapes.add((shape, SH.targetClass, URIRef(AK + name)))
        shapes.add((shape, SH.sparql, constraint))
        shapes.add((constraint, SH.select, Literal(text)))
    return data, shapes


def _plain(data: Graph, shapes: Graph) -> tuple[int, int]:
    import pyshacl  # noqa: PLC0415

    _, results, _ = pyshacl.validate(data, shacl_graph=shapes)
    return len(data), len(list(results.subjects(RDF.type, SH.ValidationResult)))


def _show(rows: list[dict[str, Any]]) -> None:
    plain = [(row["triples"], row["cpu"]) for row in rows if row["kind"] == "plain"]
    slope = _slope(plain)
    print(f"{'':12}{'triples':>10}{'seconds':>9}{'CPU s':>9}{'MB':>7}{'CPU us/triple':>15}{'times plain':>13}")
    for row in rows:
        each = row["cpu"] / row["triples"]
        times = f"{slope / each:,.0f}" if slope and row["kind"] not in {"plain", "remember", "revalidate"} else ""
        print(
            f"{row['kind']:12}{row['triples']:>10}{row['seconds']:>9}{row['cpu']:>9}{row['megabytes']:>7}"
            f"{each * 1e6:>15.0f}{times:>13}"
        )


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the seconds that each further triple takes, of a line fitted to the points."""
    if len(points) < 2:
        return 0.0
    x, y = (sum(column) / len(points) for column in zip(*points, strict=True))
    return float(sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points))


if __name__ == "__main__":
    main()
