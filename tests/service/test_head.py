"""HEAD answers as GET would, without the body, on a connection that stays usable."""

import http.client
from collections.abc import Iterator

import pytest

from hostile import RUNAWAYS
from running import Service, running

SAME = ("content-type", "etag", "vary", "location", "cache-control", "link", "allow")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    cache = tmp_path_factory.mktemp("cache")
    with running(path="/readyz", cache=cache, log_level="error") as service:
        yield service


PATHS = [
    "/",
    "/plants",
    "/plants?limit=1",
    "/plant/dieppe",
    "/plant/dieppe.ttl",
    "/id/plant/dieppe",
    "/plant/none",
    "/search?q=alpine",
    "/queries",
    "/sparql",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20ORDER%20BY%20%3Fs%20%3Fp%20%3Fo",
    "/sparql?query=nonsense",
    "/export/all.ttl",
    "/export/all.ttl.gz",
    "/ontology",
    "/shapes",
    "/context.jsonld",
    "/.well-known/void",
    "/healthz",
    "/readyz",
    "/openapi.json",
    "/docs",
    "/nothing",
    "/rdf-graph-store?default",
    "/graph/plants",
]


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(shipped: Service, path: str) -> None:
    for accept in ("*/*", "text/html", "application/json", "text/turtle", "image/png"):
        whole = shipped.ask("GET", path, {"Accept": accept})
        connection = http.client.HTTPConnection("127.0.0.1", shipped.port, timeout=10)
        for _ in range(2):
            connection.request("HEAD", path, headers={"Accept": accept})
            response = connection.getresponse()
            assert response.read() == b""
            headers = {name.lower(): value for name, value in response.getheaders()}
            assert response.status == whole.status
            assert {name: headers.get(name) for name in SAME} == {name: whole.headers.get(name) for name in SAME}
            if "content-length" in headers:
                assert headers["content-length"] == str(len(whole.body))
        # Had a body been sent, it would stand where the next answer is expected.
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"alive"}'
        connection.close()


def test_head_of_a_runaway_does_not_stream_into_the_void(service: Service) -> None:
    text = RUNAWAYS["cross product"].replace(" ", "+").replace("?", "%3F")
    try:
        reply = service.ask("HEAD", f"/sparql?query={text}", timeout=10)
    except (http.client.HTTPException, ConnectionError):
        return
    assert reply.body == b""
    assert reply.status in {200, 503, 504}
