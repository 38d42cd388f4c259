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
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from alpine_kg.graph.catalogue import Catalogue
from clients import latencies
from comparison import Row, machine
from generate import EACH, Writing, written
from loading import Figures, child
from pages import addresses
from quantiles import quantile
from running import running
from synthetic import Synthetic, word

CLIENTS = 16
SECONDS = 8.0
PER_FILE = 100
PATIENCE = 1200.0
KINDS = {
    "look-up": "look-up",
    "list": "list, names that begin with a text",
    "search": "search, three letters and more",
    "hot look-up": "look-up, from memory",
}
"""What is asked for, with its name in bench/pages.py."""


def main() -> None:
    """Measure every size, print the table, and keep it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, help="where stores are made, and found again; else a temporary folder")
    parser.add_argument("--keep", type=Path, help="file for the figures as JSON, which further sizes are added to")
    options = parser.parse_args()
    columns: dict[int, Figures] = {}
    if options.keep and options.keep.exists():
        columns = {int(size): held for size, held in json.loads(options.keep.read_text("ascii"))["figures"].items()}
    for size in options.sizes:
        columns[size] = measured(size, options.folder)
        if options.keep:
            options.keep.write_text(json.dumps({"about": machine(), "figures": columns}, indent=1) + "\n", "ascii")
    _print(dict(sorted(columns.items())))


def compared(sizes: list[int], folder: Path | None) -> list[Row]:
    """Return the figures of each size, and the exponents of those that grow with the size."""
    columns = {size: measured(size, folder) for size in sizes}
    _print(columns)
    rows = [
        Row(f"growth, {size:,} triples", name, _unit(name), value)
        for size, held in columns.items()
        for name, value in held.items()
    ]
    for name in columns[sizes[-1]]:
        exponent = _exponent(sizes, [columns[size].get(name, math.nan) for size in sizes])
        if not math.isnan(exponent):
            rows.append(Row(f"growth, up to {sizes[-1]:,} triples", name.rpartition(", ")[0], "exponent", exponent))
    return rows


def _unit(name: str) -> str:
    return name.rpartition(" ")[2]


def measured(size: int, parent: Path | None) -> Figures:
    """Return what one size takes; a given folder keeps what is loaded, with what that took, for the next time."""
    world = Synthetic(max(1, size // EACH))
    with contextlib.nullcontext(parent) if parent else tempfile.TemporaryDirectory() as name:
        folder = Path(name) / f"growth-{size}"
        loaded = folder / "loaded.json"
        if not loaded.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            loaded.write_text(json.dumps(_load(folder, written(size, folder.parent), world)), "ascii")
        figures: Figures = json.loads(loaded.read_text("ascii"))
        print(f"{size:,} triples are loaded: {json.dumps(figures)}", file=sys.stderr, flush=True)
        figures |= _serve(folder / "served", world)
        print(f"{size:,} triples: {json.dumps(figures)}", file=sys.stderr, flush=True)
    return figures


def _load(folder: Path, data: Path, world: Synthetic) -> Figures:
    """Return what it takes to fill a store with a root, and the engine's loader for the file of the same triples."""
    alone = child("bulk_load", data, folder / "engine")
    shutil.rmtree(folder / "engine")
    begun = time.process_time()
    Writing(world).root(folder / "root", PER_FILE)
    figures = {"generate, CPU s": time.process_time() - begun}
    figures |= {"bulk_load alone, s": alone["time"], "bulk_load alone, CPU s": alone["CPU time"]}
    loaded = child("root", folder / "root", folder / "served")
    shutil.rmtree(folder / "root")
    shown = {"time": "load, s", "CPU time": "load, CPU s", "most memory": "load, most MB"}
    figures |= {shown.get(name, f"load: {name}, CPU s"): held for name, held in loaded.items()}
    figures["derive, CPU s"] = sum(held for name, held in loaded.items() if name.startswith("derive"))
    return figures


def _serve(store: Path, world: Synthetic) -> Figures:
    begun = time.perf_counter()
    figures: Figures = {"on disk, MB": sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / 1e6}
    with running("--store", store, path="/healthz", query_seconds=PATIENCE) as service:
        figures["open to first answer, s"] = time.perf_counter() - begun
        chance = random.Random(1)  # noqa: S311 - the same addresses each time are the point
        asked = addresses(world)
        for name, kind in KINDS.items():
            latencies(service.port, asked[kind], clients=CLIENTS, seconds=1.0, accept="application/json")
            found = latencies(service.port, asked[kind], clients=CLIENTS, seconds=SECONDS, accept="application/json")
            figures[f"{name}, p50 ms"] = 1000 * quantile(found, 0.5)
            figures[f"{name}, p99 ms"] = 1000 * quantile(found, 0.99)
            figures[f"{name}, requests/s"] = len(found) / SECONDS
        for name, path in (("promises", "/queries/promises.csv?status=kept"), ("export, data.nt", "/export/data.nt")):
            begun = time.perf_counter()
            status = service.ask("GET", path, timeout=PATIENCE).status
            figures[f"{name}, s"] = time.perf_counter() - begun if status == 200 else math.nan
    folder = store / "generations" / (store / "loaded").read_text(encoding="ascii")
    catalogue = Catalogue(folder / "catalogue.sqlite")
    begun = time.process_time()
    for _ in range(200):
        catalogue.search(word(chance.randrange(world.announcements))[:5], limit=20)
    figures["search, CPU ms"] = (time.process_time() - begun) * 1000 / 200
    return figures


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
