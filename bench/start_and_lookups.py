"""Start-up and hot look-ups, beside rdflib-endpoint on the same data in the same run.

Run `make bench`. Prints one table; ratios matter more than figures on a shared machine.
"""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from servers import BIN, Server, rate, serving, sparql_path

RUNS = 5
SECONDS = 1.0
ENTITY = "https://w3id.org/alpine-kg/id/plant/dieppe"
DESCRIBE = sparql_path("/", f"DESCRIBE <{ENTITY}>")


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "all.ttl"
        subprocess.run([BIN / "alpine-kg", "export", "all", "--format", "ttl", "--output", data], check=True)
        ours: list[str | Path] = [BIN / "alpine-kg", "serve", "--port", "{port}"]
        peer: list[str | Path] = [BIN / "rdflib-endpoint", "serve", "--port", "{port}", data]

        print(f"{'alpine-kg --help':48} {_median(_help):8.3f} s")
        print(f"{'serve to first answer, not yet validated':48} {_median(lambda: _cold(ours)):8.3f} s")
        cache = {"XDG_CACHE_HOME": folder}
        with serving(ours, "/plant/dieppe", cache):
            pass
        print(
            f"{'serve to first answer, known to be valid':48} {_median(lambda: _start(ours, '/plant/dieppe', cache)):8.3f} s"
        )
        print(f"{'rdflib-endpoint to first answer':48} {_median(lambda: _start(peer, DESCRIBE, {})):8.3f} s")

        with serving(ours, "/plant/dieppe", cache) as server, serving(peer, DESCRIBE) as other:
            rows = [_pair(server, other) for _ in range(RUNS)]
        for index, name in enumerate(("look-up, JSON", "look-up, Turtle", "rdflib-endpoint DESCRIBE, Turtle")):
            rates, costs = zip(*(row[index] for row in rows), strict=True)
            print(
                f"{name:48} {statistics.median(rates):8.0f} requests/s {statistics.median(costs):8.0f} us CPU a request"
            )
        ratio = statistics.median(row[1][0] / row[2][0] for row in rows)
        print(f"{'look-up, Turtle, over rdflib-endpoint DESCRIBE':48} {ratio:8.1f} times the requests a second")


def _pair(server: Server, other: Server) -> tuple[tuple[float, float], ...]:
    return (
        rate(server, "/plant/dieppe", "application/json", SECONDS),
        rate(server, "/plant/dieppe", "text/turtle", SECONDS),
        rate(other, DESCRIBE, "text/turtle", SECONDS),
    )


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
        return _start(command, "/plant/dieppe", {"XDG_CACHE_HOME": empty})


if __name__ == "__main__":
    main()
