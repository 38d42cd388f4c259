"""An engine of each remote kind that there is here, and engines that misbehave on demand."""

import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

# Tests are found by their files, not by a package: what they share is imported from the checkout's folder.
sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.engines.kinds import KINDS, Server

from alpine_kg.settings import Settings
from alpine_kg.store.remote.connection import Connection

Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


@pytest.fixture
def oxigraph(tmp_path: Path) -> Iterator[tuple[str, Server]]:
    """The address of a server of its own for each test, and the server."""
    folder = tmp_path / "engine"
    folder.mkdir()
    with KINDS["oxigraph"].start(folder) as (settings, server):
        assert server
        yield settings["store"], server


@pytest.fixture
def engine() -> Iterator[Callable[..., Connection]]:
    """Return what connects to an engine that answers as a function does, with settings."""
    servers: list[ThreadingHTTPServer] = []

    def connect(reply: Reply, **settings: Any) -> Connection:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply(self, body)

            do_PUT = do_DELETE = do_POST  # noqa: N815 - the names that http.server looks for

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/sparql"
        return Connection.of(Settings(**{"store": address} | settings))

    yield connect
    for server in servers:
        server.shutdown()
        server.server_close()
