"""Faults that can be put into synthetic announcements, each by name, with the rule that must find it."""

from collections.abc import Callable
from typing import Final

from synthetic import Pairs, Record, edtf

_PROMISE: Final = "made-at"
_WORDS: Final = "un deux trois quatre cinq six sept huit neuf dix " * 3


def _without(name: str) -> Callable[[Pairs], Pairs]:
    return lambda pairs: [pair for pair in pairs if pair[0] != name]


def _with(name: str, value: str) -> Callable[[Pairs], Pairs]:
    return lambda pairs: [*(pair for pair in pairs if pair[0] != name), (name, value)]


def _swapped(pairs: Pairs) -> Pairs:
    held = dict(pairs)
    ends = {"rdf:subject": held["rdf:object"], "rdf:object": held["rdf:subject"]}
    return [(name, ends.get(name, value)) for name, value in pairs]


def _labelled(pairs: Pairs) -> Pairs:
    return [*pairs, ("rdfs:label", f'"{dict(pairs)["ak:announcedIn"]}"@fr')]


def _shifted(pairs: Pairs) -> Pairs:
    return [(name, str(int(value) + 1) if name == "oa:start" else value) for name, value in pairs]


Fault = tuple[str, str, Callable[[Pairs], Pairs]]
FAULTS: Final[dict[str, Fault]] = {
    "no-modality": ("claim", "ClaimModalityShape", _without("ak:modality")),
    "no-source": ("claim", "ClaimStatedInShape", _without("ak:statedIn")),
    "two-due-dates": ("claim", "ClaimDueShape", lambda pairs: [*pairs, ("ak:due", edtf("2099"))]),
    "long-quote": ("quote", "QuoteLengthShape", _with("oa:exact", f'"{_WORDS.strip()}"')),
    "labelled-claim": (
        "claim",
        "ClaimLabelShape",
        _labelled,
    ),
    "wrong-object": ("claim", "claim-range", _with("rdf:object", "ak:Sporty")),
    "swapped-ends": ("claim", "claim-domain", _swapped),
    "unknown-plant": ("claim", "unresolved-link", _with("rdf:object", "plant:nowhere-at-all")),
    "misspelt-modality": ("claim", "undeclared-term", _with("ak:modality", "ak:Plannned")),
    "impossible-date": ("claim", "invalid-date", _with("ak:due", edtf("2025-13"))),
    "stray-unit": ("claim", "stray-unit", lambda pairs: [*pairs, ("ak:unit", "unit:NUM")]),
    "shifted-quote": ("quote", "quote-length", _shifted),
}
"""Each fault with the sort of record that it spoils, the shape or check that must find it there, and what it does."""


def spoil(records: list[Record], name: str) -> tuple[list[Record], str]:
    """Return an announcement's records with a fault in its promise or in the quote of that; and which record it is in."""
    sort, _, change = FAULTS[name]
    promise = next(record for record in records if record.subject.endswith(_PROMISE))
    focus = promise.subject if sort == "claim" else dict(promise.pairs)["ak:quote"]
    return [
        record._replace(pairs=change(record.pairs)) if record.subject == focus else record for record in records
    ], focus
