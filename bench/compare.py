"""Every comparison in one run, side by side with peers that are installed from packages: one table, and a file to compare with.

    python bench/compare.py [--quick] [--only NAME...] [--size 1_000_000] [--keep FILE] [--before FILE]

Figures belong to the machine, ratios to the code. The run is kept as JSON in bench/results/, named for its day, and what has
changed since the newest earlier run of the same kind is told at the end. --quick takes a few minutes with small sizes: it shows
that all is in order and what is far off, and judges nothing. Ends with status 1 when an aim of a whole run is missed.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import linear_regression
from typing import Any, Final

import attack
import loading
import overhead
import pages
import scale
import shapes
import start_and_lookups
from comparison import Row, Run, changes, machine, table

RESULTS: Final = Path(__file__).with_name("results")
_VALIDATING: Final = RESULTS / "validating.json"
_TIMES_PLAIN: Final = 200
"""How many times faster than plain pySHACL the fast engine must validate a million triples."""

_REVALIDATED: Final = 1.0
"""Seconds that one changed announcement among a million triples may take."""

_P99: Final = 20.0
"""Milliseconds within which a list or a search must be answered, 99 times in 100."""


@dataclass(frozen=True)
class Plan:
    """How large the graphs are, how many runs a median is of, and where stores are made."""

    quick: bool
    size: int
    runs: int
    folder: Path

    def first(self, quick: Any, whole: Any) -> Any:
        """Return the first of two in a quick run, else the second."""
        return quick if self.quick else whole


def main() -> int:
    """Compare what the arguments name, print the table, keep it, and tell what has changed."""
    options = _arguments()
    with contextlib.nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory() as folder:
        plan = Plan(options.quick, 10_000 if options.quick else options.size, 2 if options.quick else 5, Path(folder))
        about = {"day": datetime.now(UTC).date().isoformat(), "quick": plan.quick, "size": plan.size} | machine()
        rows: list[Row] = []
        for name in options.only or COMPARISONS:
            print(f"comparing: {name}", file=sys.stderr, flush=True)
            # What a process has once held counts as the memory of all that it starts.
            with ProcessPoolExecutor(1) as process:
                rows += process.submit(_compared, name, plan).result()
    run = Run(about, [replace(row, most=None, least=None) for row in rows] if plan.quick else rows)
    show(run, options.before or earlier(RESULTS, about))
    run.write(options.keep or RESULTS / f"{_kind(about)}-{about['day']}.json")
    return int(bool(run.missed()))


def _compared(name: str, plan: Plan) -> list[Row]:
    return COMPARISONS[name](plan)


def show(run: Run, before: Path | None) -> None:
    """Print a run, and what has changed since an earlier one that is kept in a file."""
    print(table(run.rows), end="\n\n")
    print(json.dumps(run.about, indent=1), end="\n\n")
    if before:
        told = list(changes(Run.read(before), run))
        print(f"Since {before.name}:", *(told or ["nothing has changed by more than a tenth"]), sep="\n  ", end="\n\n")
    for row in run.missed():
        print(f"MISSED: {row.comparison}, {row.what}: {row.aim}")


def earlier(folder: Path, about: dict[str, Any]) -> Path | None:
    """Return the newest kept run of the same kind and size."""
    kept = sorted(folder.glob(f"{_kind(about)}-*.json"), reverse=True)
    return next((path for path in kept if Run.read(path).about.get("size") == about["size"]), None)


def _kind(about: dict[str, Any]) -> str:
    return "quick" if about["quick"] else "comparison"


def _validation(plan: Plan) -> list[Row]:
    """Return what bench/validating.py finds; a quick run takes what it has found before."""
    if not plan.quick:
        subprocess.run([sys.executable, Path(__file__).with_name("validating.py")], check=True)
    return validated(json.loads(_VALIDATING.read_text(encoding="utf-8"))["rows"]) if _VALIDATING.exists() else []


def validated(found: list[dict[str, Any]]) -> list[Row]:
    """Return validation beside plain pySHACL, by processor time; its sizes are small, so it is a line through them."""
    plain = [(row["triples"], row["cpu"]) for row in found if row["kind"] == "plain"]
    slope, _ = linear_regression(*zip(*plain, strict=True)) if len(plain) > 1 else (0.0, 0.0)
    rows = []
    for row in found:
        name, largest = f"validate, {row['size']:,} triples", row["size"] == 1_000_000
        fast = row["kind"].partition(" ")[0] in {"fast", "jobs", "remember"}
        if fast or row["kind"] == "reference":
            most, theirs = 1 / _TIMES_PLAIN if fast and largest else None, slope * row["triples"] or None
            rows.append(Row(name, row["kind"], "CPU s", row["cpu"], "pySHACL, extrapolated", theirs, most=most))
        elif row["kind"] == "revalidate":
            rows.append(
                Row(name, "one changed announcement", "s", row["seconds"], most=_REVALIDATED if largest else None)
            )
    return rows


def _pages(plan: Plan) -> list[Row]:
    """Return how long sixteen clients wait for lists, searches and look-ups.

    The aim is for the machine as a whole: it is that of a service with a process for each processor.
    """
    processors = os.cpu_count() or 1
    return [
        Row(
            f"16 clients, {plan.size:,} triples, --workers {number}",
            name,
            name.rpartition(" ")[2],
            value,
            most=_P99 if number == processors and _is_judged(name) else None,
        )
        for number, found in pages.figures(plan.size, sorted({1, processors})).items()
        for name, value in found.items()
    ]


def _is_judged(name: str) -> bool:
    return name.endswith("p99 ms") and name.startswith(("list", "search"))


COMPARISONS: Final[dict[str, Callable[[Plan], list[Row]]]] = {
    "start": lambda plan: start_and_lookups.compared(plan.runs),
    "overhead": lambda plan: overhead.compared(plan.first(3, 30)),
    # What takes some tens of milliseconds swings most.
    "sparql": lambda plan: shapes.beside_oxigraph(plan.size, plan.first(2, 9), plan.folder),
    "rdflib": lambda plan: shapes.beside_rdflib(plan.first(10_000, 100_000), plan.runs, plan.folder),
    "load": lambda plan: loading.compared(plan.first(100_000, plan.size), plan.runs, plan.folder),
    "validation": _validation,
    "pages": _pages,
    "growth": lambda plan: scale.compared(
        plan.first([3_000, 10_000], [plan.size // 100, plan.size // 10, plan.size]), plan.folder
    ),
    "attack": lambda plan: attack.compared(plan.first(3.0, 30.0)),
}
"""Each comparison with what it measures, in the order of the table."""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="some minutes, small sizes")
    parser.add_argument("--only", nargs="+", choices=COMPARISONS, metavar="NAME", help=", ".join(COMPARISONS))
    parser.add_argument("--size", type=int, default=1_000_000, help="triples of the largest graph")
    parser.add_argument("--folder", type=Path, help="where stores are made, and found again; else a temporary folder")
    parser.add_argument("--keep", type=Path, help="file for this run as JSON")
    parser.add_argument("--before", type=Path, help="an earlier run's file to compare with")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
