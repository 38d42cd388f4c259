"""Quotes: words found in a source's text, with their place, so that they can be verified."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.curation.desk import Desk, Value
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import AK, OA, XSD, entity_iri, local_name, shorten
from alpine_kg.validation.texts import SourceText, read_text

_MOST_WORDS: Final = 24
_CONTEXT: Final = 20
"""Characters before and after words that stand in the text more than once."""
_APOSTROPHE: Final = "['’ʼ]"
_QUOTATION: Final = '["“”„«»]'


@dataclass(frozen=True)
class Passage:
    """Words at a place of a text: code points from the start, the end exclusive."""

    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


def text_of_source(desk: Desk, source: str, file: Path | None) -> SourceText | None:
    """Return the text of a source in a file; raises BadParameterError when that is another text than the source's.

    None when no file is named; a source without a digest has none to be compared with.
    """
    if file is None:
        return None
    if not file.is_file():
        raise BadParameterError(f"{file} is not a file.", "Name the file that holds the source's text.")
    text = read_text(file)
    digests = desk.values(source, "ak:textDigest")
    if digests and text.digest not in digests:
        raise BadParameterError(
            f"{file} is not the text of {shorten(source)}: its digest differs.",
            "Name the file with that very text.",
        )
    return text


def find_passage(text: SourceText, words: str) -> Passage:
    """Return where words stand in a text, whatever its apostrophes, quotation marks and spaces look like.

    Raises BadParameterError for words that do not stand there, or that are too many for a quote.
    """
    sought = unicodedata.normalize("NFC", words).split()
    if not 0 < len(sought) <= _MOST_WORDS:
        raise BadParameterError(
            f"A quote of {len(sought)} words is not possible.", f"Quote 1 to {_MOST_WORDS} words that prove the claim."
        )
    pattern = r"\s+".join(
        re.sub(r"[\"“”„«»]", _QUOTATION, re.sub(r"['’ʼ]", _APOSTROPHE, re.escape(word))) for word in sought
    )
    found = list(re.finditer(pattern, text.text))
    if not found:
        raise BadParameterError(
            f"{' '.join(sought)!r} does not stand in {text.file}.", "Copy the words exactly, mistakes included."
        )
    return passage_at(text, *found[0].span())


def passage_at(text: SourceText, start: int, end: int) -> Passage:
    """Return the words between two places, with their neighbours when they stand in the text more than once."""
    exact = text.text[start:end]
    if text.text.count(exact) == 1:
        return Passage(exact, start, end)
    return Passage(exact, start, end, text.text[max(start - _CONTEXT, 0) : start], text.text[end : end + _CONTEXT])


def put_quote(desk: Desk, file: str, announcement: str, source: str, passage: Passage) -> str:
    """Have a quote written beside the claims of an announcement, unless the source's words are quoted already; return its IRI."""
    taken = _quotes_of(desk, source)
    place = (str(passage.start), str(passage.end))
    if place in taken:
        return taken[place]
    slug = local_name(announcement)
    number = next(n for n in range(1, 10_000) if entity_iri("quote", f"{slug}-q{n:02}") not in desk.names.entities)
    iri = entity_iri("quote", f"{slug}-q{number:02}")
    integer = ox.NamedNode(XSD + "integer")
    statements: list[tuple[str, Value]] = [
        ("rdf:type", ox.NamedNode(AK + "Quote")),
        ("ak:quotedFrom", ox.NamedNode(source)),
        ("oa:exact", ox.Literal(passage.exact)),
        ("oa:start", ox.Literal(str(passage.start), datatype=integer)),
        ("oa:end", ox.Literal(str(passage.end), datatype=integer)),
    ]
    statements += [
        (f"oa:{name}", ox.Literal(text))
        for name, text in (("prefix", passage.prefix), ("suffix", passage.suffix))
        if text
    ]
    desk.record(file, iri, statements)
    return iri


def _quotes_of(desk: Desk, source: str) -> dict[tuple[str, str], str]:
    """Return the quotes of a source by their places."""
    quotes = [iri for iri in desk.names.entities if "/quote/" in iri and source in desk.values(iri, "ak:quotedFrom")]
    return {
        (desk.values(iri, OA + "start")[0], desk.values(iri, OA + "end")[0]): iri
        for iri in quotes
        if desk.values(iri, OA + "start") and desk.values(iri, OA + "end")
    }
