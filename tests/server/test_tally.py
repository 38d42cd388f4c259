"""Whose turn it is to take a connection."""

import os

import pytest

from alpine_kg.server.tally import Tally

GONE = None


@pytest.mark.parametrize(
    ("numbers", "turns"),
    [
        ([0, 0], [True, True]),
        ([1, 0], [False, True]),
        ([3, 3, 2], [False, False, True]),
        ([7, 8], [True, False]),
        ([0, GONE], [True, True]),
        ([500, GONE, GONE], [True, True, True]),
        ([2, 1, GONE], [False, True, True]),
        # Many are shared out in handfuls.
        ([8, 9], [True, True]),
        ([8, 10], [True, False]),
        ([800, 900], [True, True]),
        ([800, 901], [True, False]),
    ],
)
def test_whoever_has_fewest_has_the_next(numbers: list[int | None], turns: list[bool]) -> None:
    tally = Tally(len(numbers))
    for place, number in enumerate(numbers):
        if number is not GONE:
            tally.write(place, number)
    assert [tally.is_turn(place) or number is GONE for place, number in enumerate(numbers)] == turns


def test_one_who_leaves_is_waited_for_no_longer() -> None:
    tally = Tally(2)
    tally.write(0, 5)
    tally.write(1, 0)
    assert not tally.is_turn(0)
    tally.leave(1)
    assert tally.is_turn(0)


def test_processes_that_are_forked_share_it() -> None:
    tally = Tally(2)
    tally.write(0, 1)
    pid = os.fork()
    if pid == 0:
        tally.write(1, 0)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    assert not tally.is_turn(0)
