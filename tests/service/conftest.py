"""Runs real servers for attacks on them; none of these tests knows the code that it attacks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from processes import busy, wait_until, workers
from running import Service, running

QUERY_SECONDS = 1.0
NUMBERS = 1_500
MOST_WORKERS = 12
"""Workers that may be idle: of look-ups, of both lanes, and spares."""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough triples that a cross product of them never ends."""
    path = tmp_path_factory.mktemp("data") / "numbers.nt"
    lines = (
        f'<urn:s{n}> <urn:p{n % 7}> <urn:s{n * 31 % NUMBERS}> .\n<urn:s{n}> <urn:n> "{n}" .\n' for n in range(NUMBERS)
    )
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def start(data: Path) -> Iterator[Callable[..., Service]]:
    """Starts servers with settings of their own, which run a query again that comes again; all end with the session."""
    with ExitStack() as stack:
        yield lambda *words, **settings: stack.enter_context(
            running(*(words or (data,)), **{"answers_bytes": 0} | settings)
        )


@pytest.fixture(scope="session")
def service(start: Callable[..., Service]) -> Service:
    """A server that ends queries after a second, for every test that leaves it as it was."""
    return start(query_seconds=QUERY_SECONDS, query_memory_bytes=300_000_000)


@pytest.fixture
def nothing_is_left_behind(service: Service) -> Iterator[None]:
    """After the test the server answers, and no worker of it is busy."""
    yield
    assert service.query("ASK {}").status == 200
    wait_until(lambda: not busy(service.leader), QUERY_SECONDS + 1)
    assert len(workers(service.leader)) <= MOST_WORKERS
