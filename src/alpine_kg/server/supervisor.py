"""The supervisor: a small process of one thread that holds the listening socket and starts everything else.

It forks a spawner for each generation and the serving processes that speak HTTP. When new data is asked for (SIGHUP, or a
serving process that was asked), it forks a spawner for them beside the running one and, once that is ready, passes a channel
to it to each serving process; the old spawner ends when the last of them has let go of it.
"""

import contextlib
import logging
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from alpine_kg.errors import AlpineKGError, StoreError
from alpine_kg.server import control
from alpine_kg.server.loading import Loader
from alpine_kg.settings import Settings
from alpine_kg.store.workers import Channel, start_spawner

_LOG: Final = logging.getLogger("alpine_kg.supervisor")
_BACKLOG: Final = 2048
_PAUSE: Final = 1.0
"""Seconds before a serving process that has died is started anew."""

Serve = Callable[[socket.socket, socket.socket, Settings], None]
"""Runs a serving process: the listening socket, its control connection, and the settings."""


@dataclass
class _Renewal:
    """A generation on its way: its spawner's channel, and who asked for it."""

    channel: Channel
    change: dict[str, Any]


@dataclass
class _State:
    current: Channel
    info: dict[str, Any] = field(default_factory=dict)
    renewal: _Renewal | None = None
    queue: deque[dict[str, Any]] = field(default_factory=deque)
    children: dict[int, socket.socket] = field(default_factory=dict)
    stopping: bool = False


def supervise(settings: Settings, run: Serve) -> int:
    """Serve until a signal ends it; return the exit status: 0, or 1 when the graph may not be served."""
    listener = _listen(settings)
    loader = Loader(settings)
    current = start_spawner(lambda: loader.load({}), memory=settings.query_memory_bytes)
    supervisor = _Supervisor(settings, run, listener, loader, _State(current))
    try:
        return supervisor.run()
    finally:
        loader.clean_up()


class _Supervisor:
    def __init__(self, settings: Settings, run: Serve, listener: socket.socket, loader: Loader, state: _State) -> None:
        self._settings = settings
        self._run = run
        self._listener = listener
        self._loader = loader
        self._state = state
        self._wake, self._woken = socket.socketpair()
        self._signals: set[int] = set()

    def run(self) -> int:
        self._catch_signals()
        # The serving processes import their libraries while the spawner loads the data.
        for _ in range(self._settings.workers):
            self._fork_serving_process()
        try:
            self._state.info = self._state.current.ready()
        except AlpineKGError as error:
            sys.stderr.write(f"alpine-kg: {error}\n")
            self._stop(signal.SIGKILL)
            return 1
        for child in self._state.children.values():
            self._introduce(child)
        while not self._state.stopping:
            self._turn()
        self._stop(signal.SIGTERM)
        return 0

    def _turn(self) -> None:
        """Wait for something to happen, and see to it."""
        state = self._state
        watched: list[Any] = [self._woken, state.current, *state.children.values()]
        if state.renewal:
            watched.append(state.renewal.channel)
        ready = select.select(watched, [], [], 5.0)[0]
        if self._woken in ready:
            self._woken.recv(4096)
        self._heed_signals()
        if state.renewal and state.renewal.channel in ready:
            self._finish_renewal(state.renewal)
        elif state.current in ready:
            # A spawner says nothing unasked: it has died. What it served is loaded anew.
            _LOG.error("the spawner has ended unexpectedly; the graph is loaded anew")
            self._renew({})
        for child in [child for child in state.children.values() if child in ready]:
            if heard := control.hear(child):
                self._renew(heard[0])
        self._bury()

    def _renew(self, change: dict[str, Any]) -> None:
        """Start loading a new generation, or remember to when one is being loaded."""
        if self._state.renewal:
            self._state.queue.append(change)
            return
        channel = start_spawner(lambda: self._loader.load(change), memory=self._settings.query_memory_bytes)
        self._state.renewal = _Renewal(channel, change)

    def _finish_renewal(self, renewal: _Renewal) -> None:
        """Hand the new generation to every serving process, or the reason why there is none to whom it may concern."""
        state = self._state
        state.renewal = None
        try:
            info = renewal.channel.ready()
        except StoreError as error:
            _LOG.error("the new graph is refused and the old one kept: %s", error.message)
            renewal.channel.close()
            for child in state.children.values():
                control.say(child, {"refused": error.message, "remedy": error.remedy, "id": renewal.change.get("id")})
        else:
            old, state.current = state.current, renewal.channel
            state.info = info | {"id": renewal.change.get("id")}
            for child in state.children.values():
                self._introduce(child)
            old.close()
        if state.queue:
            self._renew(state.queue.popleft())

    def _introduce(self, child: socket.socket) -> None:
        """Give a serving process a channel to the current spawner."""
        channel = self._state.current.adopt()
        control.say(child, {"generation": self._state.info}, channel.fileno())
        channel.close()

    def _fork_serving_process(self) -> None:
        ours, theirs = control.pair()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                ours.close()
                self._forget_everything()
                self._run(self._listener, theirs, self._settings)
                status = 0
            except KeyboardInterrupt:
                status = 0
            finally:
                sys.stderr.flush()
                os._exit(status)
        theirs.close()
        self._state.children[pid] = ours

    def _forget_everything(self) -> None:
        """Let go, in a new child, of what only the supervisor uses."""
        signal.set_wakeup_fd(-1)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for end in (self._wake, self._woken, *self._state.children.values()):
            end.close()
        self._state.current.close()

    def _bury(self) -> None:
        """Collect the children that have ended, and start serving processes anew."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                control_end = self._state.children.pop(ended[0], None)
                if control_end is None:
                    continue
                control_end.close()
                if not self._state.stopping:
                    _LOG.error("a serving process has ended with status %s; it is started anew", ended[1])
                    time.sleep(_PAUSE)
                    self._fork_serving_process()
                    self._introduce(next(reversed(self._state.children.values())))

    def _catch_signals(self) -> None:
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(name, lambda number, _: self._signals.add(number))

    def _heed_signals(self) -> None:
        signals, self._signals = self._signals, set()
        if signals & {signal.SIGTERM, signal.SIGINT}:
            self._state.stopping = True
        elif signal.SIGHUP in signals:
            self._renew({})

    def _stop(self, number: signal.Signals) -> None:
        """End the serving processes, giving them time to finish what they are answering."""
        self._listener.close()
        deadline = time.monotonic() + self._settings.shutdown_seconds
        for pid in self._state.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while self._state.children and time.monotonic() < deadline:
            self._bury()
            time.sleep(0.02)
        for pid in self._state.children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._state.current.close()


def _listen(settings: Settings) -> socket.socket:
    """Return the listening socket; raises StoreError with the reason when the address cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        raise StoreError(
            f"{settings.host}:{settings.port} cannot be listened on: {error}.", "Choose another with --host and --port."
        ) from error
    listener.listen(_BACKLOG)
    return listener
