"""Lists, searches and look-ups of a large graph for 16 clients at once: how long each answer takes, cold and from memory.

    python bench/pages.py --triples 1_000_000 [--store DIR] [--workers 2]

A graph of so many triples is generated and loaded, unless the folder of a store with it is named. Cold addresses never
come twice: search texts are beginnings of names, the short ones of which thousands of names have, with some of many spaces behind
them; pages of lists begin anywhere.
"""

import argparse
import base64
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote_plus

from clients import latencies
from generate import Writing
from quantiles import quantile
from running import running
from servers import BIN, cpu_seconds
from synthetic import EVERY, Synthetic, slug, word

CLIENTS = 16
SECONDS = 4.0
PER_FILE = 100
HOT = 50
"""Addresses of each kind that are asked for again and again where answers come from memory."""


def main() -> None:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument(
        "--store", type=Path, help="a store with the generated graph; loaded into a temporary one otherwise"
    )
    parser.add_argument("--workers", type=int, default=1, help="processes of the service that speak HTTP")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = figures(options.triples, [options.workers], options.store)[options.workers]
    print(
        json.dumps(found, indent=1) if options.json else "\n".join(f"{name:44} {found[name]:10.2f}" for name in found)
    )


def figures(triples: int, workers: Sequence[int], store: Path | None = None) -> dict[int, dict[str, float]]:
    """Return median and 99th percentile in milliseconds, answers a second and the server's processor time an answer.

    They are those of a service with each of some numbers of processes. On a machine that others use as well, the last of them is
    what can be compared.
    """
    world = Synthetic(max(1, triples // 100))
    if store:
        return {number: _served(store, world, number) for number in workers}
    with tempfile.TemporaryDirectory() as folder:
        root, store = Path(folder) / "root", Path(folder) / "store"
        Writing(world).root(root, PER_FILE)
        subprocess.run([BIN / "alpine-kg", "load", "--root", root, "--store", store], check=True, stdout=sys.stderr)
        return figures(triples, workers, store)


def _served(store: Path, world: Synthetic, workers: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with running("--store", store, workers=workers) as service:
        for kind, paths in addresses(world).items():
            # The first of each wake up what answers the rest: workers, templates, pages of the index.
            latencies(service.port, paths, clients=CLIENTS, seconds=0.5, accept="application/json")
            before = cpu_seconds(service.leader)
            taken = latencies(service.port, paths, clients=CLIENTS, seconds=SECONDS, accept="application/json")
            used = cpu_seconds(service.leader) - before
            found[f"{kind}, p50 ms"] = 1000 * quantile(taken, 0.5)
            found[f"{kind}, p99 ms"] = 1000 * quantile(taken, 0.99)
            found[f"{kind}, answers/s"] = len(taken) / SECONDS
            found[f"{kind}, ms of processor"] = 1000 * used / len(taken)
    return found


def addresses(world: Synthetic) -> dict[str, Iterator[str]]:
    """Return addresses of each kind without end."""
    chance = random.Random(1)  # noqa: S311 - the same addresses each time are the point

    def some(count: int) -> int:
        return min(int(count ** chance.random()), count - 1)

    def text(least: int, most: int) -> str:
        return word(some(world.announcements))[: chance.randint(least, most)] + " " * chance.randint(0, 80)

    def page() -> str:
        key = json.dumps([text(2, 8).strip(), f"urn:{chance.random()}"])
        cursor = base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
        return f"/{chance.choice(('claims', 'quotes', 'vehicles'))}?limit={chance.randint(90, 110)}&cursor={cursor}"

    vehicles = (world.announcements - 1) // EVERY["vehicle"] + 1
    makers: dict[str, Callable[[], str]] = {
        "list, a page anywhere": page,
        "list, names that begin with a text": lambda: (
            f"/claims?limit={chance.randint(90, 110)}&q={quote_plus(text(1, 8))}"
        ),
        "list as HTML": lambda: page().replace("?", ".html?"),
        "search, three letters and more": lambda: f"/search?q={quote_plus(text(3, 8))}",
        "search, one or two letters": lambda: f"/search?q={quote_plus(text(1, 2))}&limit={chance.randint(20, 60)}",
        "search, two words": lambda: f"/search?q={quote_plus(text(2, 6) + ' ' + text(1, 6))}",
        "search as HTML": lambda: f"/search.html?q={quote_plus(text(2, 8))}",
        "look-up": lambda: f"/vehicle/{slug(chance.randrange(vehicles))}?x={chance.random()}",
    }
    cold = {kind: _made(make) for kind, make in makers.items()}
    hot = {
        f"{kind}, from memory": _again(chance, [makers[kind]() for _ in range(HOT)])
        for kind in ("list, a page anywhere", "search, three letters and more", "look-up")
    }
    return cold | hot


def _made(make: Callable[[], str]) -> Iterator[str]:
    given = set()
    while True:
        path = make()
        if path not in given:
            given.add(path)
            yield path


def _again(chance: random.Random, paths: list[str]) -> Iterator[str]:
    yield from paths
    while True:
        yield chance.choice(paths)


if __name__ == "__main__":
    main()
