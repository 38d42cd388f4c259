"""Start-up and hot look-ups, beside rdflib-endpoint and the oxigraph server on the same data in the same run.

Run `make bench`. Prints one table; ratios matter more than figures on a shared machine.
"""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from peers import fill, oxigraph_command
from servers import BIN, Server, rate, serving, sparql_path

RUNS = 5
SECONDS = 1.0
LOOK_UP = "/plant/dieppe"
ENTITY = "https://w3id.org/alpine-kg/id/plant/dieppe"
DESCRIBE = f"DESCRIBE <{ENTITY}>"
TURTLE = "text/turtle"


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.ttl"
        subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
        ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
        rdflib: list[str | Path] = [BIN / "rdflib-endpoint", "serve", "--port", "{port}", data]
        oxigraph = oxigraph_command()
        if oxigraph is None:
            raise SystemExit("the oxigraph server is not installed: make .venv/dev.stamp")

        _seconds("alpine-kg --help", _help)
        _seconds("serve to first answer, not yet validated", lambda: _cold(ours))
        cache = {"XDG_CACHE_HOME": folder}
        with serving(ours, LOOK_UP, cache):
            pass
        _seconds("serve to first answer, known to be valid", lambda: _start(ours, LOOK_UP, cache))
        _seconds("rdflib-endpoint to first answer", lambda: _start(rdflib, sparql_path("/", DESCRIBE), {}))

        with (
            serving(ours, LOOK_UP, cache) as server,
            serving(rdflib, sparql_path("/", DESCRIBE)) as slow,
            serving(oxigraph, sparql_path("/query", "ASK {}")) as fast,
        ):
            fill(fast.port, data)
            _look_ups(
                {
                    "look-up, JSON": (server, LOOK_UP, "application/json"),
                    "look-up, Turtle": (server, LOOK_UP, TURTLE),
                    "rdflib-endpoint DESCRIBE, Turtle": (slow, sparql_path("/", DESCRIBE), TURTLE),
                    "oxigraph DESCRIBE, Turtle": (fast, sparql_path("/query", DESCRIBE), TURTLE),
                }
            )


def _look_ups(asked: Mapping[str, tuple[Server, str, str]]) -> None:
    """Print rates and costs of all, measured in turn, and how ours compare with the others'."""
    rows = [{name: rate(*each, SECONDS) for name, each in asked.items()} for _ in range(RUNS)]
    for name in asked:
        rates, costs = zip(*(row[name] for row in rows), strict=True)
        print(f"{name:48} {statistics.median(rates):8.0f} requests/s {statistics.median(costs):8.0f} us CPU a request")
    _, turtle, *others = asked
    for name in others:
        ratio = statistics.median(row[name][1] / row[turtle][1] for row in rows)
        print(f"{name + ': its CPU a request over ours':48} {ratio:8.1f}")


def _seconds(name: str, measure: Callable[[], float]) -> None:
    print(f"{name:48} {_median(measure):8.3f} s")


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(RUNS))


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
