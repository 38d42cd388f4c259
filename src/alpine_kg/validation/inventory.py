"""The inventory of a state: the names and numbers that a report is written with."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cached_property


class Inventory:
    """Reads an open state."""

    def __init__(self, base: sqlite3.Connection) -> None:
        """Read this database."""
        self._base = base

    def typed(self) -> Iterator[str]:
        """Yield the subjects with a class."""
        return (row[0] for row in self._base.execute("SELECT subject FROM records WHERE typed"))

    def properties(self) -> set[str]:
        """Return the properties that any file uses."""
        return {name for (text,) in self._base.execute("SELECT names FROM properties") for name in json.loads(text)}

    def kinds(self) -> Counter[str]:
        """Return how many subjects of each kind have a class."""
        total = Counter(dict(self._base.execute("SELECT kind, SUM(subjects) FROM kinds GROUP BY kind")))
        for subject in self._shared:
            query = "SELECT kind, COUNT(*) - 1 FROM records WHERE subject = ? GROUP BY kind"
            total.subtract(dict(self._base.execute(query, (subject,))))
        del total[""]
        return total

    def triples(self) -> int:
        """Return how many triples there are, those that stand in two files counted once."""
        total = self._sum("triples")
        for subject in self._shared:
            rows = self._base.execute("SELECT triples FROM records WHERE subject = ?", (subject,))
            lines = [line for (triples,) in rows for line in triples.splitlines()]
            total -= len(lines) - len(set(lines))
        return total

    def quotes(self, key: str) -> int:
        """Return how many pairs the link of this key joins, by which a quote names its source."""
        total = self._sum("quotes")
        for subject in self._shared:
            query = "SELECT COUNT(target) - COUNT(DISTINCT target) FROM links WHERE source = ? AND key = ?"
            total -= self._base.execute(query, (subject, key)).fetchone()[0]
        return total

    @cached_property
    def _shared(self) -> list[str]:
        """The subjects of which several files speak."""
        return [row[0] for row in self._base.execute("SELECT subject FROM shared")]

    def _sum(self, column: str) -> int:
        # Kept by file, since counting rows would take longer than all the rest of a small change.
        return int(self._base.execute(f"SELECT COALESCE(SUM({column}), 0) FROM files").fetchone()[0])  # noqa: S608

    def linked(self, key: str) -> set[str]:
        """Return the nodes from which a kind of link goes out, and those to which it leads."""
        rows = self._base.execute("SELECT source, target FROM links WHERE key = ?", (key,))
        return {name for row in rows for name in row}

    def of_kind(self, kind: str) -> set[str]:
        """Return the subjects of a kind."""
        return {row[0] for row in self._base.execute("SELECT subject FROM records WHERE kind = ?", (kind,))}
