"""Texts of sources: reading them as offsets count them, and finding which of them is a given source's."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from alpine_kg.errors import RootError


@dataclass(frozen=True)
class Quote:
    """The words of a quote and their place: 0-based code points of the normalised text, the end exclusive."""

    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class SourceText:
    """A text in Unicode NFC with LF line ends, and the name of its file."""

    file: str
    text: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def has(self, quote: Quote) -> bool:
        """Whether the quote's words stand at its place."""
        return quote.start >= 0 and self.text[quote.start : quote.end] == quote.exact

    def places(self, words: str) -> list[int]:
        """Return every offset at which some words begin."""
        return [place for place in range(len(self.text)) if self.text.startswith(words, place)] if words else []


def read_texts(folder: Path) -> tuple[SourceText, ...]:
    """Return the `.txt` files of a folder; raises RootError when there is no such folder, or a file is not UTF-8."""
    if not folder.is_dir():
        raise RootError(
            f"{folder} is not a folder of texts.", "Name the folder that holds the sources' texts as .txt files."
        )
    return tuple(read_text(path) for path in sorted(folder.glob("*.txt")))


def text_of(texts: Sequence[SourceText], slug: str, digest: str, quotes: Sequence[Quote]) -> SourceText | None:
    """Return a source's text, or None: by its digest, else by `<slug>.*` as its file name, else by the quotes it has.

    The second and third ways find a text whose digest differs, so that the difference can be reported.
    """
    same = [text for text in texts if text.digest == digest]
    named = [text for text in texts if text.file.partition(".")[0] == slug]
    quoted = [text for text in texts if any(map(text.has, quotes))]
    best = max(quoted, key=lambda text: sum(map(text.has, quotes)), default=None)
    return next(iter(same + named), best)


def read_text(path: Path) -> SourceText:
    """Return the text of a file; raises RootError when it is not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RootError(f"{path} is not UTF-8.", "Convert the text to UTF-8.") from error
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return SourceText(path.name, plain)
