"""Large downloads: made once into files without names, sent whole or in part, and let go of when there are too many."""

import gc
import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.streams import Output
from alpine_kg.web import create_app, files
from alpine_kg.web.files import Files, Made

PATH = "/export/all.nq"


@pytest.fixture(scope="module")
def client(graph: KnowledgeGraph) -> Iterator[TestClient]:
    """A service to which downloads of a kilobyte are large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_SMALL", 1_000)
        with TestClient(create_app(graph, Settings()), raise_server_exceptions=False) as client:
            yield client


@pytest.fixture(scope="module")
def whole(client: TestClient) -> bytes:
    return bytes(client.get(PATH).content)


def test_a_large_download_is_what_a_small_one_is(
    client: TestClient, graph: KnowledgeGraph, whole: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = client.get(PATH)
    monkeypatch.setattr(files, "_SMALL", 100_000_000)
    with TestClient(create_app(graph, Settings())) as other:
        small = other.get(PATH)
    assert large.content == whole == small.content
    assert large.headers.keys() - small.headers.keys() == {"accept-ranges", "last-modified"}
    own = {"etag", "x-request-id"}
    assert all(large.headers[name] == value for name, value in small.headers.items() if name not in own)
    line = client.get(f"{PATH}.sha256").text
    assert line == f"{hashlib.sha256(whole).hexdigest()}  all.nq\n"


def test_a_head_tells_its_length_and_reads_nothing(client: TestClient, whole: bytes) -> None:
    answer = client.head(PATH)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(whole))


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-9", slice(0, 10)), ("bytes=100-", slice(100, None)), ("bytes=-7", slice(-7, None))],
)
def test_a_transfer_goes_on_where_it_broke_off(client: TestClient, whole: bytes, asked: str, part: slice) -> None:
    etag = client.head(PATH).headers["etag"]
    answer = client.get(PATH, headers={"Range": asked, "If-Range": etag})
    assert (answer.status_code, answer.content) == (206, whole[part])
    assert answer.headers["content-range"].endswith(f"/{len(whole)}")
    assert answer.headers["etag"] == etag
    assert client.get(PATH, headers={"Range": asked, "If-Range": '"other"'}).content == whole


@pytest.mark.parametrize("asked", ["bytes=9-0", "bytes=1-2,5-6", "lines=1-2", "bytes=a-b", "bytes=", "bytes=-", "\xff"])
def test_what_is_no_request_for_one_part_is_for_the_whole(client: TestClient, whole: bytes, asked: str) -> None:
    answer = client.get(PATH, headers={b"Range": asked.encode("latin-1")})
    assert (answer.status_code, answer.content) == (200, whole)


@pytest.mark.parametrize("asked", ["bytes={}-", "bytes={}-{}", "bytes=999999999999999999-", "bytes=-0"])
def test_what_lies_behind_the_end_is_refused(client: TestClient, whole: bytes, asked: str) -> None:
    answer = client.get(PATH, headers={"Range": asked.format(len(whole), len(whole) + 9)})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(whole)}"
    assert answer.json()["type"].endswith("range-not-satisfiable")
    assert str(len(whole)) in answer.json()["detail"]


def test_who_has_it_already_gets_it_not_again(client: TestClient) -> None:
    etag = client.get(PATH).headers["etag"]
    for known in (etag, f'"other", {etag}', "*"):
        answer = client.get(PATH, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    assert client.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.usefixtures("client")
def test_many_who_ask_for_a_file_share_it(whole: bytes, monkeypatch: pytest.MonkeyPatch, graph: KnowledgeGraph) -> None:
    made = []
    make = Files.make

    def counted(held: Files, name: str, write: Callable[[Output], None]) -> Made:
        made.append(name)
        return make(held, name, write)

    monkeypatch.setattr(Files, "make", counted)
    with TestClient(create_app(graph, Settings())) as other, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(other.get, [PATH] * 8))
    assert [answer.content for answer in answers] == [whole] * len(answers)
    assert made == ["all.nq"]


def test_a_disk_that_is_full_is_told(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __init__(self, **_: int) -> None:
            pass

        def write(self, _: bytes) -> int:
            raise OSError(28, os.strerror(28))

        def close(self) -> None:
            pass

    monkeypatch.setattr(files, "SpooledTemporaryFile", Full)
    for path in (PATH, "/export/all.rdf", "/export/all.jsonld.gz"):
        with TestClient(create_app(graph, Settings()), raise_server_exceptions=False) as client:
            answer = client.get(path)
        assert answer.status_code == 503
        assert "No space left" in answer.json()["detail"]


def _make(held: Files, name: str, size: int) -> Made:
    def write(output: Output) -> None:
        output.write(name.encode() * size)

    return held.make(name, write)


def _open() -> set[str]:
    """Return the files without names that this process has open."""
    gc.collect()
    found = set()
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(str(path.readlink()))
    return {name for name in found if name.endswith("(deleted)")}


def test_files_make_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_SMALL", 10)
    before, held = _open(), Files(250)
    for name in "abc":
        _make(held, name, 100)
        held.get("a")
    assert [name for name in "abc" if held.get(name)] == ["a", "c"]
    assert len(_open() - before) == 2
    assert not _make(held, "d", 10).file, "it is small"
    large = _make(held, "e", 300)
    assert large.file
    assert large.file.tell() == 300
    assert not any(held.get(name) for name in "abcde"), "it is larger than all room"
    del large
    assert _open() == before
