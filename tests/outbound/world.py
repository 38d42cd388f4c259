"""Workers as the service runs them, asked without HTTP; and places on this machine that must hear of it only when they should."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from alpine_kg.errors import AlpineKGError
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.federation.endpoints import AllowList
from alpine_kg.store.federation.endpoints import Endpoint as Address
from alpine_kg.store.federation.forwarder import Federation
from alpine_kg.store.federation.outbound import Limits, Outbound, Stream
from alpine_kg.store.workers import Channel, Lanes, LaneSettings, Request

NUMBERS = '<urn:one> <urn:is> 1 . <urn:two> <urn:is> 2 . <urn:two> <urn:name> "service" .'
PUBLIC = "8.8.8.8"
Reply = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def answer(body: bytes, status: str = "200 OK", kind: str = "application/sparql-results+json", more: str = "") -> bytes:
    """An answer as an endpoint would give it."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


def solutions(*values: str) -> bytes:
    """Solutions of ?x, as an answer."""
    rows = [{"x": {"type": "literal", "value": value}} for value in values]
    return answer(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode())


@dataclass
class Server:
    """A server on the loopback interface: what it says, what it heard, and how often it was contacted."""

    reply: bytes | Reply = field(default_factory=solutions)
    heard: list[bytes] = field(default_factory=list)
    contacts: int = 0
    left: int = 0
    port: int = 0

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = await asyncio.start_server(self._accept, "127.0.0.1")
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.contacts += 1
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            self.heard.append(head + await reader.readexactly(int(lengths[0])))
            if isinstance(self.reply, bytes):
                writer.write(self.reply)
            else:
                await self.reply(self.heard[-1], writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.left += 1
            writer.close()


def federation(server: Server, *prefixes: str, addresses: tuple[str, ...] = (PUBLIC,), **limits: Any) -> Federation:
    """A federation whose every name resolves to `addresses`, and whose every connection leads to the server."""

    async def resolve(host: str, port: int) -> list[str]:
        del host, port
        return list(addresses)

    async def connect(address: str, endpoint: Address) -> Stream:
        del address, endpoint
        return await asyncio.open_connection("127.0.0.1", server.port)

    allowed = AllowList.read(prefixes or ["https://allowed.example/"])
    held = Limits(**limits)
    return Federation(allowed, held, Outbound(allowed, held, resolve=resolve, connect=connect))


Outcome = list[dict[str, str]] | str | AlpineKGError


async def outcome(lanes: Lanes, query: str, **more: Any) -> Outcome:
    """What becomes of a query: rows of plain values, text, or the failure."""
    try:
        execution = await lanes.answer(Request(query, **more), client="test", charge=lambda _: None, seconds=10)
        body = b"".join([part async for part in execution.body()])
    except AlpineKGError as error:
        return error
    if execution.format.extension != "srj":
        return body.decode()
    held = json.loads(body)
    if "boolean" in held:
        return str(held["boolean"])
    return [{name: term["value"] for name, term in row.items()} for row in held["results"]["bindings"]]


def memory_store() -> EmbeddedStore:
    store = EmbeddedStore()
    store.load({"urn:graph": [quad.triple for quad in ox.parse(NUMBERS, format=ox.RdfFormat.TURTLE)]})
    return store


def disk_store(folder: Path) -> Callable[[], EmbeddedStore]:
    """What opens a store on disk, as a worker does for itself."""
    store = EmbeddedStore(folder)
    store.load({"urn:graph": [quad.triple for quad in ox.parse(NUMBERS, format=ox.RdfFormat.TURTLE)]})
    store.close()
    return partial(EmbeddedStore, folder, read_only=True)


Spawn = Callable[..., Channel]


def run(
    channel: Channel,
    ask: Callable[[Lanes, Server], Awaitable[Any]],
    *,
    server: Server | None = None,
    federate: Callable[[Server], Federation] | None = None,
) -> Any:
    """Return what a coroutine does with lanes over a spawner and a server that listens meanwhile."""
    served = server or Server()

    async def body() -> Any:
        async with served.listening():
            lanes = Lanes(channel, LaneSettings(), federate(served) if federate else None)
            try:
                return await ask(lanes, served)
            finally:
                await lanes.close()

    return asyncio.run(body())


@contextmanager
def listener() -> Iterator[tuple[str, list[int]]]:
    """A socket on the loopback interface that hangs up on everybody, its address, and how often it did."""
    contacts: list[int] = []
    server = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        while True:
            try:
                connection, (_, port) = server.accept()
            except OSError:
                return
            contacts.append(port)
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/sparql", contacts
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
