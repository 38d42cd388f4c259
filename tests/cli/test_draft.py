"""`alpine-kg draft` and `alpine-kg accept`: nothing of a draft counts until a curator accepts it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.root import GraphRoot

Run = Callable[..., Any]
TEXT = Path(__file__).parents[1] / "drafting" / "texts" / "tatran.fr.txt"
WORDS = (
    "--title-fr", "Annonce du Tatran", "--title-en", "Announcement of the Tatran", "--summary-fr", "Moravan annonce.",
    "--summary-en", "Moravan announces.",
)  # fmt: skip
STEM = "2026-05-12-tatran"


@pytest.fixture
def drafted(run: Run, shipped_copy: Path) -> Path:
    """A graph root with a draft."""
    made = run("draft", TEXT, "--lang", "fr", "--date", "2026-05-12", "--slug", "tatran", "--rules-alone", *WORDS,
               "--root", shipped_copy)  # fmt: skip
    assert made.status == 0, made.errors
    assert "with rules alone" in made.text
    return shipped_copy


def paragraphs(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split("\n\n")[1:]


def test_everything_in_a_draft_is_marked_and_nothing_is_served(run: Run, drafted: Path) -> None:
    held = paragraphs(drafted / "drafts" / f"{STEM}.ttl")
    assert len(held) > 20
    assert [paragraph for paragraph in held if "ak:draft" not in paragraph] == []
    assert GraphRoot.open(drafted).digest == GraphRoot.open(None).digest
    *findings, summary = run("validate", "--root", drafted).text.splitlines()
    assert summary.startswith("0 violations")
    assert [finding for finding in findings if "tatran" in finding.lower()] == []


def test_all_that_is_left_is_accepted_and_valid(run: Run, drafted: Path, tmp_path: Path) -> None:
    file = drafted / "drafts" / f"{STEM}.ttl"
    text = file.read_text(encoding="utf-8")
    wrong = next(part for part in text.split("\n\n") if "ak:holdsPost" in part and "karel-novak" in part)
    file.write_text(
        text.replace(wrong + "\n\n", ""), encoding="utf-8"
    )  # a public office, whose body the text does not name
    accepted = run("accept", STEM, "--root", drafted)
    assert accepted.status == 0, accepted.errors
    assert "Nothing is left in the draft, which is removed." in accepted.text
    assert not file.exists()
    texts = tmp_path / "texts"
    texts.mkdir()
    shutil.copy(TEXT, texts)
    report = run("validate", "--root", drafted, "--texts", texts)
    *findings, summary = report.text.splitlines()
    assert summary.startswith("0 violations"), report.text
    assert [finding for finding in findings if "tatran" in finding.lower()] == []
    assert "ak:draft" not in (drafted / f"data/announcements/{STEM}.ttl").read_text(encoding="utf-8")
    assert "maire" not in (drafted / "data/posts.ttl").read_text(encoding="utf-8"), "what no claim needs is not taken"
    assert run("fmt", "--check", "--root", drafted).status == 0


def test_one_claim_is_accepted_with_what_it_needs_and_the_rest_stays(run: Run, drafted: Path) -> None:
    slug = "2026-05-12-suv-tatran-built-on-orlice"
    accepted = run("accept", STEM, "--claim", slug, "--root", drafted)
    assert f"accepted claim:{slug}" in accepted.text
    assert "claims are left in the draft" in accepted.text
    assert "platform:orlice" in (drafted / "data/platforms.ttl").read_text(encoding="utf-8")
    assert "Jana" not in (drafted / "data/people.ttl").read_text(encoding="utf-8")
    left = (drafted / "drafts" / f"{STEM}.ttl").read_text(encoding="utf-8")
    assert f"claim:{slug}\n" not in left
    assert "person:jana-novakova" in left
    assert run("validate", "--root", drafted).text.splitlines()[-1].startswith("0 violations")
    again = run("accept", f"{drafted}/drafts/{STEM}.ttl", "--root", drafted)
    assert again.status == 0
    assert "Jana" in (drafted / "data/people.ttl").read_text(encoding="utf-8")


def test_a_rejected_claim_leaves_the_draft(run: Run, drafted: Path) -> None:
    slug = "2026-05-12-suv-tatran-built-on-orlice"
    dropped = run("accept", STEM, "--reject", slug, "--root", drafted)
    assert dropped.status == 0
    assert not (drafted / f"data/announcements/{STEM}.ttl").exists()
    assert f"claim:{slug}\n" not in (drafted / "drafts" / f"{STEM}.ttl").read_text(encoding="utf-8")


def test_a_mark_in_the_data_is_a_violation(run: Run, drafted: Path) -> None:
    shutil.copy(drafted / "drafts" / f"{STEM}.ttl", drafted / "data" / "announcements")
    report = run("validate", "--root", drafted)
    assert report.status == 1
    assert "is not accepted yet" in report.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["draft", "no-such-file.txt", "--lang", "fr", "--date", "2026", "--slug", "x"], "is not a file"),
        (["draft", TEXT, "--lang", "ko", "--date", "2026", "--slug", "x"], "There is no drafting in 'ko'"),
        (["draft", TEXT, "--lang", "fr", "--date", "soon", "--slug", "x"], "is not made on 'soon'"),
        (["draft", TEXT, "--lang", "fr", "--date", "2026", "--slug", "É"], "is not a slug"),
        (["draft", TEXT, "--lang", "fr", "--date", "2026-05-12", "--slug", "tatran"], "is there already"),
        (["accept", "no-such-draft"], f"The drafts are: {STEM}."),
        (["accept", STEM, "--claim", "nothing"], "has no claim 'nothing'"),
    ],
)
def test_a_slip_is_named(run: Run, drafted: Path, arguments: list[object], said: str) -> None:
    outcome = run(*arguments, "--root", drafted)
    assert outcome.status == 2
    assert said in outcome.errors


def test_a_text_that_the_graph_holds_is_no_new_source(run: Run, drafted: Path) -> None:
    assert run("accept", STEM, "--root", drafted).status == 0
    sources = (drafted / "data/sources.ttl").read_text(encoding="utf-8")
    again = run("draft", TEXT, "--lang", "fr", "--date", "2026-05-12", "--slug", "again", *WORDS, "--root", drafted)
    assert again.status == 0, again.errors
    assert "0 new entities" in again.text
    held = (drafted / "drafts/2026-05-12-again.ttl").read_text(encoding="utf-8")
    assert "a ak:Source" not in held
    assert "a ak:Quote" not in held, "the same words are quoted already"
    assert run("accept", "2026-05-12-again", "--root", drafted).status == 0
    more = (drafted / "data/sources.ttl").read_text(encoding="utf-8")
    assert set(more.splitlines()) - set(sources.splitlines()) == {"    ak:reports announcement:2026-05-12-again ;"}
