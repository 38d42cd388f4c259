"""Which worker a query gets, and what becomes of it afterwards."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from alpine_kg.store.workers.execution import Execution
from alpine_kg.store.workers.lanes import Lanes, LaneSettings
from alpine_kg.store.workers.process import LONG, LONGEST, Worker
from alpine_kg.store.workers.spawner import Channel


class Stub:
    """A worker that does nothing, and knows whether it was killed."""

    gone = False

    def __init__(self, niceness: int = 0, grown: int = 0) -> None:
        self.niceness = niceness
        self.killed = False
        self._grown = grown

    def growth(self) -> int:
        return self._grown

    def kill(self) -> None:
        self.killed = True


def ended(work: float, *, whole: bool = True, digest: bytes = b"query") -> Execution:
    return cast(Execution, SimpleNamespace(whole=whole, work=work, digest=digest, client="a", accounted=work))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Lanes], Any]], Any]:
    """Run something on lanes whose workers are stubs."""

    async def start(*_: object) -> Stub:
        return Stub()

    monkeypatch.setattr(Worker, "start", start)

    def within(work: Callable[[Lanes], Any]) -> Any:
        async def run() -> Any:
            lanes = Lanes(cast(Channel, None), LaneSettings())
            found = await work(lanes)
            await lanes.close()
            return found

        return asyncio.run(run())

    return within


def give_back(lanes: Lanes, execution: Execution, stub: Stub) -> None:
    lanes.give_back(execution, cast(Worker, stub))


@pytest.mark.parametrize(("niceness", "work"), [(LONG, 0.3), (LONGEST, 1.5)])
def test_a_long_query_that_comes_again_gets_the_worker_that_has_read_for_it(
    run: Callable[..., Any], niceness: int, work: float
) -> None:
    stub = Stub(niceness)

    async def twice(lanes: Lanes) -> object:
        lanes.note_slow(b"query")
        give_back(lanes, ended(work), stub)
        assert lanes.lane_for(b"query") is lanes.long
        return await lanes.worker(lanes.long, b"query")

    assert run(twice) is stub


def test_a_query_that_is_shorter_does_not_get_the_worker_that_gives_way_most(run: Callable[..., Any]) -> None:
    stub = Stub(LONGEST)

    async def one_after_another(lanes: Lanes) -> object:
        lanes.note_slow(b"much")
        give_back(lanes, ended(1.5, digest=b"much"), stub)
        return await lanes.worker(lanes.long, b"other")

    assert run(one_after_another) is not stub


@pytest.mark.parametrize(
    ("stub", "execution"),
    [
        (Stub(LONG, grown=1 << 30), ended(0.3)),
        (Stub(LONG), ended(0.3, whole=False)),
        (Stub(), ended(0.05, whole=False)),
        (Stub(), ended(0.3)),
    ],
)
def test_what_has_grown_worked_hard_or_not_ended_is_killed(
    run: Callable[..., Any], stub: Stub, execution: Execution
) -> None:
    async def end(lanes: Lanes) -> bool:
        give_back(lanes, execution, stub)
        return stub.killed

    assert run(end)


def test_a_query_is_long_for_as_long_as_it_is(run: Callable[..., Any]) -> None:
    async def shrinking(lanes: Lanes) -> list[bool]:
        found = []
        lanes.note_slow(b"query")
        for work in (1.5, 0.3, 0.01):
            give_back(lanes, ended(work), Stub(LONG))
            found.append(lanes.lane_for(b"query") is lanes.long)
        return found

    assert run(shrinking) == [True, True, False]
