"""What HTTP and the workers add to a query: our endpoint, the oxigraph server, and pyoxigraph in this process.

`overhead.py [--rounds 30]` finds one query that takes the engine a millisecond and one that takes a second, asks each in turn of
all three, and prints medians and ratios. Ends with status 1 when ours takes more than twice the oxigraph server's median for the
short one, or more than 1.1 times for the long one.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from comparison import Row, table
from peers import fill, oxigraph_command
from servers import BIN, Client, Server, serving, sparql_path

AIMS = {0.001: 2.0, 1.0: 1.1}
"""Seconds that a query takes the engine, and how many times the oxigraph server's median ours may take."""
LOOK_UP = "/plant/dieppe"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
IDLE = 3.0
RESULTS = "application/sparql-results+json"
PATIENT = {
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e12",
    "ALPINE_KG_QUERY_SECONDS": "60",
    "ALPINE_KG_ANSWERS_BYTES": "0",  # else the second time would measure our memory
}


def sized(rows: int) -> str:
    """Return a query whose work grows with a number, whichever order a store holds its triples in."""
    side = max(1, round(rows**0.5))
    lengths = " ".join(map(str, range(side)))
    pattern = f"{{ SELECT ?label WHERE {{ ?s <{LABEL}> ?label }} LIMIT 200 }} VALUES ?j {{ {lengths} }} VALUES ?k {{ {lengths} }}"
    return f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} FILTER(STRLEN(STR(?label)) > ?j + ?k) }}"


def in_process(store: ox.Store, query: str) -> float:
    """Return the seconds that the engine takes to answer and to write the answer."""
    begun = time.perf_counter()
    found = store.query(query)
    assert not isinstance(found, ox.QueryTriples)
    found.serialize(BytesIO(), format=ox.QueryResultsFormat.JSON)
    return time.perf_counter() - begun


def calibrated(store: ox.Store, seconds: float) -> str:
    """Return the query that takes the engine about so many seconds on this machine now."""
    rows = 10.0
    for _ in range(12):
        taken = min(in_process(store, sized(round(rows))) for _ in range(3))
        rows *= min(10.0, seconds / taken)
    return sized(round(rows))


def over_http(server: Server, endpoint: str) -> Callable[[str], float]:
    """Return what measures a query over one kept connection, renewed before a server can have closed it as idle."""
    client, used = Client(server.port), time.monotonic()

    def ask(query: str) -> float:
        nonlocal client, used
        if time.monotonic() - used > IDLE:
            client.close()
            client = Client(server.port)
        used = time.monotonic()
        begun = time.perf_counter()
        status, _ = client.get(sparql_path(endpoint, query), RESULTS)
        assert status == 200, status
        return time.perf_counter() - begun

    return ask


def measure(asked: Mapping[str, Callable[[str], float]], query: str, rounds: int) -> dict[str, float]:
    """Return each one's median over rounds in which all take turns, so that a noisy machine is noisy for all."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(rounds + 2):
        for name, ask in asked.items():
            seconds = ask(query)
            if turn >= 2:
                taken[name].append(seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> int:
    """Measure, print, and return 1 when ours misses an aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rows = compared(parser.parse_args().rounds)
    print(table(rows))
    return int(any(row.met is False for row in rows))


def compared(rounds: int) -> list[Row]:
    """Return the medians of a short query and of a long one, ours beside the oxigraph server's and beside the engine alone."""
    peer_command = oxigraph_command()
    if peer_command is None:
        raise SystemExit("the oxigraph server is not installed: pip install oxigraph")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.ttl"
        subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
        store = ox.Store()
        store.load(path=str(data))
        ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
        with (
            serving(ours, LOOK_UP, PATIENT | {"ALPINE_KG_CACHE": folder}) as server,
            serving(peer_command, sparql_path("/query", "ASK {}")) as peer,
        ):
            fill(peer.port, data)
            asked: dict[str, Callable[[str], float]] = {
                "in process": lambda query: in_process(store, query),
                "oxigraph": over_http(peer, "/query"),
                "alpine-kg": over_http(server, "/sparql"),
            }
            return [row for aim in AIMS for row in _rows(asked, calibrated(store, aim), aim, rounds)]


def _rows(asked: Mapping[str, Callable[[str], float]], query: str, aim: float, rounds: int) -> list[Row]:
    # A query that takes a second is asked ten times less often.
    medians = measure(asked, query, max(5, rounds // 10) if aim >= 1 else 10 * rounds)
    ours, what = 1000 * medians["alpine-kg"], f"a query that takes the engine {aim:g} s"
    return [
        Row("what HTTP adds", what, "ms", ours, peer, 1000 * medians[peer], most=most)
        for peer, most in (("oxigraph", AIMS[aim]), ("in process", None))
    ]


if __name__ == "__main__":
    sys.exit(main())
