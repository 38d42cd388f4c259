"""Identity: which entities of one kind are likely to be one, by their names.

Names are compared by blocking keys, never each with each: all that have a key in common are looked at together.
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

RULE: Final = "likely-duplicate"
_WORDING: Final[Text] = {
    "fr": "{other} porte à peu près le même nom, « {name} ». Si c'est la même entité, réunissez les deux ; si vous êtes certain"
    " que non, écrivez owl:differentFrom {other}.",
    "en": "{other} has much the same name, “{name}”. If it is the same entity, join the two; if you are certain that it is not,"
    " write owl:differentFrom {other}.",
}
_UNNAMED: Final = {"claim", "quote", "source"}
"""Kinds whose labels describe what they record rather than name it."""
_LONG: Final = 6
"""Letters from which on a slip in a word is likelier than another word."""


@dataclass(frozen=True)
class Name:
    """A name of an entity, as it is written and by the words that tell it from others."""

    entity: URIRef
    property: URIRef
    text: Literal
    words: tuple[str, ...]

    def keys(self) -> Iterator[tuple[str, ...]]:
        """Yield what the name has in common with any that is likely to be the same."""
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
    blocks: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name in _names(graph):
        for key in {*name.keys()}:
            blocks[_kind(name.entity), *key].append(name)
    pairs: dict[tuple[URIRef, URIRef], tuple[Name, Name]] = {}
    for block in blocks.values():
        for one, other in combinations(block, 2):
            first, second = sorted((one, other), key=lambda name: name.entity)
            pair = first.entity, second.entity
            if first.entity != second.entity and pair not in pairs and first.is_like(second):
                pairs[pair] = first, second
    for (earlier, later), (first, second) in sorted(pairs.items()):
        if not _settled(graph, earlier, later) and not _same_label(graph, earlier, later):
            yield _failure(first, second)


def _names(graph: Graph) -> Iterator[Name]:
    for path in (RDFS.label, SKOS.altLabel):
        for entity, text in graph.subject_objects(path):
            if isinstance(entity, URIRef) and isinstance(text, Literal) and _kind(entity) not in {"", *_UNNAMED}:
                yield Name(entity, path, text, telling_words(text))


def _kind(entity: URIRef) -> str:
    return (split_entity(entity) or ("",))[0]


def _slips(word: str) -> bool:
    return len(word) >= _LONG and word.isalpha()


def _settled(graph: Graph, one: Node, other: Node) -> bool:
    """Return whether the data say of two entities that they are different, or that they are the same."""
    links = (OWL.differentFrom, OWL.sameAs)
    return any((one, link, other) in graph or (other, link, one) in graph for link in links)


def _same_label(graph: Graph, one: Node, other: Node) -> bool:
    ours, theirs = ({str(label).lower() for label in graph.objects(entity, RDFS.label)} for entity in (one, other))
    return not ours.isdisjoint(theirs)


def _failure(first: Name, second: Name) -> Failure:
    return Failure(
        rule=RULE,
        severity=Severity.WARNING,
        wording=worded(_WORDING, other=written(first.entity), name=str(first.text)),
        focus=second.entity,
        path=second.property,
        value=second.text,
    )
