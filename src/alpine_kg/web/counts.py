"""Counts over the whole graph, each made when it is first asked for: a graph does not change while it is served."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from alpine_kg.queries import QueryFile
from alpine_kg.store import Store

_FOLDER: Final = Path(__file__).parent / "statistics"


@dataclass(frozen=True)
class Counts:
    """How much there is in a store."""

    store: Store

    @cached_property
    def classes(self) -> dict[str, int]:
        """The number of instances of each class."""
        return self._by_name("classes")

    @cached_property
    def properties(self) -> dict[str, int]:
        """The number of triples of each property."""
        return self._by_name("properties")

    @cached_property
    def triples(self) -> int:
        """The number of triples in the merge of all graphs."""
        return sum(self.properties.values())

    @cached_property
    def subjects(self) -> int:
        """The number of distinct subjects."""
        return int(self.store.select(_text("subjects"))[0]["count"].value)

    def _by_name(self, query: str) -> dict[str, int]:
        return {row["name"].value: int(row["count"].value) for row in self.store.select(_text(query))}


def _text(name: str) -> str:
    return QueryFile.read(_FOLDER / f"{name}.rq").text
