"""However a validation is split, wherever it runs and whatever it remembers, the report is that of the whole."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.errors import RootError, StoreError
from alpine_kg.namespaces import shorten
from alpine_kg.root import FOLDERS, GraphRoot, shipped_root
from alpine_kg.validation import Report, validate, validate_split
from alpine_kg.validation.checks import Check
from alpine_kg.validation.reach import Reach
from alpine_kg.validation.recorded import report_recorded
from alpine_kg.validation.runners import Processes, Serial, runner
from alpine_kg.validation.splitting import Splitting

Compare = Callable[[Report], dict[str, Any]]
NAME = re.compile(r"\b[a-z]+:[a-z0-9][\w-]*")
ANNOUNCEMENT = "data/announcements/2022-01-28-dieppe-crossover-gt.ttl"


class Shuffled(Splitting):
    """Cuts a root into units of focus nodes that have nothing to do with each other."""

    def _cut(self, state: Any, foci: Any = None) -> Iterator[list[str]]:
        names = [name for unit in super()._cut(state, foci) for name in unit]
        names.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
        for start in range(0, len(names), 150):
            yield names[start : start + 150]


class Apart(Splitting):
    """Cuts a root into units of which each has one plant, and one of all the rest."""

    def _cut(self, state: Any, foci: Any = None) -> Iterator[list[str]]:
        names = [name for unit in super()._cut(state, foci) for name in unit]
        plants = [name for name in names if "/id/plant/" in name]
        yield from ([name] for name in plants)
        yield [name for name in names if name not in plants]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with the shipped rules, one announcement, and what it mentions, and so on: it does not grow with the graph."""
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, tmp_path / "root" / folder)
    announcement = tmp_path / "root" / ANNOUNCEMENT
    for path in announcement.parent.glob("*.ttl"):
        if path != announcement:
            path.unlink()
    files = {
        path: path.read_text(encoding="utf-8").split("\n\n") for path in (tmp_path / "root" / "data").glob("*.ttl")
    }
    kept, found = set[str](), {announcement.read_text(encoding="utf-8")}
    while found - kept:
        kept |= found
        names = {name for text in kept for name in NAME.findall(text)}
        found = {text for _, *records in files.values() for text in records if text.partition("\n")[0] in names}
    for path, (prefixes, *records) in files.items():
        path.write_text(
            "\n\n".join([prefixes, *(text.strip() + "\n" for text in records if text in kept)]), encoding="utf-8"
        )
    return tmp_path / "root"


@pytest.mark.parametrize("unit_bytes", [10**9, 60_000])
def test_the_size_of_the_units_does_not_matter(
    cases: GraphRoot, expected: dict[str, Any], comparable: Compare, unit_bytes: int
) -> None:
    splitting = Splitting(cases, "fast", Serial(), unit_bytes)
    assert comparable(report_recorded(cases, splitting.run(None), None)) == expected


def test_it_does_not_matter_which_records_share_a_unit(
    cases: GraphRoot, expected: dict[str, Any], comparable: Compare
) -> None:
    assert comparable(report_recorded(cases, Shuffled(cases, "fast", Serial()).run(None), None)) == expected


def test_the_reference_can_be_split_too(cases: GraphRoot, expected: dict[str, Any], comparable: Compare) -> None:
    assert comparable(validate_split(cases)) == expected


def test_processes_find_the_same(cases: GraphRoot, expected: dict[str, Any], comparable: Compare) -> None:
    splitting = Splitting(cases, "fast", runner(jobs=2), 200_000)
    assert comparable(report_recorded(cases, splitting.run(None), None)) == expected


def test_a_process_that_dies_is_replaced_and_its_work_done_again(tmp_path: Path) -> None:
    flag = tmp_path / "died"

    def work(number: int) -> int:
        if number == 3 and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number

    globals()["_work"] = work
    assert list(Processes(2).map(_call, range(9))) == [number * number for number in range(9)]
    assert flag.exists()


def test_processes_that_keep_dying_are_reported() -> None:
    with pytest.raises(StoreError, match="keep ending"):
        list(Processes(1).map(_die, [1]))


def _call(number: int) -> int:
    return globals()["_work"](number)  # type: ignore[no-any-return]


def _die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


EDITS: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "a term misspelt": lambda text: text.replace("ak:Planned", "ak:Plannd", 1),
    "a date that others depend on": lambda text: text.replace('"2022-01-28"^^edtf:EDTF', '"2032-01-28"^^edtf:EDTF'),
    "an entity no longer mentioned": lambda text: text.replace("person:luca-de-meo", "person:luca-de-mio"),
    "a paragraph cut short": lambda text: text.replace(" .\n", "\n", 8),
    "half of it gone": lambda text: text[: text.index("\n\n", len(text) // 2)] + "\n",
    "a record given twice": lambda text: text.replace("claim:2022-01-28-announced-by-alpine\n", "claim:again\n", 1),
}


def test_what_is_remembered_is_brought_up_to_every_change(root: Path, comparable: Compare, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    original = (root / ANNOUNCEMENT).read_text(encoding="utf-8")
    assert len(set(EDITS)) == 7
    for edit in EDITS.values():
        (root / ANNOUNCEMENT).write_text(edit(original), encoding="utf-8")
        remembered = validate_split(GraphRoot.open(root), engine="fast", state=state)
        assert comparable(remembered) == comparable(validate(GraphRoot.open(root)))


PREFIXES = (
    "@prefix ak: <https://w3id.org/alpine-kg/ontology#> .\n@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
)
AGAIN = {
    "by a class and a name": 'plant:dieppe a ak:Plant ; rdfs:label "Dieppe plant"@en .\n',
    "by a name alone": 'plant:dieppe rdfs:label "Dieppe plant"@en , "Works of Dieppe"@en .\n',
    "among others": "plant:dieppe a ak:Plant .\nplant:other a ak:Plant .\n",
    "no longer": "",
}


def test_what_several_files_say_of_one_thing_is_counted_once(root: Path, comparable: Compare, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    counted = []
    for text in AGAIN.values():
        (root / "data" / "again.ttl").write_text(PREFIXES + text, encoding="utf-8")
        remembered = comparable(validate_split(GraphRoot.open(root), engine="fast", state=state))
        assert remembered == comparable(validate_split(GraphRoot.open(root), engine="fast", runner=Processes(2)))
        assert remembered == comparable(validate(GraphRoot.open(root)))
        counted.append(remembered["counts"])
    first, named, others, last = counted
    assert [held["entities"] - last["entities"] for held in counted] == [0, 0, 1, 0]
    assert named["triples"] > first["triples"]
    assert others["triples"] == last["triples"] + 1


@pytest.mark.parametrize("name", ["data/people.ttl", "data/sources.ttl", "data/vehicles.ttl", ANNOUNCEMENT])
def test_a_file_that_goes_and_comes_back(root: Path, comparable: Compare, tmp_path: Path, name: str) -> None:
    state = tmp_path / "state.sqlite"
    content = (root / name).read_bytes()
    before = validate_split(GraphRoot.open(root), engine="fast", state=state)
    (root / name).unlink()
    without = validate_split(GraphRoot.open(root), engine="fast", state=state)
    assert comparable(without) == comparable(validate(GraphRoot.open(root)))
    (root / name).write_bytes(content)
    assert comparable(validate_split(GraphRoot.open(root), engine="fast", state=state)) == comparable(before)


WORKS = (
    "@prefix ak: <https://w3id.org/alpine-kg/ontology#> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\nplant:works a ak:Plant ; "
)
ALIKE = {
    "one name alike": (
        'rdfs:label "Dieppe works"@en , "Usine de Dieppe-sur-mer"@fr ; skos:altLabel "The Dieppe plant"@en',
        1,
    ),
    "several names alike": (
        'rdfs:label "DIEPPE FACTORY"@en , "Usine Alpine Dièppe"@fr ; skos:altLabel "Dieppe plants"@en',
        1,
    ),
    "a slip in the name": ('rdfs:label "Alpyne Dieppe plant"@en , "Ateliers de la mer"@fr', 1),
    "declared to be different": (
        'rdfs:label "Alpyne Dieppe plant"@en , "Ateliers"@fr ; owl:differentFrom plant:dieppe',
        0,
    ),
    "another name": ('rdfs:label "Sochaux works"@en , "Ateliers de Sochaux"@fr', 0),
}


def alike_to(name: str, report: Report) -> int:
    found = [finding for finding in report.findings if finding.rule == "likely-duplicate"]
    return sum(name in {shorten(str(finding.focus)), finding.message["en"].partition(" ")[0]} for finding in found)


@pytest.mark.parametrize("name", ALIKE)
def test_names_are_compared_with_those_of_other_units(root: Path, comparable: Compare, name: str) -> None:
    body, pairs = ALIKE[name]
    (root / "data" / "works.ttl").write_text(f"{WORKS}{body} .\n", encoding="utf-8")
    whole = validate(GraphRoot.open(root))
    assert alike_to("plant:works", whole) == pairs
    for runs in (Serial(), Processes(2)):
        state = Apart(GraphRoot.open(root), "fast", runs).run(None)
        assert comparable(report_recorded(GraphRoot.open(root), state, None)) == comparable(whole)


def test_an_entity_is_judged_again_when_another_takes_or_gives_up_its_name(
    root: Path, comparable: Compare, tmp_path: Path
) -> None:
    """The finding stands at `works`, or at `dieppe`, whichever comes later; both must follow from a change of either."""
    state, file, plants = tmp_path / "state.sqlite", root / "data" / "works.ttl", root / "data" / "plants.ttl"
    original = plants.read_text(encoding="utf-8")
    found = []

    def follow() -> None:
        remembered = validate_split(GraphRoot.open(root), engine="fast", state=state)
        assert comparable(remembered) == comparable(validate(GraphRoot.open(root)))
        found.append(alike_to(f"plant:{slug}", remembered))

    for slug in ("works", "a-works"):
        for body, _ in ALIKE.values():
            file.write_text(f"{WORKS.replace('plant:works', f'plant:{slug}')}{body} .\n", encoding="utf-8")
            follow()
        file.write_text(
            f"{WORKS.replace('plant:works', f'plant:{slug}')}{ALIKE['a slip in the name'][0]} .\n", encoding="utf-8"
        )
        follow()
        settled = f"\nplant:dieppe <http://www.w3.org/2002/07/owl#differentFrom> plant:{slug} .\n"
        for text in (original + settled, original, original.replace("Alpine Dieppe plant", "Atelier by the sea")):
            plants.write_text(text, encoding="utf-8")
            follow()
        plants.write_text(original, encoding="utf-8")
        file.unlink()
        follow()
    assert found == [1, 1, 1, 0, 0, 1, 0, 1, 0, 0] * 2


def test_only_what_changed_and_what_depends_on_it_is_judged(root: Path, tmp_path: Path) -> None:
    class Counting(Serial):
        judged = 0

        def map(self, work: Any, items: Iterable[Any]) -> Iterator[Any]:
            for item in items:
                if hasattr(item, "own"):
                    self.judged += sum(content.count(b"\n") for _, content in item.own)
                yield work(item)

    state = tmp_path / "state.sqlite"
    counting = Counting()
    whole = validate_split(GraphRoot.open(root), engine="fast", state=state, runner=counting)
    assert counting.judged == whole.counts.triples
    counting.judged = 0
    validate_split(GraphRoot.open(root), engine="fast", state=state, runner=counting)
    assert counting.judged == 0
    text = (root / "data" / "aims.ttl").read_text(encoding="utf-8")
    (root / "data" / "aims.ttl").write_text(text.replace("@en", "@en-gb", 1), encoding="utf-8")
    validate_split(GraphRoot.open(root), engine="fast", state=state, runner=counting)
    assert 0 < counting.judged < 60


def test_another_process_knows_the_rules_again(cases: GraphRoot) -> None:
    code = (
        "import sys; from pathlib import Path; from alpine_kg.root import GraphRoot;"
        "from alpine_kg.validation.runners import Serial; from alpine_kg.validation.splitting import Splitting;"
        "print(Splitting(GraphRoot.open(Path(sys.argv[1])), 'fast', Serial()).rules.digest)"
    )
    digests = {
        subprocess.check_output([sys.executable, "-c", code, str(cases.path)], env={"PYTHONHASHSEED": seed}, text=True)
        for seed in ("1", "2")
    }
    assert digests == {Splitting(cases, "fast", Serial()).rules.digest + "\n"}


def test_other_rules_start_anew(root: Path, comparable: Compare, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    validate_split(GraphRoot.open(root), engine="fast", state=state)
    check = root / "queries" / "checks" / "undated-announcement.rq"
    check.write_text(check.read_text(encoding="utf-8").replace("ak:date }", "ak:dates }"), encoding="utf-8")
    again = validate_split(GraphRoot.open(root), engine="fast", state=state)
    assert "undated-announcement" in {finding.rule for finding in again.findings}
    assert comparable(again) == comparable(validate(GraphRoot.open(root)))


def test_what_is_no_state_is_refused_and_left_alone(root: Path, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, and longer than the header of one" * 20, encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt cannot be used"):
        validate_split(GraphRoot.open(root), engine="fast", state=text)
    assert text.read_text(encoding="utf-8").startswith("not a database")


def test_a_check_that_says_nothing_of_reach_is_asked_of_the_whole(root: Path, comparable: Compare) -> None:
    for path in (root / "queries" / "checks").glob("*.rq"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(("#+ reach", "#+   - "))]
        path.write_text("".join(kept), encoding="utf-8")
    (root / ANNOUNCEMENT).write_text(
        (root / ANNOUNCEMENT).read_text(encoding="utf-8")[:20_000].rpartition("\n\n")[0] + "\n"
    )
    splitting = Splitting(GraphRoot.open(root), "fast", Serial(), 10_000)
    report = report_recorded(GraphRoot.open(root), splitting.run(None), None)
    assert report.findings
    assert comparable(report) == comparable(validate(GraphRoot.open(root)))


def test_classes_declared_in_data_count_everywhere(root: Path, comparable: Compare) -> None:
    (root / "data" / "classes.ttl").write_text(
        "@prefix ak: <https://w3id.org/alpine-kg/ontology#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix vehicle: <https://w3id.org/alpine-kg/id/vehicle/> .\n\n"
        "ak:Truck rdfs:subClassOf ak:Vehicle .\n\nvehicle:Truck a ak:Truck .\n",
        encoding="utf-8",
    )
    splitting = Splitting(GraphRoot.open(root), "fast", Serial(), 5_000)
    report = report_recorded(GraphRoot.open(root), splitting.run(None), None)
    assert "VehicleShape/Pattern" in {finding.rule for finding in report.findings}
    assert comparable(report) == comparable(validate(GraphRoot.open(root)))


def test_every_shipped_check_says_what_it_reaches() -> None:
    checks = [Check.read(path) for path in GraphRoot.open().checks]
    assert [check.name for check in checks if check.reach is None] == []
    assert any(check.reach and check.reach.paths for check in checks)


@pytest.mark.parametrize("reach", ["ak:date", [1], ["ak:date/"], ["date"], ["^^ak:date"], ["ak:date[x]"]])
def test_a_reach_that_is_no_list_of_paths_is_refused(reach: Any) -> None:
    with pytest.raises(RootError, match="some check"):
        Reach.parse(reach, "some check")
