"""Imprecise dates: what an EDTF literal's earliest and latest day are.

Source: Extended Date/Time Format, levels 0 to 2, https://www.loc.gov/standards/datetime/.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox

from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import EDTF, FUNCTION, XSD

_PLAIN: Final = re.compile(r"(\d{4})(?:-(0\d|1[0-2])(?:-([0-3]\d))?)?[~?%]?", re.ASCII)
_DECEMBER: Final = 12
_DATE: Final = ox.NamedNode(XSD + "date")
_ENDLESS: Final = re.compile(r"E\d{3}")
"""A year with an exponent that the library would work out for hours; no year beyond 9999 has bounds anyway."""


def earliest(text: str) -> date | None:
    """Return the first day that an EDTF text can mean, or None when its start is open or unknown.

    Raises BadParameterError for a text that is not EDTF.

    >>> earliest("2025~"), earliest("../2026")
    (datetime.date(2025, 1, 1), None)
    """
    return _bounds(text)[0]


def latest(text: str) -> date | None:
    """Return the last day that an EDTF text can mean, or None when its end is open or unknown.

    Raises BadParameterError for a text that is not EDTF.

    >>> latest("2021-12"), latest("2025/..")
    (datetime.date(2021, 12, 31), None)
    """
    return _bounds(text)[1]


@lru_cache(maxsize=65_536)
def _bounds(text: str) -> tuple[date | None, date | None]:
    if plain := _PLAIN.fullmatch(text):
        return _plain_bounds(text, *plain.groups())
    # The grammar costs a fifth of a second to import, and ten milliseconds a date: most dates never come here.
    from edtf import EDTFParseException, parse_edtf  # noqa: PLC0415

    start, _, end = text.partition("/")
    if _ENDLESS.search(text):
        raise _not_edtf(text)
    try:
        parsed = parse_edtf(text)
        return (
            None if start in {"", ".."} else _day(parsed.lower_strict()),
            None if end in {"", ".."} and "/" in text else _day(parsed.upper_strict()),
        )
    # The library's grammar lets more through than its classes bear: 2021-02-29 and 1950S2~-04, for example.
    except (EDTFParseException, ValueError, TypeError, AttributeError):
        raise _not_edtf(text) from None


def _not_edtf(text: str) -> BadParameterError:
    return BadParameterError(
        f"{text!r} is not an EDTF date.",
        "Write for example 2025, 2025-06, 2025-06-12, 2025~ (about), ../2026 (by) or 2025/2027 (between).",
    )


def _plain_bounds(text: str, year: str, month: str | None, day: str | None) -> tuple[date, date]:
    """Return the bounds of a year, month or day, whether or not it is marked as uncertain or approximate."""
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        last_month = int(month or _DECEMBER)
        return first, date(int(year), last_month, int(day or monthrange(int(year), last_month)[1]))
    except ValueError:
        raise _not_edtf(text) from None


def _day(moment: Any) -> date | None:
    """Return the day of a `time.struct_time`, or None where the library gives an infinity or a year beyond 1 to 9999."""
    year = getattr(moment, "tm_year", 0)
    return date(year, moment.tm_mon, moment.tm_mday) if date.min.year <= year <= date.max.year else None


_Function = Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]


def _function(bound: Callable[[str], date | None]) -> _Function:
    """Return a SPARQL function of one EDTF literal; it leaves its result unbound where there is no such day."""

    def evaluate(value: Any) -> ox.Literal | None:
        if not isinstance(value, ox.Literal) or value.datatype.value != EDTF:
            return None
        try:
            day = bound(value.value)
        except BadParameterError:
            return None
        return ox.Literal(day.isoformat(), datatype=_DATE) if day else None

    return evaluate


FUNCTIONS: Final[dict[ox.NamedNode, _Function]] = {
    ox.NamedNode(FUNCTION + "earliest"): _function(earliest),
    ox.NamedNode(FUNCTION + "latest"): _function(latest),
}
"""The two functions that `queries/derive/` and `queries/checks/` may call, by IRI."""
