"""The serving process's handle on one worker: its connection, and the signals that rule it."""

import asyncio
import contextlib
import os
import resource
import signal
import socket
import time
from typing import Final, Self

from alpine_kg.errors import AlpineKGError, StoreError
from alpine_kg.store.federation.forwarder import Federation, Forwarder
from alpine_kg.store.workers.frames import HEAD
from alpine_kg.store.workers.spawner import Channel

_PAGE: Final = resource.getpagesize()
_STATM: Final = 256
"""Bytes that hold the seven numbers of proc_pid_statm(5)."""
LONG: Final = 10
LONGEST: Final = 19
"""How far queries give way: more than a worker does by itself, so that short ones go first, yet long ones do not starve."""
_BUFFER: Final = 1 << 18


class Worker:
    """A worker process with an asynchronous connection."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        process: int,
        pid: int,
        forwarder: Forwarder | None = None,
    ) -> None:
        """Hold on to a connected worker; `process` is a descriptor of it, which no other process can come to share."""
        self._forwarder = forwarder
        self._reader = reader
        self._writer = writer
        self._process = process
        self._pid = pid
        # Kept open: the memory is read before each query, and opening a file would cost ten times as much.
        self._statm = _statm(pid)
        self._at_first = self.memory_bytes()
        self.niceness = 0

    @classmethod
    async def start(cls, channel: Channel, federation: Federation | None = None) -> Self:
        """Return a new worker of a spawner; raises StoreError when the spawner has gone."""
        starting = asyncio.create_task(cls._start(channel, federation))
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # The worker is on its way, and nobody waits for it any more.
            starting.add_done_callback(_end)
            raise

    @classmethod
    async def _start(cls, channel: Channel, federation: Federation | None) -> Self:
        prefixes = federation.prefixes if federation else []
        connection, process, pid = await asyncio.to_thread(channel.spawn, prefixes)
        forwarder = Forwarder(federation) if federation else None
        if forwarder:
            try:
                await forwarder.serve(await asyncio.to_thread(_listener, connection))
            except BaseException:
                connection.close()
                os.close(process)
                raise
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection, limit=_BUFFER)
        return cls(reader, writer, process, pid, forwarder)

    @property
    def gone(self) -> bool:
        """Whether the worker has closed its connection."""
        return self._reader.at_eof() or self._writer.is_closing()

    def send(self, message: bytes) -> None:
        """Send a query."""
        if self._forwarder:
            self._forwarder.begin()
        self._writer.write(message)

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next message; raises IncompleteReadError when the worker has ended."""
        kind, length = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        return kind, await self._reader.readexactly(length)

    def cause(self, error: AlpineKGError) -> AlpineKGError:
        """Return what made a query fail: its own error, or that of an endpoint that it asks."""
        return self._forwarder.cause(error) if self._forwarder else error

    def processor_seconds(self) -> float:
        """Return the processor time that the worker has used so far, and 0 when it has ended."""
        try:
            # Linux numbers the processor-time clocks of processes so (clock_getcpuclockid(3), which Python does not offer).
            return time.clock_gettime((~self._pid << 3) | 2)
        except OSError:
            return 0.0

    def memory_bytes(self) -> int:
        """Return the memory that the worker has in its own or shares with its spawner, and 0 when it has ended."""
        try:
            return int(os.pread(self._statm, _STATM, 0).split()[1]) * _PAGE
        except (OSError, IndexError):
            return 0

    def growth(self) -> int:
        """Return the bytes by which the worker has grown since it was started."""
        return self.memory_bytes() - self._at_first

    def give_way(self, niceness: int) -> None:
        """Let the work of others go first, as far as the system's niceness says; there is no way back."""
        if niceness > self.niceness:
            self.niceness = niceness
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._pid, niceness)

    def pause(self) -> None:
        """Stop the worker where it stands."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a stopped worker go on."""
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """End the process; whoever reads from the worker learns of it."""
        self._signal(signal.SIGKILL)

    def kill(self) -> None:
        """End the worker and free what it holds; it must not be used afterwards."""
        if self._forwarder:
            self._forwarder.close()
        self.end()
        os.close(self._process)
        os.close(self._statm)
        self._writer.transport.abort()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, number)


def _statm(pid: int) -> int:
    """Return a descriptor of a process's memory figures, or of nothing when it has ended."""
    try:
        return os.open(f"/proc/{pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)


def _end(starting: "asyncio.Task[Worker]") -> None:
    if not starting.cancelled() and not starting.exception():
        starting.result().kill()


def _listener(connection: socket.socket) -> socket.socket:
    """Return the listener that a federating worker hands over before all else; raises StoreError when it ends instead."""
    _, descriptors, _, _ = socket.recv_fds(connection, HEAD.size, 1)
    if not descriptors:
        raise StoreError("A worker ended before it could take a query.", "The log says why.")
    return socket.socket(fileno=descriptors[0])
