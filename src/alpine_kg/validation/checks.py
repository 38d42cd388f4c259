"""Checks: SPARQL queries over the whole graph, each row of whose answer is a failure.

A check's header says what it demands and with which words it complains; `{name}` in a message stands for a variable of the row.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib.term import Literal, Node

from alpine_kg.dates import FUNCTIONS
from alpine_kg.errors import RootError
from alpine_kg.queries import QueryFile
from alpine_kg.validation.findings import Failure, Severity, worded, written
from alpine_kg.validation.terms import to_rdflib


def run_check(store: ox.Store, path: Path) -> Iterator[Failure]:
    """Yield a failure for each row of a check; raises RootError for a check that cannot run."""
    check = QueryFile.read(path)
    try:
        rows: Any = store.query(check.text, custom_functions=FUNCTIONS)
    except SyntaxError as error:
        raise RootError(f"The check {path} is not SPARQL: {error}.", "Mend the query.") from error
    names = [variable.value for variable in rows.variables]
    for row in rows:
        terms = {name: to_rdflib(row[name]) if row[name] is not None else None for name in names}
        words = {name: "" if term is None else _plain(term) for name, term in terms.items()}
        focus = terms["focus"]
        if focus is None:
            raise RootError(f"The check {path} gives a row without ?focus.", "Each row needs the node that is wrong.")
        yield Failure(
            rule=check.name,
            severity=Severity(check.header.get("severity", "Violation")),
            wording=worded(check.header["message"], **words),
            focus=focus,
            path=terms.get("path"),
            value=terms.get("value"),
        )


def _plain(term: Node) -> str:
    """Return a term as a sentence has it: a literal's text alone, an IRI by its prefix."""
    return str(term) if isinstance(term, Literal) else written(term)
