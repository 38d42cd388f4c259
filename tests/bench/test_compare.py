"""The table of the comparisons: ratios, aims, and what has changed since an earlier run."""

from dataclasses import replace
from pathlib import Path

import pytest

import compare
from comparison import Row, Run, changes, machine, table
from shapes import SHAPES

FASTER = Row("SPARQL", "star", "ms", 90.0, "oxigraph", 100.0, most=1.15)
ALONE = Row("start", "to the first answer", "s", 1.5, most=2.0)


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (FASTER, True),
        (replace(FASTER, ours=115.1), False),
        (replace(FASTER, most=None), None),
        (ALONE, True),
        (replace(ALONE, ours=2.1), False),
        (replace(ALONE, most=None, least=1.6), False),
        (replace(FASTER, theirs=0.0), False),
    ],
)
def test_an_aim_bounds_the_ratio_where_there_is_a_peer(row: Row, *, met: bool | None) -> None:
    assert row.met is met


def test_the_table_has_a_line_for_each_row() -> None:
    lines = table([FASTER, ALONE]).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[2].split("|")[1:-1]] == [
        *("SPARQL", "star", "ms", "90", "oxigraph", "100", "0.9", "at most 1.15", "yes"),
    ]


def test_a_run_is_kept_whole(tmp_path: Path) -> None:
    run = Run(machine(), [FASTER, ALONE])
    run.write(tmp_path / "kept" / "run.json")
    assert Run.read(tmp_path / "kept" / "run.json") == run
    assert run.about["versions"]["pyoxigraph"]


def test_changes_are_told_by_ratios_where_there_are_peers() -> None:
    slower_machine = replace(FASTER, ours=180.0, theirs=200.0)
    assert list(changes(Run({}, [FASTER]), Run({}, [slower_machine]))) == []
    worse = replace(FASTER, ours=120.0)
    assert list(changes(Run({}, [FASTER, ALONE]), Run({}, [worse]))) == [
        "SPARQL, star, beside oxigraph: 0.9 -> 1.2 times the peer's (+33%)",
        "SPARQL, star, beside oxigraph: the aim (at most 1.15) was met, is missed",
        "no longer measured: start, to the first answer",
    ]
    assert list(changes(Run({}, []), Run({}, [ALONE]))) == ["new: start, to the first answer"]


def test_the_newest_run_of_the_same_kind_is_compared_with(tmp_path: Path) -> None:
    about = {"quick": True, "size": 10_000}
    for day, size in (("2026-01-01", 10_000), ("2026-01-02", 10_000), ("2026-01-03", 1)):
        Run({"quick": True, "size": size}, []).write(tmp_path / f"quick-{day}.json")
    Run(about, []).write(tmp_path / "comparison-2026-01-04.json")
    assert compare.earlier(tmp_path, about) == tmp_path / "quick-2026-01-02.json"
    assert compare.earlier(tmp_path, {"quick": False, "size": 5}) is None


def test_what_is_shown_names_the_aims_that_are_missed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Run({}, [FASTER]).write(tmp_path / "before.json")
    compare.show(Run({"quick": False}, [replace(FASTER, ours=200.0)]), tmp_path / "before.json")
    told = capsys.readouterr().out
    assert "MISSED: SPARQL, star: at most 1.15" in told
    assert "Since before.json:" in told


def test_validation_is_compared_with_a_line_through_the_reference() -> None:
    found = [
        {"kind": "plain", "size": 10, "triples": 10, "cpu": 20.0},
        {"kind": "plain", "size": 20, "triples": 20, "cpu": 30.0},
        {"kind": "fast", "size": 1_000_000, "triples": 1_000_000, "cpu": 10_000.0},
        {"kind": "revalidate", "size": 20, "triples": 20, "cpu": 1.0, "seconds": 2.0},
        {"kind": "revalidate", "size": 1_000_000, "triples": 1_000_000, "cpu": 1.0, "seconds": 1.1},
    ]
    row, small, large = compare.validated(found)
    assert row.theirs == pytest.approx(1_000_000)
    assert row.met is False
    assert replace(row, ours=5_000.0).met
    assert small.met is None
    assert large.met is False
    assert replace(large, ours=0.9).met


def test_there_are_at_least_ten_shapes_and_each_says_what_it_is() -> None:
    assert len(SHAPES) >= 10
    assert all(path.read_text(encoding="utf-8").startswith("# ") for path in SHAPES.values())
