"""A draft: what a text seems to say, as Turtle in which every proposal is marked until a curator accepts it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from alpine_kg.curation import Desk
from alpine_kg.drafting.amounts import find_amounts
from alpine_kg.drafting.cast import Cast, Mention
from alpine_kg.drafting.mentions import Reader
from alpine_kg.drafting.recognition import recognise
from alpine_kg.drafting.rules import RULES
from alpine_kg.drafting.scenes import Found, Scene, Span
from alpine_kg.drafting.sentences import split_sentences
from alpine_kg.drafting.timing import find_dates
from alpine_kg.namespaces import entity_iri
from alpine_kg.validation.texts import SourceText, read_text

_MOST_WORDS: Final = 24


@dataclass(frozen=True)
class Draft:
    """What was found in a text: the mentions, the entities proposed, and the claims, each statement once."""

    text: SourceText
    language: str
    announcement: str
    mentions: tuple[Mention, ...]
    cast: Cast
    claims: tuple[Found, ...]
    trained: bool


def draft(desk: Desk, file: Path, language: str, *, stem: str, year: int, trained: bool = True) -> Draft:
    """Return the draft of a text; `stem` names its announcement, `year` tells what lies ahead.

    A trained pipeline is asked where there is one, unless `trained` is false. Raises BadParameterError for a language without
    rules, RootError for a file that is not UTF-8.
    """
    text = read_text(file)
    cast = Cast(desk)
    recognised = recognise(text.text, language) if trained else None
    reader = Reader(text.text, language, cast, recognised or ())
    mentions = reader.read()
    announcement = entity_iri("announcement", stem)
    scenes = _scenes(text.text, language, cast, reader, announcement=announcement, year=year)
    claims = _merged(text.text, (claim for scene in scenes for rule in RULES for claim in rule(scene)))
    return Draft(text, language, announcement, tuple(mentions), cast, tuple(claims), recognised is not None)


def _scenes(text: str, language: str, cast: Cast, reader: Reader, *, announcement: str, year: int) -> Iterator[Scene]:
    dates, amounts = find_dates(text), find_amounts(text)
    for sentence in split_sentences(text):
        span = (sentence.start, sentence.end)
        yield Scene(
            sentence,
            text,
            language,
            cast,
            announcement,
            year,
            [held for held in reader.mentions if _within(held, span)],
            [held for held in dates if _within(held, span)],
            [held for held in amounts if _within(held, span)],
            [held for held in reader.appointments if _within(held, span)],
        )


def _within(held: object, span: Span) -> bool:
    return span[0] <= held.start and held.end <= span[1]  # type: ignore[attr-defined,no-any-return]


def _merged(text: str, found: Iterator[Found]) -> list[Found]:
    """Return each statement once, with all the passages that say so, cut to what a quote may hold."""
    merged: dict[tuple[str, str, str], Found] = {}
    for claim in found:
        spans = tuple(filter(None, (_fitting(text, span) for span in claim.spans)))
        held = merged.get(claim.key)
        if held is None:
            merged[claim.key] = replace(claim, spans=spans)
        else:
            joined = tuple(dict.fromkeys((*held.spans, *spans)))
            merged[claim.key] = replace(
                held, spans=joined, due=held.due or (claim.due if held.modality == "Planned" else "")
            )
    return list(merged.values())


def _fitting(text: str, span: Span) -> Span | None:
    """Return a passage that is short enough to quote: the end of a long one, where the object mostly stands."""
    start, end = span
    words = list(_words(text, start, end))
    if not words:
        return None
    kept = words[-_MOST_WORDS:]
    return kept[0][0], kept[-1][1]


def _words(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the places of the words of a passage, parted by spaces."""
    place = start
    while place < end:
        while place < end and text[place].isspace():
            place += 1
        begin = place
        while place < end and not text[place].isspace():
            place += 1
        if begin < place:
            yield begin, place
