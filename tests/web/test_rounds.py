"""Rounds: one for each, in order, in which whatever else there is has its turn too."""

import asyncio
import threading
from itertools import pairwise

from alpine_kg.web.rounds import Rounds


async def _others(seen: list[str], end: asyncio.Event) -> None:
    while not end.is_set():
        seen.append("others")
        await asyncio.sleep(0)


def test_each_has_a_round_of_its_own() -> None:
    async def scene() -> list[str]:
        rounds, seen, end = Rounds(), list[str](), asyncio.Event()

        async def work(name: str) -> None:
            await rounds.take()
            seen.append(name)

        others = asyncio.create_task(_others(seen, end))
        await asyncio.gather(*(work(name) for name in "abcd"))
        end.set()
        await others
        return seen

    seen = asyncio.run(scene())
    assert [name for name in seen if name != "others"] == list("abcd")
    places = [seen.index(name) for name in "abcd"]
    assert all("others" in seen[first:then] for first, then in pairwise(places)), seen


def test_who_has_gone_is_passed_over() -> None:
    async def scene() -> list[str]:
        rounds, seen = Rounds(), list[str]()

        async def work(name: str) -> None:
            await rounds.take()
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
    rounds, meeting, done = Rounds(), threading.Barrier(2), list[int]()

    async def scene(number: int) -> None:
        meeting.wait(60)
        await asyncio.wait_for(asyncio.gather(*(rounds.take() for _ in range(50))), 60)
        done.append(number)

    threads = [threading.Thread(target=asyncio.run, args=[scene(number)]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 1]
