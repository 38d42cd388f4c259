"""What there is in a graph, counted once: when a generation is built, since a graph does not change while it is served."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.store import Store


@dataclass(frozen=True)
class Summary:
    """The version of a graph, whether it was found valid, and how much there is in it.

    `sizes` has the triples of each named graph, `classes` the instances of each class, `properties` the triples of each property,
    and `subjects` how many different things are spoken of.
    """

    version: str
    valid: bool
    sizes: dict[str, int]
    classes: dict[str, int]
    properties: dict[str, int]
    subjects: int

    @property
    def triples(self) -> int:
        """The number of triples in the default graph."""
        return sum(self.properties.values())

    @classmethod
    def of(cls, store: Store, version: str, *, valid: bool) -> "Summary":
        """Return the summary of a store, counted now."""
        subjects = int(store.select(LOOKUPS["subjects"].text)[0]["count"].value)
        return cls(version, valid, store.sizes(), _counts(store, "classes"), _counts(store, "properties"), subjects)

    @classmethod
    def read(cls, path: Path) -> "Summary":
        """Return the summary in a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """Write the summary to a file."""
        path.write_text(json.dumps(dataclasses.asdict(self)), encoding="utf-8")


def _counts(store: Store, query: str) -> dict[str, int]:
    return {row["name"].value: int(row["count"].value) for row in store.select(LOOKUPS[query].text)}
