"""Property paths in a form that the engine follows fast.

From a thing the engine takes one step of `(p/q)+`, and then goes on from each end of it as often as the step leads there: from
what thousands of claims lead to, thousands of times. What it finds by an alternative it takes once. So `(p/q)+` is asked as
`((p/q)|r)+`, where nothing has the property r; by the standard both lead to the same nodes, each once.

Source: https://www.w3.org/TR/sparql11-query/#propertypath-arbitrary.
"""

import re
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from alpine_kg.store.sparql import GAP, IRI, TEXT

_NOBODY_HAS: Final = f"<{uuid4().urn}>"
"""A property that is in no graph, since it was made up only now."""
_GAP: Final = re.compile(GAP)
_WORTH: Final = re.compile(rf"\){GAP}\+")
_TOKEN: Final = re.compile(
    rf"{TEXT}|[?$]\w++"
    rf"|(?P<name>{IRI}|[\w.-]*+:(?:[\w:-]|\.(?=[\w:.-]))*+|a(?![\w.:-]))"
    r"|[\w.-]++"
    r"|(?P<gap>[ \t\r\n]++|\#[^\n\r]*+)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_OPERATORS: Final = frozenset("/|^*+?!")


@dataclass
class _Group:
    """What is between brackets: where it begins, whether all of it may be a path, and whether a sequence is in it."""

    start: int
    path: bool = True
    sequence: bool = False


def quickened(query: str) -> str:
    """Return a query with its paths like `(p/q)+` in the form that the engine follows fast.

    Only names and operators of paths in brackets are taken for a path. Where they are an expression after all, such as a quotient
    to which something is added, the outcome is no SPARQL.
    """
    # Escaped letters may stand for quotes, which the engine reads first.
    if not _WORTH.search(query) or "\\u" in query.lower():
        return query
    opened: list[_Group] = []
    found: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(query):
        sign = token["sign"]
        if sign == "(":
            opened.append(_Group(token.start()))
        elif sign == ")" and opened:
            group = opened.pop()
            if opened:
                opened[-1].path &= group.path
                opened[-1].sequence |= group.sequence
            if group.path and group.sequence and query.startswith("+", _GAP.match(query, token.end()).end()):  # type: ignore[union-attr]
                found.append((group.start, token.end()))
        elif opened and not (token["name"] or token["gap"]):
            # Neither sign nor name nor gap is a text, a variable or a word.
            opened[-1].path &= sign in _OPERATORS
            opened[-1].sequence |= sign == "/"
    return _with_alternatives(query, found)


def _with_alternatives(query: str, groups: list[tuple[int, int]]) -> str:
    """Return a query in which each group is one of two alternatives, of which nothing has the other."""
    added = sorted([(start, "(") for start, _ in groups] + [(end, f"|{_NOBODY_HAS})") for _, end in groups])
    parts, done = [], 0
    for place, text in added:
        parts += [query[done:place], text]
        done = place
    return "".join([*parts, query[done:]])
