"""Checks: SPARQL queries over the whole graph, each row of whose answer is a failure.

A check's header has the words with which it complains and how serious that is; `{name}` in the words stands for a variable of
the row. `?focus` is the node that is wrong, `?path` and `?value` the statement about it, where there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib.term import Literal, Node

from alpine_kg.dates import FUNCTIONS
from alpine_kg.errors import RootError
from alpine_kg.queries import QueryFile, Text
from alpine_kg.store.sparql import refuse_outward
from alpine_kg.validation.findings import Failure, Severity, worded, written
from alpine_kg.validation.reach import Reach
from alpine_kg.validation.terms import to_rdflib


@dataclass(frozen=True)
class Check:
    """A check as it is run; without a reach it must be asked of the whole graph."""

    name: str
    path: str
    message: Text
    severity: Severity
    text: str
    reach: Reach | None

    @classmethod
    def read(cls, path: Path) -> "Check":
        """Return the check in a file; raises RootError for a header that lacks something."""
        query = QueryFile.read(path)
        message, severity = _header(query, path)
        reach = query.header.get("reach")
        return cls(
            name=query.name,
            path=str(path),
            message=message,
            severity=severity,
            text=refuse_outward(query.text),
            reach=None if reach is None else Reach.parse(reach, str(path)),
        )

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes this check the one it is, in an order that is always the same."""
        reach = self.reach and (sorted(map(repr, self.reach.paths)), self.reach.mentioned)
        return self.name, sorted(self.message.items()), self.severity.value, self.text, reach

    def failures(self, store: ox.Store) -> Iterator[Failure]:
        """Yield a failure for each row; raises RootError for a query that cannot run."""
        names, rows = self._answer(store)
        if "focus" not in names:
            raise RootError(f"The check {self.path} does not select ?focus.", "Each row needs the node that is wrong.")
        for row in rows:
            terms = {name: to_rdflib(row[name]) for name in names if row[name] is not None}
            words = {name: _plain(terms[name]) if name in terms else "" for name in names}
            yield Failure(
                rule=self.name,
                severity=self.severity,
                wording=worded(self.message, **words),
                focus=terms["focus"],
                path=terms.get("path"),
                value=terms.get("value"),
            )

    def _answer(self, store: ox.Store) -> tuple[list[str], list[ox.QuerySolution]]:
        # Whole, and let go of: an error that is met and mended inside a function for the engine keeps this frame for a while,
        # and an answer of the engine that another thread than its own frees at last is a warning there.
        try:
            solutions: Any = store.query(self.text, custom_functions=FUNCTIONS)
        except SyntaxError as error:
            raise RootError(f"The check {self.path} is not SPARQL: {error}.", "Mend the query.") from error
        names, rows = [variable.value for variable in solutions.variables], list(solutions)
        del solutions
        return names, rows


def _header(check: QueryFile, path: Path) -> tuple[Text, Severity]:
    """Return a check's words and severity; raises RootError where they are missing."""
    message, severity = check.header.get("message"), check.header.get("severity")
    if not isinstance(message, dict) or set(message) != {"fr", "en"} or severity not in list(Severity):
        raise RootError(
            f"The header of {path} lacks its message in fr and en, or its severity.",
            f"Write `#+ message:` with both, and `#+ severity:` with one of: {', '.join(Severity)}.",
        )
    return message, Severity(severity)


def _plain(term: Node) -> str:
    """Return a term as a sentence has it: a literal's text alone, an IRI by its prefix."""
    return str(term) if isinstance(term, Literal) else written(term)
