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
    assert outcome.text.startswith("Alpine crossover GT  <https://w3id.org/alpine-kg/id/vehicle/alpine-crossover-gt>\n")


def test_facts_stand_with_their_circumstances_words_and_sources(run: Run) -> None:
    lines = run("show", "alpine-crossover-gt").text.splitlines()
    start = lines.index("  Alpine Dieppe plant (planned, stated, due around 2025)", lines.index("produced at"))
    block = lines[start + 1 : lines.index("", start)]
    assert any(line.startswith("    “") and "à horizon 2025" in line for line in block)
    assert any(line.startswith("    — Alpine press release") for line in block)


def test_incoming_facts_are_shown_from_the_far_end(run: Run) -> None:
    lines = run("show", "plant:dieppe", "--lang", "fr").text.splitlines()
    assert lines[0].startswith("Usine Alpine de Dieppe  <")
    assert any(line.startswith("  Crossover GT Alpine (prévu, énoncé, échéance vers 2025)") for line in lines)


@pytest.mark.parametrize(
    "name", ["producedAt", "quote:2022-01-28-dieppe-crossover-gt-s01a", "claim:2022-01-28-announcement-date"]
)
def test_terms_quotes_and_claims_can_be_shown_too(run: Run, name: str) -> None:
    outcome = run("show", name)
    assert outcome.status == 0
    assert outcome.text.strip()


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
