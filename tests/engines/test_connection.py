"""The connection to an engine: what is tried again, what an engine's answers mean, and who we say that we are."""

import logging
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.errors import AlpineKGError, BadParameterError, StoreError, TimeLimitError, UnsupportedQueryError
from alpine_kg.formats import FORMATS
from alpine_kg.settings import Settings
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.remote import Edition, RemoteStore, check_engine
from alpine_kg.store.remote.connection import Connection
from alpine_kg.store.remote.engines import ENGINES, engine_of

Handler = BaseHTTPRequestHandler
Connect = Callable[..., Connection]
VERSION = (
    b'{"head":{"vars":["what","value"]},"results":{"bindings":[{'
    b'"what":{"type":"uri","value":"urn:alpine-kg:version"},"value":{"type":"literal","value":"v"}}]}}'
)
ROWS = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}}]}}'


def say(handler: Handler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), "Content-Type": "application/sparql-results+json"}.items():
        handler.send_header(name, headers.pop(name.replace("-", "_"), value))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def hang_up(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def asked(connection: Connection) -> bytes:
    with connection.ask("SELECT * { ?s ?p ?o }", DatasetChoice(("urn:g",)), "application/sparql-results+json") as found:
        return found.read()


def test_a_query_that_got_no_answer_is_sent_once_more(engine: Connect) -> None:
    seen: list[bytes] = []

    def reply(handler: Handler, body: bytes) -> None:
        seen.append(body)
        hang_up(handler) if len(seen) == 1 else say(handler, 200, ROWS)

    assert asked(engine(reply)) == ROWS
    assert len(seen) == 2


def test_a_query_that_gets_no_answer_twice_is_given_up(engine: Connect) -> None:
    seen: list[bytes] = []

    def reply(handler: Handler, body: bytes) -> None:
        seen.append(body)
        hang_up(handler)

    with pytest.raises(StoreError, match="cannot be reached"):
        asked(engine(reply))
    assert len(seen) == 2


def test_an_update_that_may_have_been_carried_out_is_never_sent_again(engine: Connect) -> None:
    seen: list[bytes] = []

    def reply(handler: Handler, body: bytes) -> None:
        seen.append(body)
        hang_up(handler)

    connection = engine(reply)
    with pytest.raises(StoreError, match="cannot be reached"):
        connection.update("CLEAR ALL")
    with pytest.raises(StoreError, match="cannot be reached"):
        connection.put("urn:g", b"", add=True)
    assert len(seen) == 2
    with pytest.raises(StoreError, match="cannot be reached"):
        connection.put("urn:g", b"")
    assert len(seen) == 4  # a PUT is the same however often it comes


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (400, {}, UnsupportedQueryError),
        (500, {}, UnsupportedQueryError),
        (401, {}, StoreError),
        (403, {}, StoreError),
        (404, {}, StoreError),
        (429, {}, StoreError),
        (503, {}, StoreError),
        (504, {}, TimeLimitError),
        (200, {"X_SQL_State": "S1TAT"}, TimeLimitError),
        (200, {"X_SPARQL_MaxRows": "10000"}, StoreError),
    ],
)
def test_what_an_engine_refuses(
    engine: Connect, status: int, headers: dict[str, str], kind: type[AlpineKGError]
) -> None:
    connection = engine(lambda handler, _: say(handler, status, b"no", **headers), store_engine="virtuoso")
    with pytest.raises(kind) as caught:
        asked(connection)
    assert type(caught.value) is kind
    assert caught.value.remedy


def test_an_engine_that_takes_too_long(engine: Connect) -> None:
    def reply(handler: Handler, _: bytes) -> None:
        time.sleep(1)
        hang_up(handler)

    connection = engine(reply, query_seconds=0.2)
    with pytest.raises(TimeLimitError):
        asked(connection)


def test_an_answer_that_breaks_off_is_no_answer(engine: Connect) -> None:
    def reply(handler: Handler, body: bytes) -> None:
        if b"alpine-kg%3Astate" in body:
            say(handler, 200, VERSION)
        else:
            say(handler, 200, ROWS[:50], Content_Length=str(len(ROWS)))
            hang_up(handler)

    store = RemoteStore(engine(reply), Edition("v", ()))
    with pytest.raises(StoreError):
        store.select("SELECT ?a {}")


def test_an_error_in_the_middle_of_an_answer_is_no_part_of_it(engine: Connect) -> None:
    def reply(handler: Handler, body: bytes) -> None:
        say(handler, 200, VERSION if b"alpine-kg%3Astate" in body else ROWS[:-2] + b"The query timed out")

    with pytest.raises(StoreError):
        RemoteStore(engine(reply), Edition("v", ())).select("SELECT ?a {}")


def test_an_edition_is_not_changed_in_place(engine: Connect) -> None:
    store = RemoteStore(engine(lambda handler, _: say(handler, 500)), Edition("v", ()))
    changes: tuple[Callable[[], None], ...] = (
        lambda: store.load({}),
        lambda: store.load_file(Path("x.ttl"), FORMATS["ttl"], merge=True),
        lambda: store.derive("urn:g", "CONSTRUCT WHERE { ?s ?p ?o }"),
    )
    for change in changes:
        with pytest.raises(StoreError, match="cannot be changed"):
            change()


def test_another_version_is_not_mixed_in(engine: Connect) -> None:
    store = RemoteStore(engine(lambda handler, _: say(handler, 200, VERSION)), Edition("w", ()))
    with pytest.raises(StoreError, match="another version"):
        store.select("SELECT ?a {}")


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"store_user": "ann", "store_password": "s3cret"}, "Basic YW5uOnMzY3JldA=="),
        ({"store_token": "t0ken"}, "Bearer t0ken"),
        ({}, None),
    ],
)
def test_who_we_say_that_we_are(engine: Connect, settings: dict[str, str], shown: str | None) -> None:
    seen: list[str | None] = []

    def reply(handler: Handler, _: bytes) -> None:
        seen.append(handler.headers["Authorization"])
        say(handler, 200, ROWS)

    asked(engine(reply, **settings))
    assert seen == [shown]


def test_a_password_is_not_shown_as_it_is_where_the_engine_asks_for_a_digest(engine: Connect) -> None:
    seen: list[str] = []

    def reply(handler: Handler, _: bytes) -> None:
        seen.append(handler.headers["Authorization"] or "")
        challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm="MD5"'
        say(handler, 200, ROWS) if seen[-1] else say(handler, 401, WWW_Authenticate=challenge)

    secrets = {"store_user": "ann", "store_password": "s3cret"}
    assert asked(engine(reply, store_engine="virtuoso", **secrets)) == ROWS
    assert seen[0] == ""
    assert seen[1].startswith("Digest ")
    assert "s3cret" not in seen[1]


def test_no_secret_is_logged(engine: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {"store_user": "ann", "store_password": "s3cret"}
    for reply in (lambda handler, _: hang_up(handler), lambda handler, _: say(handler, 401)):
        with pytest.raises(StoreError) as caught:
            asked(engine(reply, **secrets))
        assert "s3cret" not in str(caught.value)
    assert caplog.text
    assert "s3cret" not in caplog.text
    assert "SELECT" not in caplog.text


@pytest.mark.parametrize(
    ("name", "address", "kind", "update", "graphs"),
    [
        ("", "http://h:7878/query", "oxigraph", "http://h:7878/update", "http://h:7878/store"),
        (
            "virtuoso",
            "http://h:8890/sparql",
            "virtuoso",
            "http://h:8890/sparql-auth",
            "http://h:8890/sparql-graph-crud-auth",
        ),
        ("fuseki", "http://h/ds/sparql", "fuseki", "http://h/ds/update", "http://h/ds/data"),
        ("fuseki", "http://h/ds/query", "fuseki", "http://h/ds/update", "http://h/ds/data"),
        (
            "",
            "http://h/repositories/r",
            "graphdb",
            "http://h/repositories/r/statements",
            "http://h/repositories/r/rdf-graphs/service",
        ),
        ("neptune", "https://h:8182/sparql", "neptune", "https://h:8182/sparql", "https://h:8182/sparql/gsp/"),
        ("stardog", "http://h/db/query", "stardog", "http://h/db/update", "http://h/db"),
        ("", "https://h/sparql", "sparql", "https://h/sparql", "https://h/sparql"),
    ],
)
def test_where_an_engine_has_its_endpoints(name: str, address: str, kind: str, update: str, graphs: str) -> None:
    found = engine_of(name, address)
    assert found.name == kind
    assert found.place(address, found.update) == update
    assert found.place(address, found.graphs) == graphs


def test_every_kind_of_engine_is_documented_and_tested() -> None:
    page = (Path(__file__).parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
    rows = {cells[1].strip(" `"): line for line in page.splitlines() if len(cells := line.split("|")) > 7}
    for row in ENGINES.values():
        assert row.update.rpartition("/")[2] in rows[row.name]
        assert row.graphs.rstrip("/").rpartition("/")[2] in rows[row.name]
        assert all(name in page for name in row.unable)
    assert set(ENGINES) == {"oxigraph", "virtuoso", "fuseki", "graphdb", "neptune", "stardog", "sparql"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"store_user": "ann"}, "names none"),
        ({"store": "/a/folder", "store_token": "t"}, "names none"),
        ({"store": "https://ann:s3cret@h/sparql"}, "a name or a password"),
        ({"store": "https://h/sparql", "service_allow": "https://other/"}, "SERVICE"),
        ({"store": "https://h/sparql", "store_engine": "virtuso"}, "no kind of engine"),
    ],
)
def test_settings_that_do_not_fit_together_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(BadParameterError, match=words) as caught:
        check_engine(Settings(**settings))
    assert "s3cret" not in str(caught.value)
