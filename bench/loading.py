"""Bulk load: the engine's own loader, the oxigraph program's and `alpine-kg load` on one file, each in a process of its own.

    python bench/loading.py [--sizes 1_000_000 10_000_000] [--runs 5] [--folder DIR]

The engine's loader is pyoxigraph's `bulk_load` of the file; ours is what `alpine-kg load FILE` does up to the same point, before
the index and the counts that the engine's loader does not make; the whole command is a row of its own. All are given N-Triples,
so that none has more to write than the others, and what was written before is on the disk when one begins.
"""

import argparse
import contextlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.formats import FORMATS
from alpine_kg.graph.bulk import Load
from alpine_kg.graph.sources import find
from alpine_kg.root import GraphRoot
from alpine_kg.trust import Trust
from comparison import Row, table
from generate import written
from peers import oxigraph
from servers import BIN, serving
from synthetic import slug

Figures = dict[str, float]
MOST: Final = 1.15
FIRST_ANSWER: Final = 2.0
"""Seconds from the start to the first answer of a store that was loaded."""


def main() -> None:
    """Measure each size and print the table, or be one of the measurements."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where files and stores are made; a temporary folder by default")
    parser.add_argument("--measure", nargs=3, metavar=("WHAT", "INPUT", "STORE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_MEASURES[options.measure[0]](*map(Path, options.measure[1:]))))
        return
    with contextlib.nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory() as folder:
        rows = [row for size in options.sizes for row in compared(size, options.runs, Path(folder))]
    print(table(rows))
    sys.exit(any(row.met is False for row in rows))


def compared(size: int, runs: int, folder: Path) -> list[Row]:
    """Return medians for one size, ours beside both loaders'; ratios are those of the same round."""
    data, name = written(size, folder), f"load, {size:,} triples"
    rounds = [_round(data, folder) for _ in range(runs)]
    rows = [_row(name, rounds, what, peer) for peer in ("bulk_load", "oxigraph load") for what in _UNITS]
    store = folder / "loaded"
    begun = time.perf_counter()
    subprocess.run([BIN / "alpine-kg", "load", data, "--store", store], check=True, capture_output=True)
    rows.append(Row(name, "the whole command, with lists and search", "s", time.perf_counter() - begun))
    rows.append(_opening(name, store, runs))
    shutil.rmtree(store)
    return rows


def _row(name: str, rounds: list[dict[str, Figures]], what: str, peer: str) -> Row:
    ours = statistics.median(each["load"][what] for each in rounds)
    ratio = statistics.median(each["load"][what] / each[peer][what] for each in rounds)
    most = MOST if peer == "bulk_load" else None
    return Row(name, what, _UNITS[what], ours, peer, ours / ratio, most=most)


def _opening(name: str, store: Path, runs: int) -> Row:
    taken = []
    for _ in range(runs):
        command: list[str | Path] = [BIN / "alpine-kg", "serve", "--store", store, "--port", "{port}"]
        with serving(command, f"/search?q={slug(0)}") as server:
            taken.append(server.seconds_to_first_answer)
    return Row(name, "start of a service to its first answer", "s", statistics.median(taken), most=FIRST_ANSWER)


def _round(data: Path, folder: Path) -> dict[str, Figures]:
    """Return what each loader needs for the same file, one after the other."""
    found = {}
    for name in _MEASURES:
        if name == "root":
            continue
        store = folder / "store"
        found[name] = child(name, data, store)
        shutil.rmtree(store)
    return found


def child(what: str, *paths: Path) -> Figures:
    """Return what a measurement in a process of its own gives, once the disk is at rest."""
    os.sync()
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, *paths], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


_UNITS: Final = {"time": "s", "CPU time": "s", "most memory": "MB"}


def _figures(begun: float, who: int = resource.RUSAGE_SELF) -> Figures:
    used = resource.getrusage(who)
    elapsed, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    return {"time": elapsed, "CPU time": cpu, "most memory": used.ru_maxrss / 1024}


def _engine(data: Path, store: Path) -> Figures:
    begun = time.perf_counter()
    engine = ox.Store(str(store))
    engine.bulk_load(path=str(data), format=FORMATS["nt"].rdf)
    engine.flush()
    return _figures(begun)


def _program(data: Path, store: Path) -> Figures:
    program, begun = oxigraph(), time.perf_counter()
    assert program is not None, "the oxigraph server is not installed: make .venv/dev.stamp"
    subprocess.run([program, "load", "--location", store, "--file", data], check=True, capture_output=True)
    return _figures(begun, resource.RUSAGE_CHILDREN)


def _lines(data: Path, store: Path) -> Figures:
    """Return what loading alone takes: without the index of what is in it, which the engine's loader does not make."""
    begun = time.perf_counter()

    def tell(stage: str, done: int, total: int) -> None:
        del done, total
        if stage == "index":
            raise _LoadedError

    with contextlib.suppress(_LoadedError):
        Load(find([str(data)], None)).run(store, trust=Trust(store), tell=tell)
    return _figures(begun)


class _LoadedError(Exception):
    """Ends a load when everything is in the store."""


def _root(root: Path, store: Path) -> Figures:
    """Return what loading a graph root takes, stage by stage."""
    stages, begun = _Stages(), time.perf_counter()
    Load((), GraphRoot.open(root)).run(store, trust=Trust(store), tell=stages)
    stages("end", 0, 0)
    return {name: seconds for name, seconds in stages.cpu.items() if name != "copy"} | _figures(begun)


_MEASURES: Final[dict[str, Callable[[Path, Path], Figures]]] = {
    "bulk_load": _engine,
    "load": _lines,
    "oxigraph load": _program,
    "root": _root,
}


class _Stages:
    """Hears a load tell of its stages, and keeps the processor seconds of each."""

    def __init__(self) -> None:
        self.cpu: Figures = {}
        self._stage = "copy"
        self._since = time.process_time()

    def __call__(self, stage: str, done: int, total: int) -> None:
        del done, total
        if stage == self._stage:
            return
        now = time.process_time()
        self.cpu[self._stage] = now - self._since
        self._stage, self._since = stage, now


if __name__ == "__main__":
    main()
