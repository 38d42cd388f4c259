"""Answers from memory are those of the application: over a real connection, which they leave in good order."""

import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from alpine_kg.root import FOLDERS, shipped_root
from processes import proportional_bytes
from running import TOKEN, Reply, Service, running

PATH = "/plant/dieppe"
IDLE = 2
MEMORY = "alpine_kg_http_remembered_answers_total"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
OWN = {"date", "x-request-id"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("root")
    for part in FOLDERS:
        shutil.copytree(shipped_root() / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def shipped(root: Path) -> Iterator[Service]:
    with running("--root", root, path="/readyz", keep_alive_seconds=IDLE) as service:
        yield service


def count(service: Service, name: str, *labels: str) -> int:
    """Return the sum of a metric's series that have some labels."""
    page = service.ask("GET", "/metrics").body.decode()
    series = re.findall(rf"^{name}\{{(.*)\}} (\d+)$", page, re.MULTILINE)
    return sum(int(value) for held, value in series if all(label in held for label in labels))


def hits(service: Service) -> int:
    return count(service, MEMORY, 'answer="any"')


def remembered(service: Service, method: str = "GET", path: str = PATH, **headers: str) -> Reply:
    """Return an answer that certainly came from memory."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    service.ask("GET", path, named)
    before = hits(service)
    reply = service.ask(method, path, named)
    assert hits(service) == before + 1
    return reply


def own(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name not in OWN}


@pytest.mark.parametrize("path", [PATH, "/plants?limit=1", "/search?q=dieppe", "/queries/timeline", "/id/plant/dieppe"])
@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/csv, */*;q=0.1"])
def test_what_is_remembered_is_what_the_application_said(shipped: Service, path: str, accept: str) -> None:
    path += f"{'&' if '?' in path else '?'}lang=fr"
    first = shipped.ask("GET", path, {"Accept": accept})
    again = remembered(shipped, path=path, Accept=accept)
    assert (again.status, again.body, own(again)) == (first.status, first.body, own(first))
    assert again.headers["date"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    head = remembered(shipped, "HEAD", path, Accept=accept)
    assert (head.status, head.body, own(head)) == (first.status, b"", own(first))


def test_the_same_wish_in_other_words_is_the_same_answer(shipped: Service) -> None:
    shipped.ask("GET", "/plant/dieppe?1", {"Accept": "text/html, */*;q=0.8", "Accept-Language": "fr-FR, fr;q=0.9"})
    before = hits(shipped)
    for accept, language in (
        ("text/html;q=1.0,*/*;q=0.2", "fr-fr,fr;q=0.1"),
        ("image/webp, text/html, */*;q=0.5", "fr-FR"),
    ):
        shipped.ask("GET", "/plant/dieppe?1", {"Accept": accept, "Accept-Language": language})
    assert hits(shipped) == before + 2
    for accept, language in (("text/html", "fr-FR"), ("text/html, */*;q=0.8", "en")):
        shipped.ask("GET", "/plant/dieppe?1", {"Accept": accept, "Accept-Language": language})
    assert hits(shipped) == before + 2


def test_conditions_and_ids_are_heard(shipped: Service) -> None:
    tag = shipped.ask("GET", PATH).headers["etag"]
    for condition in (tag, f"W/{tag}", "*", f'"other", {tag}'):
        reply = remembered(shipped, If_None_Match=condition)
        assert (reply.status, reply.body, reply.headers["etag"]) == (304, b"", tag)
        assert not {"content-length", "content-type"} & reply.headers.keys()
    assert remembered(shipped, If_None_Match='"other"').status == 200
    assert remembered(shipped, X_Request_Id="mine-1").headers["x-request-id"] == "mine-1"
    assert "evil" not in remembered(shipped, X_Request_Id="evil one").headers["x-request-id"]


def converse(service: Service, sent: bytes) -> bytes:
    """Return all that comes until the server closes the connection, or says no more for a while."""
    with socket.create_connection(("127.0.0.1", service.port), timeout=IDLE + 3) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(1 << 16):
            received += part
    return received


def test_pipelined_answers_keep_their_order(shipped: Service) -> None:
    shipped.ask("GET", PATH)
    names = [b"application", b"memory"] * 20
    paths = {b"application": b"/healthz", b"memory": PATH.encode()}
    requests = [
        b"HEAD %b HTTP/1.1\r\nHost: x\r\nX-Request-Id: %b-%d\r\n\r\n" % (paths[name], name, number)
        for number, name in enumerate(names)
    ]
    received = converse(shipped, b"".join(requests))
    said = re.findall(rb"x-request-id: ([a-z]+-\d+)\r\n", received)
    assert said == [b"%b-%d" % (name, number) for number, name in enumerate(names)]


@pytest.mark.parametrize("pieces", [[30], [1, 2, 3], [200]])
def test_a_request_in_pieces_is_answered(shipped: Service, pieces: list[int]) -> None:
    sent = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nX-Filler: {'a' * 200}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", shipped.port), timeout=5) as connection:
        for end in pieces:
            connection.sendall(sent[:end])
            sent = sent[end:]
            time.sleep(0.05)
        connection.sendall(sent)
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_a_get_with_a_body_leaves_the_connection_in_order(shipped: Service) -> None:
    shipped.ask("GET", PATH)
    body = b"GET /nope HTTP/1.1\r\n\r\n"
    with_body = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    received = converse(shipped, with_body + f"HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert received.count(b"HTTP/1.1 ") == received.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("end", [b"HTTP/1.0\r\n\r\n", b"HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
def test_one_who_wants_one_answer_gets_one(shipped: Service, end: bytes) -> None:
    shipped.ask("GET", PATH)
    begun = time.monotonic()
    received = converse(shipped, b"GET " + PATH.encode() + b" " + end)
    assert received.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in received
    assert time.monotonic() - begun < IDLE


def test_a_connection_is_closed_when_nothing_follows_an_answer_from_memory(shipped: Service) -> None:
    shipped.ask("GET", PATH)
    begun = time.monotonic()
    assert converse(shipped, f"HEAD {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).count(b"HTTP/1.1 200") == 1
    assert IDLE - 0.5 < time.monotonic() - begun < IDLE + 2


def test_one_who_takes_nothing_fills_no_memory(shipped: Service) -> None:
    path = "/export/data.nt"
    assert len(remembered(shipped, path=path).body) > 300_000
    before = proportional_bytes(shipped.leader)
    with socket.create_connection(("127.0.0.1", shipped.port), timeout=5) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 300)
        time.sleep(0.5)
        assert proportional_bytes(shipped.leader) < before + 30_000_000


def test_a_new_version_forgets_the_old_ones_answers(root: Path, shipped: Service) -> None:
    file = root / "data" / "places.ttl"
    text = file.read_text(encoding="utf-8")
    paths = ["/places.json?limit=1000", "/search.json?q=wolfsburg", "/place/wolfsburg", "/export/data.nt"]
    before = {path: remembered(shipped, path=path).body for path in paths}
    asked = f"SELECT ?o {{ <https://w3id.org/alpine-kg/id/place/wolfsburg> <{LABEL}> ?o }}"
    labels = shipped.query(asked).body
    assert shipped.query(asked).body == labels
    assert b"Wolfsburg-Ville" not in labels
    try:
        file.write_text(text.replace('"Wolfsburg"', '"Wolfsburg-Ville"'), encoding="utf-8")
        assert shipped.ask("POST", "/-/reload", {"Authorization": f"Bearer {TOKEN}"}, b"").status == 200
        for path, old in before.items():
            assert b"Wolfsburg-Ville" not in old
            assert b"Wolfsburg-Ville" in shipped.ask("GET", path).body
            assert b"Wolfsburg-Ville" in remembered(shipped, path=path).body
        assert b"Wolfsburg-Ville" in shipped.query(asked).body
    finally:
        file.write_text(text, encoding="utf-8")
