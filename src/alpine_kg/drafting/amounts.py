"""Amounts in running text, in French and English: whole numbers with their units and places."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from alpine_kg.namespaces import expand


@dataclass(frozen=True)
class Amount:
    """A quantity at whole scale: 36000000 EUR, never "36 M"; `noun` is what is counted, when the unit is a mere count."""

    start: int
    end: int
    value: str
    unit: str
    bound: str = ""
    noun: str = ""


_WORDS: Final = {
    word: number
    for words in (
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
        "zero one two three four five six seven eight nine ten eleven twelve",
    )
    for number, word in enumerate(words.split())
} | {"une": 1}
_SCALES: Final = {
    "milliards": 10**9, "milliard": 10**9, "millions": 10**6, "million": 10**6, "milliers": 10**3, "mille": 10**3,
    "billion": 10**9, "billions": 10**9, "thousand": 10**3, "bn": 10**9, "mds": 10**9, "md": 10**9, "m": 10**6, "k": 10**3,
}  # fmt: skip
_UNITS: Final = {
    **dict.fromkeys(("euros", "euro", "€", "eur"), "cur:EUR"),
    **dict.fromkeys(("livres sterling", "livres", "pounds", "£", "gbp"), "cur:GBP"),
    **dict.fromkeys(("dollars", "$", "usd"), "cur:USD"),
    **dict.fromkeys(("kilomètres", "kilometres", "kilometers", "km"), "unit:KiloM"),
    **dict.fromkeys(("gwh", "gigawattheures"), "unit:GigaW-HR"),
    **dict.fromkeys(("kwh", "kilowattheures"), "unit:KiloW-HR"),
    **dict.fromkeys(("kw", "kilowatts"), "unit:KiloW"),
    **dict.fromkeys(("chevaux", "ch", "cv", "ps"), "unit:HP_Metric"),
    **dict.fromkeys(("hp", "bhp", "horsepower"), "unit:HP"),
    **dict.fromkeys(("m²", "m2", "mètres carrés", "square metres", "square meters"), "unit:M2"),
    **dict.fromkeys(("kilogrammes", "kilograms", "kg"), "unit:KiloGM"),
    **dict.fromkeys(("%", "pour cent", "per cent", "percent"), "unit:PERCENT"),
    **dict.fromkeys(("ans", "years"), "unit:YR"),
}
_NOUNS: Final = (
    "nouveaux modèles", "nouveaux véhicules", "modèles", "new models", "new vehicles", "models", "emplois", "postes", "jobs",
    "positions", "salariés", "employés", "collaborateurs", "employees", "workers", "véhicules", "voitures", "exemplaires",
    "unités", "vehicles", "cars", "units", "robots", "recrutements", "embauches", "hires",
)  # fmt: skip
_BOUNDS: Final = {
    **dict.fromkeys(
        ("plus de", "au moins", "more than", "at least", "over", "à partir de", "from", "dès"), "ak:AtLeast"
    ),
    **dict.fromkeys(("jusqu'à", "jusqu’à", "au plus", "up to", "at most", "moins de", "less than"), "ak:AtMost"),
    **dict.fromkeys(
        ("environ", "près de", "quelque", "about", "around", "nearly", "some", "approximately"), "ak:About"
    ),
}
_SPACE: Final = r"[ \u00a0\u202f]"


def _either(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_NUMBER: Final = rf"(?P<number>\d{{1,3}}(?:[ \u00a0\u202f.,]\d{{3}})+|\d+(?:[.,]\d+)?|\b(?:{_either(_WORDS)})\b)"
_BOUND: Final = rf"(?:(?P<bound>{_either(_BOUNDS)}){_SPACE}+)?"
_AMOUNT: Final = re.compile(
    rf"{_BOUND}(?P<sign>[€£$])?{_SPACE}?{_NUMBER}(?:{_SPACE}*(?P<scale>{_either(_SCALES)})\b)?"
    rf"(?:{_SPACE}*(?:d[’']|de{_SPACE})?(?:(?P<unit>{_either(_UNITS)})(?!\w)|(?P<noun>{_either(_NOUNS)})\b))?",
    re.IGNORECASE,
)


def find_amounts(text: str) -> tuple[Amount, ...]:
    """Return the amounts in a text, in order; a bare number, and what is 100 % something, is none.

    >>> [(found.value, found.unit.rpartition("/")[2]) for found in find_amounts("36 millions d'euros et 400 km d'autonomie")]
    [('36000000', 'EUR'), ('400', 'KiloM')]
    """
    found = []
    for match in _AMOUNT.finditer(text):
        unit = (match["unit"] or match["sign"] or "").lower()
        if not unit and not match["noun"]:
            continue
        value = _value(match["number"].lower(), (match["scale"] or "").lower())
        if _UNITS.get(unit) == "unit:PERCENT" and value == "100":
            continue
        measure = expand(_UNITS[unit] if unit else "unit:NUM")
        bound = _BOUNDS.get(" ".join((match["bound"] or "").lower().split()), "")
        found.append(Amount(match.start(), match.end(), value, measure, bound, (match["noun"] or "").lower()))
    return tuple(found)


def _value(number: str, scale: str) -> str:
    """Return a number as it is written in full."""
    if number in _WORDS:
        plain = Decimal(_WORDS[number])
    elif re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+", number):
        plain = Decimal(re.sub(r"\D", "", number))
    else:
        plain = Decimal(number.replace(",", "."))
    whole = plain * _SCALES.get(scale, 1)
    return str(whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize())
