"""Clients that send runaway queries until they are told to stop: a program of its own, so that it can be given way to.

`attackers.py PORT ENDPOINT [--clients 30] [--seconds 30] [--limit 5] [--agent NAME] [--mild] [--hasty]` prints what became of
each query as JSON; with a name all clients are one to the server.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from hostile import RUNAWAYS
from wire import Answer, BrokenAnswerError, Connection

PATIENCE = 15.0
"""Seconds beyond the time limit after which an attacker gives up on an answer."""
DEADLY = {"deep nesting", "deep nesting of EXISTS"}
HASTE = 0.12
"""Seconds after which a hasty attacker wants to be given up: just more than a query may take in a lane for short ones."""
PAUSE = 0.05
"""Seconds between two queries of an attacker: a refusal must not turn this into a test of the request rate."""
ENDINGS = {"application/sparql-results+json": b"}", "application/n-triples": b"\n"}


@dataclass
class Log:
    """What became of the queries: how often each ended how, the longest of each, and answers that were passed off as whole."""

    outcomes: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)
    dishonest: Counter[str] = field(default_factory=Counter)
    retry_after: int = 0


async def attack(options: argparse.Namespace, index: int, until: float, log: Log) -> None:
    """Send one runaway after another, a different one each time, until the time has come."""
    kinds = [kind for kind in RUNAWAYS if not (options.mild and kind in DEADLY)]
    endpoint = f"{options.endpoint}?timeout={HASTE}" if options.hasty else options.endpoint
    agent = options.agent or f"attacker-{index}"
    connection = Connection(options.port, agent=agent, limit=options.limit + PATIENCE, endpoint=endpoint)
    turn = index
    while time.monotonic() < until:
        kind = kinds[turn % len(kinds)]
        turn += 1
        accept = list(ENDINGS)["CONSTRUCT" in kind or "DESCRIBE" in kind]
        begun = time.perf_counter()
        try:
            # No two texts are alike, so that a service which knows its enemies by their digests does not know these.
            text = f"{RUNAWAYS[kind]} # {index} {turn}"
            answer = await connection.query(text, f"{accept}, */*;q=0.1", keep=False)
            note(log, kind, accept, answer)
        except TimeoutError:
            log.outcomes["never ended"] += 1
        except BrokenAnswerError:
            log.outcomes["broken off, visibly"] += 1
        except OSError as error:
            log.outcomes[type(error).__name__] += 1
        log.longest[kind] = max(log.longest.get(kind, 0.0), time.perf_counter() - begun)
        await asyncio.sleep(PAUSE)
    connection.close()


def note(log: Log, kind: str, accept: str, answer: Answer) -> None:
    """Take note of an answer that came in full."""
    log.outcomes[str(answer.status)] += 1
    log.retry_after += "retry-after" in answer.headers
    if answer.status == 200 and not answer.tail.endswith(ENDINGS[accept]):
        log.dishonest[kind] += 1


async def main() -> None:
    """Attack with many clients at once and print the log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("endpoint")
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--limit", type=float, default=5.0)
    parser.add_argument("--agent", default="")
    parser.add_argument(
        "--mild", action="store_true", help="leave out what ends a server that parses in its own process"
    )
    parser.add_argument("--hasty", action="store_true", help="ask for a short time limit, to come back the sooner")
    options = parser.parse_args()
    log = Log()
    until = time.monotonic() + options.seconds
    await asyncio.gather(*(attack(options, index, until, log) for index in range(options.clients)))
    json.dump(vars(log), sys.stdout)


if __name__ == "__main__":
    # A real attacker computes on a machine of their own: this one must not take the server's processor time.
    os.nice(19)
    asyncio.run(main())
