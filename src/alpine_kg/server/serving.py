"""A serving process: speaks HTTP, and changes from one generation of the graph to the next without dropping a request."""

import asyncio
import gc
import logging
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from alpine_kg.errors import AlpineKGError, StoreError, unpacked
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.generation import INDEX, ROOT, SUMMARY
from alpine_kg.graph.summary import Summary
from alpine_kg.root import GraphRoot
from alpine_kg.server import control
from alpine_kg.server.board import Board
from alpine_kg.server.engine import keep_published, remote_store
from alpine_kg.settings import Settings
from alpine_kg.store.federation.forwarder import Federation
from alpine_kg.store.remote import RemoteStore
from alpine_kg.store.workers import Channel, Lanes, LaneSettings, LookupStore
from alpine_kg.web import create_app
from alpine_kg.web.fairness import Fairness
from alpine_kg.web.metrics import Family, Metrics, decoded, encoded
from alpine_kg.web.representations import Representations
from alpine_kg.web.wire import Header

_LOG: Final = logging.getLogger("alpine_kg.serving")
_GONE: Final = ("The supervisor has gone.", "The service is started anew by whoever watches over it; try again then.")
_NOTING: Final = 1.0
"""Seconds between two notes of this process's measurements for the others."""
_SWEEPING: Final = 1.0
"""Seconds from the end of a generation until its memory is looked for."""


@dataclass
class _Served:
    """One generation as this process serves it, and how many requests are being answered from it."""

    app: Representations
    graph: KnowledgeGraph
    store: LookupStore | RemoteStore
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

    def __init__(self, connection: socket.socket, settings: Settings, place: int, board: Board | None) -> None:
        """Wait for the first generation from the supervisor, and serve it."""
        self._connection = connection
        self._settings = settings
        self._board = board
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = count(1)
        self._sweeping: asyncio.TimerHandle | None = None
        self._fairness = Fairness(settings)
        self._metrics = Metrics()
        self.place = place
        self.refusal: dict[str, Any] = {}
        self.pending = Path()
        self.spawner = 0
        heard = control.hear(connection)
        if heard is None:
            raise SystemExit(1)
        self._served = self._serve(*heard)
        self._confirm(heard[0]["generation"])

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
                await self._let_go(served)

    def recall(self, target: bytes, headers: Sequence[Header], *, bodiless: bool) -> tuple[bytes, bytes] | None:
        """Return a finished answer of the current generation; see `Representations.recall`."""
        return self._served.app.recall(target, headers, bodiless=bodiless)

    async def renew(self, change: dict[str, Any]) -> dict[str, Any]:
        """Ask for a new generation; return its version, with the outcome of a write, once every process serves it.

        Raises why it is refused.
        """
        identifier = f"{self.place}-{next(self._numbers)}"
        future = self._waiting[identifier] = asyncio.get_running_loop().create_future()
        try:
            if not control.say(self._connection, change | {"id": identifier}):
                raise StoreError(*_GONE)
            outcome = await future
            return {"version": self._served.graph.version, **outcome}
        finally:
            del self._waiting[identifier]

    async def measurements(self) -> dict[str, list[Family]]:
        """Return what the other serving processes noted last of their measurements, by place."""
        return {place: decoded(held) for place, held in self._board.read().items()} if self._board else {}

    async def _live(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        await receive()
        loop.add_reader(self._connection, self._hear)
        tasks = [asyncio.create_task(self._note_measurements())]
        if self._settings.remote and self.place == 0:
            tasks.append(asyncio.create_task(keep_published(lambda: self._served.store, lambda: self.renew({}))))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in tasks:
            task.cancel()
        loop.remove_reader(self._connection)
        await self._served.let_go()
        await send({"type": "lifespan.shutdown.complete"})

    async def _note_measurements(self) -> None:
        """Leave this process's measurements where the others find them; one that is alone needs not."""
        while self._board:
            self._board.write(self.place, encoded(await asyncio.to_thread(self._served.app.measure)))
            await asyncio.sleep(_NOTING)

    def _hear(self) -> None:
        heard = control.hear(self._connection)
        if heard is None:
            # Without a supervisor nobody would end this process: it finishes what it is answering.
            asyncio.get_running_loop().remove_reader(self._connection)
            for future in self._waiting.values():
                _settle(future, StoreError(*_GONE))
            signal.raise_signal(signal.SIGTERM)
            return
        message, descriptors = heard
        if "refused" in message:
            self._refuse(message)
        elif "done" in message:
            _settle(self._waiting.get(message["done"]), message["outcome"])
        else:
            task = asyncio.create_task(self._change(message, descriptors))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _refuse(self, message: dict[str, Any]) -> None:
        """Take note of why there is no new generation; `/readyz` says so of a reload, a write is its sender's affair."""
        error = unpacked(message["refused"])
        if message["reload"]:
            self._metrics.refusals += 1
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self.refusal = {"time": moment, "detail": error.message, "remedy": error.remedy, **error.details}
        _settle(self._waiting.get(message["id"] or ""), error)

    async def _change(self, message: dict[str, Any], descriptors: list[int]) -> None:
        """Take over a new generation."""
        try:
            served = await asyncio.to_thread(self._serve, message, descriptors)
        except AlpineKGError:
            _LOG.exception("the new generation cannot be served here; the old one is kept")
        else:
            old, self._served = self._served, served
            self.refusal = {}
            self._metrics.renewals += 1
            old.retired = True
            if not old.requests:
                await self._let_go(old)
        self._confirm(message["generation"])

    async def _let_go(self, served: _Served) -> None:
        """Let go of a generation that nobody is answered from any more, and of its memory soon afterwards."""
        await served.let_go()
        if self._sweeping is None or self._sweeping.when() < asyncio.get_running_loop().time():
            # An application refers to itself in many ways, so its memory would stay until Python looks for such cycles.
            self._sweeping = asyncio.get_running_loop().call_later(_SWEEPING, gc.collect)

    def _confirm(self, info: dict[str, Any]) -> None:
        """Tell the supervisor that this process is done with a new generation, and what is in it."""
        graph = self._served.graph
        claims = graph.catalogue.counts().get("claim", 0)
        triples = sum(graph.sizes.values())
        said = {"serves": info["number"], "version": graph.version, "claims": claims, "triples": triples}
        control.say(self._connection, said)

    def _serve(self, message: dict[str, Any], descriptors: list[int]) -> _Served:
        """Return a generation with an application of its own."""
        info, settings = message["generation"], self._settings
        channel = Channel(socket.socket(fileno=descriptors[0]))
        folder = Path(info["folder"])
        self.pending, self.spawner = Path(info["pending"]), info["spawner"]
        summary = Summary.read(folder / SUMMARY)
        store = remote_store(settings, summary) if settings.remote else LookupStore(channel)
        graph = KnowledgeGraph(GraphRoot.open(folder / ROOT), store, Catalogue(folder / INDEX), summary)
        lanes = Lanes(channel, LaneSettings.of(settings), Federation.of(settings))
        if hasattr(self, "_served"):
            lanes.statistics = self._served.lanes.statistics  # counted from one generation to the next
        app = create_app(
            graph,
            settings,
            valid=info["valid"],
            answers=lanes,
            front=self,
            fairness=self._fairness,
            metrics=self._metrics,
        )
        return _Served(app, graph, store, lanes, channel)


def _settle(future: "asyncio.Future[dict[str, Any]] | None", result: dict[str, Any] | AlpineKGError) -> None:
    if future is None or future.done():
        return
    if isinstance(result, AlpineKGError):
        future.set_exception(result)
    else:
        future.set_result(result)
