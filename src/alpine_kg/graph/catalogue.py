"""The catalogue: entities by kind, by link and by name, in an SQLite index that is built at load.

Source of the ranking: FTS5's bm25, https://www.sqlite.org/fts5.html.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from alpine_kg.errors import BadParameterError, NotFoundError
from alpine_kg.graph.entries import collect, document_of, links_of, row_of
from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.graph.vocabulary import Labels
from alpine_kg.names import WORD, fold
from alpine_kg.namespaces import KINDS, SLUG, local_name
from alpine_kg.store import Store

_SCHEMA: Final = """
CREATE TABLE entity (iri TEXT PRIMARY KEY, kind TEXT, slug TEXT, sort TEXT, labels TEXT, types TEXT, notes TEXT);
CREATE INDEX by_kind ON entity (kind, sort, iri);
CREATE INDEX by_slug ON entity (slug);
CREATE TABLE link (property TEXT, target TEXT, entity TEXT, PRIMARY KEY (property, target, entity)) WITHOUT ROWID;
CREATE VIRTUAL TABLE name USING fts5 (names, label, iri UNINDEXED, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
"""
_LAST: Final = {"announcement": 1, "source": 2, "claim": 3, "quote": 4}
"""Kinds whose labels repeat the names of others, and so come behind them in a search."""
_CANDIDATES: Final = 200


@dataclass(frozen=True)
class Hit:
    """One entity in a list or a search: its IRI, labels by language, the names of its classes, and its summary if any."""

    iri: str
    labels: Labels
    types: tuple[str, ...]
    notes: Labels


@dataclass(frozen=True)
class Page:
    """A page of a list: its entities, how many there are in all, and the cursor of the page behind it."""

    hits: list[Hit]
    total: int
    cursor: tuple[str, str] | None


class Catalogue:
    """Lists and searches over the entities of a store."""

    def __init__(self, path: Path | None = None) -> None:
        """Open the catalogue in a file, or an empty one in memory."""
        self._database = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        # One connection for all threads: each look-up takes well under a millisecond.
        self._lock = threading.Lock()

    @classmethod
    def build(cls, store: Store, path: Path | None = None, *, plain: bool = False) -> "Catalogue":
        """Return the catalogue of a store, written to a file when one is named.

        In a plain graph, of any vocabulary, everything that has a name or a class is listed as a resource.
        """
        catalogue = cls(path)
        names = collect(store, LOOKUPS["any-names" if plain else "names"].text, kinds=not plain)
        with catalogue._lock:
            database = catalogue._database
            database.executescript(_SCHEMA)
            database.execute("BEGIN")
            database.executemany(
                "INSERT INTO entity VALUES (?, ?, ?, ?, ?, ?, ?)", (row_of(iri, held) for iri, held in names.items())
            )
            database.executemany(
                "INSERT INTO name VALUES (?, ?, ?)", (document_of(iri, held) for iri, held in names.items())
            )
            database.executemany("INSERT OR IGNORE INTO link VALUES (?, ?, ?)", links_of(store))
            database.execute("COMMIT")
        return catalogue

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
        conditions, values = ["kind = ?"], [kind]
        for name, target in (filters or {}).items():
            conditions.append("iri IN (SELECT entity FROM link WHERE property = ? AND target = ?)")
            values += [self._property(kind, name), target]
        if query:
            conditions.append("iri IN (SELECT iri FROM name WHERE name MATCH ?)")
            values.append(_match(query))
        where = " AND ".join(conditions)
        total = self._rows(f"SELECT COUNT(*) FROM entity WHERE {where}", values)[0][0]  # noqa: S608 - fixed conditions
        if after:
            where, values = f"{where} AND (sort, iri) > (?, ?)", [*values, *after]
        rows = self._rows(
            f"SELECT iri, labels, types, notes, sort FROM entity WHERE {where} ORDER BY sort, iri LIMIT ?",  # noqa: S608
            [*values, limit + 1],
        )
        cursor = (rows[limit - 1][4], rows[limit - 1][0]) if len(rows) > limit else None
        return Page([_hit(row) for row in rows[:limit]], total, cursor)

    def search(self, query: str, *, limit: int, kind: str | None = None) -> list[Hit]:
        """Return the entities whose names begin with the words of a text, best first.

        The whole name counts most, then whole words, then the engine's rank; accents, case and hyphens do not count. When no
        entity has all the words, those that have some are returned.
        """
        words = WORD.findall(fold(query))
        if not words:
            return []
        rows = self._candidates(_match(query), kind) or self._candidates(_match(query, " OR "), kind)
        scored = sorted(rows, key=lambda row: (_distance(words, row[4]), _LAST.get(row[5], 0), row[6], row[0]))
        return [_hit(row) for row in scored[:limit]]

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
        rows = dict(self._rows("SELECT kind, COUNT(*) FROM entity GROUP BY kind", []))
        return {kind: rows[kind] for kind in KINDS if kind in rows}

    def slugs(self, kind: str) -> list[str]:
        """Return the slugs of a kind, in order."""
        return [row[0] for row in self._rows("SELECT slug FROM entity WHERE kind = ? ORDER BY slug", [kind])]

    def filters(self, kind: str) -> list[str]:
        """Return the names of the properties by which a list of this kind can be narrowed."""
        return self._filters.get(kind, [])

    def target(self, name: str, slug: str) -> str | None:
        """Return the IRI that ends in this slug or term's name and that links of this property lead to, if there is one only."""
        rows = self._rows("SELECT DISTINCT target FROM link WHERE property = ?", [name])
        found = [row[0] for row in rows if local_name(row[0]) == slug]
        return found[0] if len(found) == 1 else None

    def hits(self, iris: Iterable[str]) -> dict[str, Hit]:
        """Return those of these IRIs that are entities, each with its names."""
        rows = (self._rows("SELECT iri, labels, types, notes FROM entity WHERE iri = ?", [iri]) for iri in iris)
        return {found[0][0]: _hit(found[0]) for found in rows if found}

    def _candidates(self, match: str, kind: str | None) -> list[Any]:
        return self._rows(
            "SELECT entity.iri, labels, types, notes, label, kind, rank FROM name JOIN entity ON entity.iri = name.iri"
            " WHERE name MATCH ? AND (? IS NULL OR kind = ?) ORDER BY (kind IN ('claim', 'quote')), rank LIMIT ?",
            [match, kind, kind, _CANDIDATES],
        )

    @cached_property
    def _filters(self) -> dict[str, list[str]]:
        rows = self._rows("SELECT DISTINCT kind, property FROM link JOIN entity ON iri = entity ORDER BY 1, 2", [])
        return {kind: [name for owner, name in rows if owner == kind] for kind, _ in rows}

    def _property(self, kind: str, name: str) -> str:
        known = self.filters(kind)
        if name not in known:
            raise BadParameterError(f"There is no filter {name!r}.", f"The filters are: {', '.join(known) or 'none'}.")
        return name

    def _rows(self, statement: str, values: list[Any]) -> list[Any]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()


def _match(query: str, junction: str = " ") -> str:
    """Return a text as an FTS5 expression: each word a quoted prefix, so that nothing in it is syntax."""
    return junction.join(f'"{word}"*' for word in WORD.findall(fold(query))) or '""'


def _distance(words: list[str], names: str) -> int:
    """Return 0 when a name is the query, 1 when a name has all its words whole, 2 when some name begins with it, else 3."""
    whole = " ".join(words)
    best = 3
    for name in names.split("\n"):
        if name == whole:
            return 0
        if set(words) <= set(name.split()):
            best = min(best, 1)
        elif name.startswith(whole):
            best = min(best, 2)
    return best


def _hit(row: Any) -> Hit:
    return Hit(row[0], json.loads(row[1]), tuple(json.loads(row[2])), json.loads(row[3]))
