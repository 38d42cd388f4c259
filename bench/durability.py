"""kill -9 at random moments of starts, loads, reloads and writes: the store opens, unmixed, with all that was acknowledged.

`durability.py [--rounds 1000] [--seed 1] [--folder DIR]` does in each round: start the service on the store of the round before,
check what it serves, write and reload until a moment that chance has chosen, and kill all its processes, or only the first. Ends
with status 1 at the first state that must not be, and leaves the folder with the log for a look.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote

from processes import session, wait_until
from roots import GRAPH, PLACES, everywhere, make_root, set_number, turtle
from servers import free_port

TOKEN = "the-token-of-this-bench"  # noqa: S105 - it is known to this file's own server only
WRITTEN, EDITED = "plants", "vehicles"
STARTING = 20.0
CHANGES = 2.5
"""How many changes a service has the time for, at the most, before it is killed; some rounds do not get beyond its start."""
STATES = 3
"""States of each graph that take turns: all are found valid before the first death, so that rounds are not spent on that."""
ORPHANED = 3.0
"""Seconds in which the other processes end when the first has been killed."""
SETTINGS = {
    "ALPINE_KG_TOKEN": TOKEN,
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e12",
    "ALPINE_KG_CLIENT_ERRORS": "1e12",
}


class KilledError(Exception):
    """The moment has come, and the service has been killed."""


class BrokenError(Exception):
    """A state that must not be."""


@dataclass
class Known:
    """The greatest number of a graph that was sent, and the greatest that was acknowledged."""

    sent: int = 0
    acknowledged: int = 0
    made: int = 0
    """Changes that were acknowledged, whatever became of their numbers."""


class Round:
    """One life of the service, from its start to its violent end."""

    def __init__(self, folder: Path, chance: random.Random, known: dict[str, Known], latest: float = 0.0) -> None:
        """Prepare a life of so many seconds after its start at most; `known` is what its store must hold."""
        self._folder = folder
        self._chance = chance
        self._known = known
        self._latest = latest
        self._port = free_port()
        self._leader = 0

    def live(self) -> str:
        """Start, check, write and reload until the moment comes; return how it ended."""
        self._leader = self._start()
        alone = self._chance.random() < 0.25
        signal.signal(signal.SIGALRM, lambda number, frame: self._kill(number, frame, alone=alone))
        try:
            self._until_it_serves()
            self._check()
            # Only a service that has shown its state may be killed, so that each death is followed by a look.
            signal.setitimer(
                signal.ITIMER_REAL, self._chance.uniform(1e-4, self._latest) if self._chance.random() < 0.7 else 1e-4
            )
            self._work()
        except KilledError:
            return "the supervisor alone" if alone else "all processes"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._leader, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self._leader, 0)
        raise BrokenError("the service ended by itself")

    def start_and_die_early(self) -> str:
        """Start, and kill all processes at some moment before it serves."""
        self._leader = self._start()
        time.sleep(self._chance.uniform(0.0, 0.5))
        with contextlib.suppress(
            ProcessLookupError
        ):  # on a busy machine it may not lead a group yet, and has no children
            os.killpg(self._leader, signal.SIGKILL)
        os.kill(self._leader, signal.SIGKILL)
        os.waitpid(self._leader, 0)
        return "during its start"

    def _start(self) -> int:
        """Fork the command, whose libraries this process has loaded already, as the leader of a session."""
        words = ["alpine-kg", "serve", "--root", self._folder / "root", "--store", self._folder / "store"]
        words += ["--port", self._port]
        pid = os.fork()
        if pid == 0:
            os.setsid()
            _become(list(map(str, words)), self._folder)
        return pid

    def _kill(self, _number: int, _frame: FrameType | None, *, alone: bool) -> None:
        if alone:
            os.kill(self._leader, signal.SIGKILL)
            os.waitpid(self._leader, 0)
            try:
                wait_until(lambda: not [each for each in session(self._leader) if each.state != "Z"], ORPHANED)
            except TimeoutError:
                raise BrokenError(f"orphans live on: {session(self._leader)}") from None
        else:
            os.killpg(self._leader, signal.SIGKILL)
        raise KilledError

    def _until_it_serves(self) -> None:
        until = time.monotonic() + STARTING
        while time.monotonic() < until:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self._ask("GET", "/readyz")[0] == 200:
                    return
            if os.waitpid(self._leader, os.WNOHANG)[0]:
                break
            time.sleep(0.003)
        raise BrokenError("the service does not start on its store")

    def _check(self) -> None:
        for stem, known in self._known.items():
            status, body = self._ask("POST", "/sparql", everywhere(stem).encode(), "application/sparql-query")
            if status != 200:
                raise BrokenError(f"{stem}: status {status}: {body[:300]!r}")
            rows = json.loads(body)["results"]["bindings"]
            found = [(int(row["number"]["value"]), int(row["places"]["value"])) for row in rows]
            if len(found) != 1 or found[0][1] != PLACES:
                raise BrokenError(f"{stem} is a mixture: {found} (each should be found in {PLACES} places)")
            shown = [number for number in range(known.acknowledged, known.sent + 1) if number % STATES == found[0][0]]
            if not shown:
                raise BrokenError(f"{stem} is {found[0][0]}; {known} was sent and acknowledged")
            # What is there now was shown, so it must not go away again, and what was lost must not come back.
            known.sent = known.acknowledged = shown[0]

    def _work(self) -> None:
        """Write one graph over HTTP, change the other's file and have it reloaded, for ever."""
        while True:
            self._change(self._chance.choice((WRITTEN, EDITED)))

    def see_all_states(self) -> float:
        """Live once without dying, twice through all pairs of states; return the seconds of a change between known states."""
        self._leader = self._start()
        self._until_it_serves()
        for turn in range(2 * STATES * (STATES + 1)):
            if turn == STATES * (STATES + 1):
                begun = time.perf_counter()
            self._change(WRITTEN if turn % (STATES + 1) else EDITED)
        taken = (time.perf_counter() - begun) / (STATES * (STATES + 1))
        self._check()
        os.kill(self._leader, signal.SIGTERM)
        os.waitpid(self._leader, 0)
        return taken

    def _change(self, stem: str) -> None:
        """Give a graph its next state."""
        known = self._known[stem]
        known.sent += 1
        if stem == WRITTEN:
            path = f"/rdf-graph-store?graph={quote(GRAPH + stem, safe='')}"
            status, body = self._ask("PUT", path, turtle(stem, known.sent % STATES).encode(), "text/turtle")
        else:
            set_number(self._folder / "root", stem, known.sent % STATES)
            status, body = self._ask("POST", "/-/reload", b"")
        if status not in {200, 201, 204}:
            raise BrokenError(f"{stem} {known.sent}: status {status}: {body[:300]!r}")
        known.acknowledged = known.sent
        known.made += 1

    def _ask(self, method: str, path: str, body: bytes | None = None, content_type: str = "") -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {TOKEN}", **({"Content-Type": content_type} if content_type else {})}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=STARTING)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _become(words: list[str], folder: Path) -> Any:
    """Turn a forked child into the command."""
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(SETTINGS | {"ALPINE_KG_CACHE": str(folder / "cache")})
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    status = 1
    try:
        from alpine_kg.cli import main  # noqa: PLC0415

        sys.argv = words
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(status)


def preload() -> None:
    """Import what the command imports, so that a start takes a fork and not a second."""
    import alpine_kg.cli.serve  # noqa: PLC0415
    import alpine_kg.server.serving  # noqa: F401, PLC0415


def run(folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """Live and die so many times, and return how often each way."""
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    known = {stem: Known() for stem in (WRITTEN, EDITED)}
    make_root(folder / "root")
    ways: dict[str, int] = {}
    latest = CHANGES * Round(folder, chance, known).see_all_states()
    for each in known.values():
        each.made = 0
    begun = time.monotonic()
    for number in range(1, rounds + 1):
        life = Round(folder, chance, known, latest)
        early = chance.random() < 0.3 and number < rounds
        way = life.start_and_die_early() if early else life.live()
        ways[way] = ways.get(way, 0) + 1
        if number % 100 == 0:
            pace = (time.monotonic() - begun) / number
            print(f"  {number} rounds, {pace:.2f} s each; {[vars(each) for each in known.values()]}", flush=True)
    return ways | {
        "writes acknowledged": known[WRITTEN].made,
        "reloads acknowledged": known[EDITED].made,
    }


def main() -> int:
    """Run, print, and return 1 when a state was found that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the root, the store and the log go, and stay")
    options = parser.parse_args()
    preload()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="durability-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        ways = run(folder, options.rounds, options.seed)
    except BrokenError as error:
        print(f"BROKEN: {error}\nThe folder is {folder}; its log ends:")
        print("\n".join((folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()[-20:]))
        return 1
    size = sum(path.stat().st_size for path in (folder / "store").rglob("*") if path.is_file())
    print(f"{options.rounds} rounds: {ways}; the store takes {size / 1e6:.1f} MB; no state was mixed, none lost")
    if options.folder is None:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
