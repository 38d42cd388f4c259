"""Growth: load, derivations, look-ups, lists, search, promises and downloads, on graphs of growing size, with exponents.

    python bench/scale.py --sizes 10_000 100_000 1_000_000 [--folder DIR] [--keep FILE.json]

Each size is generated, loaded from one file of N-Triples by the engine's own bulk loader and by `alpine-kg load`, and loaded as
a graph root, which is then served. An exponent of 1 is linear growth. Processor time is steadier than wall time where others work
on the same machine; the table has both.
"""

import argparse
import contextlib
import json
import math
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote_plus

import pyoxigraph as ox

from alpine_kg.formats import FORMATS
from alpine_kg.graph.bulk import Load
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.sources import find
from alpine_kg.graph.trust import Trust
from alpine_kg.root import GraphRoot
from clients import latencies
from generate import Writing
from quantiles import quantile
from running import running
from synthetic import EVERY, Synthetic, slug, word

CLIENTS = 16
SECONDS = 8.0
RUNS = 5
PER_FILE = 100
Figures = dict[str, float]


def main() -> None:
    """Measure every size, print the table, and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where to put the graphs; a temporary folder by default")
    parser.add_argument("--keep", type=Path, help="file for the figures as JSON")
    parser.add_argument("--measure", nargs=3, metavar=("WHAT", "INPUT", "STORE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_MEASURES[options.measure[0]](*map(Path, options.measure[1:]))))
        return
    columns = {}
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            columns[size] = _measure(size, Path(folder))
            print(f"{size:,} triples: {json.dumps(columns[size])}", file=sys.stderr, flush=True)
    _print(columns)
    if options.keep:
        machine = {"python": platform.python_version(), "pyoxigraph": version("pyoxigraph"), "processors": 2}
        options.keep.write_text(json.dumps({"machine": machine, "figures": columns}, indent=1) + "\n", encoding="ascii")


def _measure(size: int, folder: Path) -> Figures:
    world = Synthetic(max(1, size // 100))
    with (folder / "all.nt").open("w", encoding="utf-8") as file:
        Writing(world).stream(file, "nt")
    Writing(world).root(folder / "root", PER_FILE)
    figures: Figures = {}
    rounds = [_round(folder) for _ in range(RUNS if size <= 1_000_000 else 1)]
    for name in rounds[0]:
        figures[name] = quantile([held[name] for held in rounds], 0.5)
    figures["load ratio, CPU"] = quantile([held["load, CPU s"] / held["bulk_load, CPU s"] for held in rounds], 0.5)
    figures["load ratio, wall"] = quantile([held["load, s"] / held["bulk_load, s"] for held in rounds], 0.5)
    (folder / "all.nt").unlink()
    figures |= _child("root", folder / "root", folder / "served")
    return figures | _serve(folder / "served", world)


def _round(folder: Path) -> Figures:
    """Return what the engine's loader and ours need for the same file, one after the other."""
    alone = _child("engine", folder / "all.nt", folder / "engine")
    ours = _child("lines", folder / "all.nt", folder / "ours")
    for name in ("engine", "ours"):
        shutil.rmtree(folder / name)
    return {f"bulk_load, {name}": held for name, held in alone.items()} | {
        f"load, {name}": held for name, held in ours.items()
    }


def _child(what: str, *paths: Path) -> Figures:
    """Return what a measurement in a process of its own gives."""
    done = subprocess.run(
        [sys.executable, __file__, "--measure", what, *paths], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout))


def _engine(data: Path, store: Path) -> Figures:
    begun = time.perf_counter()
    engine = ox.Store(str(store))
    engine.bulk_load(path=str(data), format=FORMATS["nt"].rdf)
    engine.flush()
    return {"s": time.perf_counter() - begun, "CPU s": time.process_time(), "peak MB": _peak()}


def _lines(data: Path, store: Path) -> Figures:
    """Return what loading alone takes: without the index of what is in it, which the engine's loader does not make."""
    begun = time.perf_counter()

    def tell(stage: str, done: int, total: int) -> None:
        del done, total
        if stage == "index":
            raise _LoadedError

    with contextlib.suppress(_LoadedError):
        Load(find([str(data)], None)).run(store, trust=Trust(store), tell=tell)
    return {"s": time.perf_counter() - begun, "CPU s": time.process_time(), "peak MB": _peak()}


class _LoadedError(Exception):
    """Ends a load when everything is in the store."""


def _root(root: Path, store: Path) -> Figures:
    stages = _Stages()
    Load((), GraphRoot.open(root)).run(store, trust=Trust(store), tell=stages)
    stages("end", 0, 0)
    figures = {f"root: {name}, CPU s": seconds for name, seconds in stages.cpu.items() if name != "copy"}
    figures["root: derive, CPU s"] = sum(held for name, held in stages.cpu.items() if name.startswith("derive"))
    return figures | {
        "root: all, s": sum(stages.wall.values()),
        "root: all, CPU s": sum(stages.cpu.values()),
        "root: peak MB": _peak(),
    }


_MEASURES: dict[str, Callable[[Path, Path], Figures]] = {"engine": _engine, "lines": _lines, "root": _root}


class _Stages:
    """Hears a load tell of its stages, and keeps the seconds of each."""

    def __init__(self) -> None:
        self.wall: Figures = {}
        self.cpu: Figures = {}
        self._stage = "copy"
        self._since = (time.perf_counter(), time.process_time())

    def __call__(self, stage: str, done: int, total: int) -> None:
        del done, total
        if stage == self._stage:
            return
        now = (time.perf_counter(), time.process_time())
        self.wall[self._stage], self.cpu[self._stage] = now[0] - self._since[0], now[1] - self._since[1]
        self._stage, self._since = stage, now


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _serve(store: Path, world: Synthetic) -> Figures:
    begun = time.perf_counter()
    figures: Figures = {"on disk, MB": sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 1e6}
    with running("--store", store, path="/healthz", query_seconds=300) as service:
        figures["open to first answer, s"] = time.perf_counter() - begun
        chance = random.Random(1)  # noqa: S311 - the same addresses each time are the point
        for name, paths in _paths(world, chance).items():
            found = latencies(service.port, paths, clients=CLIENTS, seconds=SECONDS, accept="application/json")
            figures[f"{name}, p50 ms"] = 1000 * quantile(found, 0.5)
            figures[f"{name}, p99 ms"] = 1000 * quantile(found, 0.99)
            figures[f"{name}, requests/s"] = len(found) / SECONDS
        for name, path in (("promises", "/queries/promises.csv?status=kept"), ("export, data.nt", "/export/data.nt")):
            begun = time.perf_counter()
            status = service.ask("GET", path, timeout=600).status
            figures[f"{name}, s"] = time.perf_counter() - begun if status == 200 else math.nan
    folder = store / "generations" / (store / "loaded").read_text(encoding="ascii")
    catalogue = Catalogue(folder / "catalogue.sqlite")
    begun = time.process_time()
    for _ in range(200):
        catalogue.search(word(chance.randrange(world.announcements))[:5], limit=20)
    figures["search, CPU ms"] = (time.process_time() - begun) * 1000 / 200
    return figures


def _paths(world: Synthetic, chance: random.Random) -> dict[str, Iterator[str]]:
    """Return addresses of each kind without end; hardly any comes twice, so that answers kept in memory do not count."""
    vehicles = (world.announcements - 1) // EVERY["vehicle"] + 1

    def some(count: int) -> int:
        return min(int(count ** chance.random()), count - 1)

    def text() -> str:
        return word(some(world.announcements))[: chance.randint(3, 8)] + " " * chance.randint(0, 50)

    return {
        "look-up": (f"/vehicle/{slug(chance.randrange(vehicles))}?x={chance.random()}" for _ in iter(int, 1)),
        "list": (f"/claims?limit={chance.randint(90, 110)}&q={quote_plus(text())}" for _ in iter(int, 1)),
        "search": (f"/search?q={quote_plus(text())}" for _ in iter(int, 1)),
        "hot look-up": (f"/vehicle/{slug(some(min(vehicles, 50)))}" for _ in iter(int, 1)),
    }


def _print(columns: dict[int, Figures]) -> None:
    sizes = list(columns)
    print(f"| {'':36} | " + " | ".join(f"{size:>11,}" for size in sizes) + " | exponent |")
    print(f"|{'-' * 38}|" + "|".join(["-" * 12 + ":"] * len(sizes)) + "|---------:|")
    for name in columns[sizes[-1]]:
        held = [columns[size].get(name, math.nan) for size in sizes]
        print(
            f"| {name:36} | " + " | ".join(f"{value:11,.2f}" for value in held) + f" | {_exponent(sizes, held):8.2f} |"
        )


def _exponent(sizes: list[int], values: list[float]) -> float:
    """Return the power of the size with which a figure grows between the last two sizes."""
    if len(sizes) < 2 or not all(value > 0 for value in values[-2:]):
        return math.nan
    return math.log(values[-1] / values[-2]) / math.log(sizes[-1] / sizes[-2])


if __name__ == "__main__":
    main()
