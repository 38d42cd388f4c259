"""The promises and what became of each: the named query of that name, as of today where no day is named.

All rows are in every answer, as with any named query; a page shows the first ones.
"""

import re
from typing import Any, Final

from fastapi import FastAPI

from alpine_kg.web.facts import Link
from alpine_kg.web.pages import Reader
from alpine_kg.web.questions import View, present
from alpine_kg.web.service import Service
from alpine_kg.web.table import Table

NAME: Final = "promises"
_WITNESS: Final = re.compile(r"(.+?)(?: <([^<>]*)>)?(?:, |$)")
"""A publisher with the address of its document, as the query writes them one behind the other."""


def register(app: FastAPI, service: Service) -> None:
    """Add the path of the promises, where the graph's root has the question."""
    present(app, service, NAME, View("promises.html", _promises, today=True))


def _promises(table: Table, cells: list[list[Link]], _reader: Reader) -> list[dict[str, Any]]:
    """Return each row of a page by the names of its columns; sources are links of their own."""
    rows: list[dict[str, Any]] = [dict(record) for record in table.records(cells)]
    for row in rows:
        for column in ("sources", "outcomeSources"):
            witnesses = _WITNESS.findall(row[column].text)
            row[column] = [Link(publisher, address) for publisher, address in witnesses if publisher]
    return rows
