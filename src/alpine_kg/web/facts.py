"""Claims as a reader sees them: each with its certainty, due date, announcement, sources and exact words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from alpine_kg.graph.description import path_of
from alpine_kg.graph.vocabulary import Vocabulary
from alpine_kg.namespaces import AK, EDTF, OA, RDF, XSD, local_name, shorten
from alpine_kg.spelling import spell_date, spell_number
from alpine_kg.store.base import Term
from alpine_kg.web.statements import Statements

SUBJECT: Final = RDF + "subject"
OBJECT: Final = RDF + "object"
_NUMBERS: Final = {XSD + name for name in ("integer", "decimal", "double")}
_OUTCOMES: Final = tuple(AK + name for name in ("fulfils", "revises", "cancels", "contradicts"))
_REMARKS: Final = (AK + "reason", AK + "note")


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere, or nowhere when `href` is empty."""

    text: str
    href: str = ""
    language: str = ""


@dataclass(frozen=True)
class Evidence:
    """A source as evidence: its page here, who published it and when, and where the document itself is."""

    source: Link
    publisher: str
    published: str
    address: str


@dataclass(frozen=True)
class Quotation:
    """Exact words with their language and source."""

    words: str
    language: str
    source: Link


@dataclass(frozen=True)
class Fact:
    """A claim as it is shown in a group: what it says there, how certain, when due, who said so, in which words."""

    claim: str
    value: Link
    modality: str
    mark: str
    inferred: str
    due: str
    period: str
    remarks: tuple[str, ...]
    announcement: Link | None
    announced: str
    evidence: tuple[Evidence, ...]
    disputes: tuple[Evidence, ...]
    quotes: tuple[Quotation, ...]
    outcomes: tuple[tuple[str, Link], ...]


@dataclass
class Group:
    """Facts or plain links under the words for their property."""

    heading: str
    facts: list[Fact] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


class Teller:
    """Turns the terms and claims among some statements into words and links, in a language order."""

    def __init__(
        self, statements: Statements, vocabulary: Vocabulary, languages: Sequence[str], *, tongue: str, page: str
    ) -> None:
        """Read from statements; `tongue` is the language of the page's own words, `page` the IRI that it is about."""
        self._statements = statements
        self._vocabulary = vocabulary
        self._languages = languages
        self._tongue = tongue
        self._page = page

    def fact(self, claim: str, far_end: str = "") -> Fact:
        """Return a claim as a fact that shows its object, its subject, or with no far end the whole statement."""
        held = self._statements
        modality, basis = held.one(claim, AK + "modality"), held.one(claim, AK + "basis")
        announcement = held.one(claim, AK + "announcedIn")
        inferred = self._vocabulary.label(basis, self._languages) if basis == AK + "Inferred" else ""
        return Fact(
            claim=path_of(claim) or claim,
            value=self._shown(claim, far_end),
            modality=self._vocabulary.label(modality, self._languages) if modality else "",
            mark=local_name(modality).lower(),
            inferred=inferred,
            due=spell_date(held.one(claim, AK + "due"), self._tongue),
            period=self._period(claim),
            remarks=tuple(filter(None, (held.text(claim, remark, self._languages) for remark in _REMARKS))),
            announcement=self.link(announcement) if announcement not in {"", self._page} else None,
            announced=spell_date(held.one(announcement, AK + "date"), self._tongue),
            evidence=self._evidence(held.iris(claim, AK + "statedIn")),
            disputes=self._evidence(held.iris(claim, AK + "disputedIn")),
            quotes=tuple(self._quotation(quote) for quote in held.iris(claim, AK + "quote")),
            outcomes=tuple(
                (self._vocabulary.label(link, self._languages), self.link(earlier))
                for link in _OUTCOMES
                for earlier in held.iris(claim, link)
            ),
        )

    def _shown(self, claim: str, far_end: str) -> Link:
        """Return what a claim says where it stands: its far end with its amount, or the whole statement."""
        if far_end == SUBJECT:
            return self.link(self._statements.one(claim, SUBJECT))
        values = self._statements.objects(claim, OBJECT)
        if not far_end or not values:
            return Link(self._statements.label(claim, self._languages), path_of(claim) or "")
        unit, bound, amount = (self._statements.one(claim, AK + name) for name in ("unit", "bound", "amount"))
        measure = self._vocabulary.label(unit, self._languages) if unit and not unit.endswith("/NUM") else ""
        value = self.value(values[0], "" if amount else measure)
        said = [self._vocabulary.label(bound, self._languages)] if bound else []
        if amount:
            said.append(f"{spell_number(amount, self._tongue)} {measure}".strip())
        return Link(f"{value.text} ({' '.join(said)})" if said else value.text, value.href, value.language)

    def value(self, value: Term, measure: str = "") -> Link:
        """Return a value in words, with its unit if it is a number."""
        if not isinstance(value, ox.Literal):
            return self.link(value.value)
        datatype = value.datatype.value
        if datatype in _NUMBERS:
            return Link(f"{spell_number(value.value, self._tongue)} {measure}".strip())
        if datatype == EDTF:
            return Link(spell_date(value.value, self._tongue))
        return Link(value.value, value.value if datatype == XSD + "anyURI" else "", value.language or "")

    def link(self, iri: str) -> Link:
        """Return the label of a thing or term, leading to its page."""
        label = self._statements.name(iri, self._languages) or self._statements.one(iri, OA + "exact")
        if not label and iri in self._vocabulary.labels:
            label = self._vocabulary.label(iri, self._languages)
        return Link(label or shorten(iri), path_of(iri) or term_path(iri))

    def _period(self, claim: str) -> str:
        start, end = (self._statements.one(claim, AK + name) for name in ("validFrom", "validUntil"))
        return spell_date(f"{start or '..'}/{end or '..'}", self._tongue) if start or end else ""

    def _evidence(self, sources: Iterable[str]) -> tuple[Evidence, ...]:
        held = self._statements
        return tuple(
            Evidence(
                self.link(source),
                held.one(source, AK + "publisher"),
                spell_date(held.one(source, AK + "published"), self._tongue),
                held.one(source, AK + "url"),
            )
            for source in sources
        )

    def _quotation(self, quote: str) -> Quotation:
        source = self._statements.one(quote, AK + "quotedFrom")
        words = self._statements.one(quote, OA + "exact")
        return Quotation(words, self._statements.one(source, AK + "language"), self.link(source))


def term_path(iri: str) -> str:
    """Return where a term of the vocabulary is explained."""
    return f"/ontology.html#{iri.removeprefix(AK)}" if iri.startswith(AK) else ""
