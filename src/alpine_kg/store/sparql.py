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
_SHOWN: Final = 120
"""Characters of an expectation that are shown: the engine lists whole Unicode ranges."""
_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def keywords(query: str) -> set[str]:
    """Return the bare words of a query in upper case: no text, IRI, comment, variable or prefixed name is among them."""
    return {token.upper() for token in _TOKEN.findall(query) if token.isalpha()}


def refuse_outward(query: str) -> None:
    """Raise ForbiddenQueryError for a query that would make this service contact another one."""
    if "SERVICE" in keywords(query):
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
    lines = query.splitlines() or [""]
    line = lines[min(row, len(lines)) - 1]
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
