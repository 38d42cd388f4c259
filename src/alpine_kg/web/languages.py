"""Which languages a reader wants, in order.

Source: RFC 9110, section 12.5.4, https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4.
"""

import re
from collections.abc import Sequence
from typing import Final

from alpine_kg.errors import BadParameterError

LANGUAGE: Final = "lang"
"""The parameter by which a reader asks for a language."""
_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


def check_language(asked: str | None) -> None:
    """Raise BadParameterError when a language is asked for by what is not a language tag."""
    if asked is not None and not _TAG.fullmatch(asked):
        raise BadParameterError(f"{LANGUAGE}={asked!r} is not a language tag.", f"Write for example {LANGUAGE}=en.")


def wanted_languages(asked: str | None, accept_language: str, configured: Sequence[str]) -> list[str]:
    """Return language tags in the order in which a label is to be sought: asked for, accepted, configured.

    A regional tag is followed by its language alone.

    >>> wanted_languages(None, "en-GB, fr;q=0.5, de;q=0", ["fr", "en"])
    ['en-gb', 'en', 'fr']
    """
    tags = ([asked] if asked else []) + _accepted(accept_language) + list(configured)
    widened = (form for tag in tags for form in (tag.lower(), tag.lower().partition("-")[0]))
    return list(dict.fromkeys(widened))


def _accepted(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, best first; malformed ranges and those with q=0 are left out."""
    found = []
    for part in header.split(","):
        match = _RANGE.fullmatch(part)
        if match and (quality := float(match[2] or 1)) > 0:
            found.append((-quality, match[1]))
    return [tag for _, tag in sorted(found, key=lambda pair: pair[0])]
