"""In generated data every engine finds every fault that was put in, and the same, however the work is cut."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.root import GraphRoot
from alpine_kg.validation import Report, validate, validate_split
from alpine_kg.validation.recorded import report_recorded
from alpine_kg.validation.runners import Processes, Runner, Serial
from alpine_kg.validation.splitting import Splitting
from faults import FAULTS
from generate import Writing
from synthetic import Synthetic

Compare = Callable[[Report], dict[str, Any]]
ANNOUNCEMENTS = 48
ERRORS = 2 * len(FAULTS)
CUTS: dict[str, tuple[str, Runner, int]] = {
    "all in one unit": ("fast", Serial(), 10**9),
    "small units": ("fast", Serial(), 30_000),
    "a unit a few nodes": ("fast", Serial(), 6_000),
    "two processes": ("fast", Processes(2), 100_000),
    "pySHACL, in units": ("reference", Serial(), 400_000),
}


def written(folder: Path, *, errors: int = 0, seed: int = 0, per_file: int = 7) -> list[dict[str, str]]:
    writing = Writing(Synthetic(ANNOUNCEMENTS, seed), errors)
    writing.root(folder, per_file)
    return writing.faults


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with two faults of every kind."""
    folder = tmp_path_factory.mktemp("spoiled") / "root"
    written(folder, errors=ERRORS)
    return folder


@pytest.fixture(scope="module")
def found(spoiled: Path, comparable: Compare) -> dict[str, Any]:
    """What the reference finds in it as a whole."""
    return comparable(validate(GraphRoot.open(spoiled)))


def announcement(name: str) -> str:
    """Return the announcement, as a day and a name, that a claim or quote belongs to."""
    return "-".join(name.rpartition("/")[2].split("-")[:4])


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("engine", ["reference", "fast"])
def test_every_fault_is_found_by_its_rule_and_nothing_where_there_is_none(
    tmp_path: Path, engine: str, seed: int
) -> None:
    faults = written(tmp_path / "root", errors=ERRORS, seed=seed)
    report = validate(GraphRoot.open(tmp_path / "root"), engine=engine)
    named = {(fault["rule"], fault["focus"]) for fault in faults}
    assert len(named) == ERRORS
    assert named <= {(finding.rule.partition("/")[0], str(finding.focus)) for finding in report.findings}
    # A quote that is spoiled is missed by its claim.
    spoiled = {announcement(fault["focus"]) for fault in faults}
    assert {announcement(str(finding.focus)) for finding in report.findings} == spoiled


@pytest.mark.parametrize("name", CUTS)
def test_the_report_is_that_of_the_whole(spoiled: Path, found: dict[str, Any], comparable: Compare, name: str) -> None:
    engine, runner, size = CUTS[name]
    root = GraphRoot.open(spoiled)
    assert comparable(report_recorded(root, Splitting(root, engine, runner, size).run(None), None)) == found


def test_it_does_not_matter_which_file_has_which_announcement(tmp_path: Path, found: dict[str, Any]) -> None:
    def without_places(findings: list[dict[str, Any]]) -> list[str]:
        return sorted(json.dumps({**finding, "file": "", "line": 0}, sort_keys=True) for finding in findings)

    written(tmp_path / "root", errors=ERRORS, per_file=1)
    report = validate(GraphRoot.open(tmp_path / "root"), engine="fast").to_dict()
    assert without_places(report["findings"]) == without_places(found["findings"])


def test_faults_that_come_later_are_found_and_those_that_are_mended_are_gone(
    spoiled: Path, found: dict[str, Any], comparable: Compare, tmp_path: Path
) -> None:
    root, state = tmp_path / "root", tmp_path / "state"
    written(root)
    shutil.copytree(root, tmp_path / "sound")
    reports = []
    for source in (root, spoiled, tmp_path / "sound"):
        if source != root:
            shutil.copytree(source / "data", root / "data", dirs_exist_ok=True)
        reports.append(comparable(validate_split(GraphRoot.open(root), engine="fast", state=state)))
    sound, later, mended = reports
    assert sound == mended != later
    assert sound["findings"] == []
    assert later == found
