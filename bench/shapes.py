"""The query shapes of bench/shapes/ through our endpoint, the oxigraph server and rdflib-endpoint, on the same triples.

    python bench/shapes.py [--size 1_000_000] [--rdflib 100_000] [--runs 5] [--folder DIR]

Ours and the oxigraph server have the triples on disk, each loaded by its own loader. Beside rdflib-endpoint both have them in
memory, the only way that it offers, and fewer of them, since it takes minutes and gigabytes for a million. All are asked in turn,
over connections that are open already, and their answers must be equal. Medians, and ours divided by the peer's. Ours runs every
query anew, which is what it can do with a query that it has not seen; beside rdflib-endpoint, as shipped too, where it remembers.
"""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from comparison import Row, table
from generate import written
from peers import oxigraph, oxigraph_command
from servers import BIN, Client, Server, serving, sparql_path
from synthetic import slug

SHAPES: Final = {path.stem: path for path in sorted(Path(__file__).with_name("shapes").glob("*.rq"))}
FIRST: Final = "first"
"""What stands in the queries for the name of the first vehicle and of the first plant, which are spoken of most."""
LONG: Final = 0.05
"""Seconds from which on a query must take ours hardly more than the oxigraph server."""
MOST: Final = 1.15
RDFLIB: Final = 1 / 20
PATIENCE: Final = 1200.0
PATIENT: Final = {
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e12",
    "ALPINE_KG_QUERY_SECONDS": str(PATIENCE),
    "ALPINE_KG_LOG_LEVEL": "error",
}
"""Settings without which a service would hold off a client that asks so much."""
ANEW: Final = {"ALPINE_KG_ANSWERS_BYTES": "0"}
"""Settings with which a query that was asked before is run again."""
RESULTS: Final = "application/sparql-results+json"
TRIPLES: Final = "text/turtle"
"""What people read graphs in, which all of them write."""
DECIMAL: Final = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


@dataclass
class Asked:
    """A running server and its endpoint."""

    server: Server
    endpoint: str

    def seconds(self, query: str, accept: str) -> tuple[float, bytes]:
        """Return how long an answer took to its last byte, and the answer."""
        with contextlib.closing(Client(self.server.port, PATIENCE)) as client:
            path = sparql_path(self.endpoint, query)
            begun = time.perf_counter()
            status, body = client.get(path, accept)
            taken = time.perf_counter() - begun
        assert status == 200, (self.endpoint, status, body[:300])
        return taken, body


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--rdflib", type=int, default=100_000, help="triples beside rdflib-endpoint; 0 leaves it out")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where stores are made, and found again; else a temporary folder")
    parser.add_argument("--shapes", nargs="+", choices=SHAPES, metavar="NAME", help=", ".join(SHAPES))
    options = parser.parse_args()
    for name in SHAPES.keys() - set(options.shapes or SHAPES):
        del SHAPES[name]
    with contextlib.nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory() as folder:
        rows = beside_oxigraph(options.size, options.runs, Path(folder)) if options.size else []
        if options.rdflib:
            rows += beside_rdflib(options.rdflib, options.runs, Path(folder))
    print(table(rows))
    sys.exit(any(row.met is False for row in rows))


def beside_oxigraph(size: int, runs: int, folder: Path) -> list[Row]:
    """Return each shape's medians, ours and the oxigraph server's."""
    program, data = oxigraph(), written(size, folder)
    assert program is not None, "the oxigraph server is not installed: make .venv/dev.stamp"
    peer_store = folder / f"oxigraph-{size}"
    if not peer_store.exists():
        subprocess.run([program, "load", "--location", peer_store, "--file", data], check=True, capture_output=True)
    command = oxigraph_command("--location", peer_store)
    assert command is not None
    with ours(data, folder) as server, serving(command, sparql_path("/query", "ASK {}")) as peer:
        found = measured({"ours": Asked(server, "/sparql"), "peer": Asked(peer, "/query")}, runs)
    return [
        Row(
            f"SPARQL, {size:,} triples",
            name,
            "ms",
            1000 * taken["ours"],
            "oxigraph",
            1000 * taken["peer"],
            most=MOST if taken["peer"] >= LONG else None,
        )
        for name, taken in found.items()
    ]


def beside_rdflib(size: int, runs: int, folder: Path) -> list[Row]:
    """Return each shape's medians, ours and rdflib-endpoint's, both from memory, and those of all shapes together."""
    data = written(size, folder)
    command: list[str | Path] = [BIN / "rdflib-endpoint", "serve", "--port", "{port}", data]
    with (
        ours(data) as server,
        ours(data, remembering=True) as again,
        serving(command, sparql_path("/", "ASK {}"), patience=PATIENCE) as peer,
    ):
        asked = {"ours": Asked(server, "/sparql"), "again": Asked(again, "/sparql"), "peer": Asked(peer, "/")}
        found = measured(asked, runs)
    total = {name: sum(taken[name] for taken in found.values()) for name in asked}
    found |= {"all shapes": total, "all shapes, asked again": total | {"ours": total["again"]}}
    return [
        Row(
            f"SPARQL, {size:,} triples",
            name,
            "ms",
            1000 * taken["ours"],
            "rdflib-endpoint",
            1000 * taken["peer"],
            most=RDFLIB if name.startswith("all shapes") else None,
        )
        for name, taken in found.items()
    ]


@contextlib.contextmanager
def ours(data: Path, folder: Path | None = None, *, remembering: bool = False) -> Iterator[Server]:
    """Serve a file's triples from memory, or from a store on disk in a folder, loaded when it is not there."""
    command: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
    if folder is None:
        command.append(data)
    else:
        store = folder / f"ours-{data.stem}"
        if not store.exists():
            subprocess.run([BIN / "alpine-kg", "load", data, "--store", store], check=True, capture_output=True)
        command += ["--store", store]
    with serving(command, "/healthz", PATIENT | ({} if remembering else ANEW), patience=PATIENCE) as server:
        yield server


def measured(asked: Mapping[str, Asked], runs: int) -> dict[str, dict[str, float]]:
    """Return each shape's median seconds from each, after a round that does not count; raises where answers differ."""
    found = {}
    for name, path in SHAPES.items():
        query = path.read_text(encoding="utf-8").replace(FIRST, slug(0))
        accept = TRIPLES if "CONSTRUCT" in query else RESULTS
        answers = {who: one.seconds(query, accept)[1] for who, one in asked.items()}
        first, *others = (_content(body, accept) for body in answers.values())
        assert all(other == first for other in others), f"the answers to {path.name} differ"
        assert first, f"{path.name} finds nothing"
        rounds = [{who: one.seconds(query, accept)[0] for who, one in asked.items()} for _ in range(runs)]
        found[name] = {who: statistics.median(each[who] for each in rounds) for who in asked}
        shown = ", ".join(f"{who} {1000 * taken:,.1f} ms" for who, taken in found[name].items())
        print(f"{name}: {shown}, {first.total():,} rows", file=sys.stderr, flush=True)
    return found


def _content(body: bytes, accept: str) -> Counter[str] | Counter[int]:
    """Return an answer's rows, or its triples by their hashes, since there may be a million; whatever their order."""
    if accept == TRIPLES:
        triples = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE))
        return Counter({hash((str(each.subject), str(each.predicate), _written(each.object))) for each in triples})
    return Counter(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"])


def _written(term: object) -> str:
    """Return a term as text; one leaves the zeros at the end of a decimal, another does not."""
    if isinstance(term, ox.Literal) and term.datatype == DECIMAL:
        return str(Decimal(term.value).normalize())
    return str(term)


if __name__ == "__main__":
    main()
