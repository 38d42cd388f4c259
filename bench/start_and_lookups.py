"""Start-up and hot look-ups, beside rdflib-endpoint and the oxigraph server on the same data in the same run.

Run `make bench`. Prints one table; ratios matter more than figures on a shared machine.
"""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from peers import fill, oxigraph_command
from servers import BIN, rate, serving, sparql_path

RUNS = 5
SECONDS = 1.0
LOOK_UP = "/plant/dieppe"
ENTITY = "https://w3id.org/alpine-kg/id/plant/dieppe"
DESCRIBE = f"DESCRIBE <{ENTITY}>"
TURTLE = "text/turtle"


def main() -> None:
    """Measure everything and print it."""
    for name, value in figures().items():
        print(f"{name:60} {value:12.3f}")


def figures() -> dict[str, float]:
    """Return seconds of start-up; requests a second, processor microseconds of one, and our part of the others'."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.ttl"
        subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
        ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
        rdflib: list[str | Path] = [BIN / "rdflib-endpoint", "serve", "--port", "{port}", data]
        cache = {"XDG_CACHE_HOME": folder}
        return _starts(ours, rdflib, cache) | _look_ups(ours, rdflib, cache, data)


def _starts(ours: Sequence[str | Path], rdflib: Sequence[str | Path], cache: dict[str, str]) -> dict[str, float]:
    found = {
        "alpine-kg --help, s": _median(_help),
        "serve to first answer, not yet validated, s": _median(lambda: _cold(ours)),
    }
    with serving(ours, "/readyz", cache):
        pass
    found["serve to first answer, known to be valid, s"] = _median(lambda: _start(ours, LOOK_UP, cache))
    found["rdflib-endpoint to first answer, s"] = _median(lambda: _start(rdflib, sparql_path("/", DESCRIBE), {}))
    return found


def _look_ups(
    ours: Sequence[str | Path], rdflib: Sequence[str | Path], cache: dict[str, str], data: Path
) -> dict[str, float]:
    """Return rates and costs of all, measured in turn, and how the others compare with our Turtle."""
    oxigraph = oxigraph_command()
    if oxigraph is None:
        raise SystemExit("the oxigraph server is not installed: make .venv/dev.stamp")
    with (
        serving(ours, LOOK_UP, cache) as server,
        serving(rdflib, sparql_path("/", DESCRIBE)) as slow,
        serving(oxigraph, sparql_path("/query", "ASK {}")) as fast,
    ):
        fill(fast.port, data)
        asked = {
            "look-up, JSON": (server, LOOK_UP, "application/json"),
            "look-up, Turtle": (server, LOOK_UP, TURTLE),
            "rdflib-endpoint DESCRIBE, Turtle": (slow, sparql_path("/", DESCRIBE), TURTLE),
            "oxigraph DESCRIBE, Turtle": (fast, sparql_path("/query", DESCRIBE), TURTLE),
        }
        rows = [{name: rate(*each, SECONDS) for name, each in asked.items()} for _ in range(RUNS)]
    found: dict[str, float] = {}
    for name in asked:
        rates, costs = zip(*(row[name] for row in rows), strict=True)
        found[f"{name}, requests/s"] = statistics.median(rates)
        found[f"{name}, us CPU a request"] = statistics.median(costs)
    for name in asked:
        if "DESCRIBE" in name:
            ratio = statistics.median(row["look-up, Turtle"][1] / row[name][1] for row in rows)
            found[f"CPU of look-up, Turtle over {name}"] = ratio
    return found


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
