"""A long mixed load: memory, open files and processes stay flat, and only what asks for too much fails.

`soak.py [--minutes 30]` runs light readers, queries, runaways, clients that hang up, bad requests and reloads together. Every so
often all of them pause, and what the service holds at rest is read. Ends with status 1 when it grows or a fair request fails.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from hostile import PARSE_BOMBS, RUNAWAYS
from processes import busy, descriptors, proportional_bytes, session, zombies
from reload import SETTINGS, STEM, TOKEN
from roots import LOOK_UP, everywhere, make_root, set_number
from servers import BIN, serving
from wire import BrokenAnswerError, Connection

LIMIT = 2.0
PERIOD = 30.0
"""Seconds between two looks at the service at rest."""
REST = 4.0
"""Seconds that the load pauses before a look: every runaway has reached its limit by then."""
CHANCE = random.Random(1)  # noqa: S311 - a choice, not a secret
FAIR = (LOOK_UP, f"{LOOK_UP}.ttl", "/", "/plants", "/search?q=number", "/readyz", "/openapi.json")
MISTAKES = (
    "/nothing",
    "/sparql?query=nonsense",
    "/plants?limit=x",
    f"/plant/{quote('é' * 50)}",
    "/sparql?query=a&query=b",
)
GROWTH = 1.15
"""How much the last third of the looks may be above the first third."""


@dataclass
class State:
    """What the load has done so far, and whether it pauses or is over."""

    port: int
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    going: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


@dataclass(frozen=True)
class Look:
    """What a service holds at rest."""

    memory: int
    files: int
    processes: int
    zombies: int
    busy: int

    @classmethod
    def at(cls, leader: int) -> "Look":
        """Look at a service."""
        idle = len(busy(leader))
        return cls(proportional_bytes(leader), descriptors(leader), len(session(leader)), len(zombies(leader)), idle)


async def fair(state: State, connection: Connection) -> None:
    """Ask what everybody may ask; every answer must be right."""
    asked = CHANCE.choice([*FAIR, "SPARQL"])
    answer = await (connection.query(everywhere(STEM)) if asked == "SPARQL" else connection.get(asked))
    state.outcomes[f"fair: {answer.status}"] += 1
    if answer.status != 200:
        state.failures.append(f"{asked}: {answer.status} {answer.body[:100]!r}")


async def runaway(state: State, connection: Connection) -> None:
    """Ask for too much."""
    kind = CHANCE.choice(list(RUNAWAYS))
    try:
        answer = await connection.query(RUNAWAYS[kind], "*/*", keep=False)
        state.outcomes[f"runaway: {answer.status}"] += 1
        if answer.status == 500:
            state.failures.append(f"{kind}: 500")
    except BrokenAnswerError:
        state.outcomes["runaway: broken off"] += 1


async def bomb(state: State, connection: Connection) -> None:
    """Send what bursts a parser."""
    kind = CHANCE.choice(list(PARSE_BOMBS))
    answer = await connection.query(PARSE_BOMBS[kind](50_000), "*/*", keep=False)
    state.outcomes[f"bomb: {answer.status}"] += 1
    if answer.status == 500:
        state.failures.append(f"{kind}: 500")


async def hang_up(state: State, connection: Connection) -> None:
    """Ask, and leave before the answer."""
    query = CHANCE.choice([*RUNAWAYS.values(), everywhere(STEM)])
    asking = asyncio.ensure_future(connection.query(query, "*/*", keep=False))
    await asyncio.sleep(CHANCE.choice([0.0, 0.002, 0.02, 0.15, 0.5]))
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    connection.close()
    state.outcomes["hung up"] += 1


async def mistake(state: State, connection: Connection) -> None:
    """Send what is wrong; each has a 4xx of its own."""
    path = CHANCE.choice(MISTAKES)
    answer = await connection.get(path)
    state.outcomes[f"mistake: {answer.status}"] += 1
    if not 400 <= answer.status < 500:
        state.failures.append(f"{path}: {answer.status}")


LOAD: dict[Callable[[State, Connection], Awaitable[None]], tuple[int, float]] = {
    fair: (4, 0.02),
    runaway: (3, 0.1),
    bomb: (1, 0.5),
    hang_up: (2, 0.1),
    mistake: (1, 0.1),
}
"""Each kind of client, how many of it there are, and the seconds between two of its requests."""


async def client(state: State, what: Callable[[State, Connection], Awaitable[None]], index: int, pause: float) -> None:
    """Do one thing again and again."""
    async with Connection(state.port, agent=f"{what.__name__}-{index}", limit=LIMIT + 5) as connection:
        while not state.over:
            await state.going.wait()
            try:
                await what(state, connection)
            except (OSError, BrokenAnswerError) as error:
                state.failures.append(f"{what.__name__}: {error!r}")
            await asyncio.sleep(pause)


async def curator(state: State, root: Path) -> None:
    """Change the root and have it reloaded every few seconds."""
    number = 0
    async with Connection(state.port, agent="curator", token=TOKEN) as connection:
        while not state.over:
            await state.going.wait()
            number += 1
            set_number(root, STEM, number)
            answer = await connection.ask("POST", "/-/reload", {}, b"")
            state.outcomes[f"reload: {answer.status}"] += 1
            if answer.status != 200:
                state.failures.append(f"reload: {answer.status}")
            await asyncio.sleep(5)


async def soak(port: int, leader: int, root: Path, minutes: float) -> tuple[State, list[Look]]:
    """Load the service for some minutes and return what was seen when it rested."""
    state = State(port)
    tasks = [asyncio.create_task(curator(state, root))]
    for what, (count, pause) in LOAD.items():
        tasks += [asyncio.create_task(client(state, what, index, pause)) for index in range(count)]
    looks: list[Look] = []
    until = time.monotonic() + 60 * minutes
    while time.monotonic() < until:
        state.going.set()
        await asyncio.sleep(min(PERIOD, 10 * minutes))
        state.going.clear()
        await asyncio.sleep(LIMIT + REST)
        looks.append(await asyncio.to_thread(Look.at, leader))
        print(f"  {looks[-1]}; {sum(state.outcomes.values())} requests, {len(state.failures)} failures", flush=True)
    state.over = True
    state.going.set()
    await asyncio.gather(*tasks)
    return state, looks


def grown(looks: list[Look]) -> list[str]:
    """Return in which respects the last third of the looks is above the first, the very first left out."""
    third = max(1, (len(looks) - 1) // 3)
    found = []
    for name, slack in (("memory", 5e6), ("files", 10), ("processes", 3), ("zombies", 1), ("busy", 0)):
        first, last = (
            statistics.median(getattr(look, name) for look in part)
            for part in (looks[1 : 1 + third] or looks, looks[-third:])
        )
        if last > GROWTH * first + slack:
            found.append(f"{name} grew from {first} to {last}")
    return found


def main() -> int:
    """Run, print, and return 1 when something grew or failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    minutes = parser.parse_args().minutes
    with tempfile.TemporaryDirectory() as folder:
        root = make_root(Path(folder) / "root")
        command: list[str | Path] = [BIN / "alpine-kg", "serve", "--root", root, "--port", "{port}"]
        settings = SETTINGS | {"ALPINE_KG_CACHE": folder, "ALPINE_KG_QUERY_SECONDS": str(LIMIT)}
        with serving(command, LOOK_UP, settings) as server:
            state, looks = asyncio.run(soak(server.port, server.process.pid, root, minutes))
    problems = grown(looks) + state.failures[:20]
    print(dict(sorted(state.outcomes.items())))
    print("\n".join(f"MISSED: {text}" for text in problems) or f"flat over {minutes:g} minutes, nothing failed")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
