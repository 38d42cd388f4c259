"""Real services in front of a real engine: it goes and comes back, is emptied, is shared, and holds another version."""

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.engines.kinds import Server

from alpine_kg.root import FOLDERS, shipped_root
from running import TOKEN, Reply, Service, running

COUNT = "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?c) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Engine = tuple[str, Server]


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it does not come to be so"
        time.sleep(0.1)


def is_ready(service: Service) -> bool:
    return service.ask("GET", "/readyz").status == 200


def count(service: Service) -> int:
    return int(json.loads(service.query(COUNT).body)["results"]["bindings"][0]["count"]["value"])


def assert_unavailable(reply: Reply, words: str) -> None:
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0
    assert reply.media_type == "application/problem+json"
    problem = json.loads(reply.body)
    assert problem["type"].endswith("#store-unavailable")
    assert words in problem["detail"]


@pytest.fixture
def service(oxigraph: Engine) -> Iterator[Service]:
    with running(store=oxigraph[0], query_seconds=5, path="/readyz") as held:
        yield held


def test_an_engine_that_is_gone_for_a_while(service: Service, oxigraph: Engine) -> None:
    server = oxigraph[1]
    triples = count(service)
    assert service.ask("GET", "/plant/dieppe.ttl").status == 200
    server.kill()
    for path in ("/readyz", "/sparql?query=ASK%20%7B%7D", "/organization/alpine.ttl", "/queries/timeline.json"):
        assert_unavailable(service.ask("GET", path), "cannot be reached")
    assert service.ask("GET", "/healthz").status == 200
    assert service.ask("GET", "/plant/dieppe.ttl").status == 200  # it is in memory
    server.start()
    until(lambda: is_ready(service))
    assert count(service) == triples
    assert service.ask("GET", "/organization/alpine.ttl").status == 200


def test_an_engine_that_comes_back_empty_gets_the_graph_again(service: Service, oxigraph: Engine) -> None:
    server = oxigraph[1]
    triples = count(service)
    server.kill()
    shutil.rmtree(server.folder / "data")
    server.start()
    until(lambda: is_ready(service))
    assert count(service) == triples


def test_an_engine_that_is_gone_at_the_start_is_named(oxigraph: Engine) -> None:
    oxigraph[1].kill()
    with pytest.raises(RuntimeError), running(store=oxigraph[0], path="/readyz"):
        pass


def test_several_services_in_front_of_one_engine(oxigraph: Engine) -> None:
    """They start at the same moment, so that all find the engine empty; one publishes, the others wait for it."""
    services: list[Service] = []
    with ExitStack() as stack:
        starting = [
            threading.Thread(
                target=lambda: services.append(
                    stack.enter_context(running(store=oxigraph[0], workers=2, path="/readyz"))
                )
            )
            for _ in range(3)
        ]
        for thread in starting:
            thread.start()
        for thread in starting:
            thread.join()
        assert len(services) == 3
        assert len({count(service) for service in services}) == 1
        for path in ("/plant/dieppe.ttl", "/promises.json?as_of=2022-06-30", "/search.json?q=dieppe", "/readyz"):
            replies = [service.ask("GET", path) for service in services]
            assert {reply.status for reply in replies} == {200}
            assert len({reply.body for reply in replies}) == 1
            assert len({reply.headers.get("etag") for reply in replies}) == 1


def test_what_one_service_publishes_is_not_mixed_into_the_answers_of_another(
    service: Service, oxigraph: Engine, tmp_path: Path
) -> None:
    before = count(service)
    root = tmp_path / "root"
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, root / folder)
    (root / "data" / "more.ttl").write_text(
        "@prefix : <https://w3id.org/alpine-kg/id/place/> . @prefix ak: <https://w3id.org/alpine-kg/ontology#> ."
        ' @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :nowhere a ak:Place ; rdfs:label "Nowhere" .\n',
        encoding="utf-8",
    )
    seen: set[int] = set()
    ended = threading.Event()

    def keep_asking() -> None:
        while not ended.is_set():
            reply = service.query(COUNT)
            seen.add(count_of(reply) if reply.status == 200 else -reply.status)

    asking = threading.Thread(target=keep_asking)
    asking.start()
    try:
        with running("--root", root, store=oxigraph[0], allow_invalid=1, path="/readyz") as other:
            assert count(other) > before
            assert_unavailable(service.ask("GET", "/readyz"), "another version")
    finally:
        ended.set()
        asking.join()
    assert seen == {before, -503}


def count_of(reply: Reply) -> int:
    return int(json.loads(reply.body)["results"]["bindings"][0]["count"]["value"])


def test_what_else_the_engine_holds_is_left_alone_and_not_seen(oxigraph: Engine) -> None:
    address, server = oxigraph
    del server
    import urllib.request  # noqa: PLC0415

    store = address.replace("/query", "/store")
    body = b"<urn:a> <urn:b> <urn:c> ."
    for graph in ("?graph=urn:others", "?default"):
        request = urllib.request.Request(  # noqa: S310 - an address of this machine
            store + graph, data=body, headers={"Content-Type": "application/n-triples"}, method="PUT"
        )
        urllib.request.urlopen(request).close()  # noqa: S310
    with running(store=address, path="/readyz") as service:
        for pattern in ("<urn:a> ?p ?o", "GRAPH ?g { <urn:a> ?p ?o }", "GRAPH <urn:others> { ?s ?p ?o }"):
            assert json.loads(service.query(f"ASK {{ {pattern} }}").body)["boolean"] is False
        named = json.loads(service.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").body)["results"]["bindings"]
        assert named
        assert not [row for row in named if not row["g"]["value"].startswith("https://w3id.org/alpine-kg/")]
        reply = service.query("ASK FROM <urn:others> { ?s ?p ?o }")
        assert json.loads(reply.body)["boolean"] is False
    with urllib.request.urlopen(store + "?graph=urn:others") as answer:  # noqa: S310
        assert body[:7] in answer.read()


def test_a_query_that_takes_too_long_ends_in_time_and_others_go_on(oxigraph: Engine) -> None:
    with running(store=oxigraph[0], query_seconds=1, path="/readyz") as service:
        begun = time.monotonic()
        reply = service.query(ENDLESS)
        assert reply.status == 504
        assert time.monotonic() - begun < 5
        assert service.query("ASK {}").status == 200


def test_strangers_can_neither_update_nor_call_out_nor_crash_anything(service: Service) -> None:
    for text, status in (
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403),
        ("DROP ALL", 400),
        ("SELECT * {" + "{" * 5_000, 400),
        ("SELECT (<bif:exec>('x') AS ?x) {}", 400),
        ('DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }', 400),
    ):
        assert service.query(text).status == status, text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert service.ask("POST", "/sparql", form, b"update=DROP+ALL").status == 403
    assert is_ready(service)


def test_a_write_is_refused_with_the_reason(service: Service) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
    graph = "/rdf-graph-store?graph=https://w3id.org/alpine-kg/graph/new"
    reply = service.ask("PUT", graph, headers, b"<urn:a> <urn:b> <urn:c> .")
    assert reply.status == 403
    assert "remote engine" in json.loads(reply.body)["detail"]


def test_past_states_are_made_from_the_files(service: Service) -> None:
    reply = service.ask("GET", "/claims.json?as_of=2021-06-01")
    assert reply.status == 200
    assert reply.body != service.ask("GET", "/claims.json").body
