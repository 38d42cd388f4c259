"""Light requests while 30 clients send runaway queries: our service, rdflib-endpoint and the oxigraph server in one run.

`attack.py [--seconds 30] [--limit 5] [--clients 30] [--ours]` prints one table, and the same attack with fair use switched on.
Ends with status 1 when ours misses an aim: light p99 under 100 ms, no query beyond its limit by more than 0.5 s, memory back
to within 20 %, no other request failed, no cut answer passed off as whole.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comparison import Row as Compared
from honest import DESCRIBE, KINDS, Light, Peer, honest
from peers import fill, oxigraph_command
from processes import proportional_bytes, resting, wait_until
from quantiles import milliseconds, quantile
from servers import BIN, serving, sparql_path

NAME = "under attack"
SETTLING = 5.0
"""Seconds after the attack before memory is read again."""
OUTLIVING = 0.5
MOST_MEMORY = 6 * 2**30
RAISED = {
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e12",
    "ALPINE_KG_CLIENT_ERRORS": "1e12",
    "ALPINE_KG_ANSWERS_BYTES": "0",  # honest queries must get through each time, not once
}


@dataclass
class Row:
    """What was measured of one server."""

    before: Light
    during: Light
    after: Light
    memory: tuple[int, int, int]
    recovery: float
    died: bool
    log: dict[str, dict[str, float]]


@contextmanager
def peak(leader: int) -> Iterator[list[int]]:
    """Watch the memory of a server's processes from a thread, and end a server that would take the machine's."""
    seen, ended = [proportional_bytes(leader)], threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            seen.append(proportional_bytes(leader))
            if seen[-1] > MOST_MEMORY:
                os.killpg(leader, signal.SIGKILL)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def measure(peer: Peer, options: argparse.Namespace, *attackers_options: str) -> Row:
    """Start a server, measure it at peace, under attack, and afterwards."""
    seconds = options.seconds
    with serving(peer.command, peer.look_up, peer.environment) as server:
        leader = server.process.pid
        if peer.upload:
            fill(server.port, peer.upload)
        before = asyncio.run(honest(peer, server.port, min(5.0, seconds)))
        memory = proportional_bytes(leader)
        script = str(Path(__file__).with_name("attackers.py"))
        told = [f"--{name}={getattr(options, name)}" for name in ("clients", "seconds", "limit")]
        words = [str(server.port), peer.endpoint, *told, *attackers_options]
        attackers = subprocess.Popen([sys.executable, script, *words], stdout=subprocess.PIPE)
        with peak(leader) as seen:
            during = asyncio.run(honest(peer, server.port, seconds))
            text = attackers.communicate()[0]
            # When its clients have gone a service must come to rest; some never do.
            recovery = _rest(leader, 30.0)
        time.sleep(SETTLING)
        after = asyncio.run(honest(peer, server.port, min(3.0, seconds)))
        left = (memory, max(seen), proportional_bytes(leader))
        return Row(before, during, after, left, recovery, server.process.poll() is not None, json.loads(text))


def _rest(leader: int, seconds: float) -> float:
    try:
        return wait_until(lambda: resting(leader), seconds)
    except TimeoutError:
        return float("inf")


def peers(folder: Path, limit: float) -> list[Peer]:
    """Return our service and those of its peers that are installed, with the same graph."""
    data = folder / "all.ttl"
    subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
    settings = RAISED | {"ALPINE_KG_QUERY_SECONDS": str(limit), "ALPINE_KG_CACHE": str(folder)}
    ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
    found = [Peer("alpine-kg", ours, "/sparql", "/plant/dieppe", "application/json", settings)]
    if words := oxigraph_command("--timeout-s", str(max(1, round(limit)))):
        found.append(Peer("oxigraph", words, "/query", sparql_path("/query", DESCRIBE), "text/turtle", upload=data))
    if (endpoint := BIN / "rdflib-endpoint").exists():
        words = [endpoint, "serve", "--port", "{port}", data]
        found.append(Peer("rdflib-endpoint", words, "/", sparql_path("/", DESCRIBE), "text/turtle", works=False))
    return found


def table(rows: dict[str, Row], limit: float) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines of the table."""
    for kind in KINDS:
        for name in ("before", "during", "after"):
            label = f"{kind}, {name}: p50/p99/max ms"
            yield label, [milliseconds(getattr(row, name).seconds[kind]) for row in rows.values()]
    yield "the server died, or was ended at 6 GiB", ["yes" if row.died else "no" for row in rows.values()]
    yield "honest requests that failed", [str(len(_failures(row))) for row in rows.values()]
    yield "longest query beyond its limit, s", [f"{_overrun(row, limit):.2f}" for row in rows.values()]
    yield "at rest after the attack, s", [f"{row.recovery:.2f}" for row in rows.values()]
    yield (
        "memory before/most/after, MB",
        [" / ".join(f"{size / 1e6:.0f}" for size in row.memory) for row in rows.values()],
    )
    yield "cut answers passed off as whole", [str(sum(row.log["dishonest"].values())) for row in rows.values()]
    for outcome in sorted({name for row in rows.values() for name in row.log["outcomes"]}):
        yield f"runaways: {outcome}", [str(row.log["outcomes"].get(outcome, 0)) for row in rows.values()]


def missed(row: Row, limit: float) -> list[str]:
    """Return the aims that our service has missed."""
    slow = max(quantile(row.during.seconds[kind], 0.99) for kind in KINDS[:2])
    aims = {
        f"light p99 is {1000 * slow:.0f} ms": slow < 0.1,
        f"a query outlived its limit by {_overrun(row, limit):.2f} s": _overrun(row, limit) <= OUTLIVING,
        f"memory went from {row.memory[0]} to {row.memory[2]}": row.memory[2] <= 1.2 * row.memory[0],
        f"honest requests failed: {_failures(row)[:3]}": not _failures(row),
        f"cut answers looked whole: {row.log['dishonest']}": not row.log["dishonest"],
        "workers were still busy 30 s after the attack": row.recovery < 30,
    }
    return [text for text, met in aims.items() if not met]


def _overrun(row: Row, limit: float) -> float:
    return max(row.log["longest"].values()) - limit


def _failures(row: Row) -> list[str]:
    return row.before.failures + row.during.failures + row.after.failures


def compared(seconds: float) -> list[Compared]:
    """Return what honest clients see during the attack, ours beside each peer's."""
    options = argparse.Namespace(seconds=seconds, limit=5.0, clients=30)
    with tempfile.TemporaryDirectory() as folder:
        ours, *others = peers(Path(folder), options.limit)
        own = measure(ours, options)
        return [row for peer in others for row in _beside(own, measure(peer, options), peer.name, options.limit)]


def _beside(own: Row, other: Row, peer: str, limit: float) -> Iterator[Compared]:
    for kind in KINDS[:2]:
        most, theirs = (1000 * quantile(each.during.seconds[kind], 0.99) for each in (own, other))
        # The aim is one of milliseconds, whatever a peer does.
        yield Compared(NAME, f"{kind} p99", "ms", most, peer, theirs)
        if peer == "oxigraph":
            yield Compared(NAME, f"{kind} p99", "ms", most, most=100)
    yield Compared(NAME, "longest query beyond its limit", "s", _overrun(own, limit), peer, _overrun(other, limit))
    yield Compared(NAME, "honest requests that failed", "number", len(_failures(own)), peer, len(_failures(other)))
    left, others = (row.memory[2] / row.memory[0] for row in (own, other))
    yield Compared(NAME, "memory afterwards, times before", "times", left, peer, others)


def fair_use(peer: Peer, options: argparse.Namespace) -> list[str]:
    """Attack as one client with a tenth of the usual work allowed, print what it got, and return the aims that were missed."""
    settings = peer.environment | {"ALPINE_KG_CLIENT_WORK_SECONDS": "12", "ALPINE_KG_CLIENT_WORK_REFILL": "6"}
    usual = Peer(peer.name, peer.command, peer.endpoint, peer.look_up, peer.accept, settings)
    row = measure(usual, options, "--agent=one attacker")
    held = int(row.log["outcomes"].get("429", 0))
    print(f"fair use, one attacker on all connections: {row.log['outcomes']}; Retry-After on {row.log['retry_after']}")
    print(f"  light SPARQL of another client meanwhile: {milliseconds(row.during.seconds['light SPARQL'])} ms")
    return [*missed(row, options.limit), *([] if held else ["the attacker was never held off with 429"])]


def main() -> int:
    """Measure, print, and return 1 when ours misses an aim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--limit", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--ours", action="store_true", help="our service alone, without its peers and without fair use")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        chosen = peers(Path(folder), options.limit)[: 1 if options.ours else None]
        ours = ("alpine-kg", "alpine-kg, hastily")
        rows = {peer.name: measure(peer, options) for peer in chosen}
        rows[ours[1]] = measure(chosen[0], options, "--hasty")
        for peer in chosen:
            if rows[peer.name].died:
                rows[f"{peer.name}, mildly"] = measure(peer, options, "--mild")
        print(f"{'':40}" + "".join(f"{name:>28}" for name in rows))
        for label, cells in table(rows, options.limit):
            print(f"{label:40}" + "".join(f"{cell:>28}" for cell in cells))
        failed = [text for name in ours for text in missed(rows[name], options.limit)]
        if not options.ours:
            failed += fair_use(chosen[0], options)
    print("\n".join(f"MISSED: {text}" for text in failed) or "all aims met")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
