"""The second wall: with the refusal of SERVICE taken away, a worker still reaches nobody."""

import ctypes
import os
import platform
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.outbound.world import Server, Spawn, disk_store, listener, memory_store, outcome, run

from alpine_kg.errors import BadQueryError, ForbiddenQueryError, StoreError
from alpine_kg.graph.judgement import Judgement
from alpine_kg.root import GraphRoot
from alpine_kg.store.workers import Generation, confinement, start_spawner, worker
from alpine_kg.trust import Trust
from alpine_kg.validation import shacl, validate

QUERIES = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{0}> }} LATERAL {{ SERVICE ?e {{ ?s ?p ?o }} }} }}",
    "PREFIX e: <{0}> ASK {{ FILTER EXISTS {{ SERVICE e: {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ SERVICE SILENT <http://localhost:{1}/> {{ ?s ?p ?o }} }}",
)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let every query through to the engine."""
    monkeypatch.setattr(worker, "refuse_outward", lambda query: query)
    return monkeypatch


def ask_all(channel: Any) -> tuple[list[Any], Server]:
    """Everything that would contact a server which listens, and the server."""

    async def ask(lanes: Any, server: Server) -> list[Any]:
        found = [await outcome(lanes, query.format(server.address, server.port)) for query in QUERIES]
        return [*found, await outcome(lanes, "SELECT ?o { <urn:two> <urn:is> ?o }")]

    server = Server()
    return run(channel, ask, server=server), server


def assert_silent(found: list[Any], server: Server) -> None:
    assert server.contacts == 0
    assert isinstance(found[0], BadQueryError), "the engine has tried, and could not"
    assert found[1] == found[4] == [{}], "SILENT gives one empty solution"
    assert found[-1] == [{"o": "2"}], "the same workers answer what concerns no other endpoint"


def test_both_walls(unguarded: pytest.MonkeyPatch, spawn: Spawn) -> None:
    del unguarded
    assert_silent(*ask_all(spawn()))


def test_both_walls_around_a_store_on_disk(unguarded: pytest.MonkeyPatch, spawn: Spawn, tmp_path: Path) -> None:
    del unguarded
    assert_silent(*ask_all(spawn(disk_store(tmp_path / "quads"))))


def test_the_namespace_alone(unguarded: pytest.MonkeyPatch, spawn: Spawn) -> None:
    unguarded.setattr(confinement, "_MACHINES", {})
    assert_silent(*ask_all(spawn(federated=True)))


def test_the_filter_alone(unguarded: pytest.MonkeyPatch, spawn: Spawn) -> None:
    unguarded.setattr(confinement, "_NEW_USER", -1)
    assert_silent(*ask_all(spawn()))


def test_without_the_walls_the_server_would_have_heard_of_it(unguarded: pytest.MonkeyPatch, spawn: Spawn) -> None:
    """Else the tests above prove nothing."""
    unguarded.setattr(worker, "isolate", lambda **_: None)
    _, server = ask_all(spawn(federated=True))
    assert server.contacts == len(QUERIES)


def test_a_worker_without_any_wall_does_not_work(monkeypatch: pytest.MonkeyPatch, spawn: Spawn) -> None:
    monkeypatch.setattr(confinement, "_MACHINES", {})
    monkeypatch.setattr(confinement, "_NEW_USER", -1)
    channel = spawn()
    connection, process, _ = channel.spawn()
    with connection:
        assert connection.recv(1) == b"", "the worker has ended"
    os.close(process)


def in_child(work: Callable[[], object]) -> str:
    """What a forked process makes of something: its result or failure as text."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            said = repr(work())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
            said = type(error).__name__
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(pid, 0)
    return said


FAMILIES = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_family_of_sockets_is_left(family: socket.AddressFamily) -> None:
    def work() -> None:
        confinement.isolate()
        socket.socket(family, socket.SOCK_RAW if family == socket.AF_NETLINK else socket.SOCK_STREAM)

    assert in_child(work) == "PermissionError"


def test_a_listening_worker_has_ipv4_alone_and_nowhere_to_go() -> None:
    def work() -> list[str]:
        listener = confinement.isolate(listening=True)
        assert listener
        found = [in_child(partial(socket.socket, family)) for family in (socket.AF_INET6, socket.AF_UNIX)]
        with socket.create_connection(listener.getsockname()):
            found.append("heard")
        addresses = ("192.0.2.1", "10.0.0.1", "127.0.0.1")
        return found + [in_child(partial(socket.create_connection, (address, 9), 1)) for address in addresses]

    expected = ["PermissionError", "PermissionError", "heard", "OSError", "OSError", "ConnectionRefusedError"]
    assert in_child(work) == repr(expected)


def test_sockets_that_exist_stay_usable() -> None:
    def work() -> bytes:
        confinement.isolate()
        one, other = socket.socketpair()
        one.sendall(b"still here")
        return other.recv(99)

    assert in_child(work) == repr(b"still here")


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only there the kernel has a second numbering")
@pytest.mark.parametrize("call", [41, 42, 425, 438, 0x40000000 + 41], ids=hex)
def test_no_numbering_leads_around_the_filter(call: int) -> None:
    def work() -> tuple[int, int]:
        confinement.seal()
        libc = ctypes.CDLL(None, use_errno=True)
        return libc.syscall(call, socket.AF_INET, socket.SOCK_STREAM, 0), ctypes.get_errno()

    assert in_child(work) == repr((-1, 1))


def test_loading_opens_no_socket_either() -> None:
    def load() -> Generation:
        with socket.socket():
            raise AssertionError
        return Generation({}, memory_store)

    def fails() -> Generation:
        try:
            return load()
        except PermissionError as error:
            raise StoreError("refused", str(error)) from error

    channel = start_spawner(fails, memory=2**30)
    with pytest.raises(StoreError, match="refused"):
        channel.ready()
    channel.close()


SHAPE = r"""
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
<urn:shape> a sh:NodeShape ; sh:targetClass ak:Plant ; sh:sparql [ a sh:SPARQLConstraint ; sh:message "no" ; sh:select
    "SELECT $this { $this ?p ?o FILTER EXISTS { SERV\\u0049CE <ADDRESS> { ?a ?b ?c } } }" ] .
"""


@pytest.mark.parametrize("guarded", [True, False])
def test_the_rules_of_a_root_contact_nobody(
    small_root: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """A shape may hold SPARQL of its own, whose engine knows no rules of ours: it is refused, and has no socket either."""
    if not guarded:
        monkeypatch.setattr(shacl, "refuse_outward", lambda text: text)
    with listener() as (address, contacts):
        root = GraphRoot.open(small_root({"ontology/shapes/plant.ttl": SHAPE.replace("ADDRESS", address)}))
        with suppress(StoreError):
            Judgement.begin(root, Trust(tmp_path / "trust")).wait()
        assert contacts == []
        with suppress(ForbiddenQueryError, OSError):
            validate(root)
        assert bool(contacts) is not guarded, "without any wall it would have, else this proves nothing"
