"""The long runs of bench/, a few seconds of each: what `make soak` proves at length stays true from day to day."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
RUNS = {
    "durability": ("durability.py", "--rounds", "10"),
    "reload by two serving processes": ("reload.py", "--swaps", "12", "--clients", "3", "--workers", "2"),
    "fuzz": ("fuzz.py", "--requests", "600"),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_short_run(name: str) -> None:
    script, *words = RUNS[name]
    ended = subprocess.run(
        [sys.executable, BENCH / script, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
