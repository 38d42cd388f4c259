"""Syntax: what is wrong in a file that cannot be read, and what of it can be read all the same.

A broken file is read paragraph by paragraph (a block between blank lines, as the canonical form has one for each subject), so
that one missing dot hides nothing else. pyoxigraph is the judge, because the store reads with it; rdflib must agree, because
SHACL does.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

import pyoxigraph as ox
from rdflib.plugins.parsers.notation3 import BadSyntax

from alpine_kg.namespaces import ENTITY, PREFIXES, expand
from alpine_kg.validation.turtle import LocatedTriples, parse

_HEADER: Final = re.compile(r"\s*(@prefix|@base|prefix|base)\b", re.IGNORECASE)
_NAME: Final = re.compile(r"[a-z]+:[\w-]+|<[^<>\s]*>")
_POSITION: Final = re.compile(r"^Parser error .*?: ", re.DOTALL)
_PREFIX: Final = re.compile(r"The prefix (\S+:) has not been declared")


@dataclass(frozen=True)
class SyntaxFault:
    """One place that is not well-formed: a 1-based line, the parser's words, and the prefix that may have been meant."""

    line: int
    message: str
    suggestion: str = ""


@dataclass(frozen=True)
class Reading:
    """What a Turtle text says: its sound triples, its faults, and the entities that its damaged paragraphs name."""

    triples: LocatedTriples
    faults: tuple[SyntaxFault, ...] = ()
    damaged: frozenset[str] = field(default_factory=frozenset)


def read_turtle(text: str) -> Reading:
    """Return what a Turtle text says, leaving out the paragraphs that cannot be read."""
    whole = _attempt(text)
    if isinstance(whole, LocatedTriples):
        return Reading(whole)
    lines = text.split("\n")
    # Declared on the first line, so that a forgotten declaration is one fault and the numbers of the lines stay.
    declarations = "".join(f"@prefix {prefix}: <{namespace}> . " for prefix, namespace in PREFIXES.items())
    faults: list[SyntaxFault] = []
    damaged: set[str] = set()
    for start, end in _paragraphs(lines):
        fault = _attempt(declarations + _only(lines, start, end))
        if isinstance(fault, SyntaxFault):
            faults.append(replace(fault, line=min(fault.line, end)))
            damaged |= _entities("\n".join(lines[start:end]), fault)
            lines[start:end] = [line if _sound_header(line) else "" for line in lines[start:end]]
    return Reading(parse(declarations + "\n".join(lines)), tuple(faults) or (whole,), frozenset(damaged))


def json_fault(content: bytes) -> SyntaxFault | None:
    """Return what is wrong with a JSON file, or None."""
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        return SyntaxFault(error.lineno, error.msg)
    except UnicodeDecodeError as error:
        return encoding_fault(error)
    return None


def encoding_fault(error: UnicodeDecodeError) -> SyntaxFault:
    """Return the place of the first byte that is not UTF-8."""
    byte, line = error.object[error.start], error.object.count(b"\n", 0, error.start) + 1
    return SyntaxFault(line, f"byte {byte:#x} is not UTF-8")


def _attempt(text: str) -> LocatedTriples | SyntaxFault:
    """Return the triples of a Turtle text, or the first place that either parser refuses."""
    try:
        for _ in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE):
            pass
        return parse(text)
    except BadSyntax as error:
        return SyntaxFault(error.lines + 1, str(error._why))  # noqa: SLF001 - rdflib offers it no other way
    except SyntaxError as error:
        return _explained(error.lineno or 1, _POSITION.sub("", error.msg or ""))


def _explained(line: int, message: str) -> SyntaxFault:
    """Return a fault with the prefix that was meant, or with the declaration of one that was forgotten."""
    prefix = _PREFIX.match(message)
    if not prefix:
        return SyntaxFault(line, message)
    name = prefix[1].rstrip(":")
    if name in PREFIXES:
        return SyntaxFault(line, f"{message}; @prefix {name}: <{PREFIXES[name]}> . declares it")
    return SyntaxFault(line, message, "".join(f"{near}:" for near in get_close_matches(name, PREFIXES, n=1)))


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line, as a slice, of each block between blank lines."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip():
            if start < number:
                yield start, number
            start = number + 1


def _only(lines: list[str], start: int, end: int) -> str:
    """Return the text with nothing but one paragraph and the declarations above it, every line in its place."""
    above = [line if _HEADER.match(line) else "" for line in lines[:start]]
    return "\n".join([*above, *lines[start:end]])


def _sound_header(line: str) -> bool:
    return _HEADER.match(line) is not None and isinstance(_attempt(line), LocatedTriples)


def _entities(paragraph: str, fault: SyntaxFault) -> set[str]:
    """Return the IRIs of the entities that a damaged paragraph names, its misspelt prefix read as the one that was meant."""
    prefix = _PREFIX.match(fault.message)
    meant = paragraph.replace(prefix[1], fault.suggestion or prefix[1]) if prefix else paragraph
    names = (expand(name.strip("<>")) for name in _NAME.findall(meant))
    return {name for name in names if name.startswith(ENTITY)}
