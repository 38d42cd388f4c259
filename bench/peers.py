"""The oxigraph server as a peer: found where it is installed, run in memory, and given the same graph."""

import http.client
import shutil
from pathlib import Path

from servers import BIN


def oxigraph() -> str | None:
    """Return the peer's program, or None where it is not installed."""
    return shutil.which("oxigraph") or shutil.which("oxigraph", path=str(BIN))


def oxigraph_command(*options: str | Path) -> list[str | Path] | None:
    """Return the command that starts the server in memory, or None where it is not installed; `{port}` stands for the port."""
    found = oxigraph()
    return [found, "serve", "--bind", "127.0.0.1:{port}", *options] if found else None


def fill(port: int, data: Path) -> None:
    """Give a running server the triples of a Turtle file, as its default graph."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("PUT", "/store?default", data.read_bytes(), {"Content-Type": "text/turtle"})
    status = connection.getresponse().status
    connection.close()
    if status not in {201, 204}:
        raise RuntimeError(f"the oxigraph server took the graph with status {status}")
