"""Limits of size, number and time: each is refused with its own problem, and the service goes on."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from operating import problem, raw
from running import Service, running

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
FORM = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[Service]:
    limits = {"head_seconds": 0.6, "body_seconds": 0.6, "body_rate": 1000, "connections": 40, "keep_alive_seconds": 1}
    with running("--root", root, path="/readyz", **limits) as service:
        yield service


@pytest.fixture(autouse=True)
def _goes_on(service: Service) -> Iterator[None]:
    yield
    assert service.ask("GET", "/healthz").status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (GET + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n", 431),
        (GET + b"X: " + b"y" * 40_000 + b"\r\n\r\n", 431),
        (GET + b"X: " + b"y" * 1_000_000, 431),
        (b"GET /" + b"y" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET /" + b"y" * 1_000_000, 414),
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (FORM + b"Content-Length: 3000000\r\nConnection: close\r\n\r\n" + b"#" * 3_000_000, 413),
        (FORM + b"Content-Length: 999999999999999999999\r\n\r\n", 400),
    ],
)
def test_what_is_too_much_is_refused(service: Service, sent: bytes, status: int) -> None:
    assert problem(raw(service, sent))[0] == status


def test_an_endless_body_is_cut_off(service: Service) -> None:
    chunk = b"10000\r\n" + b"#" * 65_536 + b"\r\n"
    answer = raw(service, FORM + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 1_000)
    assert problem(answer)[0] == 413


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([b""], None),
        ([GET[:9]] + [b"a"] * 30, 408),
        ([GET, b"X: "] + [b"a"] * 30, 408),
        ([FORM + b"Content-Length: 100\r\n\r\n"] + [b"#"] * 30, 408),
        ([FORM + b"Content-Length: 100\r\n\r\n"], 408),
        ([b"\r\n"] * 30, None),
    ],
)
def test_what_is_too_slow_is_refused(service: Service, parts: list[bytes], status: int | None) -> None:
    begun = time.monotonic()
    answer = raw(service, *parts, pause=0.1)
    assert time.monotonic() - begun < 5
    assert answer == b"" if status is None else problem(answer)[0] == status


def test_a_body_that_comes_at_the_rate_of_the_settings_is_waited_for(service: Service) -> None:
    query = b"ASK {}" + b" " * 2_994
    parts = [query[at : at + 250] for at in range(0, len(query), 250)]
    head = FORM + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(query)
    assert b" 200 OK" in raw(service, head, *parts, pause=0.1)


def test_an_idle_connection_is_closed(service: Service) -> None:
    begun = time.monotonic()
    assert b" 200 OK" in raw(service, GET + b"\r\n")
    assert 0.5 < time.monotonic() - begun < 4


def test_a_client_that_offers_another_protocol_goes_on_with_this_one(service: Service) -> None:
    offer = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"
    post = FORM + offer + b"Content-Length: 6\r\n\r\nASK {}"
    assert (
        raw(service, GET + offer + b"\r\n", post, GET + b"Connection: close\r\n\r\n", pause=0.3).count(b" 200 OK") == 3
    )


def test_more_connections_than_there_may_be_are_told_so(service: Service) -> None:
    with ExitStack() as stack:
        for _ in range(45):
            stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
        status, said = problem(raw(service, GET + b"\r\n"))
    assert (status, said["type"].rpartition("#")[2]) == (503, "overloaded")
    time.sleep(1)


def test_a_client_that_takes_nothing_of_its_answer_is_cut_off(root: Path) -> None:
    with (
        running("--root", root, path="/readyz", send_seconds=0.5, spool_bytes=1000) as service,
        socket.socket() as connection,
    ):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", service.port))
        query = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
        connection.sendall(FORM + b"Content-Length: %d\r\n\r\n" % len(query) + query)
        time.sleep(4)
        connection.settimeout(5)
        last = b""
        with suppress(ConnectionError):
            while data := connection.recv(1 << 20):
                last = data
        assert not last.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("query", ["(" * 300, "SELECT * {" + "{" * 300, "[" * 300, "#(\n" + "({[" * 100])
def test_a_query_that_nests_too_deeply_is_refused(service: Service, query: str) -> None:
    reply = service.query(query)
    assert reply.status == 400
    assert b"nest deeper than 200 levels" in reply.body


def test_brackets_in_texts_iris_and_comments_nest_nothing(service: Service) -> None:
    held = "(" * 300
    reply = service.query(f"ASK {{ VALUES ?x {{ \"{held}\" '''{held}''' <urn:{held}> }} }} # {held}")
    assert reply.status == 200
