"""The spawner: a process of one thread that loads a generation of the graph and forks workers that share it.

Forking is safe only from one thread, and only while nothing writes. The serving processes have threads, so they ask the spawner
for workers; and new data gets a new spawner, which the supervisor forks before it lets go of the old one.
"""

import contextlib
import json
import os
import select
import signal
import socket
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from alpine_kg.errors import AlpineKGError, StoreError, packed, unpacked
from alpine_kg.store.base import Answering
from alpine_kg.store.workers import worker
from alpine_kg.store.workers.confinement import seal
from alpine_kg.store.workers.parentage import die_with

_MESSAGE: Final = 1 << 17
"""Most bytes of a control message, below what the kernel passes on as one."""
_TEXT: Final = 100_000
"""Bytes of a refusal that are passed on; a validation report can be longer."""
_GONE: Final = ("The process that starts query workers has ended.", "It is started anew; try again in a few seconds.")


@dataclass(frozen=True)
class Generation:
    """A loaded graph: what the serving processes must know of it, and how a worker gets its store."""

    info: dict[str, Any]
    open_store: Callable[[], Answering]
    confined: bool = True
    """Whether the store can be asked without the network."""


class Channel:
    """One end of a connection to a spawner; safe to use from several threads."""

    def __init__(self, connection: socket.socket) -> None:
        """Speak over a connected sequenced-packet socket."""
        self._connection = connection
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """Return the descriptor that turns readable when the spawner has said something."""
        return self._connection.fileno()

    def ready(self) -> dict[str, Any]:
        """Return what the generation says of itself once it is loaded; raises what kept it from loading."""
        message = self._receive()
        if "failed" in message:
            raise unpacked(message["failed"])
        return dict(message["ready"])

    def spawn(self, services: Sequence[str] = ()) -> tuple[socket.socket, int, int]:
        """Return a connection to a new worker, a descriptor of its process, and its number; raises StoreError.

        `services` are prefixes of endpoints that its queries may ask, see `worker.run`.
        """
        ours, theirs = socket.socketpair()
        with self._lock, theirs:
            self._send({"do": "spawn", "services": list(services)}, theirs)
            pid = self._receive()["pid"]
            try:
                return ours, os.pidfd_open(pid), pid
            except ProcessLookupError as error:
                ours.close()
                raise StoreError("A worker ended before it could take a query.", "The log says why.") from error

    def adopt(self) -> "Channel":
        """Return a second channel to the same spawner, for another process to use."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with self._lock, theirs:
            self._send({"do": "adopt"}, theirs)
        return Channel(ours)

    def close(self) -> None:
        """Let go of the spawner, which ends when nobody holds it any more."""
        self._connection.close()

    def _send(self, message: dict[str, Any], passed: socket.socket) -> None:
        try:
            socket.send_fds(self._connection, [json.dumps(message).encode()], [passed.fileno()])
        except OSError as error:
            raise StoreError(*_GONE) from error

    def _receive(self) -> dict[str, Any]:
        try:
            data = self._connection.recv(_MESSAGE)
        except OSError:
            data = b""
        if not data:
            raise StoreError(*_GONE)
        return dict(json.loads(data))


def start_spawner(
    load: Callable[[], Generation],
    *,
    memory: int,
    forget: Callable[[], None] = lambda: None,
    networked: bool = False,
) -> Channel:
    """Fork a spawner and return a channel to it, at once; `Channel.ready` waits until it has loaded.

    `load` runs in the new process and raises AlpineKGError when the graph must not be served; `memory` is how many bytes a
    worker may grow by; `forget` closes, in the new process, what only the caller uses: above all its channels to other
    spawners, which would otherwise live as long as this one. No socket can be opened in loading and querying, unless `networked`:
    then workers that are spawned with services have some of their own, and those of a remote engine may reach it. The calling
    process must have one thread only.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    caller = os.getpid()
    if os.fork() == 0:
        die_with(caller)
        ours.close()
        forget()
        if not networked:
            seal()
        _run_and_exit(lambda: _Spawner(theirs, memory).run(load))
    theirs.close()
    return Channel(ours)


def _run_and_exit(body: Callable[[], None]) -> NoReturn:
    """Run a forked child's work and end the process without the parent's clean-up."""
    status = 1
    try:
        # Ctrl-C goes to the whole group; the serving processes decide when their workers end.
        for name in (signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        body()
        status = 0
    except Exception:  # noqa: BLE001 - the last place that can say what happened
        traceback.print_exc()
    finally:
        os._exit(status)


class _Spawner:
    def __init__(self, channel: socket.socket, memory: int) -> None:
        self._channels = [channel]
        self._memory = memory

    def run(self, load: Callable[[], Generation]) -> None:
        """Load, tell the supervisor, then fork workers on request until nobody holds a channel."""
        try:
            generation = load()
        except AlpineKGError as error:
            self._tell({"failed": packed(error, _TEXT)})
            return
        self._tell({"ready": generation.info})
        while self._channels:
            for channel in select.select(self._channels, [], [], 1.0)[0]:
                self._serve(channel, generation)
            _reap()

    def _serve(self, channel: socket.socket, generation: Generation) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(channel, _MESSAGE, 1)
        except OSError:
            data, descriptors = b"", []
        if not data:
            self._channels.remove(channel)
            channel.close()
            return
        passed = socket.socket(fileno=descriptors[0])
        message = json.loads(data)
        if message["do"] == "adopt":
            self._channels.append(passed)
            return
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            die_with(parent)
            for other in self._channels:
                other.close()
            _run_and_exit(lambda: self._work(passed, generation, message["services"]))
        passed.close()
        with contextlib.suppress(OSError):
            channel.send(json.dumps({"pid": pid}).encode())

    def _work(self, connection: socket.socket, generation: Generation, services: Sequence[str]) -> None:
        worker.run(connection, generation.open_store(), self._memory, services, confined=generation.confined)

    def _tell(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):
            self._channels[0].send(json.dumps(message).encode())


def _reap() -> None:
    """Collect the workers that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
