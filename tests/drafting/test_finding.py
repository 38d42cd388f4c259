"""What is found in running text: sentences, dates, amounts, and names, each at its exact place."""

import pytest

from alpine_kg.drafting.amounts import find_amounts
from alpine_kg.drafting.sentences import split_sentences
from alpine_kg.drafting.timing import find_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("à horizon 2025", ["2025~"]),
        ("à l’horizon 2025", ["2025~"]),
        ("vers 2030", ["2030~"]),
        ("around 2030", ["2030~"]),
        ("d’ici 2026", ["../2026"]),
        ("d'ici à 2026", ["../2026"]),
        ("d’ici fin 2026", ["../2026"]),
        ("by 2026", ["../2026"]),
        ("by the end of 2026", ["../2026"]),
        ("before 2026", ["../2025"]),
        ("by June 2026", ["../2026-06"]),
        ("début 2021", ["2021-01/2021-03"]),
        ("early in 2021", ["2021-01/2021-03"]),
        ("fin 2024", ["2024-10/2024-12"]),
        ("late 2024", ["2024-10/2024-12"]),
        ("mi-2024", ["2024-06~"]),
        ("mid-2024", ["2024-06~"]),
        ("au troisième trimestre 2025", ["2025-07/2025-09"]),
        ("in the third quarter of 2025", ["2025-07/2025-09"]),
        ("Q1 2025", ["2025-01/2025-03"]),
        ("au second semestre 2025", ["2025-07/2025-12"]),
        ("au printemps 2025", ["2025-21"]),
        ("en décembre 2021", ["2021-12"]),
        ("le 1er mars 2024", ["2024-03-01"]),
        ("28 janvier 2022", ["2022-01-28"]),
        ("January 28, 2022", ["2022-01-28"]),
        ("28/01/2022", ["2022-01-28"]),
        ("à partir de 2025", ["2025/.."]),
        ("from September 2025", ["2025-09/.."]),
        ("entre 2025 et 2027", ["2025/2027"]),
        ("en 2025", ["2025"]),
        ("in 2025 and by 2030", ["2025", "../2030"]),
        ("en 2025 véhicules", []),
        ("le 31/02/2022", []),
        ("Re-Nouveau France 2025", []),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [date.edtf for date in find_dates(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("36 millions d’euros", [("36000000", "EUR", "")]),
        ("€2.5 billion", [("2500000000", "EUR", "")]),
        ("2,15 milliards d'euros", [("2150000000", "EUR", "")]),
        ("plus de 1 200 emplois", [("1200", "NUM", "ak:AtLeast")]),
        ("nearly 1,200 jobs", [("1200", "NUM", "ak:About")]),
        ("jusqu’à 400 km", [("400", "KiloM", "ak:AtMost")]),
        ("une batterie de 89 kWh", [("89", "KiloW-HR", "")]),
        ("trois nouveaux modèles", [("3", "NUM", "")]),
        ("five new models", [("5", "NUM", "")]),
        ("100 % électrique", []),
        ("30 % des ventes", [("30", "PERCENT", "")]),
        ("Formule 1", []),
        ("le 28 janvier 2022", []),
    ],
)
def test_amounts(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = find_amounts(text)
    assert [(amount.value, amount.unit.rpartition("/")[2], amount.bound) for amount in found] == expected
    assert all(text[amount.start : amount.end].strip() for amount in found)


def test_sentences_keep_their_places() -> None:
    text = "Titre\n\nM. Dupont, de Renault S.A., est là. « Oui ! » Il dit 2.5 millions. Fin…"
    sentences = split_sentences(text)
    assert [sentence.text for sentence in sentences] == [
        "Titre",
        "M. Dupont, de Renault S.A., est là.",
        "« Oui ! »",
        "Il dit 2.5 millions.",
        "Fin…",
    ]
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in sentences)
