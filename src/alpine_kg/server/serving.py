"""A serving process: speaks HTTP, and changes from one generation of the graph to the next without dropping a request."""

import asyncio
import logging
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from alpine_kg.errors import AlpineKGError, InvalidGraphError, StoreError
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.generation import INDEX, ROOT
from alpine_kg.root import GraphRoot
from alpine_kg.server import control
from alpine_kg.settings import Settings
from alpine_kg.store.workers import Channel, Lanes, LaneSettings, LookupStore
from alpine_kg.web import create_app
from alpine_kg.web.fairness import Fairness

_LOG: Final = logging.getLogger("alpine_kg.serving")


@dataclass
class _Served:
    """One generation as this process serves it, and how many requests are being answered from it."""

    app: ASGIApp
    version: str
    store: LookupStore
    lanes: Lanes
    channel: Channel
    requests: int = 0
    retired: bool = False

    async def let_go(self) -> None:
        """Let go of the generation's workers and spawner."""
        await self.lanes.close()
        self.store.close()
        self.channel.close()


class Front:
    """The ASGI application that uvicorn runs: passes each request to the generation that is current when it comes."""

    def __init__(self, connection: socket.socket, settings: Settings) -> None:
        """Wait for the first generation from the supervisor, and serve it."""
        self._connection = connection
        self._settings = settings
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.refusal = ""
        self._fairness = Fairness(settings)
        heard = control.hear(connection)
        if heard is None:
            raise SystemExit(1)
        self._served = self._serve(*heard)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the server's start and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        served = self._served
        served.requests += 1
        try:
            await served.app(scope, receive, send)
        finally:
            served.requests -= 1
            if served.retired and not served.requests:
                await served.let_go()

    async def renew(self, change: dict[str, Any]) -> str:
        """Ask for a new generation and return its version once this process serves it; raises why it is refused."""
        future = self._waiting[change["id"]] = asyncio.get_running_loop().create_future()
        try:
            if not control.say(self._connection, change):
                raise StoreError("The supervisor has gone.", "Restart the service.")
            await future
            return self._served.version
        finally:
            del self._waiting[change["id"]]

    async def _live(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        await receive()
        loop.add_reader(self._connection, self._hear)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        loop.remove_reader(self._connection)
        await self._served.let_go()
        await send({"type": "lifespan.shutdown.complete"})

    def _hear(self) -> None:
        heard = control.hear(self._connection)
        if heard is None:
            # Without a supervisor nobody would end this process: it finishes what it is answering.
            asyncio.get_running_loop().remove_reader(self._connection)
            signal.raise_signal(signal.SIGTERM)
            return
        task = asyncio.create_task(self._change(*heard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _change(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Take over a new generation, or take note of why there is none."""
        if "refused" in message:
            self.refusal = message["refused"]
            self._resolve(message.get("id"), InvalidGraphError(message["refused"], message["remedy"]))
            return
        try:
            served = await asyncio.to_thread(self._serve, message, descriptors)
        except AlpineKGError as error:
            _LOG.exception("the new generation cannot be served; the old one is kept")
            self._resolve(message["generation"].get("id"), error)
            return
        old, self._served = self._served, served
        self.refusal = ""
        old.retired = True
        if not old.requests:
            await old.let_go()
        self._resolve(message["generation"].get("id"), None)

    def _resolve(self, identifier: str | None, error: AlpineKGError | None) -> None:
        future = self._waiting.get(identifier or "")
        if future and not future.done():
            if error:
                future.set_exception(error)
            else:
                future.set_result(None)

    def _serve(self, message: dict[str, Any], descriptors: list[int]) -> _Served:
        """Return a generation with an application of its own."""
        info = message["generation"]
        channel = Channel(socket.socket(fileno=descriptors[0]))
        folder = Path(info["folder"])
        store = LookupStore(channel)
        graph = KnowledgeGraph(GraphRoot.open(folder / ROOT), store, Catalogue(folder / INDEX))
        settings = self._settings
        lanes = Lanes(
            channel,
            LaneSettings(
                short=settings.short_lane,
                long=settings.long_lane,
                budget=settings.short_lane_milliseconds / 1000,
                time_limit=settings.query_seconds,
                queue=settings.query_queue,
                spool=settings.spool_bytes,
            ),
        )
        app = create_app(
            graph, settings, valid=not info["findings"], answers=lanes, front=self, fairness=self._fairness
        )
        return _Served(app, graph.version, store, lanes, channel)


def run(listener: socket.socket, connection: socket.socket, settings: Settings) -> None:
    """Serve HTTP on a listening socket until a signal ends it."""
    front = Front(connection, settings)
    config = uvicorn.Config(
        front,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        lifespan="on",
        timeout_graceful_shutdown=settings.shutdown_seconds,
        limit_concurrency=settings.connections,
        timeout_keep_alive=settings.keep_alive_seconds,
    )
    uvicorn.Server(config).run(sockets=[listener])
