"""The engines that the HTTP contract is tested on, each started on ports of its own: a row a kind."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from servers import BIN, free_port

_PATIENCE: Final = 60.0
VIRTUOSO: Final = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{internal}
DisableUnixSocket = 1
ServerThreads = 20
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CheckpointInterval = 0
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 20
MaxKeepAlives = 10
KeepAliveTimeout = 10
DefaultClientCharset = UTF-8
[SPARQL]
ResultSetMaxRows = 100000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""
"""The least that a server needs; by default it cuts answers, and refuses queries that it takes to be costly."""


@dataclass
class Server:
    """An engine's server process, which a test may kill and start again: in the same folder, on the same port."""

    words: tuple[str | Path, ...]
    folder: Path
    probe: str
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                [str(word) for word in self.words],
                cwd=self.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "output").read_text(errors="replace")
            assert time.monotonic() < deadline, f"{self.words[0]} does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it at once."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        (self.folder / "virtuoso.lck").unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.probe, timeout=5) as answer:  # noqa: S310 - an address of this machine
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False


@dataclass(frozen=True)
class Kind:
    """A kind of engine: gives settings with which a graph is held in a store of its own, until the end of the block.

    `missing` says why it cannot be had on this machine, if so.
    """

    name: str
    fresh: Callable[[Path], "Iterator[tuple[Mapping[str, str], Server | None]]"]
    missing: Callable[[], str] = lambda: ""

    @contextmanager
    def start(self, folder: Path) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
        """Give the settings of a new store, and its server if it has one; what it writes goes into a folder."""
        yield from self.fresh(folder)


def _memory(_: Path) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
    yield {}, None


def _disk(folder: Path) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
    yield {"store": str(folder / "store")}, None


def _oxigraph(folder: Path) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = (BIN / "oxigraph", "serve", "--location", folder / "data", "--bind", f"127.0.0.1:{port}")
    yield from _served(Server(words, folder, f"{address}/query?query=ASK%7B%7D"), {"store": f"{address}/query"})


def _virtuoso(folder: Path) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
    port, internal = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(port=port, internal=internal))
    address = f"http://127.0.0.1:{port}/sparql"
    settings = {"store": address, "store_engine": "virtuoso", "store_user": "dba", "store_password": "dba"}
    words = ("virtuoso-t", "+foreground", "+configfile", "virtuoso.ini")
    yield from _served(Server(words, folder, f"{address}?query=ASK%7B%7D"), settings)


def _served(server: Server, settings: Mapping[str, str]) -> "Iterator[tuple[Mapping[str, str], Server | None]]":
    server.start()
    try:
        yield settings, server
    finally:
        server.kill()


def _no_virtuoso() -> str:
    found = shutil.which("virtuoso-t")
    return "" if found else "virtuoso-t is not installed: apt-get install virtuoso-opensource"


KINDS: Final = {
    row.name: row
    for row in (
        Kind("memory", _memory),
        Kind("disk", _disk),
        Kind("oxigraph", _oxigraph),
        Kind("virtuoso", _virtuoso, _no_virtuoso),
    )
}
"""Every kind by name."""
