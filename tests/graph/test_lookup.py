"""The application's own questions: each in a file, each valid, none unused."""

from pathlib import Path

import pyoxigraph as ox
import pytest

import alpine_kg
from alpine_kg.graph.lookup import LOOKUPS, UPDATES

SOURCES = [path.read_text(encoding="utf-8") for path in Path(alpine_kg.__file__).parent.rglob("*.py")]


def test_there_are_lookups() -> None:
    assert LOOKUPS


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_lookup_runs_as_it_stands_and_says_what_it_is_for(name: str) -> None:
    ox.Store().query(LOOKUPS[name].text)
    assert LOOKUPS[name].summary.keys() == {"fr", "en"}


@pytest.mark.parametrize("name", LOOKUPS)
def test_every_lookup_is_used(name: str) -> None:
    assert any(f'"{name}"' in source and "LOOKUPS" in source for source in SOURCES)


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_runs_as_it_stands_and_is_used(name: str) -> None:
    ox.Store().update(UPDATES[name].text)
    assert UPDATES[name].summary.keys() == {"fr", "en"}
    assert any(f'"{name}"' in source and "UPDATES" in source for source in SOURCES)
