"""The serving process's handle on one worker: its connection, and the signals that rule it."""

import asyncio
import contextlib
import os
import signal
from typing import Final, Self

from alpine_kg.store.workers.frames import HEAD
from alpine_kg.store.workers.spawner import Channel

_NICE: Final = 19
_BUFFER: Final = 1 << 18


class Worker:
    """A worker process with an asynchronous connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, process: int, pid: int) -> None:
        """Hold on to a connected worker; `process` is a descriptor of it, which no other process can come to share."""
        self._reader = reader
        self._writer = writer
        self._process = process
        self._pid = pid

    @classmethod
    async def start(cls, channel: Channel) -> Self:
        """Return a new worker of a spawner; raises StoreError when the spawner has gone."""
        connection, process, pid = await asyncio.to_thread(channel.spawn)
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection, limit=_BUFFER)
        return cls(reader, writer, process, pid)

    @property
    def gone(self) -> bool:
        """Whether the worker has closed its connection."""
        return self._reader.at_eof() or self._writer.is_closing()

    def send(self, message: bytes) -> None:
        """Send a message."""
        self._writer.write(message)

    async def receive(self) -> tuple[bytes, bytes]:
        """Return the next message; raises IncompleteReadError when the worker has ended."""
        kind, length = HEAD.unpack(await self._reader.readexactly(HEAD.size))
        return kind, await self._reader.readexactly(length)

    def lower_priority(self) -> None:
        """Let everybody else's work go first."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._pid, _NICE)

    def pause(self) -> None:
        """Stop the worker where it stands."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a stopped worker go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the worker and free what it holds; it must not be used afterwards."""
        self._signal(signal.SIGKILL)
        os.close(self._process)
        self._writer.transport.abort()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, number)
