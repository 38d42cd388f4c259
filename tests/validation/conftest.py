"""What the tests of engines and of splitting share: one root with every case of every rule, and reports that can be compared."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.root import GraphRoot, shipped_root
from alpine_kg.validation import Report, validate

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS.parent / "bench"))
# The extra `cluster` is for those who need it; its tests run wherever it is installed.
collect_ignore = [] if importlib.util.find_spec("distributed") else ["test_cluster.py"]


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> GraphRoot:
    """A root with the shipped rules, the small world, and a data file for each case of each shape and check."""
    folder = tmp_path_factory.mktemp("cases")
    for part in ("ontology", "queries"):
        shutil.copytree(shipped_root() / part, folder / part)
    (folder / "data").mkdir()
    shutil.copy(Path(__file__).with_name("world.ttl"), folder / "data")
    for kind in ("shapes", "checks"):
        for path in sorted((TESTS / kind).glob("*/*.ttl")):
            shutil.copy(path, folder / "data" / f"{kind}--{path.parent.name}--{path.stem}.ttl")
    return GraphRoot.open(folder)


@pytest.fixture(scope="session")
def comparable() -> Callable[[Report], dict[str, Any]]:
    """Turns a report into what must be the same however it was made: all but the names of blank nodes."""

    def compare(report: Report) -> dict[str, Any]:
        held = report.to_dict()
        for finding in held["findings"]:
            finding["focus"] = finding["focus"] if ":" in finding["focus"] else "a blank node"
        return held

    return compare


@pytest.fixture(scope="session")
def expected(cases: GraphRoot, comparable: Callable[[Report], dict[str, Any]]) -> dict[str, Any]:
    """What the reference finds in all cases, read as a whole."""
    report = comparable(validate(cases))
    assert len(report["findings"]) > 150
    assert "likely-duplicate" in {finding["rule"] for finding in report["findings"]}
    return report
