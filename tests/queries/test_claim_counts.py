"""The counts of claims agree with the survey of facts that the graph was encoded from.

Each fact has its number in the IRI of its claim. The survey is not kept here: the comparison runs wherever it is at hand, in
the folder that ALPINE_KG_FACTS names, else in ../shared/facts. What differs on purpose stands in the tables below.
"""

import os
from collections import Counter
from pathlib import Path

import pytest
import yaml

from alpine_kg.graph import KnowledgeGraph

ROOT = Path(__file__).parents[2]
FACTS = Path(os.environ.get("ALPINE_KG_FACTS", ROOT.parent / "shared" / "facts")) / "announcements.yaml"
MODALITIES = {"rumour": "rumoured"}

SEED = "2022-01-28-dieppe-gt-xover"
JOINED = {f"{SEED}-c{number:02}" for number in (1, 2, 3, 13, 14, 15, 16, 18, 20, 26, 37, 38, 42)}
"""Facts that the first announcement states already, in claims with names instead of numbers."""

ELSEWHERE = {"2022-11-08-capital-market-day-c08": "2023"}
"""Said in a later year than that of the announcement under which the survey lists it, and encoded in one of that year."""

OTHER_MODALITY = {
    # What was dropped, paused or ended has a status, and this is confirmed.
    "2023-02-27-vw-trinity-stop-c01": "confirmed",
    "2023-05-23-lotus-end-c01": "confirmed",
    "2024-09-30-hypertech-alpine-c02": "confirmed",
    "2026-01-13-novo-energy-stop-c02": "confirmed",
    "2026-01-21-ampere-dissolved-c05": "confirmed",
    "2026-02-acc-termoli-cancelled-c01": "confirmed",
    "2026-02-acc-termoli-cancelled-c02": "confirmed",
    "2026-02-12-wec-exit-viry-c01": "confirmed",
    "2026-02-12-wec-exit-viry-c02": "confirmed",
    # "Not there" and "not that" are denials.
    f"{SEED}-c23": "denied",
    f"{SEED}-c40": "denied",
    "2024-10-11-a390-beta-c08": "denied",
    # The decision that had been promised was taken; a driver's leaving ends a post that he holds; a date is of what happened.
    "2023-05-23-lotus-end-c05": "delivered",
    "2024-07-25-ocon-haas-c02": "confirmed",
    "2025-07-30-provost-c02": "delivered",
}
"""Facts that the vocabulary says by another modality than the survey."""


def surveyed() -> Counter[tuple[str, str]]:
    """Return how many facts of the survey the graph is to have, by year and modality."""
    if not FACTS.is_file():
        pytest.skip(f"the survey {FACTS} is not at hand")
    counted: Counter[tuple[str, str]] = Counter()
    for announcement in yaml.safe_load(FACTS.read_text(encoding="utf-8"))["announcements"]:
        for fact in announcement["claims"]:
            if fact["id"] in JOINED:
                continue
            modality = OTHER_MODALITY.get(fact["id"], MODALITIES.get(fact["modality"], fact["modality"]))
            counted[ELSEWHERE.get(fact["id"], str(announcement["date"])[:4]), modality] += 1
    return counted


def test_every_fact_of_the_survey_is_counted_once_in_its_year_and_modality(graph: KnowledgeGraph) -> None:
    counted: Counter[tuple[str, str]] = Counter()
    for row in graph.run("claim-counts"):
        counted[row["year"].value, row["modality"].value] += int(row["ofFacts"].value)
    assert +counted == surveyed()


def test_every_claim_has_one_maker(graph: KnowledgeGraph) -> None:
    rows = graph.run("claim-counts")
    assert all(row["maker"].value and row["year"].value for row in rows)
    assert sum(int(row["claims"].value) for row in rows) == len(graph.run("entities-of-kind", {"class": "Claim"}))
