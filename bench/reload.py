"""Swaps of the graph under load: none may fail a request, show a mixture of two states, or go back to an older one.

`reload.py [--swaps 10000] [--clients 8] [--workers 1]` swaps as fast as the service does it, while clients on kept connections
look up and query. Ends with status 1 when anything failed.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from processes import descriptors, proportional_bytes, session
from quantiles import milliseconds
from roots import LOOK_UP, PLACES, everywhere, make_root, set_number
from servers import BIN, serving
from wire import BrokenAnswerError, Connection

TOKEN = "the-token-of-this-bench"  # noqa: S105 - it is known to this file's own server only
STEM = "vehicles"
SETTINGS = {
    "ALPINE_KG_TOKEN": TOKEN,
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e12",
    "ALPINE_KG_CLIENT_ERRORS": "1e12",
    "ALPINE_KG_LOG_LEVEL": "error",
}
STATES = 16
"""States that take turns: the service has found each valid before, so that the swap is measured and not the validator."""
PAUSE = 0.005
"""Seconds between two requests of a client, so that the swaps get processor time too."""


@dataclass
class Log:
    """What happened: requests, their seconds, failures, and whether the swaps are over."""

    requests: int = 0
    seconds: list[float] = field(default_factory=list)
    swaps: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    sent: int = 0
    acknowledged: int = 0
    over: bool = False


async def number_of(connection: Connection) -> int:
    """Return the number that is served; raises ValueError for a mixture or a part of one."""
    answer = await connection.query(everywhere(STEM))
    if answer.status != 200:
        raise ValueError(f"status {answer.status}: {answer.body[:200]!r}")
    rows = json.loads(answer.body)["results"]["bindings"]
    found = [(int(row["number"]["value"]), int(row["places"]["value"])) for row in rows]
    if len(found) != 1 or found[0][1] != PLACES:
        raise ValueError(f"a mixture: {found}")
    return found[0][0]


async def read(port: int, index: int, log: Log) -> None:
    """Ask for numbers and documents in turn until the swaps are over."""
    async with Connection(port, agent=f"reader-{index}") as connection:
        while not log.over:
            begun, oldest = time.perf_counter(), log.acknowledged
            try:
                if log.requests % 2:
                    answer = await connection.get(LOOK_UP, "application/json")
                    if answer.status != 200:
                        log.failures.append(f"look-up: status {answer.status}")
                else:
                    number = await number_of(connection)
                    if number not in {state % STATES for state in range(oldest, log.sent + 1)}:
                        log.failures.append(f"{number} is served, of {oldest} to {log.sent}")
            except (BrokenAnswerError, OSError, ValueError) as error:
                log.failures.append(repr(error))
            log.requests += 1
            log.seconds.append(time.perf_counter() - begun)
            await asyncio.sleep(PAUSE)


async def swap(port: int, root: Path, swaps: int, log: Log) -> None:
    """Change the root and have it reloaded, again and again; what was acknowledged must be served."""
    async with Connection(port, agent="curator", token=TOKEN) as connection:
        for number in range(1, swaps + 1):
            log.sent = number
            set_number(root, STEM, number % STATES)
            begun = time.perf_counter()
            try:
                answer = await connection.ask("POST", "/-/reload", {}, b"")
                log.swaps.append(time.perf_counter() - begun)
                if answer.status != 200:
                    log.failures.append(f"reload {number}: status {answer.status}: {answer.body[:200]!r}")
                elif (served := await number_of(connection)) != number % STATES:
                    log.failures.append(f"reload {number} was acknowledged, and {served} is served")
                log.acknowledged = number
            except (BrokenAnswerError, OSError, ValueError) as error:
                log.failures.append(f"reload {number}: {error!r}")
            if number % 1000 == 0:
                print(f"  {number} swaps, {log.requests} requests, {len(log.failures)} failures", flush=True)
    log.over = True


async def run(port: int, root: Path, options: argparse.Namespace) -> Log:
    """Swap under load and return what happened."""
    log = Log()
    readers = (read(port, index, log) for index in range(options.clients))
    await asyncio.gather(swap(port, root, options.swaps, log), *readers)
    return log


def main() -> int:
    """Run, print, and return 1 when a request has failed or something is left behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = make_root(Path(folder) / "root")
        command: list[str | Path] = [
            BIN / "alpine-kg",
            "serve",
            "--root",
            root,
            "--port",
            "{port}",
            "--workers",
            str(options.workers),
        ]
        with serving(command, LOOK_UP, SETTINGS | {"ALPINE_KG_CACHE": folder}) as server:
            leader = server.process.pid
            asyncio.run(run(server.port, root, argparse.Namespace(swaps=STATES, clients=2)))
            before = (proportional_bytes(leader), descriptors(leader), len(session(leader)))
            log = asyncio.run(run(server.port, root, options))
            time.sleep(2.0)
            after = (proportional_bytes(leader), descriptors(leader), len(session(leader)))
    print(
        f"{len(log.swaps)} swaps ({milliseconds(log.swaps)} ms), {log.requests} requests ({milliseconds(log.seconds)} ms)"
    )
    print(f"memory {before[0] / 1e6:.0f} -> {after[0] / 1e6:.0f} MB, open files {before[1]} -> {after[1]}")
    print(f"processes {before[2]} -> {after[2]}; {len(log.failures)} failures")
    print("\n".join(log.failures[:20]))
    leaked = after[0] > 1.5 * before[0] or after[1] > before[1] + 20 or after[2] > before[2] + 4
    return int(bool(log.failures) or leaked)


if __name__ == "__main__":
    sys.exit(main())
