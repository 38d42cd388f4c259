"""Content negotiation as one pure function.

Source: RFC 9110, section 12.5.1, https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1.
"""

import re
from collections.abc import Sequence
from typing import Final

from alpine_kg.formats.media import FEED_FORMATS, FORMATS, Format

_QUOTED: Final = r'"(?:[^"\\]|\\.?)*+"?'
_PART: Final = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_RANGE: Final = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*(;.*)?", re.DOTALL)
_PARAMETER: Final = re.compile(rf';\s*([^=;\s"]+)\s*=\s*({_QUOTED}|[^;"\s]*)')
_WEIGHT: Final = re.compile(r"\d+(?:\.\d*)?|\.\d+")


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
        quality = _worth(offer, ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
            if quality == 1.0:
                break
    return best


def ranking(accept: str | None) -> bytes:
    """Return the rank of every format that there is in an Accept header; headers that rank alike are always answered alike.

    >>> ranking("text/html, */*;q=0.8") == ranking("text/html;q=1.0, image/png, */*;q=0.5")
    True
    """
    ranges = _ranges(accept or "") or {"*/*": 1.0}
    worths = [_worth(row, ranges) for row in (*FORMATS.values(), *FEED_FORMATS)]
    ranks = {worth: rank for rank, worth in enumerate(sorted({0.0, *worths}))}
    return bytes(ranks[worth] for worth in worths)


def _worth(offer: Format, ranges: dict[str, float]) -> float:
    """Return the quality of an offer: an alias counts where it is named, not by a wildcard.

    Nor must it revive what the caller excluded by its own name.
    """
    quality = _quality(offer.media_type, ranges)
    if _excluded(offer.media_type, ranges):
        return quality
    return max(quality, *(ranges.get(alias, 0.0) for alias in offer.aliases), 0.0)


def _ranges(accept: str) -> dict[str, float]:
    """Return the media ranges of a header with their qualities; malformed ones are passed over, as browsers' are."""
    ranges: dict[str, float] = {}
    for part in _PART.findall(accept):
        match = _RANGE.fullmatch(part)
        quality = _weight(match[3] or "") if match else None
        if match and quality is not None:
            name = f"{match[1]}/{match[2]}".lower()
            ranges[name] = max(quality, ranges.get(name, 0.0))
    return ranges


def _weight(parameters: str) -> float | None:
    """Return the quality among a range's parameters, at most 1, or None when it is not a number."""
    for name, value in _PARAMETER.findall(parameters):
        if name.lower() == "q":
            text = value.strip('"')
            return min(float(text), 1.0) if _WEIGHT.fullmatch(text) else None
    return 1.0


def _quality(media_type: str, ranges: dict[str, float]) -> float:
    major = media_type.partition("/")[0]
    for candidate in (media_type, f"{major}/*", "*/*"):
        if candidate in ranges:
            return ranges[candidate]
    return 0.0


def _excluded(media_type: str, ranges: dict[str, float]) -> bool:
    return ranges.get(media_type) == 0.0
