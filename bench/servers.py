"""Start our server and its peers on the same data, and measure them with the same client."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BIN = Path(sys.executable).parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: its address, its process, and how long it took from start to the first answer in seconds."""

    port: int
    process: subprocess.Popen[bytes]
    seconds_to_first_answer: float

    def cpu_seconds(self) -> float:
        """Return the processor time that the server and its children have used."""
        return cpu_seconds(self.process.pid)


def cpu_seconds(leader: int) -> float:
    """Return the processor time that a process and its children have used."""
    return sum(_cpu_seconds(pid) for pid in _family(leader))


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    command: Sequence[str | Path], path: str, environment: dict[str, str] | None = None, *, patience: float = 60.0
) -> Iterator[Server]:
    """Start a command in which `{port}` stands for the port, and wait until a path answers with status 200."""
    port = free_port()
    words = [str(word).format(port=port) for word in command]
    begun = time.perf_counter()
    process = subprocess.Popen(
        words,
        env=os.environ | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while True:
            with contextlib.suppress(OSError), contextlib.closing(Client(port)) as client:
                if client.get(path)[0] == 200:
                    break
            if process.poll() is not None or time.perf_counter() - begun > patience:
                raise RuntimeError(f"{' '.join(words)} does not serve {path}")
            time.sleep(0.005)
        yield Server(port, process, time.perf_counter() - begun)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Client:
    """The least that speaks HTTP/1.1 over one connection, so that the server is what is measured."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        """Connect to a server on this machine; an answer may pause for so many seconds."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()

    def get(self, path: str, accept: str = "*/*") -> tuple[int, bytes]:
        """Return the status and body of a GET."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode())
        status = int(self._file.readline().split()[1])
        length: int | None = 0
        while (line := self._file.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"transfer-encoding":
                length = None
        return status, self._file.read(length) if length is not None else self._chunks()

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self._file.readline(), 16):
            parts.append(self._file.read(size))
            self._file.readline()
        self._file.readline()
        return b"".join(parts)


def sparql_path(endpoint: str, query: str) -> str:
    """Return the path of a query by GET."""
    return f"{endpoint}?query={quote(query, safe='')}"


def rate(server: Server, path: str, accept: str, seconds: float) -> tuple[float, float]:
    """Return requests a second over one connection, and the server's CPU microseconds a request."""
    client = Client(server.port)
    for _ in range(20):
        assert client.get(path, accept)[0] == 200, path
    count, cpu, begun = 0, server.cpu_seconds(), time.perf_counter()
    while time.perf_counter() - begun < seconds:
        client.get(path, accept)
        count += 1
    elapsed = time.perf_counter() - begun
    return count / elapsed, (server.cpu_seconds() - cpu) / count * 1e6


def _family(pid: int) -> list[int]:
    """Return a process and all below it."""
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
    return [pid, *(below for child in children for below in _family(child))]


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK
