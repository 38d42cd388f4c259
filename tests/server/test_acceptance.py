"""Several that take connections to one socket: each its share, and none is left waiting whatever becomes of the others."""

import asyncio
import errno
import logging
import socket
import struct
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager

import pytest
import uvloop

from alpine_kg.server.acceptance import Acceptance
from alpine_kg.server.tally import Tally

RESET = struct.pack("ii", 1, 0)
SECONDS = 10.0

Run = Callable[[Coroutine[None, None, None]], None]
Connect = Callable[[], socket.socket]


class Taker:
    """One of those that take connections, with those that it holds open."""

    def __init__(self, listener: socket.socket, tally: Tally, place: int) -> None:
        self.connections: dict[object, asyncio.BaseTransport] = {}
        self.made = 0
        self.acceptance = Acceptance(listener, tally, place, lambda: Held(self), self.connections)


class Held(asyncio.Protocol):
    """A connection."""

    def __init__(self, taker: Taker) -> None:
        self.taker = taker

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.taker.connections[self] = transport
        self.taker.made += 1

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        del self.taker.connections[self]
        self.taker.acceptance.ended()


class Exhausted(socket.socket):
    """A listening socket of a process that has too many files open, once."""

    exhausted = True

    def accept(self) -> tuple[socket.socket, object]:
        if self.exhausted:
            self.exhausted = False
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@asynccontextmanager
async def taking(
    listener: socket.socket, tally: Tally, place: int, kind: type[socket.socket] = socket.socket
) -> AsyncIterator[Taker]:
    """Take connections until the end of the block."""
    with kind(fileno=listener.dup().detach()) as own:
        taker = Taker(own, tally, place)
        try:
            yield taker
        finally:
            taker.acceptance.close()
            await taker.acceptance.wait_closed()
            for transport in list(taker.connections.values()):
                transport.close()
            await until(lambda: not taker.connections)
            await asyncio.sleep(0)  # the sockets are closed


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - nobody tells of what is waited for
            await asyncio.sleep(0.001)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def connect(listener: socket.socket) -> Iterator[Connect]:
    """Opens connections, and closes them after the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(listener.getsockname()))


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs a test in each kind of event loop."""
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run


@pytest.mark.parametrize("number", [2, 3])
def test_what_waits_is_shared_out(run: Run, listener: socket.socket, connect: Connect, number: int) -> None:
    async def test() -> None:
        tally = Tally(number)
        for _ in range(8 * number):
            connect()
        async with AsyncExitStack() as stack:
            takers = [await stack.enter_async_context(taking(listener, tally, place)) for place in range(number)]
            await until(lambda: sum(taker.made for taker in takers) == 8 * number)
            shares = [taker.made for taker in takers]
            assert max(shares) - min(shares) <= 2, shares

    run(test())


def test_one_that_hangs_keeps_nothing_waiting(run: Run, listener: socket.socket, connect: Connect) -> None:
    async def test() -> None:
        tally = Tally(2)
        tally.write(1, 0)
        async with taking(listener, tally, 0) as taker:
            for _ in range(5):
                connect()
            await until(lambda: taker.made == 5)
            assert not tally.is_turn(0)

    run(test())


def test_what_is_counted_is_open(run: Run, listener: socket.socket, connect: Connect) -> None:
    async def test() -> None:
        tally = Tally(2)
        tally.write(1, 2)
        async with taking(listener, tally, 0) as taker:
            client, _ = connect(), connect()
            await until(lambda: taker.made == 2)
            assert tally.is_turn(1)
            client.close()
            next(iter(taker.connections.values())).close()
            await until(lambda: len(taker.connections) == 1)
            assert not tally.is_turn(1)

    run(test())


def test_a_client_that_has_gone_again_is_not_counted(run: Run, listener: socket.socket, connect: Connect) -> None:
    async def test() -> None:
        tally = Tally(2)
        tally.write(1, 0)
        hasty = connect()
        hasty.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        hasty.close()
        async with taking(listener, tally, 0) as taker:
            await until(lambda: taker.made == 1 and not taker.connections)
            await until(lambda: tally.is_turn(0))
            connect()
            await until(lambda: taker.made == 2)
            assert not tally.is_turn(0)

    run(test())


def test_after_its_end_it_takes_nothing_and_keeps_what_it_has(
    run: Run, listener: socket.socket, connect: Connect
) -> None:
    async def test() -> None:
        tally = Tally(2)
        async with taking(listener, tally, 0) as first:
            connect()
            await until(lambda: first.made == 1)
            first.acceptance.close()
            async with taking(listener, tally, 1) as second:
                for _ in range(4):
                    connect()
                await until(lambda: second.made == 4)
                assert tally.is_turn(1), "nobody waits for one that has ended"
                assert len(first.connections) == first.made == 1

    run(test())


def test_too_many_open_files_are_said_once_and_waited_for(
    run: Run, listener: socket.socket, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        tally = Tally(2)
        tally.write(1, 7)
        connect()
        async with taking(listener, tally, 0, Exhausted) as taker:
            await until(lambda: bool(caplog.records))
            assert tally.is_turn(1), "nobody waits for one that can take none"
            await until(lambda: taker.made == 1)
            assert not tally.is_turn(1)

    with caplog.at_level(logging.ERROR):
        run(test())
    assert [record.getMessage() for record in caplog.records] == [
        "no connection can be taken: [Errno 24] Too many open files"
    ]
