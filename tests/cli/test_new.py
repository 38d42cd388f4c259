"""New announcements, entities and claims: what is written, what is refused, and how a slip is answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.curation import Desk
from alpine_kg.errors import BadParameterError, RootError
from alpine_kg.graph import KnowledgeGraph

Run = Callable[..., Any]
BASICS = {
    "date": "2026-05-12",
    "slug": "tatran",
    "title-fr": "Annonce du Tatran",
    "title-en": "Announcement of the Tatran",
    "summary-fr": "Le Tatran est annoncé.",
    "summary-en": "The Tatran is announced.",
    "by": "Alpine",
    "publisher": "Alpine",
    "language": "cs",
    "source-url": "https://example.org/tatran",
}
TEXT = (
    "Alpine announces the Tatran.\nThe Tatran will be built at “Dieppe” in 2028, says Alpine’s director. The Tatran!\n"
)


def flags(**changes: str | None) -> list[str]:
    given = {**BASICS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return [part for name, value in given.items() if value is not None for part in (f"--{name}", value)]


def assert_valid(report: str) -> None:
    """No violation, and no warning of what is new: those of the shipped data are another matter."""
    *findings, summary = report.splitlines()
    assert summary.startswith("0 violations"), report
    assert [finding for finding in findings if "tatran" in finding.lower()] == []


@pytest.fixture
def new(run: Run, shipped_copy: Path) -> Run:
    return lambda *arguments: run("new", *arguments, "--root", shipped_copy)


@pytest.fixture
def announced(new: Run) -> Run:
    """A graph with an announcement whose source has no text, and what adds to it."""
    assert new("announcement", *flags()).status == 0
    return new


@pytest.fixture
def quoted(new: Run, tmp_path: Path) -> Callable[..., Any]:
    """The same with a source whose text is held."""
    file = tmp_path / "tatran.txt"
    file.write_text(TEXT, encoding="utf-8")
    made = new("announcement", *flags(source_url=None), "--text", str(file), "--venue", "Dieppe plant")
    assert made.status == 0, made.errors
    assert new("vehicle", "Tatran").status == 0

    def claim(*arguments: str) -> Any:
        about = ("--announcement", "2026-05-12-tatran", "--subject", "Tatran", "--text", str(file))
        return new("claim", *about, *arguments)

    return claim


def test_an_announcement_is_valid_at_once(run: Run, announced: Run, shipped_copy: Path) -> None:
    del announced
    assert_valid(run("validate", "--root", shipped_copy).text)


def test_one_with_its_text_quotes_it_and_is_verified(
    run: Run, quoted: Callable[..., Any], shipped_copy: Path, tmp_path: Path
) -> None:
    made = quoted("--predicate", "producedAt", "--object", "Dieppe factory", "--due", "2028", "--quote",
                  "The Tatran will be built at \"Dieppe\" in 2028, says Alpine's director.")  # fmt: skip
    assert made.status == 0, made.errors
    written = (shipped_copy / "data/announcements/2026-05-12-tatran.ttl").read_text(encoding="utf-8")
    assert 'oa:exact "The Tatran will be built at “Dieppe” in 2028, says Alpine’s director."' in written
    again = quoted("--predicate", "productionStart", "--object", "2028", "--quote",
                   "The Tatran will be built at “Dieppe” in 2028, says Alpine’s director.")  # fmt: skip
    assert again.status == 0, "the same words are one quote"
    short = quoted("--predicate", "brand", "--object", "Alpine", "--quote", "The Tatran")
    assert short.status == 0
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "any.txt").write_text(TEXT, encoding="utf-8")
    report = run("validate", "--root", shipped_copy, "--texts", texts)
    assert_valid(report.text)
    assert "3 quotes verified" in report.text
    written = (shipped_copy / "data/announcements/2026-05-12-tatran.ttl").read_text(encoding="utf-8")
    assert "oa:prefix" in written, "words that stand there twice have their neighbours"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--predicate", "brand", "--object", "Alpine"], "nothing of it is quoted"),
        (["--predicate", "brand", "--object", "Alpine", "--quote", "not there"], "does not stand in tatran.txt"),
        (["--predicate", "brand", "--object", "Alpine", "--quote", " ".join(["word"] * 25)], "1 to 24 words"),
        (["--predicate", "colour", "--object", "blue", "--quote", "The Tatran"], "no property 'colour'"),
        (
            ["--predicate", "producedAt", "--object", "Dieppe plnt", "--quote", "The Tatran"],
            "Did you mean Dieppe plant",
        ),
        (["--predicate", "powertrain", "--object", "steam", "--quote", "The Tatran"], "no Powertrain 'steam'"),
        (["--predicate", "productionStart", "--object", "soon", "--quote", "The Tatran"], "not an EDTF date"),
        (
            ["--predicate", "productionStart", "--object", "2028", "--due", "2028", "--quote", "The Tatran"],
            "Leave --due",
        ),
        (["--predicate", "price", "--object", "many", "--unit", "EUR", "--quote", "The Tatran"], "not a number"),
        (["--predicate", "price", "--object", "30000", "--quote", "The Tatran"], "Give --unit"),
        (["--predicate", "price", "--object", "30000", "--unit", "quid", "--quote", "The Tatran"], "no unit 'quid'"),
        (["--predicate", "brand", "--object", "Alpine", "--modality", "sure", "--quote", "The Tatran"], "no Modality"),
        (["--predicate", "brand", "--object", "Alpine", "--fulfils", "x", "--quote", "The Tatran"], "no claim 'x'"),
    ],
)
def test_a_slip_in_a_claim_is_named_and_nothing_is_written(
    quoted: Callable[..., Any], shipped_copy: Path, arguments: list[str], said: str
) -> None:
    before = {path: path.read_bytes() for path in shipped_copy.rglob("*.ttl")}
    outcome = quoted(*arguments)
    assert outcome.status == 2
    assert said in outcome.errors
    assert {path: path.read_bytes() for path in shipped_copy.rglob("*.ttl")} == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"by": "Alpin Motors"}, "There is no organization or person 'Alpin Motors'"),
        ({"by": "Renault Grup"}, "Did you mean Renault Group (organization:renault-group)"),
        ({"date": "next week"}, "not an EDTF date"),
        ({"date": "2026/2027"}, "is not made on"),
        ({"slug": "Två Ord"}, "lower-case ASCII words joined by hyphens, for example tva-ord"),
        ({"source-url": None}, "This is missing: --source-url"),
        ({"language": None, "title-fr": None}, "This is missing: --title-fr, --language"),
    ],
)
def test_a_slip_in_an_announcement_is_named(new: Run, changes: dict[str, str | None], said: str) -> None:
    outcome = new("announcement", *flags(**changes))
    assert outcome.status == 2
    assert said in outcome.errors


def test_nothing_is_overwritten(announced: Run) -> None:
    assert "is there already" in announced("announcement", *flags()).errors
    assert "is a name of vehicle:alpine-a110 already" in announced("vehicle", "A110", "--slug", "other").errors
    assert "is there already" in announced("person", "Somebody", "--slug", "luca-de-meo").errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["person"], "has one proper name"),
        (["person", "--label-fr", "X"], "has one proper name"),
        (["vehicle", "현대"], "No identifier can be made"),
        (["plan", "X", "--class", "Strategy"], "no class of plan 'Strategy'"),
        (["post", "X"], "A post is in an organization"),
        (["post", "X", "--organization", "Nobody"], "There is no organization 'Nobody'"),
        (["vehicle", "X", "--organization", "Alpine"], "and nothing else is"),
    ],
)
def test_a_slip_in_an_entity_is_named(new: Run, arguments: list[str], said: str) -> None:
    outcome = new(*arguments)
    assert outcome.status == 2
    assert said in outcome.errors


def test_entities_have_other_names_classes_and_places(new: Run, shipped_copy: Path) -> None:
    assert (
        new("organization", "모라반", "--slug", "moravan", "--alt", "Moravan Motor", "--class", "Company").status == 0
    )
    assert new("place", "Kvasiny", "--position", "50.21", "16", "--alt", "크바시니@ko").status == 0
    assert new("post", "--label-fr", "Pilote", "--label-en", "Driver", "--organization", "moravan").status == 0
    graph = KnowledgeGraph.open(shipped_copy, store=shipped_copy.parent / "store")
    assert graph.search("moravan motor", limit=1)[0].iri.endswith("/organization/moravan")
    assert '"크바시니"@ko' in (shipped_copy / "data/places.ttl").read_text(encoding="utf-8")
    assert "geo:long 16.0" in (shipped_copy / "data/places.ttl").read_text(encoding="utf-8")


def test_another_source_of_the_same_announcement(run: Run, announced: Run, shipped_copy: Path) -> None:
    made = announced("source", "--announcement", "2026-05-12-tatran", "--publisher", "Deník", "--language", "cs",
                     "--published", "2026-05-13", "--source-url", "https://example.org/denik")  # fmt: skip
    assert made.text.splitlines()[-1] == "source:denik-2026-05-12-tatran"
    unclear = announced("claim", "--announcement", "2026-05-12-tatran", "--subject", "Alpine", "--predicate", "partOf",
                        "--object", "Renault Group")  # fmt: skip
    assert "Name the source that states it with --source" in unclear.errors
    clear = announced("claim", "--announcement", "2026-05-12-tatran", "--subject", "Alpine", "--predicate", "partOf",
                      "--object", "Renault Group", "--source", "denik-2026-05-12-tatran", "--modality", "confirmed")  # fmt: skip
    assert clear.status == 0
    assert_valid(run("validate", "--root", shipped_copy).text)


def test_on_a_terminal_what_is_missing_is_asked_for(new: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(question: str) -> str:
        asked.append(question)
        return "cs" if "Language" in question else "Alpine, Renault Group" if "Who" in question else "Titre"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", answer)
    outcome = new("announcement", *flags(language=None, by=None, title_fr=None))
    assert outcome.status == 0
    assert len(asked) == 3


def test_plain_files_are_not_curated(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with pytest.raises(RootError, match="not curated"):
        Desk.open(tmp_path)


def test_a_name_of_two_things_is_not_guessed(shipped_copy: Path) -> None:
    desk = Desk.open(shipped_copy)
    desk.names.add("https://w3id.org/alpine-kg/id/vehicle/other", ["A110"])
    with pytest.raises(BadParameterError, match="names more than one thing"):
        desk.names.find("a110", ["vehicle"])
