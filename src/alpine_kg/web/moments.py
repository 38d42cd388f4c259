"""The day as of which a reader looks at the graph: the parameter `as_of`, read alike everywhere and kept from page to page."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import KINDS
from alpine_kg.web.parameters import Parameters

AS_OF: Final = "as_of"
"""The parameter that names the day."""
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TRAVELLERS: Final = {*KINDS, *KINDS.values(), "id", "search", "queries", "promises"}
"""The first parts of the paths that can be looked at as of a day."""


def moment_of(request: Request) -> str:
    """Return the day that a request asks for as YYYY-MM-DD, or nothing; see `moment_in`."""
    return moment_in(Parameters.of(request))


def moment_in(parameters: Parameters) -> str:
    """Return the day that parameters ask for as YYYY-MM-DD, or nothing.

    Raises BadParameterError for what is not a day, and for more than one.
    """
    text = parameters.one(AS_OF)
    if text is None:
        return ""
    if not is_day(text):
        raise BadParameterError(f"{AS_OF}={text!r} is not a day (YYYY-MM-DD).", f"For example {AS_OF}=2022-01-28.")
    return text


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar.

    >>> is_day("2024-02-29"), is_day("2023-02-29"), is_day("2024-2-1")
    (True, False, False)
    """
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def refuse_moment(names: Collection[str]) -> None:
    """Raise BadParameterError when a day is named where only the graph of today is answered from."""
    if AS_OF in names:
        raise BadParameterError(
            f"{AS_OF} is not answered here: this is the graph of today.",
            "Look at entities, lists, /search, /queries and /promises as of a day, or compare ak:statedFrom in the query.",
        )


def travels(path: str) -> bool:
    """Tell whether a path of this site can be looked at as of a day.

    >>> travels("/plant/dieppe"), travels("/sparql"), travels("https://example.org/plant/x")
    (True, False, False)
    """
    return path.startswith("/") and re.split(r"[/.?#]", path[1:], maxsplit=1)[0] in _TRAVELLERS


def suffix_of(moment: str) -> str:
    """Return the query string that keeps a moment, or nothing in the present."""
    return f"?{urlencode({AS_OF: moment})}" if moment else ""
