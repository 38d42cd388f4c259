"""The catalogue's index: how it is laid out, and how it is built from a store without holding it in memory.

What is said of each entity goes into a temporary table and comes out of it in order, so that any number of entities is built one
at a time. Entities are numbered in the order of the lists, by kind and label: a page, a kind and a match are then ranges of
numbers, which FTS5 gives in order without sorting. Beginnings of up to ten letters are indexed themselves: of others FTS5 gathers
every match before it gives the first, and what most announcements are about has thousands. Each entity is also written out as the
item of a list in JSON, so that a page of one is read and joined. Source: https://www.sqlite.org/fts5.html.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final

from alpine_kg.graph.entries import RESOURCE, Entry, Said, target_slug
from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.namespaces import KINDS
from alpine_kg.store import Store

ORDER: Final = (RESOURCE, *KINDS)
"""The kinds in the order of their numbers; those whose labels repeat the names of others are last."""
LONGEST_BEGINNING: Final = 10
"""Letters of the longest beginnings of words that are indexed themselves."""
_SCHEMA: Final = """
CREATE TABLE entity
    (id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, slug TEXT, sort TEXT, labels TEXT, types TEXT, notes TEXT, item TEXT,
     names TEXT);
CREATE TABLE span (kind TEXT PRIMARY KEY, first INTEGER, last INTEGER);
CREATE TABLE target (id INTEGER PRIMARY KEY, property TEXT, slug TEXT, iri TEXT);
CREATE TABLE link (target INTEGER, entity INTEGER, PRIMARY KEY (target, entity)) WITHOUT ROWID;
CREATE TABLE filter (kind TEXT, property TEXT, PRIMARY KEY (kind, property)) WITHOUT ROWID;
CREATE TABLE whole (name TEXT, entity INTEGER, PRIMARY KEY (name, entity)) WITHOUT ROWID;
CREATE VIRTUAL TABLE name
    USING fts5 (names, content = '', detail = none, columnsize = 0, prefix = '{beginnings}');
""".format(beginnings=" ".join(map(str, range(1, LONGEST_BEGINNING + 1))))
_GATHERING: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = FILE;
CREATE TEMP TABLE said (entity TEXT, property TEXT, name TEXT, language TEXT);
CREATE TEMP TABLE entry
    (rank INTEGER, iri TEXT, kind TEXT, slug TEXT, sort TEXT, labels TEXT, types TEXT, notes TEXT, item TEXT, names TEXT,
     indexed TEXT);
CREATE TEMP TABLE bond (property TEXT, target TEXT, entity TEXT);
"""
_ENTITIES: Final = """
INSERT INTO entity (iri, kind, slug, sort, labels, types, notes, item, names)
    SELECT iri, kind, slug, sort, labels, types, notes, item, names FROM entry ORDER BY rank, sort, iri;
CREATE UNIQUE INDEX by_iri ON entity (iri);
CREATE INDEX by_kind ON entity (kind, sort, iri);
CREATE INDEX by_slug ON entity (slug);
INSERT INTO span SELECT kind, MIN(id), MAX(id) FROM entity GROUP BY kind;
INSERT INTO name (rowid, names) SELECT id, indexed FROM entity JOIN entry USING (iri) ORDER BY id;
"""
_LINKS: Final = """
INSERT INTO target (property, slug, iri) SELECT DISTINCT property, target_slug(target), target FROM bond ORDER BY 1, 2, 3;
CREATE INDEX by_target ON target (property, iri);
CREATE INDEX by_target_slug ON target (property, slug);
INSERT OR IGNORE INTO link
    SELECT target.id, entity.id FROM bond JOIN target ON target.property = bond.property AND target.iri = bond.target
    JOIN entity ON entity.iri = bond.entity ORDER BY 1, 2;
INSERT INTO filter
    SELECT DISTINCT kind, property FROM link JOIN target ON target.id = link.target JOIN entity ON entity.id = link.entity;
DROP TABLE said;
DROP TABLE entry;
DROP TABLE bond;
"""


def build(database: sqlite3.Connection, store: Store, *, plain: bool) -> None:
    """Fill an empty database with the index of a store.

    In a plain graph, of any vocabulary, everything that has a name or a class is listed as a resource.
    """
    database.create_function("target_slug", 1, target_slug, deterministic=True)
    database.executescript(_SCHEMA + _GATHERING)
    database.execute("BEGIN")
    database.executemany(
        "INSERT INTO said VALUES (?, ?, ?, ?)", _said(store, LOOKUPS["any-names" if plain else "names"].text)
    )
    database.executemany(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((ORDER.index(entry.kind), *entry.row) for entry in _entries(database, plain=plain)),
    )
    database.executemany("INSERT INTO bond VALUES (?, ?, ?)", _bonds(store))
    _run(database, _ENTITIES)
    database.executemany(
        "INSERT OR IGNORE INTO whole VALUES (?, ?)",
        (
            (name, number)
            for number, names in database.execute("SELECT id, names FROM entity WHERE kind NOT IN ('claim', 'quote')")
            for name in names.split("\n")
        ),
    )
    _run(database, _LINKS)
    database.execute("COMMIT")


def _run(database: sqlite3.Connection, script: str) -> None:
    """Run statements in the transaction that is open, which `executescript` would end."""
    for statement in filter(str.strip, script.split(";")):
        database.execute(statement)


def _said(store: Store, query: str) -> Iterator[Said]:
    for entity, prop, name in store.each(query):
        yield entity.value, prop.value, name.value, getattr(name, "language", None) or ""  # type: ignore[union-attr]


def _entries(database: sqlite3.Connection, *, plain: bool) -> Iterator[Entry]:
    # The whole row decides the order, so that the same graph gives the same index.
    rows = database.execute("SELECT DISTINCT * FROM said ORDER BY 1, 2, 3, 4")
    for iri, said in groupby(rows, itemgetter(0)):
        entry = Entry.of(iri, said, plain=plain)
        if entry:
            yield entry


def _bonds(store: Store) -> Iterator[tuple[str, str, str]]:
    for entity, prop, target in store.each(LOOKUPS["links"].text):
        yield target_slug(prop.value), target.value, entity.value  # type: ignore[union-attr]
