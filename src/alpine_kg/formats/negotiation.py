"""Content negotiation as one pure function.

Source: RFC 9110, section 12.5.1, https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1.
"""

import re
from collections.abc import Sequence
from typing import Final

from alpine_kg.formats.media import Format

_RANGE: Final = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)$")
_QUALITY: Final = re.compile(r"(?:^|;)\s*q\s*=\s*\"?([01](?:\.\d{0,3})?)\"?\s*(?=;|$)", re.IGNORECASE)


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the offered format that an Accept header prefers, or None when it excludes them all.

    Among equals the earlier offer wins; a missing or empty header, or one with no well-formed range, accepts everything. The
    most specific range that fits an offer decides its quality, so `text/html;q=0, */*` excludes HTML.
    """
    ranges = _ranges(accept or "")
    if not ranges:
        return offers[0] if offers else None
    best: Format | None = None
    best_quality = 0.0
    for offer in offers:
        quality = max(_quality(name, ranges) for name in (offer.media_type, *offer.aliases))
        # An alias must not revive what the caller excluded by its own name.
        if _excluded(offer.media_type, ranges):
            quality = 0.0
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def _ranges(accept: str) -> dict[str, float]:
    """Return the media ranges of a header with their qualities; malformed ones are passed over, as browsers' are."""
    ranges: dict[str, float] = {}
    for part in accept.split(","):
        match = _RANGE.match(part)
        if match:
            quality = _QUALITY.search(match[3])
            ranges[f"{match[1]}/{match[2]}".lower()] = float(quality[1]) if quality else 1.0
    return ranges


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    major = media_type.partition("/")[0]
    for candidate in (media_type, f"{major}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def _excluded(media_type: str, ranges: dict[str, float]) -> bool:
    return ranges.get(media_type) == 0.0
