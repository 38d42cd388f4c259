"""The serving processes as the supervisor sees them: started, signalled, buried and started anew; and the signals it gets."""

import contextlib
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alpine_kg.server import control
from alpine_kg.settings import Settings
from alpine_kg.store.workers.parentage import die_with

_LOG: Final = logging.getLogger("alpine_kg.supervisor")
_SHORT_LIFE: Final = 5.0
_PAUSE: Final = 1.0
"""Seconds before a serving process that died young is started anew."""
_CAUGHT: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

Run = Callable[[socket.socket, socket.socket, Settings, int], None]
"""Runs a serving process: the listening socket, its control connection, the settings, and its place among its like."""


@dataclass(eq=False)
class Child:
    """A serving process: its number, the supervisor's end of its control connection, its place, and when it was started."""

    pid: int
    connection: socket.socket
    place: int
    started: float

    def kill(self) -> None:
        """End it at once."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


class Children:
    """All serving processes."""

    def __init__(self, settings: Settings, run: Run, listener: socket.socket) -> None:
        """Start them with a function and the socket that they share."""
        self._settings = settings
        self._run = run
        self._listener = listener
        self._wake, self._woken = socket.socketpair()
        self._signals: set[int] = set()
        self._due: list[tuple[float, int]] = []
        self._stopping = False
        self.living: list[Child] = []

    @property
    def woken(self) -> int:
        """The descriptor that turns readable when a signal has come."""
        return self._woken.fileno()

    @property
    def next_start(self) -> float | None:
        """When the next serving process is to be started, if any is."""
        return min(self._due)[0] if self._due else None

    def start(self, forget: Callable[[], None], place: int | None = None) -> Child:
        """Fork a serving process; `forget` closes in it what only the caller uses."""
        place = len(self.living) if place is None else place
        ours, theirs = control.pair()
        # A serving process that no longer listens must not hold up the supervisor.
        ours.setblocking(False)
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            self._become(theirs, ours, forget, parent, place)
        theirs.close()
        child = Child(pid, ours, place, time.monotonic())
        self.living.append(child)
        return child

    def start_due(self, forget: Callable[[], None]) -> list[Child]:
        """Start those whose time has come, and return them."""
        now = time.monotonic()
        due = [place for moment, place in self._due if moment <= now]
        self._due = [(moment, place) for moment, place in self._due if moment > now]
        return [self.start(forget, place) for place in due]

    def bury(self) -> list[Child]:
        """Collect the children that have ended; return the serving processes among them, which are due to be started anew."""
        buried = []
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                for child in [child for child in self.living if child.pid == ended[0]]:
                    self.living.remove(child)
                    child.connection.close()
                    buried.append(child)
                    self._replace(child, ended[1])
        return buried

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all serving processes."""
        for child in self.living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, number)

    def stop_listening(self) -> None:
        """Take no new connections, and start nobody anew; the serving processes close the socket for themselves."""
        self._stopping = True
        self._due = []
        self._listener.close()

    def forget(self) -> None:
        """Let go, in a new child of another kind, of everything here."""
        self._restore_signals()
        for end in (self._listener, self._wake, self._woken, *(child.connection for child in self.living)):
            end.close()

    def catch_signals(self) -> None:
        """Have signals collected instead of carried out."""
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for name in _CAUGHT:
            signal.signal(name, lambda number, _: self._signals.add(number))

    def signals(self) -> set[int]:
        """Return the signals that have come since the last time."""
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        signals, self._signals = self._signals, set()
        return signals

    def _replace(self, child: Child, status: int) -> None:
        if self._stopping:
            return
        now = time.monotonic()
        _LOG.error("a serving process has ended with status %s; it is started anew", status)
        self._due.append((now + _PAUSE if now - child.started < _SHORT_LIFE else now, child.place))

    def _become(
        self, theirs: socket.socket, ours: socket.socket, forget: Callable[[], None], parent: int, place: int
    ) -> None:
        """Be a serving process, and end."""
        status = 1
        try:
            die_with(parent)
            ours.close()
            forget()
            self._restore_signals()
            for end in (self._wake, self._woken, *(child.connection for child in self.living)):
                end.close()
            self._run(self._listener, theirs, self._settings, place)
            status = 0
        except KeyboardInterrupt:
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except Exception:  # noqa: BLE001 - the last place that can say what happened
            _LOG.exception("a serving process cannot go on")
        finally:
            sys.stderr.flush()
            os._exit(status)

    @staticmethod
    def _restore_signals() -> None:
        signal.set_wakeup_fd(-1)
        for name in _CAUGHT:
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
