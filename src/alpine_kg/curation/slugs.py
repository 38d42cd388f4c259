"""Slugs: the ends of identifiers, made from names in any script that has a spelling in ASCII."""

import re
from typing import Final

from alpine_kg.errors import BadParameterError
from alpine_kg.names import fold
from alpine_kg.namespaces import SLUG

_LETTERS: Final = str.maketrans(
    {"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "þ": "th", "ð": "d"}
)
"""Letters that no accent can be taken off."""
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST: Final = 100


def slug_of(name: str) -> str:
    """Return the slug of a name; raises BadParameterError for a name without a letter or digit of ASCII.

    >>> slug_of("Škoda Auto"), slug_of("Usine d'Łódź")
    ('skoda-auto', 'usine-d-lodz')
    """
    ascii_words = re.findall(r"[a-z0-9]+", fold(name.translate(_LETTERS)))
    if not ascii_words:
        raise BadParameterError(
            f"No identifier can be made from {name!r}.", "Give one with --slug, in lower-case ASCII words and hyphens."
        )
    return "-".join(ascii_words)[:_LONGEST].strip("-")


def checked(slug: str) -> str:
    """Return a slug that was given; raises BadParameterError for a text that is none."""
    if not SLUG.fullmatch(slug):
        raise BadParameterError(
            f"{slug!r} is not a slug.", f"Write lower-case ASCII words joined by hyphens, for example {_example(slug)}."
        )
    return slug


def kebab(term: str) -> str:
    """Return a term's local name as words.

    >>> kebab("producedAt")
    'produced-at'
    """
    return _CAPITAL.sub("-", term).lower()


def _example(slug: str) -> str:
    try:
        return slug_of(slug)
    except BadParameterError:
        return "my-announcement"
