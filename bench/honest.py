"""Honest clients of a server under attack: one that looks up and asks little, and one whose question takes some work."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wire import BrokenAnswerError, Connection

ENTITY = "https://w3id.org/alpine-kg/id/plant/dieppe"
DESCRIBE = f"DESCRIBE <{ENTITY}>"
LIGHT = f"SELECT ?p ?o WHERE {{ <{ENTITY}> ?p ?o }}"
MEDIUM = """SELECT (COUNT(*) AS ?n) WHERE {
  { SELECT ?c WHERE { ?a ?b ?c } LIMIT 700 } { SELECT ?f WHERE { ?d ?e ?f } LIMIT 700 }
  FILTER(STRLEN(STR(?c)) < STRLEN(STR(?f)))
}"""
"""An honest question that takes some hundred milliseconds: it may have to wait, but it must be answered."""
KINDS = ("look-up", "light SPARQL", "honest work")
PAUSE = 0.01
"""Seconds between two light requests."""
GIVING_UP = 10.0


@dataclass(frozen=True)
class Peer:
    """A server to attack: how it is started, where it takes queries, and which address looks an entity up.

    `works` is false of a server that one honest question of some work would already keep busy for the whole run.
    """

    name: str
    command: Sequence[str | Path]
    endpoint: str
    look_up: str
    accept: str
    environment: dict[str, str] = field(default_factory=dict)
    upload: Path | None = None
    works: bool = True


@dataclass
class Light:
    """Seconds that the requests of honest clients took, by kind, and those that failed."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    failures: list[str] = field(default_factory=list)


async def honest(peer: Peer, port: int, seconds: float) -> Light:
    """Look an entity up and run a light query in turn, while another client asks for more."""
    result = Light()
    until = time.monotonic() + seconds
    clients = [KINDS[:2], KINDS[2:]] if peer.works else [KINDS[:2]]
    await asyncio.gather(*(_ask(peer, port, kinds, until, result) for kinds in clients))
    return result


async def _ask(peer: Peer, port: int, kinds: Sequence[str], until: float, result: Light) -> None:
    connection = Connection(port, agent=f"reader of {kinds[0]}", limit=GIVING_UP, endpoint=peer.endpoint)
    texts = {"light SPARQL": LIGHT, "honest work": MEDIUM}
    while time.monotonic() < until:
        for kind in kinds:
            begun = time.perf_counter()
            try:
                answer = await (
                    connection.query(texts[kind]) if kind in texts else connection.get(peer.look_up, peer.accept)
                )
                if answer.status != 200:
                    result.failures.append(f"{kind}: {answer.status}")
            except TimeoutError:
                result.failures.append(f"{kind}: no answer in {GIVING_UP:g} s")
            except (OSError, BrokenAnswerError) as error:
                result.failures.append(f"{kind}: {error!r}")
                await asyncio.sleep(PAUSE)
                continue  # a refusal that comes at once is no quick answer
            result.seconds[kind].append(time.perf_counter() - begun)
            await asyncio.sleep(PAUSE if kind in KINDS[:2] else 50 * PAUSE)
    connection.close()
