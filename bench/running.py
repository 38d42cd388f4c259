"""Our service as the tests run it: a real one in processes of its own, and a client that adds nothing to a request."""

import http.client
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from servers import BIN, serving

TOKEN = "the-token-of-these-tests"  # noqa: S105 - only servers that these tests start know it
GENEROUS = {
    "ALPINE_KG_CLIENT_WORK_SECONDS": "1e9",
    "ALPINE_KG_CLIENT_ERRORS": "1e9",
    "ALPINE_KG_TOKEN": TOKEN,
    "ALPINE_KG_LOG_LEVEL": "error",
}
"""Settings for servers that are asked for more than one client may ask for."""


def fresh_store() -> AbstractContextManager[Mapping[str, str]]:
    """Give the settings by which a service has a store of its own; tests of other engines put theirs in the place of this."""
    return nullcontext({})


@dataclass(frozen=True)
class Reply:
    """An answer: its status, headers with lower-case names, and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass(frozen=True)
class Service:
    """A running service: its port, and the process that leads its session."""

    port: int
    leader: int

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        timeout: float = 60.0,
    ) -> Reply:
        """Return the answer to a request with no headers but those given, Host and Content-Length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/sparql-results+json", *, timeout: float = 60.0) -> Reply:
        """Return the answer to a query that is sent as the body of a POST."""
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self.ask("POST", "/sparql", headers, text.encode(), timeout=timeout)


@contextmanager
def running(*words: str | Path, path: str = "/healthz", **settings: object) -> Iterator[Service]:
    """Run `alpine-kg serve` with some words and settings until the end of the block, once a path answers."""
    given = {f"ALPINE_KG_{name.upper()}": str(value) for name, value in settings.items()}
    command = [BIN / "alpine-kg", "serve", *words, "--port", "{port}"]
    with nullcontext({}) if "--store" in words or "store" in settings else fresh_store() as store:
        held = {f"ALPINE_KG_{name.upper()}": value for name, value in store.items()}
        with serving(command, path, GENEROUS | held | given) as server:
            yield Service(server.port, server.process.pid)
