"""Reach: which other records the answer of a check may depend on, so that it can be asked of a part of the graph.

A check sees the record of its focus node, the ontology, and the records that these mention. One that looks further names the
paths to what it looks at, in its header: `#+ reach: ["ak:announcedIn/^rdf:subject[ak:date]"]`. A step follows a property;
`^` follows it backwards; `[p]` takes it only from claims whose `rdf:predicate` is `p`, or that have the property `p`; and `~`
leads from a text to all that are equal to it but for case. The path `^*` stands for one record that mentions the focus node. A
check whose header says nothing of reach is asked of the whole graph: that is right in every case, and slow.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from alpine_kg.errors import RootError
from alpine_kg.namespaces import RDF, expand

_STEP: Final = re.compile(r"(?P<back>\^?)(?P<alike>~?)(?P<name>[\w-]+:[\w-]+)(?P<where>(?:\[[\w-]+:[\w-]+\])*)")
_MENTIONED: Final = "^*"
PREDICATE: Final = RDF + "predicate"


@dataclass(frozen=True)
class Link:
    """A kind of link that is kept for following: a property, whether texts are taken without case, and what it starts from."""

    name: str
    alike: bool = False
    where: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The link's name in an index."""
        return f"{'~' * self.alike}{self.name}[{' '.join(self.where)}]"


@dataclass(frozen=True)
class Step:
    """One link, forwards or backwards."""

    link: Link
    back: bool = False

    @property
    def reverse(self) -> "Step":
        """The same link the other way."""
        return Step(self.link, not self.back)


Path = tuple[Step, ...]


@dataclass(frozen=True)
class Reach:
    """The paths from a focus node to the records that its verdict depends on; `mentioned` when any mention of it counts."""

    paths: frozenset[Path] = frozenset()
    mentioned: bool = False

    @classmethod
    def parse(cls, texts: Any, source: str) -> "Reach":
        """Return what a header says; raises RootError for what is no path.

        >>> Reach.parse(["^ak:revises", "^*"], "a check").mentioned
        True
        """
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise RootError(f"The reach of {source} is not a list of paths.", "Write `#+ reach: []`, or paths in it.")
        paths = (tuple(_step(part, source) for part in text.split("/")) for text in texts if text != _MENTIONED)
        return cls(frozenset(paths), _MENTIONED in texts)

    def __or__(self, other: "Reach") -> "Reach":
        """Return what either reaches."""
        return Reach(self.paths | other.paths, self.mentioned or other.mentioned)

    @property
    def links(self) -> Iterator[Link]:
        """Every kind of link in the paths."""
        return (step.link for path in self.paths for step in path)

    def sources(self) -> Iterable[Path]:
        """Return the paths from a changed record back to the focus nodes whose verdict may change with it."""
        return {
            tuple(step.reverse for step in reversed(path[:end]))
            for path in self.paths
            for end in range(1, len(path) + 1)
        }


def _step(text: str, source: str) -> Step:
    match = _STEP.fullmatch(text)
    if not match:
        raise RootError(
            f"{source} has the reach {text!r}, which is no step.", "Write ^, ~ and [p] around a prefixed name."
        )
    where = tuple(expand(name) for name in match["where"].strip("[]").split("][") if name)
    return Step(Link(expand(match["name"]), bool(match["alike"]), where), bool(match["back"]))
