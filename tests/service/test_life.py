"""The life of the service: it starts whole, survives the death of its parts, renews itself, and ends in order."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hostile import RUNAWAYS
from processes import Process, session, wait_until, workers
from roots import LOOK_UP, make_root, set_number
from running import TOKEN, Service, running

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
SECONDS = 5.0


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("life") / "root")


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[Service]:
    """A server that every test leaves in order, and that runs a query again that comes again."""
    with running("--root", root, path="/readyz", cache=root.parent / "cache", answers_bytes=0) as service:
        yield service


@pytest.fixture
def mortal(root: Path) -> Iterator[Service]:
    """A server that a test may end."""
    with running("--root", root, path="/readyz", cache=root.parent / "cache", answers_bytes=0) as service:
        yield service


def living(service: Service) -> list[Process]:
    return [process for process in session(service.leader) if process.state != "Z"]


def children(service: Service) -> dict[bool, list[int]]:
    """Return the supervisor's children: those that have workers of their own, and those that have not."""
    family = living(service)
    parents = {process.parent for process in family}
    direct = [process.pid for process in family if process.parent == service.leader]
    return {spawner: [pid for pid in direct if (pid in parents) is spawner] for spawner in (True, False)}


def refuses(port: int) -> bool:
    """Tell whether nobody listens at a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def answers(service: Service) -> bool:
    with contextlib.suppress(OSError):
        return service.query("ASK {}", timeout=2).status == service.ask("GET", LOOK_UP, timeout=2).status == 200
    return False


def number(service: Service) -> str:
    reply = service.ask("GET", LOOK_UP, {"Accept": "text/turtle"})
    assert reply.status == 200, reply.body
    return reply.body.decode().partition("plants:0> ")[2].partition(" ")[0]


@pytest.mark.parametrize("spawner", [True, False])
def test_a_part_that_dies_is_replaced(service: Service, *, spawner: bool) -> None:
    assert answers(service)
    killed: list[int] = []
    for _ in range(2):
        killed += children(service)[spawner]
        os.kill(killed[-1], signal.SIGKILL)
        wait_until(lambda: killed[-1] not in children(service)[spawner] and answers(service), SECONDS)  # noqa: B023 - called in this round
    time.sleep(1.0)
    after = children(service)
    assert len(after[True]) == len(after[False]) == 1
    assert sum(process.cpu for process in living(service)) < 10


def test_a_worker_that_dies_costs_one_answer_at_most(service: Service) -> None:
    assert answers(service)
    for _ in range(3):
        for process in workers(service.leader):
            os.kill(process.pid, signal.SIGKILL)
        assert service.query("ASK {}").status in {200, 503}
        wait_until(lambda: answers(service), SECONDS)


def test_quick_queries_share_the_workers_that_are_there(service: Service) -> None:
    for _ in range(5):
        assert service.query("ASK {}").status == 200
    time.sleep(0.5)  # the spares are there by now
    before = {process.pid for process in workers(service.leader)}
    for number in range(20):
        assert service.query(f"SELECT * {{ ?s ?p ?o }} LIMIT {number + 1}").status == 200
    assert {process.pid for process in workers(service.leader)} == before


def test_a_long_query_that_comes_again_finds_its_worker(data: Path) -> None:
    pairs = "{ SELECT ?c { ?a ?b ?c } LIMIT 400 } { SELECT ?f { ?d ?e ?f } LIMIT 400 } FILTER(STRLEN(?c) > STRLEN(?f))"
    query = f"SELECT (COUNT(*) AS ?n) {{ {pairs} }}"
    with running(data, short_lane_milliseconds=1, answers_bytes=0) as service:
        for _ in range(2):  # as a short one, and as a long one
            assert service.query(query).status == 200
        time.sleep(0.5)  # the spares are there by now
        before = {process.pid for process in workers(service.leader)}
        for _ in range(5):
            assert service.query(query).status == 200
        assert {process.pid for process in workers(service.leader)} == before


def test_a_look_up_outlives_its_worker(service: Service) -> None:
    """Each language is another answer, which no memory holds yet."""
    for turn, language in enumerate(("fr", "en", "de", "it", "es", "pt")):
        if turn % 2 == 0:
            for process in workers(service.leader):
                os.kill(process.pid, signal.SIGKILL)
        headers = {"Accept-Language": f"{language}, x-{turn};q=0.1"}
        assert service.ask("GET", f"{LOOK_UP}.json", headers).status == 200


@pytest.mark.parametrize("reloads", [0, 2])
def test_nothing_outlives_the_supervisor(mortal: Service, reloads: int) -> None:
    for _ in range(reloads):
        assert mortal.ask("POST", "/-/reload", AUTHORIZED, b"").status == 200
    assert answers(mortal)
    os.kill(mortal.leader, signal.SIGKILL)
    wait_until(lambda: not living(mortal), SECONDS)
    # A process of several threads is told dead with its first, and lets go of its sockets with its last.
    wait_until(lambda: refuses(mortal.port), SECONDS)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_an_end_in_order(mortal: Service, name: signal.Signals) -> None:
    assert answers(mortal)
    os.kill(mortal.leader, name)
    wait_until(lambda: not living(mortal), SECONDS)
    wait_until(lambda: refuses(mortal.port), SECONDS)


def test_running_requests_are_finished_first(root: Path) -> None:
    with running("--root", root, path="/readyz", cache=root.parent / "cache", query_seconds=1.5) as service:
        text = RUNAWAYS["cross product counted"]
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length:"
        with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
            connection.sendall(f"{head} {len(text)}\r\n\r\n{text}".encode())
            time.sleep(0.3)
            os.kill(service.leader, signal.SIGTERM)
            assert connection.recv(1000).split()[1] in {b"200", b"503", b"504"}
        wait_until(lambda: not living(service), SECONDS)


def test_reload_by_signal(service: Service, root: Path) -> None:
    before = number(service)
    set_number(root, "plants", 7)
    os.kill(service.leader, signal.SIGHUP)
    wait_until(lambda: number(service) != before, SECONDS)


def test_an_invalid_graph_is_refused_and_the_old_one_kept(service: Service, root: Path) -> None:
    before = number(service)
    (root / "data" / "plants.ttl").write_text("this is no Turtle", encoding="utf-8")
    reply = service.ask("POST", "/-/reload", AUTHORIZED, b"")
    assert 400 <= reply.status < 500
    assert reply.media_type == "application/problem+json"
    assert b"plants.ttl" in reply.body
    ready = service.ask("GET", "/readyz")
    assert ready.status == 200
    assert b"plants.ttl" in ready.body
    assert number(service) == before
    set_number(root, "plants", 8)
    assert service.ask("POST", "/-/reload", AUTHORIZED, b"").status == 200
    assert b"plants.ttl" not in service.ask("GET", "/readyz").body


def test_a_root_that_has_gone_is_refused(service: Service, root: Path) -> None:
    before = number(service)
    gone = root.rename(root.with_name("gone"))
    try:
        assert 400 <= service.ask("POST", "/-/reload", AUTHORIZED, b"").status < 600
        assert number(service) == before
        assert answers(service)
    finally:
        gone.rename(root)
    assert service.ask("POST", "/-/reload", AUTHORIZED, b"").status == 200


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_nobody_reloads_without_the_token(service: Service, headers: dict[str, str]) -> None:
    reply = service.ask("POST", "/-/reload", headers, b"")
    assert reply.status in {401, 403}
    assert TOKEN.encode() not in reply.body
    assert service.ask("GET", "/-/reload", AUTHORIZED).status == 405


def test_two_serving_processes_serve_one_state(root: Path) -> None:
    with running("--root", root, "--workers", "2", path="/readyz", cache=root.parent / "cache") as service:
        for turn in range(1, 6):
            set_number(root, "plants", turn)
            assert service.ask("POST", "/-/reload", AUTHORIZED, b"").status == 200
            # Each request is a new connection, so both processes are asked.
            assert len({number(service) for _ in range(12)}) == 1
