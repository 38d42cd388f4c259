"""Nothing that anybody sends makes the service contact another: a listener on this machine is never called."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from running import TOKEN, Service

pytestmark = pytest.mark.usefixtures("nothing_is_left_behind")


class Listener:
    """A server that takes note of who connects, answers with RDF, and so would be believed."""

    def __init__(self, family: socket.AddressFamily, host: str) -> None:
        self.calls: list[str] = []
        self._socket = socket.create_server((host, 0), family=family)
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, address = self._socket.accept()
            except OSError:
                return
            with connection:
                self.calls.append(f"{address}: {connection.recv(200)!r}")
                body = b"<urn:stolen> <urn:from> <urn:inside> ."
                head = f"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                connection.sendall(head.encode() + body)

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture(scope="module")
def listeners() -> Iterator[list[Listener]]:
    """One on each loopback address."""
    found = [Listener(socket.AF_INET, "127.0.0.1"), Listener(socket.AF_INET6, "::1")]
    yield found
    for each in found:
        each.close()


@pytest.fixture(autouse=True)
def _nobody_called(listeners: list[Listener]) -> Iterator[None]:
    yield
    assert [call for each in listeners for call in each.calls] == []


@pytest.fixture(scope="module")
def addresses(listeners: list[Listener]) -> list[str]:
    """The listeners' addresses, as a firewall of words would not know them."""
    port, sixth = listeners[0].port, listeners[1].port
    hosts = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0.0.0.0",  # noqa: S104 - nobody binds to it
        "[::ffff:127.0.0.1]",
    ]
    return [*(f"http://{host}:{port}/data.ttl" for host in hosts), f"http://[::1]:{sixth}/data.ttl"]


QUERIES = {
    "SERVICE": "SELECT * WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SERVICE SILENT": "SELECT * WHERE {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "service by variable": "SELECT * WHERE {{ VALUES ?e {{ <{0}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "service by prefix": "PREFIX x: <{0}> SELECT * WHERE {{ sErViCe x: {{ ?s ?p ?o }} }}",
    "service after a comment": "SELECT * WHERE {{ SERVICE # <urn:no>\n<{0}> {{ ?s ?p ?o }} }}",
    "service with escapes": "SELECT * WHERE {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "service in a subquery": "SELECT * WHERE {{ {{ SELECT * WHERE {{ OPTIONAL {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }} }}",
    "service in EXISTS": "ASK {{ ?a ?b ?c FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "service in CONSTRUCT": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "service by BASE": "BASE <{0}> SELECT * WHERE {{ SERVICE <> {{ ?s ?p ?o }} }}",
    "service behind a text": "SELECT * WHERE {{ BIND('''it's''' AS ?x) SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "FROM": "SELECT * FROM <{0}> WHERE {{ ?s ?p ?o }}",
    "FROM NAMED": "SELECT * FROM NAMED <{0}> WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "GRAPH": "SELECT * WHERE {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE": "DESCRIBE <{0}>",
    "LOAD": "LOAD <{0}>",
    "LOAD SILENT": "LOAD SILENT <{0}> INTO GRAPH <urn:g>",
}


@pytest.mark.parametrize("kind", QUERIES)
def test_queries(service: Service, addresses: list[str], kind: str) -> None:
    for address in addresses:
        text = QUERIES[kind].format(address)
        reply = service.query(text, "*/*")
        assert reply.status in ({400, 403} if "SERVICE" in kind or "LOAD" in kind else {200, 400, 403}), reply.body
        assert b"stolen" not in reply.body
        reply = service.ask("GET", f"/sparql?query={quote(text, safe='')}")
        assert reply.status in {200, 400, 403}


@pytest.mark.parametrize(
    "name", ["default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri", "graph"]
)
def test_parameters(service: Service, addresses: list[str], name: str) -> None:
    for address in addresses:
        value = quote(address, safe="")
        text = quote("SELECT * WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", safe="")
        for path in (f"/sparql?query={text}&{name}={value}", f"/rdf-graph-store?{name}={value}", f"/search?q={value}"):
            reply = service.ask("GET", path)
            assert reply.status < 500
            assert b"stolen" not in reply.body


UPLOADS = {
    "application/ld+json": [
        '{{"@context": "{0}", "@id": "urn:s", "p": "o"}}',
        '{{"@context": {{"@import": "{0}"}}, "@id": "urn:s", "urn:p": "o"}}',
        '[{{"@context": [null, "{0}"], "@id": "urn:s"}}]',
    ],
    "text/turtle": ["@prefix owl: <http://www.w3.org/2002/07/owl#> . <urn:s> owl:imports <{0}> ."],
    "application/rdf+xml": [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "{0}">]><r xmlns="urn:r">&x;</r>',
        '<!DOCTYPE r SYSTEM "{0}"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
        '<!DOCTYPE r [<!ENTITY % x SYSTEM "{0}"> %x;]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    ],
}


@pytest.mark.parametrize("media_type", UPLOADS)
@pytest.mark.parametrize(
    "target", ["/rdf-graph-store?graph=urn:uploaded", "/rdf-graph-store?default", "/graph/uploaded"]
)
def test_uploads(start: Callable[..., Service], addresses: list[str], media_type: str, target: str) -> None:
    service = start()
    for template in UPLOADS[media_type]:
        for address in addresses[:2]:
            headers = {"Content-Type": media_type, "Authorization": f"Bearer {TOKEN}"}
            reply = service.ask("PUT", target, headers, template.format(address).encode())
            assert reply.status < 500 or reply.status == 501
            assert b"stolen" not in service.query("SELECT * { GRAPH ?g { ?s ?p ?o } }").body


def test_files_of_json_ld_are_loaded_without_their_remote_contexts(
    start: Callable[..., Service], addresses: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("remote") / "remote.jsonld"
    path.write_text(json.dumps({"@context": addresses[0], "@id": "urn:s", "p": "o"}), encoding="utf-8")
    with pytest.raises(RuntimeError, match="does not serve"):
        start(path)


def test_proxies_and_the_like(service: Service, listeners: list[Listener]) -> None:
    """The service is no proxy, whatever the request line or the headers say."""
    address = f"127.0.0.1:{listeners[0].port}"
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    connection.request("GET", f"http://{address}/data.ttl")
    assert connection.getresponse().read() != b""
    connection.close()
    for line in (f"CONNECT {address} HTTP/1.1", f"GET http://{address}/ HTTP/1.1"):
        with socket.create_connection(("127.0.0.1", service.port), timeout=5) as raw:
            raw.sendall(f"{line}\r\nHost: {address}\r\nForwarded: host={address}\r\nConnection: close\r\n\r\n".encode())
            assert b"stolen" not in raw.recv(1000)
    for name in ("X-Forwarded-Host", "X-Forwarded-For", "Referer", "Origin", "X-Original-URL", "Host"):
        assert service.ask("GET", "/.well-known/void", {name: address}).status < 500
