"""Conflicts: what cannot all be true, both sides with their sources and words, from the named query `conflicts`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import FastAPI

from alpine_kg.spelling import spell_date
from alpine_kg.web.facts import Link
from alpine_kg.web.pages import Reader
from alpine_kg.web.questions import View, present
from alpine_kg.web.service import Service
from alpine_kg.web.table import Table

NAME: Final = "conflicts"
_SOURCE: Final = re.compile(r"([^<>]+?)(?: <([^<>]*)>)?(?:, |$)")
"""One source in the list that the query makes: its publisher, and its address if it has one."""
_NOWHERE: Final = Link("")


@dataclass(frozen=True)
class Side:
    """One side of a conflict: what is claimed, how certain, due when, and who says so in which words."""

    value: str
    claim: str
    modality: str
    due: str
    announcement: Link
    known: str
    sources: tuple[Link, ...]
    words: str


@dataclass(frozen=True)
class Conflict:
    """Two sides that cannot both be true; the second has no claim of its own where a source only disputes the first."""

    kind: str
    resolved: str
    subject: Link
    property: Link
    one: Side
    other: Side


def register(app: FastAPI, service: Service) -> None:
    """Add the conflicts, in every format of a named query."""
    present(app, service, NAME, View("conflicts.html", _conflicts))


def _conflicts(table: Table, cells: list[list[Link]], reader: Reader) -> list[Conflict]:
    return [_conflict(record, reader.tongue) for record in table.records(cells)]


def _conflict(record: Mapping[str, Link], tongue: str) -> Conflict:
    return Conflict(
        kind=record["kind"].text,
        resolved=record["resolved"].text,
        subject=record["subject"],
        property=record["property"],
        one=_side(record, "claim", "", tongue),
        other=_side(record, "other", "other", tongue),
    )


def _side(record: Mapping[str, Link], claim: str, prefix: str, tongue: str) -> Side:
    def cell(name: str) -> Link:
        return record.get(prefix + name.capitalize() if prefix else name, _NOWHERE)

    return Side(
        # A date in words; whatever is no date comes back as it is.
        value=spell_date(cell("value").text, tongue),
        claim=record[claim].href,
        modality=cell("modality").text,
        due=cell("due").text,
        announcement=cell("announcement"),
        known=spell_date(cell("known").text, tongue),
        sources=tuple(Link(name, address) for name, address in _SOURCE.findall(cell("sources").text)),
        words=cell("words").text,
    )
