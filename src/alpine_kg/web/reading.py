"""What an entity's page shows: its description in a reader's words, facts under the words for their property."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import pyoxigraph as ox

from alpine_kg.graph import Description
from alpine_kg.graph.vocabulary import Vocabulary
from alpine_kg.namespaces import AK, OA, RDF, RDFS, SKOS, local_name
from alpine_kg.web.facts import OBJECT, SUBJECT, Fact, Group, Link, Teller
from alpine_kg.web.statements import LABEL, NAME, TYPE, Statements

_CLAIM: Final = AK + "Claim"
_PREDICATE: Final = RDF + "predicate"
_FAR_ENDS: Final = {SUBJECT: OBJECT, OBJECT: SUBJECT, AK + "announcedIn": "", AK + "statedIn": "", AK + "quote": ""}
"""The links by which a claim belongs on a page, with what is shown of it there; an empty text is the whole statement."""
_APART: Final = {TYPE, NAME, LABEL, SKOS + "altLabel", AK + "summary"} | {
    OA + name for name in ("exact", "start", "end")
}
"""Properties that have places of their own on a page, or, as the place of a quote in a text, are for programs only."""
_BOUNDS: Final = ("Earliest", "Latest")


class Reading:
    """A description read in a language order, with the vocabulary's own statements at hand."""

    def __init__(
        self,
        description: Description,
        vocabulary: Vocabulary,
        ontology: Statements,
        *,
        languages: Sequence[str],
        tongue: str,
    ) -> None:
        """Read a description; `tongue` is the language of the page's own words."""
        self.iri = description.iri
        self._statements = Statements(description.triples)
        self._vocabulary = vocabulary
        self._ontology = ontology
        self._languages = languages
        self._teller = Teller(self._statements, vocabulary, languages, tongue=tongue, page=self.iri)

    @property
    def title(self) -> str:
        """The entity's label; a quote's are its words."""
        words = self._statements.one(self.iri, OA + "exact")
        return self._statements.name(self.iri, self._languages) or words or local_name(self.iri)

    @property
    def summary(self) -> str:
        """What an announcement says of itself in a sentence."""
        return self._statements.text(self.iri, AK + "summary", self._languages)

    @property
    def names(self) -> list[Link]:
        """The entity's other names, those of the reader's languages first."""
        terms = [*self._statements.texts(self.iri, SKOS + "altLabel"), *self._labels_beside_the_title()]
        found = {term.value: term.language or "" for term in terms if term.value != self.title}
        order = {language: rank for rank, language in enumerate(self._languages)}
        ranked = sorted(found.items(), key=lambda name: (order.get(name[1], len(order)), name[0]))
        return [Link(text, language=language) for text, language in ranked]

    def _labels_beside_the_title(self) -> list[ox.Literal]:
        named = self._statements.texts(self.iri, NAME)
        return self._statements.texts(self.iri, LABEL) if named else []

    @property
    def classes(self) -> list[Link]:
        """The entity's own classes: those of this vocabulary that are above no other of them."""
        held = [iri for iri in self._statements.iris(self.iri, TYPE) if iri.startswith(AK)]
        above = {general for iri in held for general in self._ontology.iris(iri, RDFS + "subClassOf")}
        return [self._teller.link(iri) for iri in held if iri not in above]

    @property
    def itself(self) -> Fact | None:
        """The entity as a fact, when it is a claim."""
        return self._teller.fact(self.iri) if self._is_claim(self.iri) else None

    @property
    def parts(self) -> list[Link]:
        """The subject, property and object of the entity, when it is a claim."""
        return [
            self._teller.value(value)
            for role in (SUBJECT, _PREDICATE, OBJECT)
            for value in self._statements.objects(self.iri, role)[:1]
        ]

    def facts(self) -> list[Group]:
        """Return the claims about the entity, then those that lead to it, then those made, stated or quoted in it, each once."""
        groups: dict[tuple[int, str], Group] = {}
        shown: set[str] = set()
        for rank, (role, far_end) in enumerate(_FAR_ENDS.items()):
            claims = set(filter(self._is_claim, self._statements.subjects(role, self.iri))) - shown
            shown |= claims
            for claim in claims:
                heading = self._heading(role, self._statements.one(claim, _PREDICATE))
                group = groups.setdefault((rank, heading), Group(heading))
                group.facts.append(self._teller.fact(claim, far_end))
        for group in groups.values():
            group.facts.sort(key=lambda fact: (fact.value.text, fact.claim))
        return [groups[key] for key in sorted(groups)]

    def records(self) -> list[Group]:
        """Return what is written of the entity without a claim, such as a source's address."""
        if self._is_claim(self.iri):
            return []
        claimed = self._claimed(SUBJECT, OBJECT)
        groups = []
        for predicate, values in sorted(self._statements.about[self.iri].items()):
            if predicate in _APART or predicate.endswith(_BOUNDS):
                continue
            links = [self._teller.value(value) for value in values if (predicate, value.value) not in claimed]
            if links:
                groups.append(Group(self._vocabulary.label(predicate, self._languages), links=links))
        return groups

    def incoming(self) -> list[Group]:
        """Return the links to the entity that no claim is shown for, under their words seen from here."""
        claimed = self._claimed(OBJECT, SUBJECT)
        groups: dict[str, list[Link]] = defaultdict(list)
        for origin, predicate in self._statements.toward.get(self.iri, ()):
            if predicate in _FAR_ENDS or origin == self.iri or (predicate, origin) in claimed:
                continue
            groups[self._vocabulary.inverse_label(predicate, self._languages)].append(self._teller.link(origin))
        return [Group(heading, links=links) for heading, links in sorted(groups.items())]

    def _is_claim(self, iri: str) -> bool:
        return _CLAIM in self._statements.iris(iri, TYPE)

    def _claimed(self, near: str, far: str) -> set[tuple[str, str]]:
        """Return the properties and far ends of the claims in which the entity is at the near end."""
        return {
            (self._statements.one(claim, _PREDICATE), self._statements.one(claim, far))
            for claim in self._statements.subjects(near, self.iri)
        }

    def _heading(self, role: str, predicate: str) -> str:
        if role == SUBJECT:
            return self._vocabulary.label(predicate, self._languages)
        return self._vocabulary.inverse_label(predicate if role == OBJECT else role, self._languages)
