"""What is read off a query's text without parsing it: keywords that this service refuses, and errors in a reader's words."""

import re
from textwrap import shorten
from typing import Final

from alpine_kg.errors import BadQueryError, ForbiddenQueryError

_TOKEN: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\s]*>"
    r"|\#[^\n\r]*"
    r"|[?$@:]?[^\W\d][\w.:-]*",
    re.DOTALL,
)
"""Texts, IRIs, comments and words: enough to tell a keyword from the same letters anywhere else."""

_UPDATES: Final = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_GAP: Final = r"(?:\s|\#[^\n\r]*+)*+"
_OUTWARD: Final = re.compile(
    r"[?$]\w*+|:(?:\w[\w-]*+)?|@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"
    rf"|SERVICE(?P<clause>{_GAP}(?:SILENT{_GAP})?"
    rf"(?:<[^<>]*+>|[?$]\w++|(?:[^\s\#<>{{}}\\:\"'])*+:(?:[^\s\#<>{{}}\\\"']|\\.)*+){_GAP}\{{)?",
    re.IGNORECASE,
)
"""A SERVICE clause as it is written wherever it stands, so that no trick with quotes, dots or comments can hide one from us.

Variables, local names and language tags are passed over, since the word may be part of them.
"""
_MOST_EFFORT: Final = 50_000_000
"""The word's occurrences times the query's characters: what the search for clauses may cost."""

_SHOWN: Final = 120
"""Characters of an expectation that are shown: the engine lists whole Unicode ranges."""
_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def keywords(query: str) -> set[str]:
    """Return the bare words of a query in upper case: no text, IRI, comment, variable or prefixed name is among them."""
    return {token.upper() for token in _TOKEN.findall(query) if token.isalpha()}


def refuse_outward(query: str) -> None:
    """Raise ForbiddenQueryError for a query that would make this service contact another one.

    A text or comment that holds a whole SERVICE clause is refused with it.
    """
    mentions = query.lower().count("service")
    if mentions * len(query) > _MOST_EFFORT:
        raise ForbiddenQueryError(
            f"The query says SERVICE {mentions} times, too often to check that it contacts no other endpoint.",
            "Send fewer of them at once.",
        )
    if mentions and any(match["clause"] for match in _OUTWARD.finditer(query)):
        raise ForbiddenQueryError(
            "SERVICE is off: this endpoint contacts no other.",
            "Ask the other endpoint yourself and join its answer with ours.",
        )


def syntax_error(query: str, error: Exception) -> BadQueryError:
    """Return an engine's complaint as line, column, the line itself and the start of what was expected."""
    match = _POSITION.match(str(error))
    if not match:
        return BadQueryError(f"The query cannot be parsed: {error}.", "Mend the query.")
    row, column, expectation = int(match[1]), int(match[2]), " ".join(match[3].split())
    lines = query.split("\n")
    line = lines[min(row, len(lines)) - 1]
    # The engine counts bytes, a reader characters.
    column = len(line.encode()[: column - 1].decode(errors="ignore")) + 1
    near = line[max(0, column - 21) : column + 20].strip()
    first = keywords(query) & _UPDATES
    remedy = (
        "This endpoint answers queries only: SELECT, ASK, CONSTRUCT and DESCRIBE." if first else "Mend the query there."
    )
    shown = shorten(expectation, _SHOWN, placeholder=" …")
    return BadQueryError(
        f"The query cannot be parsed at line {row}, column {column}, near {near!r}: {shown}.",
        remedy,
        {"line": row, "column": column},
    )
