"""A new claim, with its quotes, in the file of its announcement."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.curation.desk import Desk, Value, date_of, number_of, texts_of
from alpine_kg.curation.quotes import find_passage, put_quote, text_of_source
from alpine_kg.curation.slugs import checked, kebab
from alpine_kg.curation.terms import Property
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import AK, EDTF, KINDS, entity_iri, local_name, shorten

OUTCOMES: Final = ("fulfils", "fulfilsInPart", "revises", "cancels", "contradicts")
_MODALITY, _BOUND = AK + "Modality", AK + "Bound"


@dataclass(frozen=True)
class Statement:
    """A claim as a curator enters it: names of entities and terms are those of the graph, dates are EDTF.

    `sources` are those that report the announcement when none is named. `quotes` are words of the first source, whose text
    is in the file `text`; a claim with a `reason`, by language, is inferred.
    """

    announcement: str
    subject: str
    predicate: str
    object: str
    sources: tuple[str, ...] = ()
    modality: str = "Planned"
    quotes: tuple[str, ...] = ()
    text: Path | None = None
    reason: dict[str, str] = field(default_factory=dict)
    note: dict[str, str] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    amount: str = ""
    bound: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)
    slug: str = ""

    def put(self, desk: Desk, *, create: bool = False) -> str:
        """Have the claim written; return its IRI. Raises BadParameterError for a name, value or word that does not fit."""
        announcement = desk.entity(self.announcement, ["announcement"], create=False)
        prop = desk.terms.property(self.predicate)
        subject = desk.entity(self.subject, _kinds(desk, prop.domain), create=create)
        value = self._object(desk, prop, create=create)
        sources = self._sources(desk, announcement)
        file = f"data/announcements/{local_name(announcement)}.ttl"
        given = entity_iri("claim", checked(self.slug)) if self.slug else ""
        iri = given or claim_iri(desk, announcement, subject, local_name(prop.iri), value)
        quotes = self._quotes(desk, file, announcement, sources[0])
        basis = "Inferred" if self.reason else "Stated"
        statements: list[tuple[str, Value]] = [
            ("rdf:type", ox.NamedNode(AK + "Claim")),
            ("rdf:subject", ox.NamedNode(subject)),
            ("rdf:predicate", ox.NamedNode(prop.iri)),
            ("rdf:object", value),
            ("ak:announcedIn", ox.NamedNode(announcement)),
            *(("ak:statedIn", ox.NamedNode(source)) for source in sources),
            ("ak:modality", ox.NamedNode(desk.terms.value(_MODALITY, self.modality))),
            ("ak:basis", ox.NamedNode(AK + basis)),
            *(("ak:reason", text) for text in texts_of(**self.reason)),
            *(("ak:note", text) for text in texts_of(**self.note)),
            *(("ak:quote", ox.NamedNode(quote)) for quote in quotes),
            *self._measures(desk, prop),
            *((f"ak:{name}", date_of(date)) for name, date in self._checked_dates(prop).items()),
            *(
                (f"ak:{link}", ox.NamedNode(desk.entity(earlier, ["claim"], create=False)))
                for link, earlier in self.outcomes.items()
            ),
        ]
        desk.record(file, iri, statements)
        return iri

    def _object(self, desk: Desk, prop: Property, *, create: bool) -> Value:
        if prop.range == EDTF:
            return date_of(self.object)
        if prop.number:
            return number_of(self.object)
        if prop.literal:
            return ox.Literal(self.object, datatype=ox.NamedNode(prop.range))
        if desk.terms.is_list(prop.range):
            return ox.NamedNode(desk.terms.value(prop.range, self.object))
        return ox.NamedNode(desk.entity(self.object, _kinds(desk, prop.range), create=create))

    def _sources(self, desk: Desk, announcement: str) -> list[str]:
        if self.sources:
            return [desk.entity(name, ["source"], create=False) for name in self.sources]
        sources = [iri for iri in desk.names.entities if "/source/" in iri]
        found = sorted(iri for iri in sources if announcement in desk.values(iri, "ak:reports"))
        if len(found) != 1:
            listed = ", ".join(map(shorten, found)) or "none"
            raise BadParameterError(
                f"{shorten(announcement)} is reported by {listed}.", "Name the source that states it with --source."
            )
        return found

    def _quotes(self, desk: Desk, file: str, announcement: str, source: str) -> list[str]:
        held = bool(desk.values(source, "ak:textDigest"))
        if self.quotes and not held:
            raise BadParameterError(
                f"The text of {shorten(source)} is not held, so that its words cannot be quoted.",
                "Leave --quote away, or record the text's length and digest with the source.",
            )
        text = text_of_source(desk, source, self.text)
        if held and not self.quotes and not self.reason:
            raise BadParameterError(
                f"The text of {shorten(source)} is held, but nothing of it is quoted.",
                "Give the words that state it with --quote, or say with --reason-fr and --reason-en from what it follows.",
            )
        if self.quotes and text is None:
            raise BadParameterError(f"The text of {shorten(source)} is not named.", "Name its file with --text.")
        return [put_quote(desk, file, announcement, source, find_passage(text, words)) for words in self.quotes if text]

    def _measures(self, desk: Desk, prop: Property) -> list[tuple[str, Value]]:
        """Return unit, amount and bound; raises BadParameterError for a number without a unit, or a unit without a number."""
        if bool(self.unit) != (prop.quantity or bool(self.amount)):
            units = ", ".join(sorted({local_name(unit) for unit in desk.terms.units.values()}))
            raise BadParameterError(
                "A quantity has a unit, and nothing else has.", f"Give --unit with a quantity and only there: {units}."
            )
        found: list[tuple[str, Value]] = []
        if self.unit:
            found.append(("ak:unit", ox.NamedNode(desk.terms.unit(self.unit))))
        if self.amount:
            found.append(("ak:amount", number_of(self.amount)))
        if self.bound:
            found.append(("ak:bound", ox.NamedNode(desk.terms.value(_BOUND, self.bound))))
        return found

    def _checked_dates(self, prop: Property) -> dict[str, str]:
        dates = {name: date for name, date in self.dates.items() if date}
        if prop.milestone and "due" in dates:
            raise BadParameterError(
                f"The date of {local_name(prop.iri)} is its due date already.",
                "Leave --due away; --object has the date.",
            )
        return dates


def claim_iri(desk: Desk, announcement: str, subject: str, predicate: str, value: Value) -> str:
    """Return a new claim's identifier: its day, subject, property and object."""
    stem = local_name(announcement)
    about = "" if subject == announcement else f"-{local_name(subject)}"
    entity = isinstance(value, ox.NamedNode) and value.value != announcement
    toward = f"-{kebab(local_name(value.value)).replace('_', '-')}" if entity else ""
    base = f"{_head(stem, about)}{about}-{kebab(predicate)}{toward}"
    slugs = (base, *(f"{base}-{number}" for number in range(2, 10_000)))
    return next(iri for iri in (entity_iri("claim", slug) for slug in slugs) if iri not in desk.names.entities)


def _head(stem: str, about: str) -> str:
    """Return what claims of an announcement begin with: its date alone when another entity tells them apart."""
    if not about:
        return stem
    digits = [part for part in stem.split("-")[:3] if part.isdigit()]
    return "-".join(digits)


def _kinds(desk: Desk, general: str) -> tuple[str, ...]:
    """Return the kinds that a property's domain or range is made of; every kind for a domain that is not limited."""
    return desk.terms.kinds_of(general) or tuple(KINDS)
