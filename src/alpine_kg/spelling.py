"""Dates and numbers as a reader writes them, in French or English.

Source of the dates: Extended Date/Time Format, https://www.loc.gov/standards/datetime/.
"""

import re
from typing import Final

Words = dict[str, str]

_MONTHS: Final = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SEASONS: Final = {
    "fr": dict(zip(("21", "22", "23", "24"), ("printemps", "été", "automne", "hiver"), strict=True)),
    "en": dict(zip(("21", "22", "23", "24"), ("spring", "summer", "autumn", "winter"), strict=True)),
}
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%]?)")
_OPEN: Final = {"", ".."}
"""What stands for the end of an interval that is unknown or open."""
_QUALIFIERS: Final[dict[str, Words]] = {
    "": {"fr": "{}", "en": "{}"},
    "~": {"fr": "vers {}", "en": "around {}"},
    "?": {"fr": "{} (incertain)", "en": "{} (uncertain)"},
    "%": {"fr": "vers {} (incertain)", "en": "around {} (uncertain)"},
}
_INTERVALS: Final[dict[tuple[bool, bool], Words]] = {
    (True, True): {"fr": "de {0} à {1}", "en": "{0} to {1}"},
    (True, False): {"fr": "à partir de {0}", "en": "from {0}"},
    (False, True): {"fr": "au plus tard {1}", "en": "by {1}"},
    (False, False): {"fr": "à une date inconnue", "en": "at an unknown date"},
}
"""Words for an interval whose start and end are known or open."""
_NUMBER: Final = re.compile(r"([+-]?)([0-9]{1,100})(?:\.([0-9]{1,100}))?")


def spell_date(edtf: str, language: str) -> str:
    """Return an EDTF date in words; a form that has none here comes back as it is.

    >>> spell_date("2025~", "fr"), spell_date("../2026", "en"), spell_date("2022-01-28", "en")
    ('vers 2025', 'by 2026', '28 January 2022')
    """
    start, slash, end = edtf.partition("/")
    known = (start not in _OPEN, end not in _OPEN)
    if not slash or (start == end and all(known)):
        return _spell_point(start, language)
    if not all(_DATE.fullmatch(each) for each in (start, end) if each not in _OPEN):
        return edtf
    return _INTERVALS[known][language].format(_spell_point(start, language), _spell_point(end, language))


def _spell_point(edtf: str, language: str) -> str:
    match = _DATE.fullmatch(edtf)
    if not match:
        return edtf
    year, month, day, qualifier = match.groups()
    words = [year]
    if month in _SEASONS[language]:
        words.insert(0, _SEASONS[language][month])
    elif month:
        if not 1 <= int(month) <= len(_MONTHS[language]):
            return edtf
        words.insert(0, _MONTHS[language][int(month) - 1])
    if day:
        words.insert(0, "1er" if language == "fr" and day == "01" else str(int(day)))
    return _QUALIFIERS[qualifier][language].format(" ".join(words))


def spell_number(number: str, language: str) -> str:
    """Return a number with its thousands apart; a text that is no plain number comes back as it is.

    >>> spell_number("36000000", "en"), spell_number("2.5", "fr")
    ('36,000,000', '2,5')
    """
    match = _NUMBER.fullmatch(number)
    if not match:
        return number
    sign, whole, fraction = match.groups()
    gap, point = ("\N{NARROW NO-BREAK SPACE}", ",") if language == "fr" else (",", ".")
    return f"{sign}{int(whole):,}".replace(",", gap) + (f"{point}{fraction}" if fraction else "")
