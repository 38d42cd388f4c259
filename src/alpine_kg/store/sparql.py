"""What is read off a query's text without parsing it: keywords that this service refuses, and errors in a reader's words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from textwrap import shorten
from typing import Final

from alpine_kg.errors import BadQueryError, ForbiddenQueryError
from alpine_kg.settings import PREFIX

_LONG: Final = r'"""(?:[^"\\]|\\.|"(?!""))*+"""' + r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
_DOUBLE, _SINGLE = r'"(?:[^"\\\n\r]|\\.)*+', r"'(?:[^'\\\n\r]|\\.)*+"
TEXT: Final = rf"{_LONG}|{_DOUBLE}\"|{_SINGLE}'"
"""What is between quotes, as a part of a pattern; possessive, so that it takes one pass."""
IRI: Final = r"<[^<>\"{}|^`\\\s]*+>"
"""An IRI between angle brackets, likewise."""
GAP: Final = r"(?:[ \t\r\n]|\#[^\n\r]*+)*+"
"""White space and comments, likewise: what may stand between two words, or nothing."""
_TOKEN: Final = re.compile(
    rf"{TEXT}|{IRI}"
    r"|\#[^\n\r]*"
    r"|[?$@:]?[^\W\d](?:[\w.:-]|\\.)*",
    re.DOTALL,
)
"""Texts, IRIs, comments and words: enough to tell a keyword from the same letters anywhere else."""

_IN_A_NAME: Final = re.compile(r"[\w:%\\-]")
"""What makes the letters behind it a part of a name, such as those of `:1FROM`."""
_UPDATES: Final = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}
_NAME: Final = r"(?:[^ \t\r\n<>{}\"'\\\#]|\\.)"
_OUTWARD: Final = re.compile(
    r"[?$]\w*+|:(?:\w[\w-]*+)?|@[A-Za-z]++(?:-[A-Za-z0-9]++)*+"
    rf"|SERVICE(?P<clause>{GAP}(?P<silent>SILENT{GAP})?"
    rf"(?P<endpoint><[^<>]*+>|[?$]{_NAME}++|[^ \t\r\n<>{{}}\"'\\\#:]*+:{_NAME}*+){GAP}\{{)?",
    re.IGNORECASE | re.DOTALL,
)
"""A SERVICE clause as it is written wherever it stands, so that no trick with quotes, dots or comments can hide one from us.

Gaps are the engine's own, and whatever is no gap belongs to a name: a wider idea of white space would part names that the
engine takes as one. Variables, local names and language tags are passed over, since the word may be part of them.
"""
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})")
_MOST_EFFORT: Final = 50_000_000
"""The word's occurrences times the query's characters: what the search for clauses may cost."""

_PIECE: Final = re.compile(
    rf"(?P<plain>[^\"'<#]++)|{_LONG}|(?P<unended>(?:\"\"\"|''').*+)|{_DOUBLE}\"|{_SINGLE}'|(?P<unclosed>{_DOUBLE}|{_SINGLE})"
    rf"|{IRI}|\#[^\n\r]*+",
    re.DOTALL,
)
"""What brackets can nest in, and what may hold brackets that nest nothing.

A text without an end is one piece as far as it was looked for. Else each quote in it would be looked through to the same place.
"""
_CLOSING: Final = str.maketrans(")]}", "   ")
_STEPS: Final = dict.fromkeys("([{", 1) | dict.fromkeys(")]}", -1)
_AT_ONCE: Final = 1 << 15
"""Characters that are gone through without letting other threads on."""

_SHOWN: Final = 120
"""Characters of an expectation that are shown: the engine lists whole Unicode ranges."""
_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def tokens(query: str) -> Iterator[tuple[str, int]]:
    """Yield the bare words of a query, each with the place where it ends.

    No text, IRI, comment, variable or prefixed name is among them.
    """
    for match in _TOKEN.finditer(query):
        if match[0].isalpha() and not _IN_A_NAME.match(query, max(0, match.start() - 1), match.start()):
            yield match[0], match.end()


def keywords(query: str) -> set[str]:
    """Return the bare words of a query in upper case."""
    return {word.upper() for word, _ in tokens(query)}


@dataclass(frozen=True)
class Clause:
    """A SERVICE clause: where its endpoint stands in the query's text, how it is written there, and whether it may fail.

    `plain` tells that the word is a keyword to every reader, not a part of a text, an IRI or a comment to some.
    """

    start: int
    end: int
    endpoint: str
    silent: bool
    plain: bool


def service_clauses(query: str) -> list[Clause]:
    """Return all that can be a SERVICE clause, in order; raises ForbiddenQueryError where that cannot be told.

    Codepoint escapes may write the word too (SPARQL 1.1, section 19.2), for an engine that reads them before all else.
    """
    clauses, read_first = _clauses(query), _unescaped(query)
    if read_first != query and len(_clauses(read_first)) != len(clauses):
        raise ForbiddenQueryError("The query writes SERVICE with codepoint escapes.", "Write it in letters.")
    return clauses


def refuse_deep(query: str, most: int) -> None:
    """Raise BadQueryError for a query whose brackets nest deeper than `most`, in time linear in its length."""
    if sum(map(query.count, "([{")) <= most:
        return
    nesting, depth = "".join(map(_nestable, _PIECE.finditer(query))), 0
    for start in range(0, len(nesting), _AT_ONCE):
        part = nesting[start : start + _AT_ONCE]
        opened, closed = (sum(map(part.count, brackets)) for brackets in ("([{", ")]}"))
        if depth + opened > most and depth + max(accumulate(map(_step, part))) > most:
            raise BadQueryError(
                f"The brackets of the query nest deeper than {most} levels.",
                "Nest less: most groups and parentheses can stand side by side.",
            )
        depth = max(0, depth + opened - closed)


def _nestable(piece: re.Match[str]) -> str:
    """Return what may nest of a piece: in a text without an end, where the engine may see something else, all that opens."""
    if piece.lastgroup == "plain":
        return piece[0]
    return piece[0].translate(_CLOSING) if piece.lastgroup else " "


def _step(letter: str) -> int:
    return _STEPS.get(letter, 0)


def refuse_outward(query: str) -> str:
    """Return a query that contacts no other endpoint as it is; raises ForbiddenQueryError for one that would.

    A text or comment that holds a whole SERVICE clause is refused with it.
    """
    for clause in service_clauses(query):
        raise ForbiddenQueryError(
            f"SERVICE {clause.endpoint[:_SHOWN]} is refused: SERVICE is off, this endpoint contacts no other.",
            "Ask the other endpoint yourself and join its answer with ours. Whoever runs this one may allow endpoints by"
            f" {PREFIX}SERVICE_ALLOW.",
        )
    return query


def _clauses(query: str) -> list[Clause]:
    mentions = query.lower().count("service")
    if mentions * len(query) > _MOST_EFFORT:
        raise ForbiddenQueryError(
            f"The query says SERVICE {mentions} times, too often to check that it contacts no other endpoint.",
            "Send fewer of them at once.",
        )
    found = [match for match in _OUTWARD.finditer(query) if match["clause"]] if mentions else []
    if not found:
        return []
    opaque = [token.span() for token in _TOKEN.finditer(query) if token[0][0] in "\"'<#"]
    return [
        Clause(
            *match.span("endpoint"),
            match["endpoint"],
            silent=bool(match["silent"]),
            plain=not any(start <= match.start() < end for start, end in opaque),
        )
        for match in found
    ]


def _unescaped(query: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), query)


def syntax_error(query: str, error: Exception) -> BadQueryError:
    """Return an engine's complaint as line, column, the line itself and the start of what was expected."""
    match = _POSITION.match(str(error))
    if not match:
        return BadQueryError(f"The query cannot be parsed: {error}.", "Mend the query.")
    row, column, expectation = int(match[1]), int(match[2]), " ".join(match[3].split())
    lines = query.split("\n")
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
