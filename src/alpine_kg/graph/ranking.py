"""How the entities that a search finds are put in order: which of them are compared with its words, and by what.

Their numbers come from the index in the order of kinds, so that one question to it tells which kinds have them.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from alpine_kg.names import WORD, fold

Read = Callable[[str, list[Any]], list[Any]]
"""Returns the rows that a statement with these values gives."""
Spans = Mapping[str, tuple[int, int]]
"""The numbers of the first and the last entity of each kind."""

_TIERS: Final = {"announcement": 1, "source": 2, "claim": 3, "quote": 4}
"""Kinds whose labels repeat the names of others, and so come behind them in a search."""
_CANDIDATES: Final = 300
"""Entities that are compared with a text, of those that have all its words; of more, some of each kind."""
_OF_KIND: Final = 60
_WHOLE: Final = "SELECT id, names, kind, iri FROM whole JOIN entity ON id = entity WHERE name = ? LIMIT ?"
_MATCHING: Final = "SELECT rowid FROM name WHERE name MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?"
_NAMES: Final = "SELECT id, names, kind, iri FROM entity WHERE id IN (SELECT value FROM json_each(?))"


def rank(read: Read, spans: Spans, words: Sequence[str], limit: int) -> list[int]:
    """Return the numbers of the entities that a search for these words finds among some kinds, best first."""
    found = _candidates(read, spans, words, " ", limit) or (
        _candidates(read, spans, words, " OR ", limit) if len(words) > 1 else []
    )
    whole, wanted = " ".join(words), [f" {word} " for word in words]
    ranked = sorted([(*_distance(whole, wanted, row[1], row[2]), row[3], row[0]) for row in found])
    return [row[-1] for row in ranked[:limit]]


def matching(query: str, junction: str = " ") -> str:
    """Return a text as an FTS5 expression: each word a quoted prefix, so that nothing in it is syntax."""
    return junction.join(f'"{word}"*' for word in WORD.findall(fold(query))) or '""'


def _candidates(read: Read, spans: Spans, words: Sequence[str], junction: str, limit: int) -> list[Any]:
    """Return number, names, kind and IRI of entities that have the words, those whose whole name they are among them."""
    match, most = matching(" ".join(words), junction), max(_CANDIDATES, limit)
    found = [row for row in read(_WHOLE, [" ".join(words), most]) if row[2] in spans]
    if not spans or len(found) >= limit:
        return found
    chosen: list[int] = []
    for numbers in _tiers(read, spans, match, most, limit):
        chosen += numbers
        if len(found) + len(chosen) >= limit:
            break
    return list(dict.fromkeys([*found, *read(_NAMES, [json.dumps(chosen)])])) if chosen else found


def _tiers(read: Read, spans: Spans, match: str, most: int, limit: int) -> Iterator[list[int]]:
    """Yield the numbers that match, tier by tier, as far as so many take; where a tier has too many, some of each kind."""
    every = [*spans.values()]
    # The tiers before the last one that is needed have less than the limit together.
    numbers = [row[0] for row in read(_MATCHING, [match, min(every)[0], max(every)[1], limit + most])]
    for tier in range(len(_TIERS) + 1):
        kinds = [span for name, span in spans.items() if _TIERS.get(name, 0) == tier]
        if not kinds:
            continue
        first, last = bisect_left(numbers, min(kinds)[0]), bisect_right(numbers, max(kinds)[1])
        if last - first >= most and len(kinds) > 1:
            each = max(_OF_KIND, limit)
            yield [row[0] for span in kinds for row in read(_MATCHING, [match, *span, each])]
        else:
            yield numbers[first : min(last, first + most)]


def _distance(whole: str, wanted: Collection[str], names: str, kind: str) -> tuple[int, int, int, int]:
    """Return how far names are from a text and its words, each between spaces, as numbers that are compared in turn.

    0 when a name is the text, else 1; the tier of the kind; of the nearest name 1 when it has all words whole, 2 when it begins
    with the text, else 3; and the number of its words.
    """
    best = (4, 0)
    for name in names.split("\n"):
        if name == whole:
            return 0, _TIERS.get(kind, 0), 0, 0
        near, padded = 2 if name.startswith(whole) else 3, f" {name} "
        for word in wanted:
            if word not in padded:
                break
        else:
            near = 1
        best = min(best, (near, name.count(" ") + bool(name)))
    return 1, _TIERS.get(kind, 0), *best
