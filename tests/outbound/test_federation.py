"""Queries that ask other endpoints, in the workers in which the service runs them."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.outbound.world import Reply, Server, Spawn, answer, disk_store, federation, outcome, run, solutions

from alpine_kg.errors import BadQueryError, ForbiddenQueryError, ServiceError
from alpine_kg.store.federation import redirection
from alpine_kg.store.federation.redirection import Redirection
from alpine_kg.store.workers import Lanes

ONE = "https://allowed.example/sparql"
PART = "{ ?x <urn:p> ?y }"
Ask = Callable[..., Any]


@pytest.fixture
def ask(spawn: Spawn) -> Ask:
    """Return what becomes of queries, asked one after the other, and the server that plays all endpoints."""

    def asked(*queries: str, reply: bytes | Reply = b"", opener: Any = None, **more: Any) -> tuple[list[Any], Server]:
        async def each(lanes: Lanes, _: Server) -> list[Any]:
            return [await outcome(lanes, query) for query in queries]

        server = Server(reply or solutions("1"))
        channel = spawn(opener, federated=True)
        return run(channel, each, server=server, federate=partial(federation, **more)), server

    return asked


@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "disk"])
def test_an_allowed_endpoint_answers_its_part(ask: Ask, tmp_path: Path, *, on_disk: bool) -> None:
    query = f"SELECT ?s ?x {{ ?s <urn:is> ?n . SERVICE <{ONE}> {PART} FILTER(STR(?n) = ?x) }}"
    opener = disk_store(tmp_path / "quads") if on_disk else None
    (found,), server = ask(query, reply=solutions("2", "3"), opener=opener)
    assert found == [{"s": "urn:two", "x": "2"}]
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /sparql HTTP/1.1\r\nHost: allowed.example\r\n")
    # Relative IRIs mean the same there as here.
    assert body == b"BASE <https://w3id.org/alpine-kg/sparql>\nSELECT * WHERE { ?x <urn:p> ?y . }"


@pytest.mark.parametrize(
    "clause",
    [
        f"SERVICE<{ONE}>{PART}",
        f"service silent <{ONE}> {PART}",
        f"SERVICE #<urn:x> {{\n<{ONE}>#\n{PART}",
        f"SERVICE <HTTPS://Allowed.Example:443/%73parql> {PART}",
        f"?s <urn:name> 'service' . SERVICE <{ONE}> {PART}",
        f"?s <urn:name> ?service SERVICE <{ONE}> {PART}",
        f"OPTIONAL {{ SERVICE <{ONE}> {PART} }}",
        f"{{ SELECT ?x {{ SERVICE <{ONE}> {PART} }} }}",
        f"{{ SERVICE <{ONE}> {PART} }} UNION {{ SERVICE <{ONE}?> {PART} }}".replace("?>", "/more>"),
    ],
)
def test_however_the_clause_is_written(ask: Ask, clause: str) -> None:
    (found,), _ = ask(f"PREFIX ex: <urn:> SELECT DISTINCT ?x {{ {clause} }}")
    assert found == [{"x": "1"}]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * { SERVICE <https://other.example/sparql> { ?x ?y ?z } }", "https://other.example/sparql"),
        ("SELECT * { SERVICE <http://allowed.example/sparql> { ?x ?y ?z } }", "http://allowed.example/sparql"),
        ("SELECT * { SERVICE SILENT <http://127.0.0.1/> { ?x ?y ?z } }", "http://127.0.0.1/"),
        ("SELECT * { SERVICE <https://allowed.example@evil.example/> { ?x ?y ?z } }", "evil.example"),
        ("SELECT * { SERVICE <https://allowed.example/\\u0041> { ?x ?y ?z } }", "allowed.example"),
        (f"SELECT * {{ SERVICE <{ONE}> {PART} SERVICE <https://other.example/> {PART} }}", "https://other.example/"),
        (f"SELECT * {{ VALUES ?e {{ <{ONE}> }} LATERAL {{ SERVICE ?e {PART} }} }}", "?e"),
        (f"PREFIX e: <{ONE}> SELECT * {{ SERVICE e: {PART} }}", "e:"),
        (f"BASE <{ONE}> SELECT * {{ SERVICE <> {PART} }}", "SERVICE  is refused"),
        (f"SELECT * {{ SERVICE <{ONE}> {PART} FILTER(?x = 'SERVICE <{ONE}> {{') }}", ONE),
        (f"SELECT * {{ \\u0053ERVICE <{ONE}> {PART} }}", "codepoint"),
    ],
)
def test_anything_else_is_forbidden(ask: Ask, query: str, named: str) -> None:
    (found,), server = ask(query)
    assert isinstance(found, ForbiddenQueryError)
    assert named in found.message
    assert server.contacts == 0


def test_one_inside_of_another_is_not_passed_on(ask: Ask) -> None:
    (found,), server = ask(f"SELECT * {{ SERVICE <{ONE}> {{ ?x ?y ?z SERVICE <{ONE}> {PART} }} }}")
    assert isinstance(found, ForbiddenQueryError)
    assert "inside" in found.message
    assert server.contacts == 0


def test_the_setting_is_named(ask: Ask) -> None:
    (found,), _ = ask("ASK { SERVICE <https://other.example/> {} }")
    assert "ALPINE_KG_SERVICE_ALLOW" in found.remedy
    assert "https://allowed.example/" in found.remedy


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer(b"down", "503 Busy", "text/plain"), "status 503"),
        (answer(b"<html>", kind="text/html"), "another format"),
        (answer(b"{}" + b" " * 2_000), "more than the 1000 bytes"),
    ],
)
def test_a_failure_says_what_and_where_unless_it_may_be_silent(ask: Ask, reply: bytes, words: str) -> None:
    loud, silent = f"SELECT * {{ SERVICE <{ONE}> {PART} }}", f"SELECT * {{ SERVICE SILENT <{ONE}> {PART} }}"
    (failed, passed, again), _ = ask(loud, silent, loud, reply=reply, bytes=1_000)
    for found in (failed, again):
        assert isinstance(found, ServiceError)
        assert words in found.message
        assert ONE in found.message
        assert found.details == {"endpoint": ONE}
        assert "127.0.0.1" not in str(found)
    assert passed == [{}]


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("169.254.169.254",), ("::1",), ("8.8.8.8", "10.0.0.1")], ids=str
)
def test_an_allowed_name_that_leads_inside_is_not_contacted(ask: Ask, addresses: tuple[str, ...]) -> None:
    silent = f"SELECT * {{ SERVICE SILENT <{ONE}> {PART} }}"
    (failed, passed), server = ask(f"ASK {{ SERVICE <{ONE}> {PART} }}", silent, addresses=addresses)
    assert isinstance(failed, ServiceError)
    assert passed == [{}]
    assert server.contacts == 0


def test_what_is_no_table_of_solutions_is_the_endpoint_s_fault(ask: Ask) -> None:
    for body in (
        b"{",
        b"",
        b'{"head":{},"boolean":true}',
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":',
    ):
        (found,), _ = ask(f"SELECT * {{ SERVICE <{ONE}> {PART} }}", reply=answer(body))
        assert isinstance(found, ServiceError), body


def test_hostile_solutions_become_no_syntax(ask: Ask) -> None:
    binding = '{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"%s","value":"%s"}}]}}'
    query = f"CONSTRUCT {{ <urn:s> <urn:p> ?x }} WHERE {{ SERVICE <{ONE}> {PART} }}"
    for kind, value in (("uri", "urn:x> <urn:evil> <urn:y"), ("bnode", "b <urn:evil>")):
        (found,), _ = ask(query, reply=answer((binding % (kind, value)).encode()))
        assert isinstance(found, ServiceError)
    (found,), _ = ask(query, reply=answer((binding % ("literal", '\\" . <urn:evil> \\n')).encode()))
    assert found == '<urn:s> <urn:p> "\\" . <urn:evil> \\n" .\n'


def test_the_same_is_asked_once_a_query(ask: Ask) -> None:
    query = f"SELECT * {{ VALUES ?n {{ 1 2 3 4 }} LATERAL {{ SERVICE <{ONE}> {PART} }} }}"
    found, server = ask(query, query)
    assert [len(rows) for rows in found] == [4, 4]
    assert server.contacts == 2


def test_a_query_asks_so_often_and_no_oftener(ask: Ask) -> None:
    parts = " ".join(f"SERVICE <{ONE}> {{ ?x <urn:p{number}> ?y }}" for number in range(4))
    (failed,), server = ask(f"SELECT * {{ {parts} }}", requests=3)
    assert isinstance(failed, ServiceError)
    assert "3 other requests" in failed.message
    assert server.contacts == 3
    silent, server = ask(f"SELECT * {{ {parts.replace('SERVICE', 'SERVICE SILENT')} }}", requests=3)
    assert silent == [[{"x": "1"}]]


def test_all_answers_of_a_query_together_are_so_long_and_no_longer(ask: Ask) -> None:
    parts = " ".join(f"SERVICE <{ONE}> {{ ?x <urn:p{number}> ?y }}" for number in range(4))
    long = solutions("1" * 300)
    (failed,), server = ask(f"SELECT * {{ {parts} }}", reply=long, bytes=1_000)
    assert isinstance(failed, ServiceError)
    assert "that were left of 1000" in failed.message
    assert server.contacts == 3


def test_syntax_errors_are_told_where_the_caller_wrote_them(ask: Ask) -> None:
    query = f"SELECT * {{ SERVICE <{ONE}> {PART} }} LIMIT ten"
    (found,), _ = ask(query)
    assert isinstance(found, BadQueryError)
    assert found.details == {"line": 1, "column": query.index("ten") + 1}
    assert "127.0.0.1" not in str(found)


def test_a_silent_endpoint_does_not_hold_a_query_up(ask: Ask) -> None:
    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        writer.write(b"")

    begun = time.monotonic()
    (found,), _ = ask(f"SELECT * {{ SERVICE <{ONE}> {PART} }}", reply=reply, seconds=0.2)
    assert isinstance(found, ServiceError)
    assert "0.2 seconds" in found.message
    assert time.monotonic() - begun < 2


def test_a_caller_who_leaves_takes_the_request_with_him(spawn: Spawn) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def reply(_: bytes, writer: asyncio.StreamWriter) -> None:
        asked.set()
        with suppress(OSError):
            for _step in range(200):
                writer.write(b"HTTP/1.1 103 Wait\r\n\r\n")
                await asyncio.sleep(0.02)
                await writer.drain()
        left.set()

    async def leave(lanes: Lanes, server: Server) -> None:
        task = asyncio.create_task(outcome(lanes, f"SELECT * {{ SERVICE <{ONE}> {PART} }}"))
        await asked.wait()
        task.cancel()
        async with asyncio.timeout(1):
            await left.wait()
        assert server.contacts == 1

    run(spawn(federated=True), leave, server=Server(reply), federate=federation)


def test_a_query_that_slips_through_reaches_nobody(spawn: Spawn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the rewriting taken away, the engine's own client has nowhere to go."""
    monkeypatch.setattr(Redirection, "__call__", lambda _, query: query)

    async def slip(lanes: Lanes, server: Server) -> list[Any]:
        addresses = (server.address, f"http://localhost:{server.port}/", "http://10.0.0.1/")
        return [await outcome(lanes, f"SELECT * {{ SERVICE <{address}> {PART} }}") for address in addresses]

    server = Server()
    found = run(spawn(federated=True), slip, server=server, federate=federation)
    assert all(isinstance(error, BadQueryError) for error in found)
    assert server.contacts == 0


def test_the_forwarder_judges_for_itself(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the judgement taken from the worker, what it asks for is refused all the same."""
    monkeypatch.setattr(Redirection, "__call__", _unjudged)
    addresses = ("http://127.0.0.1:9/", "https://other.example/", "https://allowed.example@evil.example/", "", "x")
    found, server = ask(*(f"SELECT * {{ SERVICE <{address}> {PART} }}" for address in addresses))
    assert [type(error) for error in found] == [ForbiddenQueryError] * len(addresses)
    assert server.contacts == 0


def _unjudged(self: Redirection, query: str) -> str:
    start, end = query.index("<") + 1, query.index(">")
    address = redirection.address(self._port, query[start:end], silent=False)
    return query[:start] + address + query[end:]
