"""Downloads: every name in every format, the same bytes each time, with checksums that are right."""

import asyncio
import base64
import gzip
import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from alpine_kg.formats import RDF_FORMATS, Format
from alpine_kg.streams import Output
from alpine_kg.web.downloads import Download


def test_the_index_names_files_that_are_there(client: TestClient) -> None:
    rows = {row["name"]: row for row in client.get("/export").json()["exports"]}
    assert {"all", "data", "derived", "ontology", "plants", "statements", "2022-01-28-dieppe-crossover-gt"} <= set(rows)
    for row in rows.values():
        assert len(row["files"]) == 2 * len(RDF_FORMATS)
        assert client.get(row["files"][2]["path"]).status_code == 200
    assert 'href="/export/all.nq.gz"' not in client.get("/export").text
    assert 'href="/export/all.ttl"' in client.get("/export", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("target", RDF_FORMATS, ids=lambda row: row.extension)
@pytest.mark.parametrize("name", ["data", "plant:dieppe", "announcement:2022-01-28-dieppe-crossover-gt"])
def test_a_download_is_whole_and_says_its_digest(client: TestClient, name: str, target: Format) -> None:
    path = f"/export/{name}.{target.extension}"
    plain, packed = client.get(path), client.get(f"{path}.gz")
    assert plain.headers["content-type"] == target.content_type
    assert packed.headers["content-type"] == "application/gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.content[4:8] == b"\0\0\0\0", "no time stamp"
    for answer, address in ((plain, path), (packed, f"{path}.gz")):
        digest = hashlib.sha256(answer.content)
        assert answer.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        filename = address.removeprefix("/export/").replace(":", "-")
        assert answer.headers["content-disposition"] == f'attachment; filename="alpine-kg-{filename}"'
        checksum = client.get(f"{address}.sha256")
        assert checksum.text == f"{digest.hexdigest()}  {address.removeprefix('/export/')}\n"
    if target.extension != "jsonld":
        assert any(True for _ in ox.parse(plain.content, format=target.rdf))


@pytest.mark.parametrize(
    "file",
    [
        "all",
        "all.csv",
        "all.ttl.zip",
        "all.ttl.sha256.gz",
        "nothing.ttl",
        "plant:nothing.ttl",
        "planet:dieppe.ttl",
        "ak:producedAt.ttl",
        "..ttl",
        ".ttl",
        "plant%2Fdieppe.ttl",
        "../data/plants.ttl",
        "..%2Fdata%2Fplants.ttl",
        "ALL.ttl",
        "all.ttl%0A",
        "plant::dieppe.ttl",
        "a" * 5000 + ".ttl",
    ],
)
def test_downloads_that_there_are_not(client: TestClient, file: str) -> None:
    answer = client.get(f"/export/{file}")
    assert answer.status_code in {400, 404}
    assert answer.headers["content-type"] == "application/problem+json"


def test_downloads_are_made_one_at_a_time(serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a processor for a time by the size of the graph: many at once would take them all."""
    made, most = [0], [0]

    def write(download: Download, graph: object, output: Output) -> None:
        del graph
        made[0] += 1
        most[0] = max(most[0], made[0])
        time.sleep(0.02)
        made[0] -= 1
        output.write(download.name.encode())

    monkeypatch.setattr(Download, "write", write)
    paths = [f"/export/{name}.nt" for name in ("all", "data", "derived", "ontology", "plants")]
    with serve() as client, ThreadPoolExecutor(len(paths)) as pool:
        assert [answer.status_code for answer in pool.map(client.get, paths)] == [200] * len(paths)
    assert most == [1]


def test_what_nobody_waits_for_any_more_is_not_made(
    serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def write(download: Download, graph: object, output: Output) -> None:
        del graph, output
        made.append(download.name)

    monkeypatch.setattr(Download, "write", write)

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def nowhere(message: object) -> None:
        del message

    with serve() as client:
        scope = {"type": "http", "method": "GET", "path": "/export/all.nt", "query_string": b"", "headers": []}
        asyncio.run(client.app(scope | {"http_version": "1.1"}, gone, nowhere))  # type: ignore[arg-type]
    assert not made
