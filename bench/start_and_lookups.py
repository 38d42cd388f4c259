"""Start-up and hot look-ups, beside rdflib-endpoint and the oxigraph server on the same data in the same run.

Run `make bench`. Prints one table; ratios matter more than figures on a shared machine.
"""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from comparison import Row, table
from peers import fill, oxigraph_command
from servers import BIN, Server, rate, serving, sparql_path

RUNS = 5
SECONDS = 1.0
LOOK_UP = "/plant/dieppe"
ENTITY = "https://w3id.org/alpine-kg/id/plant/dieppe"
DESCRIBE = f"DESCRIBE <{ENTITY}>"
TURTLE = "text/turtle"
START = "start"
MOST = {"oxigraph": 1.0, "rdflib-endpoint": 1 / 15}
"""How many times a peer's processor time our own may be, for a look-up."""
Asked = tuple[Server, str, str]


def main() -> None:
    """Measure everything and print it."""
    print(table(compared(RUNS)))


def compared(runs: int) -> list[Row]:
    """Return how soon a service answers, and what it takes to look a plant up, ours beside the peers'."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.ttl"
        subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
        ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
        rdflib: list[str | Path] = [BIN / "rdflib-endpoint", "serve", "--port", "{port}", data]
        oxigraph = oxigraph_command()
        if oxigraph is None:
            raise SystemExit("the oxigraph server is not installed: make .venv/dev.stamp")
        cache = {"XDG_CACHE_HOME": folder}
        with serving(ours, LOOK_UP, cache):
            pass
        peer = "rdflib-endpoint", _median(lambda: _start(rdflib, sparql_path("/", DESCRIBE), {}), runs)
        rows = [
            Row(START, "alpine-kg --help", "s", _median(_help, runs)),
            Row(START, "to the first answer, not yet validated", "s", _median(lambda: _cold(ours), runs), *peer),
            Row(START, "to the first answer", "s", _median(lambda: _start(ours, LOOK_UP, cache), runs), *peer),
        ]
        with (
            serving(ours, LOOK_UP, cache) as server,
            serving(rdflib, sparql_path("/", DESCRIBE)) as slow,
            serving(oxigraph, sparql_path("/query", "ASK {}")) as fast,
        ):
            fill(fast.port, data)
            ours_asked = {
                "look-up, Turtle": (server, LOOK_UP, TURTLE),
                "look-up, JSON": (server, LOOK_UP, "application/json"),
            }
            peers = {
                "oxigraph": (fast, sparql_path("/query", DESCRIBE), TURTLE),
                "rdflib-endpoint": (slow, sparql_path("/", DESCRIBE), TURTLE),
            }
            return [*rows, *_look_ups(ours_asked, peers, runs)]


def _look_ups(ours: Mapping[str, Asked], peers: Mapping[str, Asked], runs: int) -> Iterator[Row]:
    """Yield rates and costs, measured in turn; a peer DESCRIBEs the same plant."""
    turns = [{name: rate(*each, SECONDS) for name, each in {**ours, **peers}.items()} for _ in range(runs)]
    rates, costs = (
        {name: statistics.median(turn[name][column] for turn in turns) for name in turns[0]} for column in (0, 1)
    )
    for name in ours:
        for peer in peers:
            yield Row("hot look-up", name, "CPU us", costs[name], peer, costs[peer], most=MOST[peer])
            yield Row("hot look-up", name, "requests/s", rates[name], peer, rates[peer])


def _median(measure: Callable[[], float], runs: int) -> float:
    return statistics.median(measure() for _ in range(runs))


def _help() -> float:
    begun = time.perf_counter()
    subprocess.run([BIN / "alpine-kg", "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _start(command: Sequence[str | Path], path: str, environment: dict[str, str]) -> float:
    with serving(command, path, environment) as server:
        return server.seconds_to_first_answer


def _cold(command: Sequence[str | Path]) -> float:
    with tempfile.TemporaryDirectory() as empty:
        return _start(command, LOOK_UP, {"XDG_CACHE_HOME": empty})


if __name__ == "__main__":
    main()
