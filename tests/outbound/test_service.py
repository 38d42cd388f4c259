"""The running service with federation on: an operator's mistake opens no door to the inside."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.outbound.world import listener

Asked = tuple[int, Any]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def ask(service: str, query: str) -> Asked:
    """The status and the body of an answer."""
    try:
        with urllib.request.urlopen(f"{service}/sparql?{urllib.parse.urlencode({'query': query})}", timeout=20) as got:  # noqa: S310
            return got.status, json.loads(got.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def start(folder: Path, **settings: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start the service over a small file."""
    file, port = folder / "file.ttl", free_port()
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ALPINE_KG_")}
    command = [str(Path(sys.executable).with_name("alpine-kg")), "serve", str(file), "--port", str(port)]
    process = subprocess.Popen(command, env=environment | settings, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, list[int]]]:
    """A service that is allowed to ask a listener on this machine by two names, the listener's port, and its contacts."""
    with listener() as (address, contacts):
        port = urllib.parse.urlsplit(address).port
        allowed = f"http://localhost:{port}/,http://127.0.0.1:{port}/,https://query.wikidata.org/"
        process, service = start(tmp_path_factory.mktemp("served"), ALPINE_KG_SERVICE_ALLOW=allowed)
        deadline = time.monotonic() + 30
        while True:
            try:
                assert ask(service, "ASK {}")[0] == 200
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None and time.monotonic() < deadline, process.stderr and process.stderr.read()  # noqa: PT018
                time.sleep(0.1)
        try:
            yield service, str(port), contacts
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_an_allowed_name_of_this_machine_is_not_contacted(inside: tuple[str, str, list[int]], host: str) -> None:
    service, port, contacts = inside
    status, problem = ask(service, f"SELECT * {{ SERVICE <http://{host}:{port}/sparql> {{ ?s ?p ?o }} }}")
    assert status == 502
    assert problem["type"].endswith("#service-failed")
    assert problem["endpoint"] == f"http://{host.lower()}:{port}/sparql"
    silent, answer = ask(service, f"SELECT * {{ SERVICE SILENT <http://{host}:{port}/sparql> {{ ?s ?p ?o }} }}")
    assert (silent, answer["results"]["bindings"]) == (200, [{}])
    assert contacts == []


def test_what_is_not_allowed_is_forbidden(inside: tuple[str, str, list[int]]) -> None:
    service, _, contacts = inside
    status, problem = ask(service, "ASK { SERVICE <https://example.org/sparql> {} }")
    assert status == 403
    assert problem["endpoint"] == "https://example.org/sparql"
    assert "ALPINE_KG_SERVICE_ALLOW" in problem["remedy"]
    assert contacts == []


def test_everything_else_is_answered_as_ever(inside: tuple[str, str, list[int]]) -> None:
    service, _, contacts = inside
    assert ask(service, "SELECT ?o { <urn:a> <urn:b> ?o }")[1]["results"]["bindings"][0]["o"]["value"] == "urn:c"
    with urllib.request.urlopen(f"{service}/sparql", timeout=20) as got:  # noqa: S310
        assert b"sd:BasicFederatedQuery" in got.read()
    assert contacts == []


def test_a_wrong_prefix_stops_the_start(tmp_path: Path) -> None:
    process, _ = start(tmp_path, ALPINE_KG_SERVICE_ALLOW="query.wikidata.org")
    _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert b"ALPINE_KG_SERVICE_ALLOW names 'query.wikidata.org'" in said
