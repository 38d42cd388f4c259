"""`/metrics`, the request id, and the log: what operators see, and what nobody must see there."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from operating import BEARER, eventually
from running import TOKEN, Service
from servers import BIN, free_port

LINE = re.compile(r'alpine_kg_[a-z_]+(\{([a-z_]+="([^"\\]|\\.)*",?)+\})? [0-9.e+-]+|# (HELP|TYPE) alpine_kg_[a-z_]+ .+')
PRIVATE = "in-a-query-of-a-stranger"
QUERY = f'SELECT * {{ ?s ?p "{PRIVATE}" }}'


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def service(root: Path, log: Path) -> Iterator[Service]:
    port = free_port()
    command = [str(BIN / "alpine-kg"), "serve", "--root", str(root), "--port", str(port)]
    settings = {"ALPINE_KG_TOKEN": TOKEN, "ALPINE_KG_LOG_LEVEL": "debug", "ALPINE_KG_TRUSTED_PROXIES": "127.0.0.1"}
    with log.open("w") as file, subprocess.Popen(command, stderr=file, env=settings, start_new_session=True) as process:
        service = Service(port, process.pid)
        eventually(lambda: service.ask("GET", "/readyz").status == 200, 60)
        yield service
        process.terminate()


def measured(service: Service, name: str, *labels: str) -> float:
    page = service.ask("GET", "/metrics").body.decode()
    lines = [line for line in page.splitlines() if line.startswith(name) and all(label in line for label in labels)]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


def test_every_line_is_of_the_text_format(service: Service) -> None:
    service.query(QUERY)
    reply = service.ask("GET", "/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = reply.body.decode().splitlines()
    assert len(lines) > 50
    assert not [line for line in lines if not LINE.fullmatch(line)]
    types = [line for line in lines if line.startswith("# TYPE")]
    assert len(types) == len({line.split()[2] for line in types})


def test_requests_and_queries_are_counted(service: Service) -> None:
    family = 'family="/sparql"'
    for name, labels in (
        ("alpine_kg_http_requests_total", (family, 'method="POST"', 'status="200"')),
        ("alpine_kg_http_request_seconds_count", (family,)),
        ("alpine_kg_queries_total", ('outcome="answered"',)),
    ):
        before = measured(service, name, *labels)
        assert service.query(f"{QUERY} # {name}").status == 200
        assert measured(service, name, *labels) == before + 1
        again = measured(service, "alpine_kg_queries_remembered_total")
        assert service.query(f"{QUERY} # {name}").status == 200
        assert measured(service, "alpine_kg_queries_remembered_total") == again + 1
    etag = service.ask("GET", "/plants").headers["etag"]
    hits = measured(service, "alpine_kg_http_remembered_answers_total", 'family="/plants"', 'answer="any"')
    assert service.ask("GET", "/plants", {"If-None-Match": etag}).status == 304
    assert service.ask("HEAD", "/plants").status == 200
    assert measured(service, "alpine_kg_http_remembered_answers_total", 'family="/plants"', 'answer="any"') == hits + 2
    assert measured(service, "alpine_kg_http_remembered_answers_total", 'family="/plants"', 'answer="unchanged"') == 1
    for name in (
        "cache_entries",
        "cache_bytes",
        "answers_entries",
        "answers_bytes",
        "graph_triples",
        "graph_info",
        "workers_started_total",
        "memory_bytes",
    ):
        assert measured(service, f"alpine_kg_{name}") > 0
    assert measured(service, "alpine_kg_http_requests_running") == 1


def test_only_this_machine_and_the_token_see_measurements(service: Service) -> None:
    assert service.ask("GET", "/metrics", {"X-Forwarded-For": "192.0.2.1"}).status == 401
    assert service.ask("GET", "/metrics", {"X-Forwarded-For": "192.0.2.1"} | BEARER).status == 200
    assert service.ask("GET", "/metrics", {"X-Forwarded-For": "127.0.0.1, 192.0.2.1"}).status == 401
    assert service.ask("GET", "/metrics", {"X-Forwarded-For": "192.0.2.1, ::1"}).status == 200


def test_methods_and_paths_that_strangers_make_up_make_no_series(service: Service) -> None:
    for number in range(5):
        service.ask("GET", f"/made-up-{number}")
        service.ask("PROPFIND", f"/made-up-{number}")
    page = service.ask("GET", "/metrics").body.decode()
    assert "made-up" not in page
    assert "PROPFIND" not in page
    assert 'family="other",method="GET",status="404"' in page


def test_every_answer_has_an_id_of_its_own_or_the_sane_one_that_was_sent(service: Service) -> None:
    for method, path in (
        ("GET", "/plants"),
        ("GET", "/plants"),
        ("GET", "/nothing"),
        ("PUT", "/plants"),
        ("OPTIONS", "/plants"),
    ):
        first, second = (service.ask(method, path).headers["x-request-id"] for _ in range(2))
        assert first != second
        assert service.ask(method, path, {"X-Request-Id": "abc-1:2"}).headers["x-request-id"] == "abc-1:2"
    for wild in ("a b", "x" * 65, "<script>", '"', ""):
        assert service.ask("GET", "/plants", {"X-Request-Id": wild}).headers["x-request-id"] != wild


def test_the_log_has_one_line_of_json_a_request_and_no_secret(service: Service, log: Path) -> None:
    service.ask("GET", f"/sparql?query={quote(QUERY)}", {"X-Request-Id": "logged-1", "X-Forwarded-For": "192.0.2.7"})
    service.ask("GET", "/plants", {"X-Request-Id": "logged-2"})
    service.ask("GET", f"/search?q={PRIVATE}", BEARER | {"X-Request-Id": "logged-3"})
    eventually(lambda: "logged-3" in log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    by_id = {line["request"]: line for line in lines if line.get("request", "").startswith("logged-")}
    asked = by_id["logged-1"]
    assert (asked["method"], asked["family"], asked["status"], asked["client"]) == ("GET", "/sparql", 200, "192.0.2.7")
    assert re.fullmatch("[0-9a-f]{12}", asked["query"])
    assert {"time", "level", "event", "ms", "bytes"} <= set(asked)
    assert by_id["logged-2"]["level"] == "debug"
    served = next(line for line in lines if line["event"].startswith("Serving "))
    assert re.fullmatch(r"Serving [\d,]+ claims of .+ at http://127\.0\.0\.1:\d+", served["event"])
    assert PRIVATE not in log.read_text()
    assert TOKEN not in log.read_text()


def test_links_have_the_address_that_a_trusted_proxy_names(service: Service) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "data.example.org", "Accept": "text/turtle"}
    assert b"https://data.example.org/sparql" in service.ask("GET", "/sparql", headers).body
