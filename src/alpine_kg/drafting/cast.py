"""The cast of a text: who and what is spoken of, known to the graph or proposed anew."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from alpine_kg.curation import Desk
from alpine_kg.curation.slugs import slug_of
from alpine_kg.errors import BadParameterError
from alpine_kg.names import WORD, fold
from alpine_kg.namespaces import AK, entity_iri, local_name, split_entity

KINDS: Final = (
    "person",
    "organization",
    "vehicle",
    "component",
    "plant",
    "site",
    "platform",
    "plan",
    "place",
    "post",
    "event",
)
"""The kinds of what a text speaks of, the one that a shared name more likely means first."""
_SMALL: Final = frozenset(
    {"a", "au", "aux", "d", "de", "del", "des", "du", "en", "et", "l", "la", "le", "les"}
    | {"of", "the", "to", "for", "un", "une", "and"}
)
"""Words that do not tell one name from another."""
_PARTED: Final = re.compile(r"\n|[.;:!?]\s|,")
"""What does not stand inside a name."""


@dataclass(frozen=True)
class Mention:
    """A passage that speaks of an entity; `mark` says how it was found."""

    start: int
    end: int
    iri: str
    mark: str

    @property
    def kind(self) -> str:
        """The kind of the entity."""
        return (split_entity(self.iri) or ("",))[0]


@dataclass(frozen=True)
class Appointment:
    """A person with the post that stands beside the name, and the passage that says so."""

    start: int
    end: int
    person: str
    post: str


@dataclass
class Proposal:
    """An entity that the graph does not know: its class and labels by language, and what it belongs to."""

    iri: str
    type: str
    labels: dict[str, str]
    mark: str
    organization: str = ""


@dataclass
class Cast:
    """The entities that the graph knows by name, and those that a text adds."""

    desk: Desk
    proposals: dict[str, Proposal] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, list[tuple[str, ...]]]:
        """The names of each known entity, as folded words."""
        return {
            iri: [tuple(fold(name).split()) for name in names if fold(name)]
            for iri, names in self.desk.names.entities.items()
            if (split_entity(iri) or ("",))[0] in KINDS
        }

    @cached_property
    def index(self) -> dict[str, list[tuple[tuple[str, ...], str, bool]]]:
        """Known names by their first word, longest first: words, entity, and whether a capital is part of the name."""
        index: dict[str, list[tuple[tuple[str, ...], str, bool]]] = defaultdict(list)
        for iri in self.names:
            for name in self.desk.names.entities[iri]:
                words = tuple(fold(name).split())
                if words:
                    index[words[0]].append((words, iri, not name[:1].islower()))
        rank = {kind: place for place, kind in enumerate(KINDS)}
        for held in index.values():
            held.sort(key=lambda row: (-len(row[0]), rank[(split_entity(row[1]) or ("",))[0]], row[1]))
        return index

    def known(self, text: str) -> Iterator[Mention]:
        """Yield the passages that are names of known entities, longest first at each place, none inside another."""
        tokens = [(match.start(), match.end(), "".join(fold(match[0]).split())) for match in WORD.finditer(text)]
        place = 0
        while place < len(tokens):
            found = self._longest(text, tokens, place)
            if found:
                iri, count = found
                yield Mention(tokens[place][0], tokens[place + count - 1][1], iri, "name")
            place += found[1] if found else 1

    def _longest(self, text: str, tokens: list[tuple[int, int, str]], place: int) -> tuple[str, int] | None:
        for words, iri, capital in self.index.get(tokens[place][2], ()):
            here = tokens[place : place + len(words)]
            # One lower-case word is rather a common noun than the name that is spelled alike.
            small = capital and len(words) == 1 and text[here[0][0]].islower()
            whole = text[here[0][0] : here[-1][1]]
            if tuple(token[2] for token in here) == words and not small and not _PARTED.search(whole):
                return iri, len(words)
        return None

    def resolve(self, kind: str, name: str, near: Collection[str] = ()) -> str | None:
        """Return the only entity of a kind, known or proposed, that one of its names shows to be meant by a text.

        All words of the text stand in the name, small ones apart. Among several, those that belong to what is `near`, by the
        words of its names, come first.
        """
        words = _weighty(fold(name).split())
        if not words:
            return None
        held = {iri: names for iri, names in self._everybody().items() if (split_entity(iri) or ("",))[0] == kind}
        exact = [iri for iri, names in held.items() if any(_weighty(held_name) == words for held_name in names)]
        wider = [iri for iri, names in held.items() if any(words <= _weighty(held_name) for held_name in names)]
        context = {word for iri in near for held_name in self._everybody().get(iri, ()) for word in held_name}
        close = [iri for iri in wider if any(words <= {*n} and context & {*n} - words for n in held[iri])]
        for found in (exact, wider, close):
            if len(found) == 1:
                return found[0]
        return None

    def propose(
        self,
        kind: str,
        labels: dict[str, str],
        mark: str,
        *,
        class_name: str = "",
        organization: str = "",
    ) -> str | None:
        """Return the identifier of a proposed entity, which is made unless there is one of that identifier; None without one."""
        try:
            slug = slug_of(labels.get("", "") or labels.get("en", "") or next(iter(labels.values())))
        except BadParameterError:
            return None
        iri = entity_iri(kind, slug)
        if iri not in self.desk.names.entities:
            chosen = self.desk.terms.class_for(kind, class_name)
            self.proposals.setdefault(iri, Proposal(iri, chosen, labels, mark, organization))
        return iri

    def rename_class(self, iri: str, class_name: str) -> None:
        """Make a proposed entity one of a more special class."""
        if iri in self.proposals:
            self.proposals[iri].type = AK + class_name

    def company(self, mentions: Collection[Mention], *, brand: bool) -> str | None:
        """Return the organization that "the brand" or "the group" means: the one of that class that is mentioned most."""
        wanted = AK + ("Brand" if brand else "Company")
        counts = Counter(mention.iri for mention in mentions if self.type_of(mention.iri) == wanted)
        return counts.most_common(1)[0][0] if counts else None

    def type_of(self, iri: str) -> str:
        """Return the class of an entity."""
        return self.proposals[iri].type if iri in self.proposals else self.desk.names.classes.get(iri, "")

    def label(self, iri: str) -> str:
        """Return a name of an entity."""
        if iri in self.proposals:
            return next(iter(self.proposals[iri].labels.values()))
        return next(iter(self.desk.names.entities.get(iri, ())), local_name(iri))

    def words(self, iri: str) -> set[str]:
        """Return all words of an entity's names."""
        return {word for name in self._everybody().get(iri, ()) for word in name}

    def _everybody(self) -> dict[str, list[tuple[str, ...]]]:
        new = {
            iri: [tuple(fold(text).split()) for text in held.labels.values()] for iri, held in self.proposals.items()
        }
        return {**self.names, **new}


def _weighty(words: Collection[str]) -> frozenset[str]:
    return frozenset(word for word in words if word not in _SMALL)
