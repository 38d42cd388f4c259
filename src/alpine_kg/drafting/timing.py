"""Dates in running text, in French and English, as EDTF with their places.

Early in a year is its first quarter and late its last, as the data have it; "à horizon 2025" is about 2025, "d'ici 2026" by it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from alpine_kg.dates import earliest
from alpine_kg.errors import BadParameterError


@dataclass(frozen=True)
class Dated:
    """A date with its place in the text."""

    start: int
    end: int
    edtf: str

    @property
    def year(self) -> int:
        """The last year that it names."""
        return int(re.findall(r"\d{4}", self.edtf)[-1])


MONTHS: Final = {
    name: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
    )
    for number, name in enumerate(names.split(), start=1)
} | {"sept": 9, "janv": 1, "févr": 2, "déc": 12}
"""The number of a month by its names."""
_SEASONS: Final = {
    "printemps": 21, "spring": 21, "été": 22, "summer": 22, "automne": 23, "autumn": 23, "fall": 23, "hiver": 24, "winter": 24,
}  # fmt: skip
_ORDINALS: Final = {
    "premier": 1, "1er": 1, "first": 1, "deuxième": 2, "second": 2, "2e": 2, "2ème": 2, "seconde": 2, "third": 3,
    "troisième": 3, "3e": 3, "3ème": 3, "fourth": 4, "quatrième": 4, "4e": 4, "4ème": 4, "dernier": 4, "1st": 1, "2nd": 2,
    "3rd": 3, "4th": 4,
}  # fmt: skip
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_MONTH: Final = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_ORDINAL: Final = rf"(?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})"
Match = re.Match[str]


def _day(match: Match) -> str:
    return f"{match['year']}-{MONTHS[match['month'].lower()]:02}-{int(match['day']):02}"


def _month(match: Match) -> str:
    return f"{match['year']}-{MONTHS[match['month'].lower()]:02}"


def _part(months: int) -> Callable[[Match], str]:
    """Return what gives the span of the part of a year that an ordinal counts, a quarter or a half."""

    def span(match: Match) -> str:
        number = int(match["digit"]) if "digit" in match.re.groupindex else _ORDINALS[match["ordinal"].lower()]
        last = min(number * months, 12)
        return f"{match['year']}-{last - months + 1:02}/{match['year']}-{last:02}"

    return span


def _numeric(match: Match) -> str:
    return f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"


_SHAPES: Final[tuple[tuple[str, Callable[[Match], str]], ...]] = (
    (rf"(?:entre|between)\s+{_YEAR}\s+(?:et|and)\s+(?P<until>(?:19|20)\d\d)", lambda m: f"{m['year']}/{m['until']}"),
    (rf"(?:de|from)\s+{_YEAR}\s+(?:à|to|until)\s+(?P<until>(?:19|20)\d\d)", lambda m: f"{m['year']}/{m['until']}"),
    (rf"(?:à\s+(?:l[’']\s?)?horizon|vers|autour\s+de|around|circa|about|towards)\s+{_YEAR}", lambda m: f"{m['year']}~"),
    (
        rf"(?:d[’']ici(?:\s+à)?|avant|by|before)\s+(?:(?:la\s+)?fin|(?:the\s+)?end)\s+(?:de\s+l[’']année\s+|de\s+|d[’']|of\s+)?{_YEAR}",
        lambda m: f"../{m['year']}",
    ),
    (rf"(?:d[’']ici(?:\s+à)?|by)\s+(?:l[’']année\s+)?{_YEAR}", lambda m: f"../{m['year']}"),
    (rf"(?:d[’']ici(?:\s+à)?|by)\s+{_MONTH}\s+{_YEAR}", lambda m: f"../{_month(m)}"),
    (rf"(?:avant|before)\s+{_YEAR}", lambda m: f"../{int(m['year']) - 1}"),
    (rf"(?:à\s+partir\s+de|dès|à\s+compter\s+de|from|as\s+of|starting\s+in)\s+{_MONTH}\s+{_YEAR}", lambda m: f"{_month(m)}/.."),
    (rf"(?:à\s+partir\s+de|dès|à\s+compter\s+de|from|as\s+of|starting\s+in)\s+{_YEAR}", lambda m: f"{m['year']}/.."),
    (rf"{_ORDINAL}\s+(?:trimestre|quarter)\s+(?:de\s+|of\s+|d[’'])?{_YEAR}", _part(3)),
    (rf"[TQ](?P<digit>[1-4])\s+{_YEAR}", _part(3)),
    (rf"{_ORDINAL}\s+(?:semestre|half)\s+(?:de\s+|of\s+)?{_YEAR}", _part(6)),
    (rf"[SH](?P<digit>[12])\s+{_YEAR}", _part(6)),
    (rf"(?:(?:au|en)\s+)?(?:début|early(?:\s+in)?|(?:the\s+)?(?:beginning|start)\s+of)\s+(?:de\s+)?{_YEAR}",
     lambda m: f"{m['year']}-01/{m['year']}-03"),
    (rf"(?:(?:à\s+la|en)\s+)?(?:fin|late(?:\s+in)?|(?:the\s+)?end\s+of)\s+(?:de\s+)?{_YEAR}",
     lambda m: f"{m['year']}-10/{m['year']}-12"),
    (rf"(?:mi|mid)[-\s]{_YEAR}|(?:à\s+la\s+mi-|milieu\s+(?:de\s+)?)(?P<other>(?:19|20)\d\d)",
     lambda m: f"{m['year'] or m['other']}-06~"),
    (rf"(?P<season>{'|'.join(_SEASONS)})\s+(?:de\s+|of\s+)?{_YEAR}", lambda m: f"{m['year']}-{_SEASONS[m['season'].lower()]}"),
    (rf"(?P<day>[0-3]?\d)(?:er|st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", _day),
    (rf"{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?,?\s+{_YEAR}", _day),
    (rf"(?P<day>[0-3]\d)[/.](?P<month>[01]\d)[/.]{_YEAR}", _numeric),
    (rf"{_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)", _numeric),
    (rf"{_MONTH}\s+{_YEAR}", _month),
    (rf"(?:en|in|pour|for)\s+(?:l[’']année\s+)?{_YEAR}(?!\s*(?:véhicules|vehicles|emplois|jobs))", lambda m: m["year"]),
)  # fmt: skip
"""Each way to write a date with what it means; the first that fits a place counts."""
_PATTERNS: Final = tuple((re.compile(rf"\b(?:{shape})\b", re.IGNORECASE), meaning) for shape, meaning in _SHAPES)


def find_dates(text: str) -> tuple[Dated, ...]:
    """Return the dates in a text, in order; of two that overlap the one whose shape comes first in the table.

    >>> [found.edtf for found in find_dates("Produit à horizon 2025, présenté début 2021, conclu en décembre 2021.")]
    ['2025~', '2021-01/2021-03', '2021-12']
    """
    taken: list[tuple[int, int]] = []
    found = []
    for start, end, edtf in _candidates(text):
        if all(end <= other or start >= until for other, until in taken):
            taken.append((start, end))
            found.append(Dated(start, end, edtf))
    return tuple(sorted(found, key=lambda date: date.start))


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern, meaning in _PATTERNS:
        for match in pattern.finditer(text):
            edtf = meaning(match)
            if _possible(edtf):
                yield match.start(), match.end(), edtf


def _possible(edtf: str) -> bool:
    """Tell whether the days and months of a date are some of the calendar."""
    try:
        earliest(edtf)
    except BadParameterError:
        return False
    return True
