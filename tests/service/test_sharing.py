"""Two serving processes share connections out among them, and none waits for a process that does not take its share."""

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from processes import Process, connections, session, wait_until
from running import Service, running

SECONDS = 10.0
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
BURST = 16
NEAR = 2
"""How far from even the shares may be."""
TRIES = 10
"""A machine that is busy with other things may keep one process from its share for once."""
MOST = 3 * BURST


@pytest.fixture(scope="module")
def service(start: Callable[..., Service]) -> Service:
    """A server of two serving processes, both of which every test leaves without connections."""
    service = start("--workers", "2", path="/readyz", keep_alive_seconds=60, head_seconds=60)
    wait_until(lambda: len(speakers(service)) == 2, SECONDS)
    return service


@pytest.fixture
def mortal(data: Path) -> Iterator[Service]:
    """A server that a test may end."""
    with running(data, "--workers", "2", path="/readyz", keep_alive_seconds=60, head_seconds=60) as service:
        yield service


@pytest.fixture
def clients(service: Service) -> Iterator[list[socket.socket]]:
    """Connections that stay open until the end of the test."""
    clients: list[socket.socket] = []
    yield clients
    close(service, clients)


def speakers(service: Service) -> list[int]:
    """Return the serving processes: the children of the supervisor that have none of their own."""
    family = [process for process in session(service.leader) if process.state != "Z"]
    parents = {process.parent for process in family}
    return [process.pid for process in family if process.parent == service.leader and process.pid not in parents]


def shares(service: Service) -> list[int]:
    return [connections(pid, service.port) for pid in speakers(service)]


def begin(service: Service) -> socket.socket:
    """Return a connection, not necessarily taken yet, on which a request is sent."""
    client = socket.create_connection(("127.0.0.1", service.port), timeout=SECONDS)
    client.sendall(GET)
    return client


def is_answered(client: socket.socket) -> bool:
    return b" 200 OK" in client.recv(1 << 16)


def is_closed(client: socket.socket) -> bool:
    """Tell whether the other side closes a connection; what is left of an answer is thrown away."""
    while client.recv(1 << 16):
        pass
    return True


def close(service: Service, clients: list[socket.socket]) -> None:
    for client in clients:
        client.close()
    clients.clear()
    wait_until(lambda: not any(shares(service)), SECONDS)


def burst(service: Service, clients: list[socket.socket]) -> None:
    """Open many connections at once; all are answered."""
    new = [begin(service) for _ in range(BURST)]
    clients += new
    assert all(is_answered(client) for client in new)


def is_even(service: Service) -> bool:
    held = shares(service)
    return len(held) == 2 and max(held) - min(held) <= NEAR


def even_out(service: Service, clients: list[socket.socket]) -> None:
    """Open connections until both processes have their share."""
    while not is_even(service):
        assert len(clients) < MOST + BURST, shares(service)
        clients.append(begin(service))
        assert is_answered(clients[-1])


@contextlib.contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Have a process stand still."""
    os.kill(pid, signal.SIGSTOP)
    try:
        wait_until(lambda: (process := Process.read(pid)) is not None and process.state == "T", SECONDS)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_burst_is_shared_out(service: Service, clients: list[socket.socket]) -> None:
    for _ in range(TRIES):
        burst(service, clients)
        assert sum(shares(service)) == BURST
        if is_even(service):
            return
        close(service, clients)
    pytest.fail("one process had more than its share each time")


def test_nothing_waits_for_a_process_that_stands_still(service: Service, clients: list[socket.socket]) -> None:
    for pid in speakers(service):
        with stopped(pid):
            burst(service, clients)
            assert connections(pid, service.port) == 0
        # Once it goes on, it has what comes until it has its share.
        even_out(service, clients)
        close(service, clients)


def test_nothing_waits_for_a_process_that_is_replaced(mortal: Service) -> None:
    wait_until(lambda: len(speakers(mortal)) == 2, SECONDS)
    killed = speakers(mortal)[0]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: killed not in speakers(mortal), SECONDS)
    clients: list[socket.socket] = []
    with ExitStack() as stack:
        stack.callback(close, mortal, clients)
        burst(mortal, clients)
        wait_until(lambda: both_take(mortal), SECONDS)
        even_out(mortal, clients)


def both_take(service: Service) -> bool:
    """Tell whether both processes have connections, while some more are open than before."""
    with ExitStack() as stack:
        clients = [stack.enter_context(begin(service)) for _ in range(NEAR)]
        assert all(is_answered(client) for client in clients)
        return len(held := shares(service)) == 2 and min(held) > 0


def test_the_end_comes_in_order(mortal: Service) -> None:
    clients: list[socket.socket] = []
    with ExitStack() as stack:
        burst(mortal, clients)
        for client in clients:
            stack.enter_context(client)
        os.kill(mortal.leader, signal.SIGTERM)
        assert all(is_closed(client) for client in clients)
        wait_until(lambda: not [process for process in session(mortal.leader) if process.state != "Z"], SECONDS)
