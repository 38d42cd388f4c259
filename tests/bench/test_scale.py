"""The parts of the growth table that can go wrong without being seen."""

import math
from itertools import islice

import pytest

from pages import addresses
from scale import KINDS, _exponent
from synthetic import EVERY, Synthetic, slug


@pytest.mark.parametrize(("values", "exponent"), [([1, 10], 1.0), ([1, 100], 2.0), ([5, 5], 0.0), ([9, 1, 10], 1.0)])
def test_an_exponent_is_that_of_the_last_step(values: list[float], exponent: float) -> None:
    assert _exponent([10**n for n in range(len(values))], values) == pytest.approx(exponent)


@pytest.mark.parametrize("values", [[1.0], [0.0, 1.0], [1.0, math.nan]])
def test_without_two_figures_there_is_no_exponent(values: list[float]) -> None:
    assert math.isnan(_exponent([1, 10][: len(values)], values))


def test_the_addresses_are_of_things_that_there_are_and_hardly_any_comes_twice() -> None:
    world = Synthetic(1000)
    vehicles = {f"/vehicle/{slug(number)}" for number in range(1000 // EVERY["vehicle"])}
    paths = addresses(world)
    for name, kind in KINDS.items():
        found = list(islice(paths[kind], 500))
        assert (len(set(found)) > 350) is (name != "hot look-up")
        if "look-up" in name:
            assert {path.partition("?")[0] for path in found} <= vehicles
