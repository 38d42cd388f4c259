"""What the amounts of a sentence measure."""

import re
from collections.abc import Iterator
from typing import Final

from alpine_kg.drafting.amounts import Amount
from alpine_kg.drafting.cast import Mention
from alpine_kg.drafting.scenes import Found, Scene, covering, gap
from alpine_kg.namespaces import XSD, expand

_MEASURES: Final[tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...]] = (
    (
        "newModels",
        ("plan", "organization"),
        ("nouveaux modèles", "new models", "nouveaux véhicules", "new vehicles"),
        "",
    ),
    (
        "jobsCreated",
        ("plant", "site", "organization"),
        ("emplois", "jobs", "postes", "positions"),
        r"cré|creat|new|nouve",
    ),
    ("hires", ("plant", "site", "organization"), ("recrutements", "embauches", "hires"), ""),
    (
        "workforce",
        ("plant", "site", "organization"),
        ("salariés", "employés", "collaborateurs", "employees", "workers"),
        "",
    ),
    ("annualCapacity", ("plant", "site"), ("véhicules", "voitures", "vehicles", "cars", "unités", "units"), r"capaci"),
    (
        "annualOutput",
        ("plant", "site"),
        ("véhicules", "voitures", "vehicles", "cars", "unités", "units"),
        r"par an|a year|per year|annu",
    ),
    ("annualCapacity", ("plant", "site"), ("unit:GigaW-HR",), ""),
    ("investment", ("plant", "site", "plan", "organization", "vehicle"), ("cur:EUR", "cur:GBP", "cur:USD"), r"invest"),
    ("price", ("vehicle",), ("cur:EUR", "cur:GBP", "cur:USD"), r"prix|price|à partir de|from|tarif|cost"),
    ("drivingRange", ("vehicle",), ("unit:KiloM",), r"autonomie|range"),
    ("batteryCapacity", ("vehicle",), ("unit:KiloW-HR",), ""),
    ("power", ("vehicle",), ("unit:KiloW", "unit:HP", "unit:HP_Metric"), ""),
    ("weight", ("vehicle",), ("unit:KiloGM",), ""),
    ("floorArea", ("plant", "site"), ("unit:M2",), ""),
)
"""The rules about amounts: property, subjects the likeliest first, units or what is counted, and words of the sentence."""


def measures(scene: Scene) -> Iterator[Found]:
    """Yield what the amounts of a sentence measure."""
    for amount in scene.amounts:
        for predicate, kinds, units, words in _MEASURES:
            shown = amount.noun in units or any(":" in unit and expand(unit) == amount.unit for unit in units)
            subject = next((held for kind in kinds for held in _nearest(scene.of(kind), amount)), None)
            if not shown or not subject or (words and not re.search(words, scene.sentence.text, re.IGNORECASE)):
                continue
            due = scene.due
            spans = [(subject.start, subject.end), (amount.start, amount.end)] + ([(due.start, due.end)] if due else [])
            modality = scene.modality
            yield Found(
                subject.iri,
                predicate,
                amount.value,
                XSD + ("decimal" if "." in amount.value else "integer"),
                covering(spans),
                due=due.edtf if due and modality == "Planned" else "",
                modality=modality,
                unit=amount.unit,
                bound=expand(amount.bound),
                mark=predicate,
            )
            break


def _nearest(held: list[Mention], amount: Amount) -> list[Mention]:
    return sorted(held, key=lambda mention: gap(mention, (amount.start, amount.end)))[:1]
