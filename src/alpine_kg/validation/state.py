"""The state of a validation: every record with its links, and what was found, in one SQLite file.

With it the next validation reads the files that have changed, and judges the records that changed or depend on one that did.
It is an index that can be made anew from the files: one that belongs to other rules is emptied, and a run that is cut short
leaves the state as it was before.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from alpine_kg.errors import StoreError
from alpine_kg.validation.findings import Failure
from alpine_kg.validation.inventory import Inventory
from alpine_kg.validation.reach import Path as Steps
from alpine_kg.validation.reach import Reach
from alpine_kg.validation.records import FileRecords
from alpine_kg.validation.rules import QUOTED_FROM, Chunk
from alpine_kg.validation.tables import INDEXES, LAYOUT, OF_FILE, TABLES

_SECONDS: Final = 30.0
"""How long another validation that uses the same state is waited for."""


class State:
    """An open state, in a transaction until `commit`; without a file it is temporary and ends with the object."""

    def __init__(self, file: Path | None, rules: str) -> None:
        """Open the state in a file, emptied if it belongs to rules of another digest; raises StoreError if it is no state."""
        try:
            if file:
                file.parent.mkdir(parents=True, exist_ok=True)
            # An empty name is a temporary file: it goes to the disk when it outgrows the cache.
            self._base = sqlite3.connect(str(file) if file else "", isolation_level=None, timeout=_SECONDS)
            # What indexes are sorted by goes to the disk too, or else the memory would grow with the graph.
            self._base.executescript(
                "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;"
            )
            self._base.execute("BEGIN IMMEDIATE")
            self._open(rules)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{file} cannot be used as the state of a validation: {error}.", "Name another file, or remove it."
            ) from error

    @cached_property
    def inventory(self) -> Inventory:
        """What is in the state, in numbers and names."""
        return Inventory(self._base)

    def _open(self, rules: str) -> None:
        tables = {row[0] for row in self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables - set(TABLES):
            raise sqlite3.DatabaseError("it is a database of something else")
        held = (
            self._base.execute("SELECT value FROM about WHERE key = 'rules'").fetchone() if "about" in tables else None
        )
        if held != (rules + LAYOUT,):
            for name, columns in TABLES.items():
                self._base.execute(f"DROP TABLE IF EXISTS {name}")
                self._base.execute(f"CREATE TABLE {name} ({columns})")
            self._base.execute("INSERT INTO about VALUES ('rules', ?)", (rules + LAYOUT,))
        self._base.execute("CREATE TEMP TABLE start (node TEXT PRIMARY KEY) WITHOUT ROWID")

    def index(self) -> None:
        """Make the indexes, and note what files share, after the first records have come: faster than keeping it up meanwhile."""
        for table, columns in INDEXES.items():
            for number, names in enumerate(columns):
                self._base.execute(f"CREATE INDEX IF NOT EXISTS {table}_{number} ON {table} ({names})")
        self._base.execute("INSERT INTO shared SELECT subject FROM records GROUP BY subject HAVING COUNT(*) > 1")

    def share(self, subjects: Collection[str]) -> None:
        """Note anew of which subjects, among these, several files speak."""
        self._start(subjects)
        self._base.execute("DELETE FROM shared WHERE subject IN (SELECT node FROM start)")
        self._base.execute(
            "INSERT INTO shared SELECT subject FROM start CROSS JOIN records ON subject = node"
            " GROUP BY subject HAVING COUNT(*) > 1"
        )

    def commit(self) -> None:
        """Keep everything and close."""
        self._base.execute("COMMIT")
        self._base.close()

    def files(self) -> dict[str, tuple[str, str]]:
        """Return each file with the digest of the bytes that its records were made of, and its stamp."""
        return {name: tuple(held) for name, *held in self._base.execute("SELECT name, digest, stamp FROM files")}

    def stamp(self, stamps: Mapping[str, str]) -> None:
        """Keep the stamps that files had when they were read."""
        self._base.executemany("UPDATE files SET stamp = ?2 WHERE name = ?1", stamps.items())

    def broken(self) -> set[str]:
        """Return the files with faults."""
        return {row[0] for row in self._base.execute("SELECT name FROM files WHERE broken")}

    def extends_vocabulary(self, graph: str) -> bool:
        """Whether a file outside of a named graph declares classes or properties."""
        rows = self._base.execute("SELECT EXISTS (SELECT 1 FROM files WHERE vocabulary AND graph <> ?)", (graph,))
        return bool(rows.fetchone()[0])

    def remove(self, name: str) -> None:
        """Forget a file."""
        for (number,) in self._base.execute("SELECT id FROM files WHERE name = ?", (name,)).fetchall():
            for table in OF_FILE:
                self._base.execute(f"DELETE FROM {table} WHERE file = ?", (number,))  # noqa: S608 - a table of ours
            self._base.execute("DELETE FROM files WHERE id = ?", (number,))

    def add(self, file: FileRecords, ontology: Collection[str]) -> None:
        """Add the records of a file that is not there; of its mentions of the ontology's terms, the first of each."""
        triples = sum(record.size for record in file.records)
        quotes = sum(key == QUOTED_FROM.key for record in file.records for key, _ in record.links)
        row = (file.name, file.graph, file.digest, triples, quotes, file.vocabulary, bool(file.faults))
        number = self._base.execute("INSERT INTO files VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, '')", row).lastrowid
        properties = json.dumps(sorted(file.properties))
        self._base.execute("INSERT INTO properties VALUES (?, ?)", (number, properties))
        kinds = Counter(record.kind for record in file.records if record.kind)
        self._base.executemany("INSERT INTO kinds VALUES (?, ?, ?)", ((number, *kind) for kind in kinds.items()))
        self._base.executemany(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)",
            (
                (number, record.subject, record.kind, record.typed, "\n".join(record.mentions), record.triples)
                for record in file.records
            ),
        )
        self._base.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?)",
            ((name, subject, number) for subject, name in _mentions(file, ontology)),
        )
        self._base.executemany(
            "INSERT INTO links VALUES (?, ?, ?, ?)",
            ((key, record.subject, target, number) for record in file.records for key, target in record.links),
        )

    def contents(self, name: str) -> dict[str, tuple[bytes, str]]:
        """Return a file's subjects, each with its triples and what it mentions, a name a line."""
        rows = self._base.execute(
            "SELECT subject, records.triples, mentions FROM records JOIN files ON file = id WHERE name = ?", (name,)
        )
        return {subject: (triples, mentions) for subject, triples, mentions in rows}

    def subjects(self) -> Iterator[tuple[str, int]]:
        """Yield every subject once, file by file, with the bytes of the first of its records."""
        yield from self._base.execute(
            "SELECT subject, LENGTH(triples) FROM records here WHERE NOT EXISTS"
            " (SELECT 1 FROM records WHERE subject = here.subject AND rowid < here.rowid) ORDER BY file, rowid"
        )

    def records(self, subjects: Collection[str]) -> tuple[tuple[Chunk, ...], set[str]]:
        """Return the records of subjects, a chunk for each named graph, and everything that they mention."""
        self._start(subjects)
        rows = self._base.execute(
            "SELECT graph, records.triples, mentions FROM start CROSS JOIN records ON subject = node"
            " JOIN files ON file = id ORDER BY file, records.rowid"
        )
        graphs: dict[str, list[bytes]] = {}
        mentioned: set[str] = set()
        for graph, triples, mentions in rows:
            graphs.setdefault(graph, []).append(triples)
            mentioned.update(mentions.split("\n"))
        return tuple((graph, b"".join(parts)) for graph, parts in graphs.items()), mentioned

    def reached(self, subjects: Collection[str], reach: Reach) -> set[str]:
        """Return the nodes at every step of the paths from subjects, and one that mentions each where that counts."""
        prefixes = {path[:end] for path in reach.paths for end in range(1, len(path) + 1)}
        found = self.followed(subjects, prefixes)
        if reach.mentioned:
            found |= {
                name
                for (name,) in self._base.execute(
                    "SELECT (SELECT MIN(subject) FROM mentions WHERE object = node AND subject <> node) FROM start"
                )
                if name
            }
        return found

    def followed(self, subjects: Collection[str], paths: Iterable[Steps]) -> set[str]:
        """Return the nodes at the ends of paths from subjects."""
        self._start(subjects)
        found: set[str] = set()
        for path in paths:
            joins, keys, last = "", [], "start.node"
            for number, step in enumerate(path):
                here, there = ("target", "source") if step.back else ("source", "target")
                joins += f" CROSS JOIN links l{number} ON l{number}.{here} = {last} AND l{number}.key = ?"
                keys.append(step.link.key)
                last = f"l{number}.{there}"
            # Names of tables and columns alone are put in; the order of the joins is the order of the path.
            found.update(row[0] for row in self._base.execute(f"SELECT DISTINCT {last} FROM start{joins}", keys))  # noqa: S608
        return found

    def mentioning(self, names: Collection[str]) -> set[str]:
        """Return the subjects whose records mention one of these."""
        self._start(names)
        rows = self._base.execute("SELECT DISTINCT subject FROM start CROSS JOIN mentions ON object = node")
        return {row[0] for row in rows}

    def existing(self, names: Collection[str]) -> set[str]:
        """Return those of which something is said."""
        self._start(names)
        rows = self._base.execute("SELECT DISTINCT subject FROM start CROSS JOIN records ON subject = node")
        return {row[0] for row in rows}

    def files_of(self, names: Collection[str]) -> set[str]:
        """Return the files that say something of one of these."""
        self._start(names)
        rows = self._base.execute(
            "SELECT DISTINCT name FROM start CROSS JOIN records ON subject = node JOIN files ON file = id"
        )
        return {row[0] for row in rows}

    def replace_failures(self, foci: Collection[str], failures: Iterable[Failure], *, whole: bool = False) -> None:
        """Keep failures in place of those of these focus nodes, or of all that come of the whole graph."""
        if whole:
            self._base.execute("DELETE FROM failures WHERE whole")
        else:
            self._start(foci)
            self._base.execute("DELETE FROM failures WHERE NOT whole AND focus IN (SELECT node FROM start)")
        self._base.executemany(
            "INSERT INTO failures VALUES (?, ?, ?)",
            ((failure.focus_name, json.dumps(failure.to_json()), whole) for failure in failures),
        )

    def failures(self) -> Iterator[Failure]:
        """Yield every failure that is kept."""
        for (text,) in self._base.execute("SELECT failure FROM failures"):
            yield Failure.of_json(json.loads(text))

    def _start(self, names: Collection[str]) -> None:
        self._base.execute("DELETE FROM start")
        self._base.executemany("INSERT OR IGNORE INTO start VALUES (?)", ((name,) for name in names))


def _mentions(file: FileRecords, ontology: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield each subject with what it mentions, but of the ontology's terms the first mention in the file only."""
    terms: set[str] = set()
    for record in file.records:
        for name in record.mentions:
            if name not in terms:
                yield record.subject, name
            if name in ontology:
                terms.add(name)
