"""Reloads: by HTTP and by signal, accepted and refused, in one serving process and in several."""

import json
import os
import signal
from pathlib import Path

import pytest

from operating import BEARER, eventually, version
from running import Service, running

PATH = "/-/reload"


@pytest.fixture
def edited(root: Path) -> Path:
    """A file of the root that a test may change; it is put back afterwards."""
    return root / "data" / "places.ttl"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no"}, {"Authorization": f"Basic {BEARER}"}])
def test_only_the_token_reloads(service: Service, headers: dict[str, str]) -> None:
    reply = service.ask("POST", PATH, headers, b"")
    assert (reply.status, reply.headers["www-authenticate"]) == (401, 'Bearer realm="alpine-kg"')
    assert service.ask("GET", PATH).status == 405


def test_a_reload_serves_what_the_files_say_now_and_a_refused_one_changes_nothing(
    service: Service, edited: Path
) -> None:
    before, text = version(service), edited.read_text(encoding="utf-8")
    try:
        edited.write_text(text + "\n<urn:a> a <urn:b> .\n", encoding="utf-8")
        reply = service.ask("POST", PATH, BEARER, b"")
        assert (reply.status, reply.media_type) == (422, "application/problem+json")
        assert "data/places.ttl:" in json.loads(reply.body)["report"]
        state = json.loads(service.ask("GET", "/readyz").body)
        assert (state["status"], state["version"]) == ("ready", before)
        assert "data/places.ttl:" in state["refused"]["report"]
        edited.write_text(text.replace("Hexagone", "Hexagone même"), encoding="utf-8")
        reply = service.ask("POST", PATH, BEARER, b"")
        assert reply.status == 200
        assert json.loads(reply.body)["version"] == version(service) != before
        assert "refused" not in json.loads(service.ask("GET", "/readyz").body)
    finally:
        edited.write_text(text, encoding="utf-8")
    os.kill(service.leader, signal.SIGHUP)
    eventually(lambda: version(service) == before)


def test_without_a_token_there_are_no_reloads_and_no_writes(root: Path) -> None:
    with running("--root", root, token="") as service:
        for method, path in (("POST", PATH), ("PUT", "/graph/places"), ("DELETE", "/rdf-graph-store?default")):
            reply = service.ask(method, path, BEARER, b"")
            assert reply.status == 403
            assert json.loads(reply.body)["type"].endswith("#operations-off")


def test_a_reload_and_its_measurements_reach_every_serving_process(root: Path, edited: Path) -> None:
    text = edited.read_text(encoding="utf-8")
    with running("--root", root, "--workers", "3", path="/readyz") as service:
        try:
            edited.write_text(text.replace("Hexagone", "Hexagone encore"), encoding="utf-8")
            served = json.loads(service.ask("POST", PATH, BEARER, b"").body)["version"]
        finally:
            edited.write_text(text, encoding="utf-8")
        assert {version(service) for _ in range(30)} == {served}

        def measured() -> bool:
            page = service.ask("GET", "/metrics").body.decode()
            return all(f'alpine_kg_renewals_total{{process="{place}"}} 1\n' in page for place in range(3))

        eventually(measured)
