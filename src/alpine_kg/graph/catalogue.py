"""The catalogue: entities by kind, by link and by name, in an SQLite index that is built at load."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from alpine_kg.errors import BadParameterError, NotFoundError
from alpine_kg.graph import index, ranking
from alpine_kg.graph.database import Database
from alpine_kg.graph.hit import Hit
from alpine_kg.graph.hits import COLUMNS, Hits
from alpine_kg.names import WORD, fold
from alpine_kg.namespaces import KINDS, SLUG
from alpine_kg.store import Store

_REMEMBERED: Final = 2_000
_SMALL: Final = 100
"""Searches whose ranking is remembered, each with so many numbers at most; and texts whose matches have been counted."""
_MATCHED: Final = "SELECT rowid FROM name WHERE name MATCH ? AND rowid BETWEEN ? AND ?"


@dataclass(frozen=True)
class Page:
    """A page of a list: its entities, how many there are in all, and the cursor of the page behind it."""

    hits: Hits
    total: int
    cursor: tuple[str, str] | None

    @classmethod
    def empty(cls) -> "Page":
        """Return the page of a list that nothing is in."""
        return cls(Hits([], lambda _statement, _values: []), 0, None)


class Catalogue:
    """Lists and searches over the entities of a store."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the catalogue in a file, which must not change any more, or an empty one in memory."""
        self._database = Database(path)
        self._rows = self._database.rows
        # Many type the same beginnings, and the shortest of them are what most entities have.
        self._ranked = lru_cache(_REMEMBERED)(self._rank)
        self._counted = lru_cache(_REMEMBERED)(self._count)
        if path:
            self._read_once()

    @classmethod
    def build(cls, store: Store, path: Path | None = None, *, plain: bool = False) -> "Catalogue":
        """Return the catalogue of a store, written to a file when one is named; see `index.build`."""
        if path is None:
            catalogue = cls()
            index.build(catalogue._database.connection, store, plain=plain)
            catalogue._read_once()
            return catalogue
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            index.build(database, store, plain=plain)
        return cls(path)

    def _read_once(self) -> None:
        """Read what stays read before any thread waits for another that reads it."""
        _ = self._spans, self._filters

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def briefly(self, seconds: float) -> AbstractContextManager[None]:
        """Have what is asked within given up after so long, with NotBriefError; see `Database.briefly`."""
        return self._database.briefly(seconds)

    def page(
        self,
        kind: str,
        *,
        limit: int,
        after: tuple[str, str] | None = None,
        query: str = "",
        filters: Mapping[str, str] | None = None,
    ) -> Page:
        """Return a page of the entities of a kind, by label, that match a search text and have these links.

        `filters` maps the names of properties to IRIs. Raises BadParameterError for a property that no entity of the kind has.
        """
        first, last = self._spans.get(kind, (1, 0))
        begin = self._behind(kind, after) if after else first
        conditions: list[str] = []
        linked: list[Any] = []
        for name, target in (filters or {}).items():
            conditions.append(
                "id IN (SELECT entity FROM link WHERE target = (SELECT id FROM target WHERE property = ? AND iri = ?))"
            )
            linked += [self._property(kind, name), target]
        matched = [ranking.matching(query)] if query else []
        numbers = self._numbers(conditions, linked, matched, [begin, last], limit + 1)
        shown = numbers[:limit]
        cursor = (
            self._rows("SELECT sort, iri FROM entity WHERE id = ?", [shown[-1]])[0] if len(numbers) > limit else None
        )
        total = (
            len(numbers) if not after and cursor is None else self._total(conditions, linked, matched, [first, last])
        )
        return Page(Hits(shown, self._rows), total, cursor)

    def _numbers(
        self, conditions: list[str], linked: list[Any], matched: list[Any], bounds: list[Any], most: int
    ) -> Sequence[int]:
        """Return the first numbers within bounds that meet conditions and are in the index's answer to an expression, if any."""
        if not conditions and not matched:
            return range(bounds[0], min(bounds[1] + 1, bounds[0] + most))
        if not conditions:
            # The index gives numbers in the order of the list.
            statement, values = f"{_MATCHED} LIMIT ?", [*matched, *bounds, most]
        else:
            condition, values = _narrowed(conditions, linked, matched, bounds)
            statement, values = f"SELECT id FROM entity WHERE {condition} ORDER BY id LIMIT ?", [*values, most]  # noqa: S608
        return [row[0] for row in self._rows(statement, values)]

    def search(self, query: str, *, limit: int, kind: str | None = None) -> Hits:
        """Return the entities whose names begin with the words of a text, best first.

        The whole name counts most, then the kind: things before announcements, sources and claims, which repeat their names; then
        whole words, then the shorter name. Accents, case and hyphens do not count. When no entity has all the words, those that
        have some are returned.
        """
        words = WORD.findall(fold(query))
        if not words:
            return Hits([], self._rows)
        rank = self._ranked if limit <= _SMALL else self._rank
        return Hits(rank(tuple(words), limit, kind), self._rows)

    def _rank(self, words: Sequence[str], limit: int, kind: str | None) -> list[int]:
        """Return the numbers of the entities that a search finds, best first."""
        spans = {kind: self._spans.get(kind, (1, 0))} if kind else self._spans
        return ranking.rank(self._rows, spans, words, limit)

    def find(self, slug: str) -> str:
        """Return the IRI of the only entity with this slug; raises NotFoundError when there is none or more than one."""
        statement = "SELECT iri FROM entity WHERE slug = ? AND kind NOT IN ('claim', 'quote') LIMIT 2"
        rows = self._rows(statement, [slug]) if SLUG.fullmatch(slug) else []
        if len(rows) == 1:
            return str(rows[0][0])
        found = "more than one entity has" if rows else "no entity has"
        raise NotFoundError(
            f"{slug!r} is not enough of a name: {found} that slug.", "Write its kind too, for example plant:dieppe."
        )

    def counts(self) -> dict[str, int]:
        """Return how many entities there are of each kind that has any, in the order of the kinds."""
        spans = self._spans
        return {kind: spans[kind][1] - spans[kind][0] + 1 for kind in KINDS if kind in spans}

    def slugs(self, kind: str, limit: int = -1) -> list[str]:
        """Return the slugs of a kind, in the order of its list; with a limit, the first so many."""
        first, last = self._spans.get(kind, (1, 0))
        rows = self._rows("SELECT slug FROM entity WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?", [first, last, limit])
        return [row[0] for row in rows]

    def filters(self, kind: str) -> list[str]:
        """Return the names of the properties by which a list of this kind can be narrowed."""
        return self._filters.get(kind, [])

    def target(self, name: str, slug: str) -> str | None:
        """Return the IRI that ends in this slug or term's name and that links of this property lead to, if there is one only."""
        found = self._rows("SELECT iri FROM target WHERE property = ? AND slug = ? LIMIT 2", [name, slug])
        return found[0][0] if len(found) == 1 else None

    def hits(self, iris: Iterable[str]) -> dict[str, Hit]:
        """Return those of these IRIs that are entities, each with its names."""
        rows = (self._rows(f"SELECT {COLUMNS} FROM entity WHERE iri = ?", [iri]) for iri in iris)  # noqa: S608
        return {found[0][0]: Hit(*found[0]) for found in rows if found}

    def _total(self, conditions: list[str], linked: list[Any], matched: list[Any], bounds: list[Any]) -> int:
        """Return how many entities within bounds meet conditions and are in the index's answer to an expression, if any."""
        if not conditions and not matched:
            return int(bounds[1] - bounds[0] + 1)
        if not conditions:
            return self._counted(*matched, *bounds)
        condition, values = _narrowed(conditions, linked, matched, bounds)
        return int(self._rows(f"SELECT COUNT(*) FROM entity WHERE {condition}", values)[0][0])  # noqa: S608

    def _count(self, *values: Any) -> int:
        return int(self._rows(f"SELECT COUNT(*) FROM ({_MATCHED})", [*values])[0][0])  # noqa: S608 - a fixed statement

    def _behind(self, kind: str, after: tuple[str, str]) -> int:
        """Return the number of the first entity of a kind that stands behind this label and IRI."""
        statement = "SELECT id FROM entity WHERE kind = ? AND (sort, iri) > (?, ?) ORDER BY sort, iri LIMIT 1"
        rows = self._rows(statement, [kind, *after])
        return int(rows[0][0]) if rows else self._spans.get(kind, (1, 0))[1] + 1

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """The numbers of each kind's first and last entity."""
        return {kind: (first, last) for kind, first, last in self._rows("SELECT * FROM span ORDER BY first", [])}

    @cached_property
    def _filters(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for kind, name in self._rows("SELECT kind, property FROM filter ORDER BY 1, 2", []):
            found.setdefault(kind, []).append(name)
        return found

    def _property(self, kind: str, name: str) -> str:
        known = self.filters(kind)
        if name not in known:
            raise BadParameterError(f"There is no filter {name!r}.", f"The filters are: {', '.join(known) or 'none'}.")
        return name


def _narrowed(conditions: list[str], linked: list[Any], matched: list[Any], bounds: list[Any]) -> tuple[str, list[Any]]:
    """Return the condition that all of these make, and its values."""
    within = [f"id IN ({_MATCHED})"] if matched else []
    values = [*bounds, *linked, *([*matched, *bounds] if matched else [])]
    return " AND ".join(["id BETWEEN ? AND ?", *conditions, *within]), values
