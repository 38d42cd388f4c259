"""Sentences of a text, with their places: code points from the start of the text, the end exclusive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LINE: Final = re.compile(r"[^\n]+")
_END: Final = re.compile(r"[.!?…]+(?:\s?[\"'’”»)\]])*\s+(?=[\"'‘“«(\[]?\s?[A-ZÀ-ÖØ-Þ0-9])")
_ABBREVIATION: Final = re.compile(
    r"(?<!\w)(?:[A-Z]|M|MM|Mme|Mmes|Mlle|Mr|Mrs|Ms|Dr|Prof|St|Ste|No|n°|Inc|Ltd|Corp|Co|approx|env|etc|vs|cf)\.\s+$"
)
"""What a point does not end a sentence behind: initials, titles and the like."""


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a heading that is none."""

    start: int
    end: int
    text: str


def split_sentences(text: str) -> tuple[Sentence, ...]:
    r"""Return the sentences of a text in order; a line end always ends one.

    >>> [sentence.text for sentence in split_sentences("M. Dupont vient. Il part.\nFin")]
    ['M. Dupont vient.', 'Il part.', 'Fin']
    """
    return tuple(_split(text))


def _split(text: str) -> Iterator[Sentence]:
    for line in _LINE.finditer(text):
        begin = line.start()
        for stop in _END.finditer(text, line.start(), line.end()):
            if _ABBREVIATION.search(text, begin, stop.end()):
                continue
            yield from _trimmed(text, begin, stop.end())
            begin = stop.end()
        yield from _trimmed(text, begin, line.end())


def _trimmed(text: str, start: int, end: int) -> Iterator[Sentence]:
    held = text[start:end]
    start += len(held) - len(held.lstrip())
    end -= len(held) - len(held.rstrip())
    if start < end:
        yield Sentence(start, end, text[start:end])
