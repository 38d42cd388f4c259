"""The entities that a list or a search has found: numbers in the index, whose rows are read in the form that is asked for.

Each form is read as one row, put together by SQLite. For each row that is read its library lets go of the interpreter and has to
wait for it again, which in a service that is busy takes longer than the row.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Final, overload

from alpine_kg.graph.entries import RESOURCE
from alpine_kg.graph.hit import Hit
from alpine_kg.graph.vocabulary import Labels
from alpine_kg.namespaces import ENTITY

Read = Callable[[str, list[Any]], list[Any]]
"""Returns the rows that a statement with these values gives."""

COLUMNS: Final = "iri, labels, types, notes"
"""What a hit is made of."""
_PLACE: Final = f"CASE kind WHEN '{RESOURCE}' THEN iri ELSE substr(iri, {len(ENTITY)}) END AS place"
# A limit keeps SQLite from taking the order of what is in brackets for idle.
_IN_A_ROW: Final = "(SELECT {} FROM entity WHERE entity.id BETWEEN ? AND ? ORDER BY entity.id LIMIT -1)"
# Only the numbers are sorted, not the rows, and a cross join keeps to the order of what stands before it.
_ONE_BY_ONE: Final = (
    "(SELECT {} FROM (SELECT value FROM json_each(?) ORDER BY key LIMIT -1)"
    " CROSS JOIN entity ON entity.id = value LIMIT -1)"
)


class _Form:
    """What is made of the entities' rows, for numbers in a row and for others."""

    def __init__(self, made: str, columns: str) -> None:
        self.in_a_row, self.one_by_one = (
            f"SELECT {made} FROM {rows.format(columns)}"  # noqa: S608 - fixed texts
            for rows in (_IN_A_ROW, _ONE_BY_ONE)
        )


_ITEMS: Final = _Form("group_concat(item)", "item")
_NAMED: Final = _Form(
    "group_concat(place, '\n'), group_concat(labels), group_concat(notes)", f"{_PLACE}, labels, notes"
)
_ROWS: Final = _Form("*", f"entity.{COLUMNS}")


Named = tuple[str, Labels, Labels]
"""An entity as a page names it: its path on this site, else its IRI; its labels and its summary by language."""


class Hits(Sequence[Hit]):
    """Entities by their numbers, in the order of these."""

    def __init__(self, numbers: Sequence[int], read: Read) -> None:
        """Keep numbers, of which a range is read fastest, and what reads their rows."""
        self._numbers = numbers
        self._read = read

    @property
    def json(self) -> str:
        """The entities as objects of JSON with commas between them."""
        return self._rows(_ITEMS)[0][0] if self._numbers else ""

    def named(self) -> Iterator[Named]:
        """Yield the entities with what a page shows of them."""
        if not self._numbers:
            return
        places, labels, notes = self._rows(_NAMED)[0]
        # Few have a summary, and most pages none.
        summaries = json.loads(f"[{notes}]") if len(notes) > len("{},") * len(self) else repeat({}, len(self))
        yield from zip(places.split("\n"), json.loads(f"[{labels}]"), summaries, strict=True)

    @cached_property
    def _hits(self) -> list[Hit]:
        return [Hit(*row) for row in self._rows(_ROWS)] if self._numbers else []

    def _rows(self, form: _Form) -> list[Any]:
        numbers = self._numbers
        if isinstance(numbers, range):
            return self._read(form.in_a_row, [numbers[0], numbers[-1]])
        return self._read(form.one_by_one, [json.dumps(numbers)])

    def __len__(self) -> int:
        """Return how many there are, without reading them."""
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> list[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | list[Hit]:
        """Return the entity at a place, or those at some places."""
        return self._hits[place]

    def __eq__(self, other: object) -> bool:
        """Tell whether another sequence has the same entities in the same order."""
        return self._hits == list(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]
