"""Who is next, and how a lane gives its places."""

import asyncio

import pytest

from alpine_kg.store.workers.lane import Lane
from alpine_kg.store.workers.shares import Shares


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shares(clock: Clock) -> Shares:
    return Shares(clock)


def test_a_query_that_has_had_less_is_first_whoever_asks(shares: Shares) -> None:
    shares.add("10.0.0.1 much", 100.0)
    assert shares.rank("10.0.0.1 much", 0.05) < shares.rank("10.0.0.2 new", 0.5)


def test_queries_below_a_tenth_of_a_second_are_alike(shares: Shares) -> None:
    assert shares.rank("10.0.0.1 a", 0.0) == shares.rank("10.0.0.2 b", 0.09)


def test_of_like_queries_that_of_the_client_who_has_had_least_is_first(shares: Shares) -> None:
    shares.add("10.0.0.1 a", 3.0)
    shares.add("10.0.0.2 b", 2.0)
    assert shares.rank("10.0.0.2 b", 0.0) < shares.rank("10.0.0.1 a", 0.0)


def test_a_new_name_does_not_make_a_new_client_of_an_address(shares: Shares) -> None:
    shares.add("10.0.0.1 a", 3.0)
    shares.add("10.0.0.2 b", 2.0)
    assert shares.rank("10.0.0.2 b", 0.0) < shares.rank("10.0.0.1 another", 0.0)


def test_within_an_address_names_differ(shares: Shares) -> None:
    shares.add("10.0.0.1 a", 3.0)
    assert shares.rank("10.0.0.1 b", 0.0) < shares.rank("10.0.0.1 a", 0.0)


def test_who_has_wasted_much_comes_behind_who_has_not(shares: Shares, clock: Clock) -> None:
    shares.waste("10.0.0.1 runaway", 3.0)
    assert shares.rank("10.0.0.1 reader", 0.5) < shares.rank("10.0.0.1 runaway", 0.0)
    assert shares.rank("10.0.0.2 other", 5.0) < shares.rank("10.0.0.1 reader", 0.0)
    clock.now += 90.0  # six half-lives: less than a tenth of a second is left
    assert shares.rank("10.0.0.1 runaway", 0.0) < shares.rank("10.0.0.1 reader", 0.5)


def test_a_little_waste_is_nothing(shares: Shares) -> None:
    shares.waste("10.0.0.1 a", 0.05)
    assert shares.rank("10.0.0.1 a", 0.0) == shares.rank("10.0.0.2 b", 0.0)


def test_what_somebody_has_had_fades(shares: Shares, clock: Clock) -> None:
    shares.add("10.0.0.1 a", 8.0)
    clock.now += 60.0  # four half-lives: half a second is left
    shares.add("10.0.0.2 b", 0.6)
    assert shares.rank("10.0.0.1 a", 0.0) < shares.rank("10.0.0.2 b", 0.0)


def test_sums_add_up(shares: Shares) -> None:
    shares.add("10.0.0.1 a", 1.0)
    shares.add("10.0.0.1 a", 1.0)
    shares.add("10.0.0.2 b", 1.9)
    shares.add("10.0.0.3 c", 2.1)
    ranks = {name: shares.rank(f"10.0.0.{number} {name}", 0.0) for number, name in ((1, "a"), (2, "b"), (3, "c"))}
    assert sorted(ranks, key=lambda name: ranks[name]) == ["b", "a", "c"]


async def entered(lane: Lane, order: list[str], client: str, work: float) -> None:
    await lane.enter(client, work)
    order.append(client)


async def places_in_turn(shares: Shares) -> list[str]:
    lane = Lane(1, shares)
    order: list[str] = []
    await lane.enter("10.0.0.9 first")
    waiting = [
        asyncio.create_task(entered(lane, order, client, work))
        for client, work in (("10.0.0.1 long", 5.0), ("10.0.0.1 much", 0.0), ("10.0.0.2 little", 0.0))
    ]
    await asyncio.sleep(0)
    assert lane.crowded
    assert lane.outranked("10.0.0.9 first", 5.1)
    assert not lane.outranked("10.0.0.9 first", 0.0)
    for _ in waiting:
        lane.leave()
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    return order


def test_a_lane_gives_its_places_by_rank(shares: Shares) -> None:
    shares.add("10.0.0.1 much", 1.0)
    assert asyncio.run(places_in_turn(shares)) == ["10.0.0.2 little", "10.0.0.1 much", "10.0.0.1 long"]


async def flooded(shares: Shares) -> list[str]:
    """One query that has had a while, in a lane to whose every place a new one has come by the time that it is free."""
    lane = Lane(1, shares)
    order: list[str] = []
    await lane.enter("10.0.0.9 first")
    entering = [asyncio.create_task(entered(lane, order, "10.0.0.1 reader", 0.15))]
    for number in range(10):
        entering.append(asyncio.create_task(entered(lane, order, f"10.0.0.1 flood-{number}", 0.0)))
        await asyncio.sleep(0)
        lane.leave()
        await asyncio.sleep(0)
    lane.leave()
    await asyncio.gather(*entering)
    return order


def test_a_flood_does_not_starve_a_query_that_has_had_a_while(shares: Shares) -> None:
    shares.add("10.0.0.1 reader", 5.0)
    assert asyncio.run(flooded(shares)).index("10.0.0.1 reader") == 3


async def give_up_and_leave(shares: Shares) -> int:
    lane = Lane(1, shares)
    await lane.enter("10.0.0.1 a")
    waiting = asyncio.create_task(lane.enter("10.0.0.2 b"))
    await asyncio.sleep(0)
    lane.leave()  # the place is handed over at the very moment of giving up
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return lane.free


def test_a_place_is_not_lost_by_who_gives_up(shares: Shares) -> None:
    assert asyncio.run(give_up_and_leave(shares)) == 1
