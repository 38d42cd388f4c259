"""On the W3C's tests of SHACL the fast engine finds what pySHACL finds, with the fields of the report that tell results apart.

The suite is not in this repository. `make w3c` takes it from pySHACL's source distribution to `.venv/w3c`.
"""

import os
from pathlib import Path

import pytest

from alpine_kg.validation.terms import silenced
from shacl_suite import run

SUITE = Path(os.environ.get("W3C_TESTS") or Path(__file__).parents[2] / ".venv" / "w3c") / "sht_tests"
FILES = sorted(path for path in SUITE.rglob("*.ttl") if "sht:Validate" in path.read_text(encoding="utf-8"))


@pytest.mark.skipif(not FILES, reason="make w3c gets the suite")
def test_the_suite_is_whole() -> None:
    assert len(FILES) > 110


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SUITE).with_suffix("").as_posix())
@pytest.mark.filterwarnings("ignore")
def test_a_case_comes_out_as_it_does_from_pyshacl(path: Path) -> None:
    with silenced():
        outcomes = run(path, SUITE)
    assert outcomes
    assert [outcome.name for outcome in outcomes if outcome.passed and not outcome.equal] == []
