"""The table of what validation costs is worked out right."""

import pytest

from validating import Row, table


def row(kind: str, triples: int, cpu: float, **more: object) -> Row:
    return {
        "kind": kind,
        "triples": triples,
        "cpu": cpu,
        "seconds": 1,
        "megabytes": 2,
        "megabytes of a worker": 3,
        **more,
    }


def test_exponents_are_of_one_kind_and_plain_is_extrapolated_by_its_line() -> None:
    rows = [
        *(row("plain", triples, 1 + triples / 100) for triples in (100, 200, 400)),
        row("fast", 1_000, 0.1),
        row("jobs 2", 1_000, 0.2),
        row("fast", 10_000, 1.0),
        row("jobs 2", 10_000, 20.0),
    ]
    found = {tuple(line.split()[:2]): line.split() for line in table(rows).splitlines()}
    assert found["fast", "1000"][-2:] == ["100", "100"]
    assert found["fast", "10000"][-3:] == ["100", "1.00", "100"]
    assert found["jobs", "2"][-3:] == ["2000", "2.00", "5"]


@pytest.mark.parametrize("equal", [True, False])
def test_whether_engines_agree_is_told(equal: bool) -> None:  # noqa: FBT001 - a parameter
    text = table([row("agree", 10, 1, found=3, faults=4, equal=equal)])
    assert f"3 of 4 faults found, reports equal: {equal}" in text
