"""`alpine-kg show`."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.mark.parametrize(
    "name",
    [
        "vehicle:alpine-crossover-gt",
        "vehicle/alpine-crossover-gt",
        "alpine-crossover-gt",
        "https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt",
    ],
)
def test_every_way_to_name_an_entity(run: Run, name: str) -> None:
    outcome = run("show", name)
    assert outcome.status == 0
    assert outcome.text.startswith("A390  <https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt>\n")


def test_facts_stand_with_their_circumstances_words_and_sources(run: Run) -> None:
    lines = run("show", "alpine-crossover-gt").text.splitlines()
    end = lines.index("    claim:2022-01-28-crossover-gt-produced-at-dieppe", lines.index("produced at"))
    start = max(place for place in range(end) if not lines[place].startswith("    "))
    assert lines[start] == "  Manufacture Alpine Dieppe Jean Rédélé (planned, stated, due around 2025)"
    block = lines[start + 1 : end]
    assert any(line.startswith("    “") and "à horizon 2025" in line for line in block)
    assert any(line.startswith("    — Alpine press release") for line in block)


def test_incoming_facts_are_shown_from_the_far_end(run: Run) -> None:
    lines = run("show", "plant:dieppe", "--lang", "fr").text.splitlines()
    assert lines[0].startswith("Manufacture Alpine Dieppe Jean Rédélé  <")
    assert any(line.startswith("  A390 (prévu, énoncé, échéance vers 2025)") for line in lines)


@pytest.mark.parametrize(
    "name", ["producedAt", "quote:2022-01-28-dieppe-crossover-gt-s01a", "claim:2022-01-28-announcement-date"]
)
def test_terms_quotes_and_claims_can_be_shown_too(run: Run, name: str) -> None:
    outcome = run("show", name)
    assert outcome.status == 0
    assert outcome.text.strip()


def test_the_name_of_the_day_stands_at_the_head_and_the_labels_are_other_names(run: Run) -> None:
    lines = run("show", "alpine-crossover-gt").text.splitlines()
    others = next(line for line in lines if line.startswith("also called: ")).removeprefix("also called: ").split(", ")
    assert {"Alpine crossover GT", "Crossover GT Alpine", "GT X-Over", "Alpine A390"} <= set(others)
    assert "A390" not in others
    assert not any(line.startswith("prefLabel") for line in lines)
    before = run("show", "alpine-crossover-gt", "--as-of", "2024-01-01").text
    assert before.startswith("GT X-Over  <")


def test_an_unknown_language_falls_back(run: Run) -> None:
    assert run("show", "place:normandy", "--lang", "de").text.startswith("Norman")


def test_names_records_and_proofs_are_in_words(run: Run) -> None:
    source = run("show", "source:motorsactu-gtxover").text
    assert "published: around January 2022" in source
    assert "address: https://motorsactu.com/" in source
    place = run("show", "place:dieppe").text
    assert "lat: 49.92" in place
    plan = run("show", "plan:re-nouveau-france-2025", "--lang", "fr").text
    assert "aussi appelé\N{NO-BREAK SPACE}: Re-Nouveau, " in plan
    assert (
        "    annonce\N{NO-BREAK SPACE}: Annonce de la production du crossover GT Alpine à Dieppe (28 janvier 2022)\n"
        in plan
    )
    assert "\n    claim:2022-01-28-re-nouveau-nine-new-models\n" in plan
