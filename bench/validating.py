"""Measure validation: plain pySHACL, pySHACL as we run it, and the fast engine by parts, at growing sizes.

    python bench/validating.py --sizes 100_000 1_000_000 10_000_000 [--jobs 2] [--plain 250 500 1_000] [--folder DIR]

Each measurement is a process of its own: seconds, CPU seconds with those of its children, and the largest memory of it and of any
of its workers. The graphs come from bench/generate.py. *Plain* is pySHACL as its documentation has it, with the same rules: the
shipped shapes, and each check as an `sh:sparql` constraint. Checks that such constraints cannot say
(https://www.w3.org/TR/shacl/#pre-binding forbids VALUES, MINUS and most subqueries, and rdflib lacks our date functions) are left
out, which favours it. Its CPU seconds are fitted to a line through its sizes, and that line is what the larger sizes are compared
with. *remember* also keeps the state; *revalidate* is then the command line after one announcement was changed, from the start of
the process to its end, the median of several changes. *agree* puts faults into a graph, and tells how many each engine finds.
Results are kept in bench/results/validating.json.
"""

import argparse
import json
import math
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from rdflib import RDF, SH, Graph, Literal, URIRef

from alpine_kg.namespaces import AK, AKSH
from alpine_kg.queries import QueryFile
from alpine_kg.root import GraphRoot
from alpine_kg.validation import validate, validate_split
from alpine_kg.validation.runners import runner

Row = dict[str, Any]
RESULTS = Path(__file__).with_name("results") / "validating.json"
_FOCUS = re.compile(r"\?focus\b")
_NAMED = re.compile(r"GRAPH \?file (\{[^{}]*\})")
_NOT_OURS = re.compile(r"FILTER\(\?file != akg:ontology\)|\?file != akg:ontology && ")
_UNSAYABLE = re.compile(r"\b(MINUS|VALUES|akf:)|SELECT.*\bSELECT\b", re.DOTALL)
ALONE = 1_000_000
"""The largest size for one process, and for a file an announcement."""
ERRORS = 1_000
CHANGES = 5
_CLASSES = ("Claim", "Quote", "Source", "Announcement", "Entity")


def main() -> None:
    """Print one table, or be one of its measurements."""
    options = _arguments()
    if options.measure:
        kind, root, *rest = options.measure
        print(json.dumps(measure(kind, Path(root), rest)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        rows = measured(Path(folder), options.sizes, options.plain, options.reference, options.jobs)
    print(table(rows))
    RESULTS.parent.mkdir(exist_ok=True)
    about = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    about |= {name: version(name) for name in ("pyshacl", "pyoxigraph", "rdflib")}
    RESULTS.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")


def measured(
    folder: Path,
    sizes: Sequence[int],
    plain: Sequence[int] = (250, 500, 1_000),
    reference: int = 100_000,
    jobs: int = 2,
) -> list[Row]:
    """Return a row of figures for each measurement; graphs are made in the folder, and taken from it where they are there.

    A row has at least kind, size, triples, findings, seconds, cpu, megabytes and those of a worker.
    """
    rows = [row for size in plain for row in _rows(folder, size, ["plain"])]
    for size in sizes:
        kinds = ["reference"] if size <= reference else []
        kinds += ["fast"] if size <= ALONE else []
        rows += _rows(folder, size, [*kinds, f"jobs {jobs}", f"remember {jobs}", "revalidate"])
    return rows + _rows(folder, min(reference, max(sizes)), ["agree"], ERRORS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    number = {"type": lambda text: int(float(text)), "nargs": "+"}
    parser.add_argument("--sizes", **number, default=[10_000, 100_000, 1_000_000])  # type: ignore[arg-type]
    parser.add_argument("--plain", **number, default=[250, 500, 1_000])  # type: ignore[arg-type]
    parser.add_argument("--folder", type=Path, help="where to put the graphs; a temporary folder by default")
    parser.add_argument("--reference", type=int, default=100_000, help="largest size for pySHACL as we run it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def _rows(folder: Path, size: int, kinds: list[str], errors: int = 0) -> list[Row]:
    """Return the measurements of one size; the graph is made when it is not there."""
    root = folder / f"{size}-{errors}"
    if not root.exists():
        # As many files as announcements, but not a hundred thousand.
        options = ["--triples", str(size), "--errors", str(errors), "--per-file", "1" if size <= ALONE else "100"]
        generate = [sys.executable, str(Path(__file__).with_name("generate.py")), *options, "--root", str(root)]
        subprocess.run(generate, check=True, stderr=subprocess.DEVNULL)
    rows = []
    for kind in kinds:
        arguments = [sys.executable, __file__, "--measure", kind, str(root), str(folder / f"{size}-{errors}.state")]
        done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True)
        rows.append({"kind": kind, "size": size, **json.loads(done.stdout)})
        print(json.dumps(rows[-1]), file=sys.stderr)
    return rows


def measure(kind: str, root: Path, rest: list[str]) -> Row:
    """Return what one validation takes."""
    opened, state = GraphRoot.open(root), Path(rest[0]) if rest else None
    prepared = _plain_graphs(opened) if kind == "plain" else None
    before, start = _cpu(), time.perf_counter()
    if prepared:
        found = _plain(*prepared)
    elif kind == "agree":
        found = _agree(opened)
    elif kind == "revalidate":
        found = _changed(opened, str(state))
    else:
        name, _, jobs = kind.partition(" ")
        split = partial(validate_split, engine="fast", runner=runner(jobs=int(jobs or 1)))
        report = validate(opened) if kind == "reference" else split(opened, state=state if name == "remember" else None)
        found = {"triples": report.counts.triples, "findings": len(report.findings)}
    own, worker = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": round(time.perf_counter() - start, 2),
        "cpu": round(_cpu() - before, 2),
        "megabytes": own // 1024,
        "megabytes of a worker": worker // 1024,
        **found,
    }


def _changed(root: GraphRoot, state: str) -> Row:
    """Return what the command line takes after one announcement was changed: the medians, and the seconds of each time."""
    path = root.data[len(root.data) // 2]
    command = [str(Path(sys.executable).with_name("alpine-kg")), "validate", "--root", str(root.path), "--since", state]
    seconds, cpu, report = [], [], {}
    for _ in range(CHANGES):
        text = path.read_text(encoding="utf-8")
        old, new = ("ak:Planned", "ak:Confirmed") if "ak:Planned" in text else ("ak:Confirmed", "ak:Planned")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        before, start = _cpu(), time.perf_counter()
        done = subprocess.run([*command, "--engine", "fast", "--format", "json"], stdout=subprocess.PIPE, check=True)
        seconds.append(round(time.perf_counter() - start, 2))
        cpu.append(round(_cpu() - before, 2))
        report = json.loads(done.stdout)
    counts = {"triples": report["counts"]["triples"], "findings": len(report["findings"])}
    return {**counts, "seconds": median(seconds), "cpu": median(cpu), "each": seconds}


def _agree(root: GraphRoot) -> Row:
    """Return how many of the faults that were put in are found by the rules named for them, and whether all agree."""
    faults = {(fault["rule"], fault["focus"]) for fault in json.loads((root.path / "errors.json").read_text("ascii"))}
    reports = [validate(root), *(validate_split(root, engine="fast", runner=runner(jobs=jobs)) for jobs in (1, 2))]
    found = {(finding.rule.partition("/")[0], str(finding.focus)) for finding in reports[-1].findings}
    return {
        "triples": reports[0].counts.triples,
        "findings": len(reports[0].findings),
        "faults": len(faults),
        "found": len(faults & found),
        "elsewhere": len({focus for _, focus in found} - {focus for _, focus in faults}),
        "equal": all(report.to_dict() == reports[0].to_dict() for report in reports),
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


def _plain(data: Graph, shapes: Graph) -> Row:
    import pyshacl  # noqa: PLC0415

    _, results, _ = pyshacl.validate(data, shacl_graph=shapes)
    found = len(list(results.subjects(RDF.type, SH.ValidationResult)))
    return {"triples": len(data), "findings": found, "constraints": len(list(shapes.subject_objects(SH.sparql)))}


def table(rows: list[Row]) -> str:
    """Return the rows as a table: the exponent is that from the size before, times plain is by CPU seconds."""
    slope = _slope([(row["triples"], row["cpu"]) for row in rows if row["kind"] == "plain"])
    titles = ("triples", "seconds", "CPU s", "MB", "MB worker", "us/triple", "exponent", "times plain")
    lines = [f"{'':12}" + "".join(f"{title:>12}" for title in titles)]
    earlier: dict[str, Row] = {}
    for row in rows:
        kind, each = row["kind"], row["cpu"] / row["triples"]
        before = earlier.get(kind) if kind != "plain" else None
        exponent = math.log(row["cpu"] / before["cpu"], row["triples"] / before["triples"]) if before else 0
        earlier[kind] = row
        whole = slope and kind.partition(" ")[0] in {"reference", "fast", "jobs", "remember"}
        figures = (
            *(str(row[name]) for name in ("triples", "seconds", "cpu", "megabytes", "megabytes of a worker")),
            f"{each * 1e6:.0f}" if kind not in {"revalidate", "agree"} else "",
            f"{exponent:.2f}" if exponent else "",
            f"{slope / each:,.0f}" if whole else "",
        )
        lines.append(f"{kind:12}" + "".join(f"{figure:>12}" for figure in figures))
        if kind == "agree":
            lines.append(f"{'':12}{row['found']} of {row['faults']} faults found, reports equal: {row['equal']}")
    return "\n".join(lines)


def _slope(points: list[tuple[int, float]]) -> float:
    """Return the seconds that each further triple takes, of a line fitted to the points."""
    if len(points) < 2:
        return 0.0
    x, y = (sum(column) / len(points) for column in zip(*points, strict=True))
    return float(sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points))


if __name__ == "__main__":
    main()
