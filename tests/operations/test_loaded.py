"""A store that was loaded in bulk is served at once: look-ups, lists, search and SPARQL; it cannot be written to."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from alpine_kg.graph.bulk import LOADED
from alpine_kg.graph.loading import LAYOUT
from operating import BEARER, PLACES, TURTLE, counted_total, name, total
from running import Service, running
from servers import BIN


@pytest.fixture(scope="module")
def loaded(root: Path, store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # A cache of its own: elsewhere this graph may have been found valid before.
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}
    subprocess.run([BIN / "alpine-kg", "load", "--store", store, "--root", root], check=True, env=environment)
    return store


@pytest.fixture(scope="module")
def service(loaded: Path) -> Iterator[Service]:
    with running("--store", loaded, path="/readyz") as service:
        yield service


@pytest.mark.parametrize("path", ["/plant/dieppe", "/plants?q=dieppe", "/search?q=cmfev", "/export/ontology.ttl", "/"])
def test_every_path_answers(service: Service, path: str) -> None:
    assert service.ask("GET", path).status == 200


def test_readiness_says_that_nobody_validated_it(service: Service) -> None:
    ready = json.loads(service.ask("GET", "/readyz").body)
    assert ready["valid"] is False
    assert ready["graphs"] > 10


def test_derivations_were_loaded(service: Service) -> None:
    reply = service.query("ASK { ?claim <https://w3id.org/alpine-kg/ontology#dueLatest> ?day }")
    assert json.loads(reply.body)["boolean"] is True


def test_the_count_of_everything_is_right(service: Service) -> None:
    assert total(service) == counted_total(service) > 1000


def test_a_write_is_refused(service: Service) -> None:
    reply = service.ask("PUT", PLACES, TURTLE, name("Elsewhere"))
    assert reply.status == 403
    assert "cannot be written to" in json.loads(reply.body)["detail"]


def test_what_is_loaded_meanwhile_is_served_after_a_reload(service: Service, loaded: Path, tmp_path: Path) -> None:
    (tmp_path / "other.ttl").write_text("<urn:a> <urn:p> <urn:o> .", encoding="ascii")
    subprocess.run([BIN / "alpine-kg", "load", "--store", loaded, tmp_path / "other.ttl"], check=True)
    assert service.ask("GET", "/plant/dieppe").status == 200
    assert service.ask("POST", "/-/reload", BEARER).status < 300
    assert json.loads(service.query("ASK { <urn:a> <urn:p> <urn:o> }").body)["boolean"] is True
    assert total(service) == counted_total(service) == 1
    assert service.ask("GET", "/plant/dieppe").status == 404


def test_a_store_of_another_layout_has_to_be_loaded_again(tmp_path: Path) -> None:
    (tmp_path / "some.ttl").write_text("<urn:a> <urn:p> <urn:o> .", encoding="ascii")
    store = tmp_path / "store"
    subprocess.run([BIN / "alpine-kg", "load", "--store", store, tmp_path / "some.ttl"], check=True)
    pointer = store / LOADED
    new = pointer.read_text(encoding="ascii")
    older = new.removesuffix(LAYOUT)
    (store / "generations" / new).rename(store / "generations" / older)
    pointer.write_text(older, encoding="ascii")
    refused = subprocess.run(
        [BIN / "alpine-kg", "serve", "--store", store, "--port", "0"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "another version" in refused.stderr
    assert "alpine-kg load" in refused.stderr
