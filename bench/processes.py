"""What a running service is made of: its processes, their memory and what they do; read from /proc."""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")
ESTABLISHED = "01"


@dataclass(frozen=True)
class Process:
    """One process as /proc shows it: its number, its parent's, its state, and the seconds of processor time it has used."""

    pid: int
    parent: int
    session: int
    state: str
    cpu: float

    @classmethod
    def read(cls, pid: int) -> "Process | None":
        """Return a process, or None when it has gone."""
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return cls(pid, int(fields[1]), int(fields[3]), fields[0], (int(fields[11]) + int(fields[12])) / TICK)


def session(leader: int) -> list[Process]:
    """Return every process of a session, orphans too: what a service started in a session of its own is made of."""
    numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    found = (Process.read(number) for number in numbers)
    return [process for process in found if process and process.session == leader]


def proportional_bytes(leader: int) -> int:
    """Return the memory of a session, each page that several processes share counted once."""
    return sum(_proportional(process.pid) for process in session(leader))


def descriptors(leader: int) -> int:
    """Return how many files and sockets a service holds open, not counting those of its workers, which come and go."""
    passing = {process.pid for process in workers(leader)}
    total = 0
    for process in session(leader):
        if process.pid not in passing:
            with contextlib.suppress(OSError):
                total += sum(1 for _ in Path(f"/proc/{process.pid}/fd").iterdir())
    return total


def connections(pid: int, port: int) -> int:
    """Return how many connections to a port of IPv4 a process has accepted and holds open."""
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    ours = {f"socket:[{row[9]}]" for row in rows if row[3] == ESTABLISHED and int(row[1].partition(":")[2], 16) == port}
    held = 0
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            held += str(descriptor.readlink()) in ours
    return held


def workers(leader: int) -> list[Process]:
    """Return the query workers of a service: the processes three levels below, children of a spawner."""
    family = {process.pid: process for process in session(leader)}
    spawners = {process.pid for process in family.values() if process.parent == leader}
    return [process for process in family.values() if process.parent in spawners and process.state != "Z"]


def busy(leader: int, seconds: float = 0.2) -> list[Process]:
    """Return the workers that use the processor, or are stopped in the middle of a query, over some seconds."""
    before = {process.pid: process.cpu for process in workers(leader)}
    time.sleep(seconds)
    return [
        process for process in workers(leader) if process.cpu > before.get(process.pid, 0.0) or process.state == "T"
    ]


def resting(leader: int, seconds: float = 0.5) -> bool:
    """Tell whether all processes of a session together leave nine tenths of one processor idle."""
    before = sum(process.cpu for process in session(leader))
    time.sleep(seconds)
    return sum(process.cpu for process in session(leader)) - before < seconds / 10


def zombies(leader: int) -> list[Process]:
    """Return the processes of a session that have ended and that nobody has collected."""
    return [process for process in session(leader) if process.state == "Z"]


def wait_until(condition: Callable[[], bool], seconds: float) -> float:
    """Return the seconds until a condition held; raises TimeoutError when it does not in time."""
    begun = time.perf_counter()
    while not condition():
        if time.perf_counter() - begun > seconds:
            raise TimeoutError(f"after {seconds} s it still does not hold")
        time.sleep(0.01)
    return time.perf_counter() - begun


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
