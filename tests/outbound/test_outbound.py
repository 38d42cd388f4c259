"""Requests to other endpoints: whom they go to, what they say, and how much of an answer is taken."""

import asyncio
import ssl
import time
from collections.abc import Sequence
from typing import Any

import pytest
from tests.outbound.world import PUBLIC, Reply, Server, answer, solutions

from alpine_kg.errors import ServiceError
from alpine_kg.store.federation import outbound
from alpine_kg.store.federation.endpoints import AllowList, Endpoint
from alpine_kg.store.federation.outbound import Limits, Outbound, Stream

HOST = "https://allowed.example/"
OTHER = "http://other.example:81/base/"


class Net:
    """A net in which every address leads to one server: it remembers who was looked up and who was connected to."""

    def __init__(self, names: dict[str, Sequence[str]] | None = None) -> None:
        self.names = names or {}
        self.looked_up: list[tuple[str, int]] = []
        self.connected: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.server = Server()

    async def resolve(self, host: str, port: int) -> list[str]:
        self.looked_up.append((host, port))
        return list(self.names.get(host, [PUBLIC]))

    async def connect(self, address: str, endpoint: Endpoint) -> Stream:
        self.connected.append((address, str(endpoint)))
        if address in self.dead:
            raise ConnectionRefusedError
        return await asyncio.open_connection("127.0.0.1", self.server.port)

    def ask(self, reply: bytes | Reply, endpoint: str = HOST + "sparql", most: int = 10_000, **limits: Any) -> bytes:
        self.server.reply = reply
        allowed = AllowList.read([HOST, OTHER])

        async def body() -> bytes:
            async with self.server.listening():
                sender = Outbound(allowed, Limits(**limits), resolve=self.resolve, connect=self.connect)
                return await sender.ask(Endpoint.read(endpoint), b"SELECT * WHERE { ?x ?y 'caf\xc3\xa9' . }", most)

        return asyncio.run(body())


def moved(*locations: str, status: int = 307) -> Reply:
    """Redirect to each of these in turn, then answer."""
    left = [answer(b"", f"{status} Moved", more=f"Location: {location}\r\n") for location in locations]

    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if left else solutions("there"))

    return reply


def test_the_request_says_what_is_needed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    net = Net()
    assert b"there" in net.ask(solutions("there"))
    head, _, body = net.server.heard[0].partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    assert first == "POST /sparql HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in rest)
    assert headers.pop("User-Agent").startswith("alpine-kg/")
    assert headers == {
        "Host": "allowed.example",
        "Accept": "application/sparql-results+json",
        "Accept-Encoding": "identity",
        "Content-Type": "application/sparql-query",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    assert body.decode() == "SELECT * WHERE { ?x ?y 'café' . }"
    assert net.connected == [(PUBLIC, HOST + "sparql")]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["fe80::1%eth0"],
        ["::ffff:192.168.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:7f00:1::1"],
        ["224.0.0.1"],
        [PUBLIC, "127.0.0.1"],
        ["127.0.0.1", PUBLIC],
        [],
    ],
    ids=str,
)
def test_a_name_that_leads_inside_is_refused(addresses: list[str]) -> None:
    net = Net({"allowed.example": addresses})
    with pytest.raises(ServiceError, match="not of the public internet") as caught:
        net.ask(solutions())
    assert (net.connected, net.server.contacts) == ([], 0)
    assert caught.value.details == {"endpoint": HOST + "sparql"}
    assert not any(address in str(caught.value) for address in addresses), (
        "what a name leads to inside is nobody's business"
    )


def test_the_address_that_was_judged_is_the_one_that_is_contacted() -> None:
    """A name server that changes its mind between two questions is asked one."""
    net = Net()
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def resolve(host: str, port: int) -> list[str]:
        net.looked_up.append((host, port))
        return answers.pop(0)

    net.resolve = resolve  # type: ignore[method-assign]
    net.ask(solutions())
    assert net.looked_up == [("allowed.example", 443)]
    assert [address for address, _ in net.connected] == [PUBLIC]


def test_the_next_address_is_tried_when_one_is_dead() -> None:
    net = Net({"allowed.example": ["2001:4860::1", PUBLIC]})
    net.dead = {"2001:4860::1"}
    assert b"there" in net.ask(solutions("there"))
    assert [address for address, _ in net.connected] == ["2001:4860::1", PUBLIC]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    "location", ["/other", HOST + "other", "other", OTHER + "x", OTHER.replace("http", "HTTP") + "x"]
)
def test_a_redirection_to_what_is_allowed_is_followed(location: str, status: int) -> None:
    net = Net()
    assert b"there" in net.ask(moved(location, status=status))
    assert len(net.looked_up) == 2, "each name is judged anew"
    assert net.server.heard[1].startswith(b"POST ")
    assert net.server.heard[0].partition(b"\r\n\r\n")[2] == net.server.heard[1].partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    "location",
    [
        *(
            "http://allowed.example/sparql",
            "https://evil.example/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "//evil.example/",
        ),
        *(
            "https://allowed.example:8443/",
            "https://allowed.example@evil.example/",
            "file:///etc/passwd",
            "/../x/%2e%2e",
        ),
        *("http://other.example:81/", "http://other.example/base/x", "http://[", "/x y", "/%2f"),
    ],
)
def test_a_redirection_elsewhere_is_not(location: str) -> None:
    net = Net()
    with pytest.raises(ServiceError, match="redirects to an address that ALPINE_KG_SERVICE_ALLOW does not allow"):
        net.ask(moved(location))
    assert net.server.contacts == 1


def test_a_redirection_to_an_allowed_name_that_leads_inside_is_refused() -> None:
    net = Net({"other.example": ["10.0.0.7"]})
    with pytest.raises(ServiceError, match="not of the public internet"):
        net.ask(moved(OTHER + "x"))
    assert net.server.contacts == 1


def test_only_so_many_redirections() -> None:
    with pytest.raises(ServiceError, match="redirects more than 1 times"):
        Net().ask(moved("/a", "/b"))
    assert b"there" in Net().ask(moved("/a", "/b"), redirects=2)
    with pytest.raises(ServiceError, match="redirects more than 0 times"):
        Net().ask(moved("/a"), redirects=0)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"


@pytest.mark.parametrize(
    "reply",
    [
        HEAD + b"Content-Length: 2\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
        HEAD + b"\r\n{}",
        HEAD.replace(b"1.1", b"1.0") + b"\r\n{}",
        b"HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\n{}",
        HEAD.replace(b"json", b"JSON; charset=utf-8") + b"Content-Length: 2\r\n\r\n{}",
        HEAD.replace(b"sparql-results+", b"") + b"Content-Length: 2\r\n\r\n{}",
    ],
    ids=range(8),
)
def test_answers_are_read_as_http_has_them(reply: bytes) -> None:
    assert Net().ask(reply) == b"{}"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer(b"{}", "500 No"), "status 500"),
        (answer(b"", "204 None"), "status 204"),
        (answer(b"{}", "303 See", more="Location: /x\r\n"), "status 303"),
        (answer(b"{}", "401 Who"), "status 401"),
        (answer(b"{}", kind="text/html"), "another format"),
        (answer(b"{}", kind="application/sparql-results+xml"), "another format"),
        (answer(b"{}", more="Content-Encoding: gzip\r\n"), "another format"),
        (answer(b"x" * 10_001), "more than the 10000 bytes"),
        (HEAD + b"\r\n" + b"x" * 10_001, "more than the 10000 bytes"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000, "more than the 10000 bytes"),
        (HEAD + b"X: y\r\n" * 20_000, "more than the 10000 bytes"),
        (HEAD + b"X: " + b"y" * 100_000, "more than the 10000 bytes"),
        (HEAD + b"Content-Length: 5\r\n\r\n{}", "ended in the middle"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", "ended in the middle"),
        (HEAD, "ended in the middle"),
        (b"", "ended in the middle"),
        (b"SSH-2.0-OpenSSH\r\n", "not HTTP"),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "not HTTP"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", "not HTTP"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "not HTTP"),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxx", "not HTTP"),
    ],
    ids=range(21),
)
def test_answers_that_cannot_be_used(reply: bytes, words: str) -> None:
    with pytest.raises(ServiceError, match=words) as caught:
        Net().ask(reply)
    assert caught.value.message.startswith(f"The endpoint {HOST}sparql ")
    assert caught.value.remedy


@pytest.mark.parametrize("part", [b"HTTP/1.1 200 OK\r\nX-", HEAD + b"Content-Length: 1000\r\n\r\n"])
def test_an_answer_that_drips_is_given_up_in_time(part: bytes) -> None:
    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(part)
        for _step in range(100):
            writer.write(b"x")
            await asyncio.sleep(0.02)

    begun = time.monotonic()
    with pytest.raises(ServiceError, match=r"within 0\.2 seconds"):
        Net().ask(reply, seconds=0.2)
    assert time.monotonic() - begun < 1


def test_a_name_that_takes_too_long_is_given_up_in_time() -> None:
    net = Net()

    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.sleep(5)
        return [host, str(port)]

    net.resolve = resolve  # type: ignore[method-assign]
    with pytest.raises(ServiceError, match=r"within 0\.1 seconds"):
        net.ask(b"", seconds=0.1)


def test_a_connection_with_tls_proves_the_host_whatever_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def open_connection(*arguments: Any, **named: Any) -> None:
        asked.append((arguments, named))

    monkeypatch.setattr(asyncio, "open_connection", open_connection)
    asyncio.run(outbound.connect(PUBLIC, Endpoint.read("https://allowed.example:8443/x")))
    asyncio.run(outbound.connect(PUBLIC, Endpoint.read("http://other.example/x")))
    (address, named), plain = asked
    context = named.pop("ssl")
    assert (address, named) == ((PUBLIC, 8443), {"server_hostname": "allowed.example"})
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    assert plain == ((PUBLIC, 80), {})


def test_the_system_resolver_gives_every_address() -> None:
    """So no address escapes the judgement; a number is looked up nowhere."""
    assert asyncio.run(outbound.resolve("127.0.0.1", 80)) == ["127.0.0.1"]
    assert asyncio.run(outbound.resolve("0x7f.1", 80)) == ["127.0.0.1"]
    assert asyncio.run(outbound.resolve("::1", 80)) == ["::1"]
