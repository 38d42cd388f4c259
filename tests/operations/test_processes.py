"""Processes that end: gracefully when they are asked to, replaced when they are killed, and never left behind."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from operating import BEARER, PLACES, TURTLE, eventually, has_name, name, version
from processes import session
from running import Reply, Service, running
from servers import BIN, serving

CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def below(service: Service, depth: int) -> list[int]:
    """Return the processes so many levels below the supervisor."""
    family = {process.pid: process for process in session(service.leader) if process.state != "Z"}
    pids = [service.leader]
    for _ in range(depth):
        pids = [pid for pid, process in family.items() if process.parent in pids]
    return pids


def spawners(service: Service) -> list[int]:
    """Return the children of the supervisor that have children: the query workers."""
    workers = below(service, 2)
    return [
        pid
        for pid in below(service, 1)
        if any(process.parent == pid for process in session(service.leader) if process.pid in workers)
    ]


def gone(leader: int) -> bool:
    return not [process for process in session(leader) if process.state != "Z"]


def slow(service: Service, seconds: float, replies: list[Reply]) -> threading.Thread:
    """Begin a query that takes so many seconds, and collect its answer."""

    def ask() -> None:
        with suppress(ConnectionError, http.client.HTTPException):
            replies.append(service.ask("GET", f"/sparql?timeout={seconds}&query={quote(CROSS)}"))

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.3)
    return thread


def test_a_killed_serving_process_and_a_killed_spawner_are_replaced(root: Path) -> None:
    with running("--root", root, "--workers", "2", path="/readyz", answers_bytes=0) as service:
        assert service.query("ASK {}").status == 200
        (spawner,) = spawners(service)
        serving_processes = set(below(service, 1)) - {spawner}
        assert len(serving_processes) == 2
        os.kill(serving_processes.pop(), signal.SIGKILL)
        eventually(lambda: len(below(service, 1)) == 3)
        eventually(lambda: {service.query("ASK {}").status for _ in range(10)} == {200})
        os.kill(spawner, signal.SIGKILL)
        eventually(lambda: spawner not in below(service, 1))
        eventually(lambda: {service.query("ASK {}").status for _ in range(10)} == {200})
        assert service.ask("POST", "/-/reload", BEARER, b"").status == 200
        eventually(lambda: len(below(service, 1)) == 3)


def test_reloads_leave_no_process_behind(service: Service) -> None:
    for _ in range(3):
        assert service.ask("POST", "/-/reload", BEARER, b"").status == 200
    eventually(lambda: len(below(service, 1)) == 2)


@pytest.mark.parametrize("when", ["serving", "loading"])
def test_nothing_outlives_a_killed_supervisor(root: Path, when: str) -> None:
    with running("--root", root, "--workers", "2", path="/readyz", answers_bytes=0) as service:
        if when == "serving":
            slow(service, 20, [])
        else:
            os.kill(service.leader, signal.SIGHUP)
        os.kill(service.leader, signal.SIGKILL)
        eventually(lambda: gone(service.leader), 1.0)


def test_a_signal_to_stop_lets_running_requests_finish(root: Path) -> None:
    with running("--root", root, path="/readyz") as service:
        replies: list[Reply] = []
        query = slow(service, 2, replies)
        write = threading.Thread(target=lambda: replies.append(service.ask("POST", PLACES, TURTLE, name("Dernière"))))
        write.start()
        time.sleep(0.2)
        os.kill(service.leader, signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(ConnectionError):
            service.ask("GET", "/healthz")
        query.join(15)
        write.join(15)
        assert sorted(reply.status for reply in replies) == [200, 504]
        eventually(lambda: gone(service.leader), 3.0)


def test_a_second_signal_ends_at_once(root: Path) -> None:
    with running("--root", root, path="/readyz") as service:
        slow(service, 20, [])
        os.kill(service.leader, signal.SIGTERM)
        time.sleep(0.3)
        os.kill(service.leader, signal.SIGINT)
        eventually(lambda: gone(service.leader), 1.0)


def test_an_acknowledged_write_survives_a_kill(root: Path, store: Path) -> None:
    with running("--root", root, "--store", store, path="/readyz") as service:
        assert service.ask("POST", PLACES, TURTLE, name("Survit")).status == 200
        served = version(service)
        os.kill(service.leader, signal.SIGKILL)
    with running("--root", root, "--store", store, path="/readyz") as service:
        assert version(service) == served
        assert has_name(service, "Survit")
        taken = subprocess.run(
            [BIN / "alpine-kg", "serve", "--store", store, "--port", "0"], capture_output=True, text=True, check=False
        )
        assert taken.returncode == 2
        assert "in use by another service" in taken.stderr


def test_a_graph_that_is_not_valid_is_not_served(root: Path) -> None:
    file = root / "data" / "places.ttl"
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(text + "<urn:a> a <urn:b> .", encoding="utf-8")
        command = [str(BIN / "alpine-kg"), "serve", "--root", str(root), "--port"]
        refused = subprocess.run([*command, "0"], capture_output=True, text=True, check=False)
        assert refused.returncode == 1
        assert "data/places.ttl:" in refused.stderr
        with serving([*command, "{port}", "--allow-invalid"], "/readyz") as server:
            assert json.loads(Service(server.port, server.process.pid).ask("GET", "/readyz").body)["valid"] is False
    finally:
        file.write_text(text, encoding="utf-8")
