"""Names: how they are compared, whoever wrote them and however they are spelled."""

import re
import unicodedata
from typing import Final

WORD: Final = re.compile(r"[^\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3\ufe33\ufe34\ufe4d-\ufe4f\uff3f]+")
"""A word, as SQLite's FTS5 parts them too: not at an underscore, nor at letters that Unicode 6.1 did not know as such."""
_HYPHENS: Final = "-‐‑"
_HYPHENATED: Final = re.compile(rf"\w+(?:[{_HYPHENS}]\w+)+")
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SMALL: Final = frozenset(("of", "the", "de", "du", "des", "d", "l", "la", "le", "les"))
"""Words that a name may have or lack."""
_LEGAL: Final = frozenset(
    ("ab", "ag", "bv", "co", "company", "corp", "corporation", "gmbh", "group", "groupe", "gruppe",
     "inc", "kg", "llc", "ltd", "nv", "oy", "plc", "sa", "sas", "se", "spa", "srl")
)  # fmt: skip
"""Legal forms, and the word for a group, which a name in the press may lack."""


class _Bare(dict[int, int | None]):
    """Maps accents and other combining marks to nothing; each letter is looked up once."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.combining(chr(letter)) else letter
        return self[letter]


_BARE: Final = _Bare()


def fold(text: str) -> str:
    """Return a text as it is compared in a search: lower case, without accents, words parted by one space.

    >>> fold("L'Usine de DIEPPE, Jean Rédélé")
    'l usine de dieppe jean redele'
    """
    if text.isascii():
        return " ".join(WORD.findall(text.lower()))
    # Taken apart first as well: ™ is made of capitals.
    whole = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    plain = unicodedata.normalize("NFKD", whole)
    return " ".join(WORD.findall(plain.translate(_BARE)))


def forms(text: str) -> list[str]:
    """Return a name as it is searched for: folded, and with its hyphenated words run together, if it has any.

    >>> forms("plateforme CMF-EV")
    ['plateforme cmf ev', 'plateforme cmfev']
    """
    folded = [fold(text)]
    if _HYPHENATED.search(text):
        joined = _HYPHENATED.sub(lambda match: re.sub(f"[{_HYPHENS}]", "", match[0]), text)
        folded.append(fold(joined))
    return folded


def telling_words(text: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others, folded and in order of the alphabet.

    >>> telling_words("Groupe Renault SA") == telling_words("RENAULT") == ("renault",)
    True
    """
    words = fold(text).split()
    telling = [word for word in words if word not in _SMALL and word not in _LEGAL]
    return tuple(sorted(telling or words))


def spellings(word: str) -> set[str]:
    """Return a word and the word without each one of its letters: words that are one slip apart have one of these in common."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def one_slip_apart(one: str, other: str) -> bool:
    """Return whether two words differ by one letter behind the first: another, one more, one less, or two changed over.

    >>> one_slip_apart("renault", "reanult"), one_slip_apart("renault", "renaults"), one_slip_apart("cologne", "pologne")
    (True, True, False)
    """
    start = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if start == 0:
        return False
    if start is None:
        return abs(len(one) - len(other)) == 1
    rest, remainder = one[start:], other[start:]
    swapped = rest[:2] == remainder[1::-1] and rest[2:] == remainder[2:]
    return swapped or rest[1:] == remainder[1:] or rest[1:] == remainder or rest == remainder[1:]
