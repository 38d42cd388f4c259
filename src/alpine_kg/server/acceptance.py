"""The way in which each of several serving processes takes connections: no more than its share, as long as others take theirs.

They share one listening socket, and an event loop takes whatever waits there at once: the process that wakes first would get
nearly all connections of a client, and the other processors would have nothing to do.
"""

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Collection
from typing import Final

from alpine_kg.server.tally import Tally

_LOG: Final = logging.getLogger("alpine_kg.acceptance")
_PATIENCE: Final = 0.002
"""Seconds for which connections are left to a process that has fewer; it may be busy, hang or have died."""
_RECOVERY: Final = 1.0
"""Seconds until a process that may open no more files tries again."""
_AT_ONCE: Final = 64
"""Connections that are taken before what else there is to do has its turn."""
_EXHAUSTED: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Acceptance:
    """Takes connections to a shared listening socket; uvicorn closes it as it closes an `asyncio.Server`."""

    def __init__(
        self,
        listener: socket.socket,
        tally: Tally,
        place: int,
        protocol: Callable[[], asyncio.Protocol],
        connections: Collection[object],
    ) -> None:
        """Begin, in a running event loop; `connections` holds those protocols whose connections are made and not yet lost."""
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._tally = tally
        self._place = place
        self._protocol = protocol
        self._connections = connections
        self._coming: dict[asyncio.Protocol, asyncio.Task[None]] = {}
        self._resting: asyncio.TimerHandle | None = None
        self._exhausted = False
        self._closed = False
        listener.setblocking(False)
        self._watch()

    def ended(self) -> None:
        """Take note that a connection has ended; it may be this process's turn again."""
        self._tell()
        if self._resting and not self._exhausted and self._tally.is_turn(self._place):
            self._watch()

    def close(self) -> None:
        """Take no more connections; those that are open stay so."""
        self._closed = True
        self._stop_watching()
        self._tell()

    async def wait_closed(self) -> None:
        """Wait until the connections that have been taken are made."""
        await asyncio.gather(*self._coming.values(), return_exceptions=True)

    def _watch(self) -> None:
        self._stop_watching()
        self._exhausted = False
        self._tell()
        self._loop.add_reader(self._listener, self._take)

    def _stop_watching(self) -> None:
        self._loop.remove_reader(self._listener)
        if self._resting:
            self._resting.cancel()
            self._resting = None

    def _rest(self, seconds: float) -> None:
        self._stop_watching()
        self._resting = self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        """Take one connection, whatever the others have, and go on."""
        self._watch()
        if self._accept():
            self._take()

    def _take(self) -> None:
        """Take what waits for as long as it is this process's turn."""
        for _ in range(_AT_ONCE):
            if not self._tally.is_turn(self._place):
                self._rest(_PATIENCE)
                return
            if not self._accept():
                return

    def _accept(self) -> bool:
        """Take a connection; return whether one was there."""
        try:
            accepted, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            _LOG.error("no connection can be taken: %s", error)
            self._exhausted = True
            self._rest(_RECOVERY)
            self._tell()
            return False
        protocol = self._protocol()
        self._coming[protocol] = self._loop.create_task(self._connect(protocol, accepted))
        self._tell()
        return True

    async def _connect(self, protocol: asyncio.Protocol, accepted: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(lambda: protocol, accepted)
        except OSError:  # the client has gone again
            accepted.close()
        finally:
            del self._coming[protocol]
            self._tell()

    def _tell(self) -> None:
        """Put down how many connections there are, with those to come, or that none are taken."""
        if self._closed or self._exhausted:
            self._tally.leave(self._place)
        else:
            # Those that are made some moments before the task that waits for them goes on are counted once.
            coming = sum(protocol not in self._connections for protocol in self._coming)
            self._tally.write(self._place, len(self._connections) + coming)
