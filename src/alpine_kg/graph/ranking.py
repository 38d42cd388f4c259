"""How the entities that a search finds are put in order: which of them are compared with its words, and by what.

Their numbers come from the index in the order of kinds, so that one question to it tells which kinds have them.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from alpine_kg.graph.index import LONGEST_BEGINNING
from alpine_kg.names import WORD, fold

Read = Callable[[str, list[Any]], list[Any]]
"""Returns the rows that a statement with these values gives."""
Spans = Mapping[str, tuple[int, int]]
"""The numbers of the first and the last entity of each kind."""

_TIERS: Final = {"announcement": 1, "source": 2, "claim": 3, "quote": 4}
"""Kinds whose labels repeat the names of others, and so come behind them in a search."""
_EVERY: Final = " "
_ANY: Final = " OR "
_COMPARED: Final = {_EVERY: (300, 60), _ANY: (100, 20)}
"""Entities of a tier that are compared with a text if they have every or any of its words; of more, so many of each kind."""
_FEW: Final = 3
"""Words whose common matches are found at once."""
_WHOLE: Final = "SELECT entity FROM whole WHERE name = ? LIMIT ?"
_MATCHING: Final = """
SELECT group_concat(rowid) FROM (SELECT rowid FROM name WHERE name MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?)
"""
# All in one row, see `hits`; the tabs that part them are in none of them.
_NAMES: Final = """
SELECT group_concat(names, '\t'), group_concat(kind, '\t'), group_concat(iri, '\t'), group_concat(entity.id, '\t')
FROM json_each(?) CROSS JOIN entity ON entity.id = value
"""


def is_quick(text: str) -> bool:
    """Tell whether the index looks the words of a text up: they are few, and it holds their beginnings."""
    words = WORD.findall(fold(text))
    return len(words) <= _FEW and all(len(word) <= LONGEST_BEGINNING for word in words)


def rank(read: Read, spans: Spans, words: Sequence[str], limit: int) -> list[int]:
    """Return the numbers of the entities that a search for these words finds among some kinds, best first."""
    whole, wanted, bounds = " ".join(words), [f" {word} " for word in words], spans.values()
    named = (row[0] for row in read(_WHOLE, [whole, max(_COMPARED[_EVERY][0], limit)]))
    found = [number for number in named if any(first <= number <= last for first, last in bounds)]
    if len(found) < limit and spans:
        known = set(found)
        chosen = [number for number in _candidates(read, spans, whole, _EVERY, limit) if number not in known]
        if not found and not chosen and len(words) > 1:
            chosen = _candidates(read, spans, whole, _ANY, limit)
        found += chosen
    if not found:
        return []
    rows = zip(*(column.split("\t") for column in read(_NAMES, [json.dumps(found)])[0]), strict=True)
    ranked = sorted([(*_distance(whole, wanted, names, kind), iri, number) for names, kind, iri, number in rows])
    return [int(row[-1]) for row in ranked[:limit]]


def matching(query: str, junction: str = _EVERY) -> str:
    """Return a text as an FTS5 expression: each word a quoted prefix, so that nothing in it is syntax.

    Words that change nothing are left out, since a short one would be looked for in most of the index.

    >>> matching("Dieppe d"), matching("Dieppe d", " OR ")
    ('"dieppe"*', '"d"*')
    """
    words = dict.fromkeys(WORD.findall(fold(query)))
    # What has a word has its beginning too.
    pairs = [(one, other) for one in words for other in words if one != other and other.startswith(one)]
    idle = {beginning if junction == _EVERY else longer for beginning, longer in pairs}
    return junction.join(f'"{word}"*' for word in words if word not in idle) or '""'


def _candidates(read: Read, spans: Spans, text: str, junction: str, limit: int) -> list[int]:
    """Return the numbers of entities that have every or any of the words, from no more tiers than give so many.

    Where a tier has too many, they are some of each kind.
    """
    match, every = matching(text, junction), [*spans.values()]
    most, of_kind = (max(bound, limit) for bound in _COMPARED[junction])
    # The tiers before the last one that is needed have less than the limit together.
    numbers = _matches(read, match, (min(every)[0], max(every)[1]), limit + most)
    known = numbers[-1] if len(numbers) == limit + most else max(every)[1]
    chosen: list[int] = []
    for tier in range(len(_TIERS) + 1):
        kinds = [span for name, span in spans.items() if _TIERS.get(name, 0) == tier]
        if not kinds or len(chosen) >= limit:
            continue
        first, last = bisect_left(numbers, min(kinds)[0]), bisect_right(numbers, max(kinds)[1])
        if last - first >= most and len(kinds) > 1:
            for span in kinds:
                some = numbers[bisect_left(numbers, span[0]) : bisect_right(numbers, span[1])][:of_kind]
                all_there = len(some) == of_kind or span[1] <= known
                chosen += some if all_there else _matches(read, match, span, of_kind)
        else:
            chosen += numbers[first : min(last, first + most)]
    return chosen


def _matches(read: Read, match: str, span: tuple[int, int], most: int) -> list[int]:
    """Return the numbers of the first entities between two that the index finds."""
    found = read(_MATCHING, [match, *span, most])[0][0]
    return [*map(int, found.split(","))] if found else []


def _distance(whole: str, wanted: Collection[str], names: str, kind: str) -> tuple[int, int, int, int]:
    """Return how far names are from a text and its words, each between spaces, as numbers that are compared in turn.

    0 when a name is the text, else 1; the tier of the kind; of the nearest name 1 when it has all words whole, 2 when it begins
    with the text, else 3; and the number of its words.
    """
    tier, nearest, least = _TIERS.get(kind, 0), 4, 0
    for name in names.split("\n"):
        if name == whole:
            return 0, tier, 0, 0
        near, padded = 2 if name.startswith(whole) else 3, f" {name} "
        for word in wanted:
            if word not in padded:
                break
        else:
            near = 1
        # Not by a tuple for each name: this is done some hundred times in a search.
        if near <= nearest:
            count = name.count(" ") + bool(name)
            if near < nearest or count < least:
                nearest, least = near, count
    return 1, tier, nearest, least
