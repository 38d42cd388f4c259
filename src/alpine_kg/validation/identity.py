"""Identity: which entities of one kind are likely to be one, by their names.

Names are compared by blocking keys, never each with each: all that have a key in common are looked at together. The keys of an
entity are links of its record, by which it reaches the others of its keys: so a part of the graph has all that it is compared
with.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rdflib import Graph
from rdflib.namespace import OWL, RDFS, SKOS
from rdflib.term import Literal, Node, URIRef

from alpine_kg.names import fold, one_slip_apart, spellings, telling_words
from alpine_kg.namespaces import split_entity
from alpine_kg.queries import Text
from alpine_kg.validation.findings import Failure, Severity, worded, written
from alpine_kg.validation.reach import Link, Reach, Step

RULE: Final = "likely-duplicate"
_WORDING: Final[Text] = {
    "fr": "{other} porte à peu près le même nom, « {name} ». Si c'est la même entité, réunissez les deux ; si vous êtes certain"
    " que non, écrivez owl:differentFrom {other}.",
    "en": "{other} has much the same name, “{name}”. If it is the same entity, join the two; if you are certain that it is not,"
    " write owl:differentFrom {other}.",
}
_NAMES: Final = (RDFS.label, SKOS.altLabel)
_SETTLING: Final = (OWL.differentFrom, OWL.sameAs)
LOOKED_AT: Final = frozenset(map(str, (*_NAMES, *_SETTLING)))
"""The properties that the verdict follows from."""
KEYS: Final = Link("=")
"""What leads from an entity to the keys of its names; no property, since several of them count alike, and short, since many."""
REACH: Final = Reach(frozenset({(Step(KEYS), Step(KEYS, back=True))}))
"""All entities that have a key in common with the focus node."""
_UNNAMED: Final = {"claim", "quote", "source"}
"""Kinds whose labels describe what they record rather than name it."""
_LONG: Final = 6
"""Letters from which on a slip in a word is likelier than another word."""


@dataclass(frozen=True)
class Name:
    """A name of an entity, as it is written and by the words that tell it from others."""

    entity: URIRef
    path: URIRef
    text: Literal
    words: tuple[str, ...]

    @classmethod
    def of(cls, entity: Node, path: URIRef, text: Node) -> "Name | None":
        """Return the name that a statement gives to an entity, or None when it gives none that counts."""
        if path not in _NAMES or not isinstance(entity, URIRef) or not isinstance(text, Literal):
            return None
        return None if _kind(entity) in {"", *_UNNAMED} else cls(entity, path, text, telling_words(text))

    @property
    def order(self) -> tuple[bool, str]:
        """Which name of an entity comes before another: its label before its other names."""
        return self.path != RDFS.label, written(self.text)

    @property
    def keys(self) -> set[str]:
        """What the name has in common with any that is likely to be the same."""
        return {" ".join((_kind(self.entity), *key)) for key in self._keys()}

    def _keys(self) -> Iterator[tuple[str, ...]]:
        yield "=", *self.words
        yield "=", fold(self.text).replace(" ", "")
        for place, word in enumerate(self.words):
            if _slips(word):
                rest = self.words[:place] + self.words[place + 1 :]
                yield from (("~", spelling, *rest) for spelling in spellings(word))

    def is_like(self, other: "Name") -> bool:
        """Return whether two names with a key in common are likely to name one thing: in one language, and not by chance."""
        if self.text.language and other.text.language and self.text.language != other.text.language:
            return False
        if self.words == other.words or fold(self.text).replace(" ", "") == fold(other.text).replace(" ", ""):
            return True
        ours, theirs = set(self.words) - set(other.words), set(other.words) - set(self.words)
        if len(self.words) != len(other.words) or len(ours) != 1 or len(theirs) != 1:
            return False
        (one,), (another,) = ours, theirs
        return _slips(one) and _slips(another) and one_slip_apart(one, another)


def likely_duplicates(graph: Graph) -> Iterator[Failure]:
    """Yield a warning for each two entities of one kind with much the same name that nobody has declared to be different.

    Two labels that are the same but for their case are left to the check `duplicate-label`.
    """
    blocks: dict[str, list[Name]] = defaultdict(list)
    for name in _names(graph):
        for key in name.keys:
            blocks[key].append(name)
    pairs: dict[tuple[URIRef, URIRef], set[tuple[Name, Name]]] = defaultdict(set)
    for block in blocks.values():
        for one, other in combinations(block, 2):
            first, second = sorted((one, other), key=lambda name: name.entity)
            if first.entity != second.entity and first.is_like(second):
                pairs[first.entity, second.entity].add((first, second))
    for (earlier, later), alike in sorted(pairs.items()):
        if not _settled(graph, earlier, later) and not _same_label(graph, earlier, later):
            # Several of their names may be alike: which of them is told must not depend on what was compared first.
            yield _failure(*min(alike, key=lambda names: (names[1].order, names[0].order)))


def _names(graph: Graph) -> Iterator[Name]:
    statements = ((entity, path, text) for path in _NAMES for entity, text in graph.subject_objects(path))
    return (name for name in (Name.of(*statement) for statement in statements) if name)


def _kind(entity: URIRef) -> str:
    return (split_entity(entity) or ("",))[0]


def _slips(word: str) -> bool:
    return len(word) >= _LONG and word.isalpha()


def _settled(graph: Graph, one: Node, other: Node) -> bool:
    """Return whether the data say of two entities that they are different, or that they are the same."""
    return any((one, link, other) in graph or (other, link, one) in graph for link in _SETTLING)


def _same_label(graph: Graph, one: Node, other: Node) -> bool:
    ours, theirs = ({str(label).lower() for label in graph.objects(entity, RDFS.label)} for entity in (one, other))
    return not ours.isdisjoint(theirs)


def _failure(first: Name, second: Name) -> Failure:
    return Failure(
        rule=RULE,
        severity=Severity.WARNING,
        wording=worded(_WORDING, other=written(first.entity), name=str(first.text)),
        focus=second.entity,
        path=second.path,
        value=second.text,
    )
