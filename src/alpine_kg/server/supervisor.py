"""The supervisor: a small process of one thread that holds the listening socket and starts everything else.

It forks a spawner for each generation and the serving processes that speak HTTP. When new data is asked for (SIGHUP, or a
serving process that was asked), it forks a spawner for them beside the running one and, once that is ready, passes a channel
to it to each serving process; when all of them serve it, whoever asked is told. The old spawner ends when the last of them has
let go of it. Whatever dies is replaced; when the supervisor itself dies, the kernel ends everything below it.
"""

import logging
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from alpine_kg.errors import AlpineKGError, StoreError, packed
from alpine_kg.server import control
from alpine_kg.server.children import Child, Children
from alpine_kg.server.loading import Loader
from alpine_kg.settings import Settings
from alpine_kg.store.workers import Channel, start_spawner

_LOG: Final = logging.getLogger("alpine_kg.supervisor")
_PAUSE: Final = 1.0
"""Seconds before a graph whose spawner has died is loaded anew once more."""
_CONFIRMATION: Final = 60.0
"""Seconds that a serving process has to take over a new generation; it is replaced when it does not."""
_GRACE: Final = 2.0
"""Seconds beyond those of `shutdown_seconds` after which serving processes are ended."""
_STOP: Final = {signal.SIGTERM, signal.SIGINT}


@dataclass
class _Renewal:
    """A generation on its way: its spawner's channel, what was asked for, by whom, and who does not serve it yet."""

    channel: Channel
    change: dict[str, Any]
    asker: Child | None
    missing: set[Child] = field(default_factory=set)
    deadline: float = 0.0
    info: dict[str, Any] | None = None


class Supervisor:
    """Starts, watches and ends all other processes."""

    def __init__(
        self, settings: Settings, children: Children, loader: Loader, announce: Callable[[dict[str, Any]], None]
    ) -> None:
        """Tell `announce` what the first generation says of itself, once it is served."""
        self._settings = settings
        self._children = children
        self._loader = loader
        self._announce = announce
        self._current: Channel | None = None
        self._info: dict[str, Any] = {}
        self._number = 0
        self._renewal: _Renewal | None = None
        self._queue: deque[tuple[dict[str, Any], Child | None]] = deque()
        self._retry: float | None = None
        self._stopping: float | None = None
        self._status = 0

    def run(self) -> int:
        """Serve until a signal ends it; return the exit status: 0, or 1 when the graph may not be served."""
        self._children.catch_signals()
        self._renew({}, None)
        # The serving processes import their libraries while the spawner loads the data.
        for _ in range(self._settings.workers):
            self._children.start(self._forget)
        while self._stopping is None or self._children.living:
            self._turn()
        return self._status

    def _turn(self) -> None:
        """Wait for something to happen, and see to it."""
        poll = select.poll()
        for descriptor in self._watched():
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(self._patience() * 1000)}
        self._heed(self._children.signals())
        if self._renewal and self._renewal.channel.fileno() in ready:
            self._loaded(self._renewal)
        elif self._current and self._current.fileno() in ready:
            self._lose_spawner(self._current)
        for child in self._children.living:
            if child.connection.fileno() in ready and (heard := control.hear(child.connection)):
                self._told(child, heard[0])
        for child in self._children.bury():
            self._confirmed(child)
        self._keep_time()

    def _watched(self) -> list[int]:
        watched = [self._children.woken, *(child.connection.fileno() for child in self._children.living)]
        if self._current:
            watched.append(self._current.fileno())
        if self._renewal and self._renewal.info is None:
            watched.append(self._renewal.channel.fileno())
        return watched

    def _patience(self) -> float:
        """Return the seconds until something has to be done even when nothing happens."""
        moments = [self._retry, self._stopping, self._children.next_start]
        if self._renewal and self._renewal.info:
            moments.append(self._renewal.deadline)
        due = [moment - time.monotonic() for moment in moments if moment is not None]
        return max(0.0, min([5.0, *due]))

    def _keep_time(self) -> None:
        """Do what is due."""
        now = time.monotonic()
        if self._stopping is not None:
            if now >= self._stopping:
                self._children.signal(signal.SIGKILL)
            return
        if self._retry is not None and now >= self._retry:
            self._retry = None
            self._renew({}, None)
        for child in self._children.start_due(self._forget):
            if self._current:
                self._introduce(child)
        if self._renewal and self._renewal.info and now >= self._renewal.deadline:
            for child in self._renewal.missing:
                child.kill()

    def _heed(self, signals: set[int]) -> None:
        if signals & _STOP:
            if self._stopping is None:
                self._stopping = time.monotonic() + self._settings.shutdown_seconds + _GRACE
                self._children.stop_listening()
                self._children.signal(signal.SIGTERM)
            else:
                self._stopping = time.monotonic()
        elif signal.SIGHUP in signals and self._stopping is None:
            _LOG.info("a reload is asked for by SIGHUP")
            self._renew({}, None)

    def _told(self, child: Child, message: dict[str, Any]) -> None:
        """Take note of what a serving process says: that it serves a generation, or that it asks for one."""
        if "serves" not in message:
            self._renew(message, child)
        elif self._renewal and message["serves"] == self._number:
            if "version" in message:
                self._renewal.info = {**(self._renewal.info or {}), **message}
            self._confirmed(child)

    def _renew(self, change: dict[str, Any], asker: Child | None) -> None:
        """Start loading a new generation, or remember to when one is being loaded."""
        if self._renewal:
            self._queue.append((change, asker))
            return
        memory = self._settings.query_memory_bytes
        channel = start_spawner(
            lambda: self._loader.load(change),
            memory=memory,
            forget=self._forget_all,
            networked=bool(self._settings.service_allow) or self._settings.remote,
        )
        self._renewal = _Renewal(channel, change, asker)

    def _loaded(self, renewal: _Renewal) -> None:
        """Hand the new generation to every serving process, or tell why there is none."""
        try:
            info = renewal.channel.ready()
        except AlpineKGError as error:
            self._refuse(renewal, error)
            return
        if self._current:
            self._current.close()
        self._current, self._number = renewal.channel, self._number + 1
        self._info = renewal.info = info | {"number": self._number}
        renewal.deadline = time.monotonic() + _CONFIRMATION
        renewal.missing = set(self._children.living)
        for child in self._children.living:
            self._introduce(child)
        self._confirmed(None)

    def _refuse(self, renewal: _Renewal, error: AlpineKGError) -> None:
        self._renewal = None
        renewal.channel.close()
        if not self._number:
            sys.stderr.write(f"alpine-kg: {error}\n{error.details.get('report', '')}\n")
            self._status = 1
            self._stopping = time.monotonic()
            return
        if self._current is None:
            self._retry = time.monotonic() + _PAUSE
        write = "write" in renewal.change
        level = logging.INFO if write else logging.ERROR
        _LOG.log(level, "a %s is refused and the graph kept: %s", "write" if write else "reload", error.message)
        held = packed(error, control.LONGEST_ERROR)
        for child in self._children.living if not write else [renewal.asker] if renewal.asker else []:
            identifier = renewal.change.get("id") if child is renewal.asker else None
            control.say(child.connection, {"refused": held, "reload": not write, "id": identifier})
        self._next()

    def _introduce(self, child: Child) -> None:
        """Give a serving process a channel to the current spawner."""
        assert self._current
        try:
            channel = self._current.adopt()
        except StoreError:
            return  # the spawner has died, which the next turn sees
        if not control.say(child.connection, {"generation": self._info}, channel.fileno()):
            child.kill()
        channel.close()

    def _confirmed(self, child: Child | None) -> None:
        """Take note that a serving process serves the new generation or has gone; the last one makes the renewal complete."""
        renewal = self._renewal
        if renewal is None or renewal.info is None:
            return
        if child:
            renewal.missing.discard(child)
        if renewal.missing:
            return
        self._renewal = None
        if self._number == 1:
            self._announce(renewal.info)
        if renewal.asker:
            control.say(renewal.asker.connection, {"done": renewal.change["id"], "outcome": self._info["outcome"]})
        self._next()

    def _next(self) -> None:
        if self._queue:
            self._renew(*self._queue.popleft())
        elif self._current is None and self._retry is None:
            self._renew({}, None)

    def _lose_spawner(self, dead: Channel) -> None:
        """Load the graph anew: a spawner says nothing unasked, so it has died."""
        _LOG.error("the spawner has ended unexpectedly; the graph is loaded anew")
        dead.close()
        self._current = None
        if self._renewal is None:
            self._renew({}, None)

    def _forget(self) -> None:
        """Let go, in a new child, of the channels that only this process uses."""
        for channel in (self._current, self._renewal and self._renewal.channel):
            if channel:
                channel.close()

    def _forget_all(self) -> None:
        self._forget()
        self._children.forget()
