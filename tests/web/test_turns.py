"""Turns: one at a time, in order, and with a round of the event loop between two."""

import asyncio
import threading
from itertools import pairwise

from alpine_kg.web.turns import Turns


async def _rounds(seen: list[str], end: asyncio.Event) -> None:
    while not end.is_set():
        seen.append("round")
        await asyncio.sleep(0)


def test_each_has_a_round_of_its_own() -> None:
    async def scene() -> list[str]:
        turns, seen, end = Turns(), list[str](), asyncio.Event()

        async def work(name: str) -> None:
            await turns.take()
            seen.append(name)

        rounds = asyncio.create_task(_rounds(seen, end))
        await asyncio.gather(*(work(name) for name in "abcd"))
        end.set()
        await rounds
        return seen

    seen = asyncio.run(scene())
    assert [name for name in seen if name != "round"] == list("abcd")
    places = [seen.index(name) for name in "abcd"]
    assert all("round" in seen[first:then] for first, then in pairwise(places)), seen


def test_who_has_gone_is_passed_over() -> None:
    async def scene() -> list[str]:
        turns, seen = Turns(), list[str]()

        async def work(name: str) -> None:
            await turns.take()
            seen.append(name)

        tasks = [asyncio.create_task(work(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[0].cancel()
        tasks[1].cancel()
        await tasks[2]
        await work("d")
        return seen

    assert asyncio.run(scene()) == ["c", "d"]


def test_two_event_loops_do_not_wait_for_each_other() -> None:
    turns, meeting, done = Turns(), threading.Barrier(2), list[int]()

    async def scene(number: int) -> None:
        meeting.wait(60)
        await asyncio.wait_for(asyncio.gather(*(turns.take() for _ in range(50))), 60)
        done.append(number)

    threads = [threading.Thread(target=asyncio.run, args=[scene(number)]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1]
