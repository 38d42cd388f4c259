"""A new announcement: its event, the document that reports it, and the claims on when, by whom and where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.curation.claims import Statement
from alpine_kg.curation.desk import Desk, Value, date_of, texts_of
from alpine_kg.curation.slugs import checked, slug_of
from alpine_kg.errors import BadParameterError, ConflictError
from alpine_kg.namespaces import AK, XSD, entity_iri, local_name
from alpine_kg.validation.texts import SourceText, read_text

SOURCES: Final = "data/sources.ttl"
_LONGEST_LABEL: Final = 160
_AGENTS: Final = ("organization", "person")
_VENUES: Final = ("plant", "site", "place")
ENTERED: Final = {
    "fr": "Établi à la saisie, d'après la parution du document ; aucun passage de son texte n'est cité.",
    "en": "Established on entry, from the publication of the document; no passage of its text is quoted.",
}
"""Why a date or an announcer is inferred that the text is not quoted for."""


@dataclass(frozen=True)
class Document:
    """The document that reports an announcement: its address or its text, or both, publisher, language tag and day."""

    publisher: str
    language: str
    url: str = ""
    published: str = ""
    text: Path | None = None
    slug: str = ""

    def put(self, desk: Desk, announcement: str, *, titles: dict[str, str], published: str, file: str = SOURCES) -> str:
        """Have the document written as a source of an announcement; return its IRI.

        `titles` by language and the day `published` are the announcement's, for want of the document's own. Raises
        BadParameterError when neither its address nor its text is given.
        """
        if not self.url and self.text is None:
            raise BadParameterError(
                "Nothing lets a reader find the document.", "Give its address (--source-url) or its text (--text)."
            )
        slug = checked(self.slug) if self.slug else f"{slug_of(self.publisher)}-{local_name(announcement)}"
        labels = {language: f"{self.publisher}, {title}"[:_LONGEST_LABEL].strip() for language, title in titles.items()}
        statements: list[tuple[str, Value]] = [
            ("rdf:type", ox.NamedNode(AK + "Source")),
            *(("rdfs:label", label) for label in texts_of(**labels)),
            ("ak:publisher", ox.Literal(self.publisher.strip())),
            ("ak:language", ox.Literal(self.language)),
            ("ak:published", date_of(self.published or published)),
            ("ak:reports", ox.NamedNode(announcement)),
        ]
        if self.url:
            statements.append(("ak:url", ox.Literal(self.url, datatype=ox.NamedNode(XSD + "anyURI"))))
        if self.text:
            held = _held_text(self.text)
            integer = ox.NamedNode(XSD + "integer")
            statements.append(("ak:textLength", ox.Literal(str(len(held.text)), datatype=integer)))
            statements.append(("ak:textDigest", ox.Literal(held.digest)))
        iri = entity_iri("source", slug)
        desk.record(file, iri, statements)
        return iri


@dataclass(frozen=True)
class Announcement:
    """An announcement as a curator enters it; names of agents and of the venue are those of the graph, or new ones."""

    date: str
    slug: str
    title_fr: str
    title_en: str
    summary_fr: str
    summary_en: str
    document: Document
    by: tuple[str, ...]
    attended_by: tuple[str, ...] = ()
    venue: str = ""

    def put(self, desk: Desk, *, create: bool = False) -> str:
        """Have the announcement written, with its source and its first claims; return its IRI.

        Raises ConflictError when there is one of that date and slug, and BadParameterError for what cannot be written.
        """
        date_of(self.date)
        stem = f"{day_of(self.date)}-{checked(self.slug)}"
        iri, file = entity_iri("announcement", stem), f"data/announcements/{stem}.ttl"
        if (desk.root.path / file).exists():
            raise ConflictError(f"{file} is there already.", "Choose another --slug, or edit the file.")
        statements: list[tuple[str, Value]] = [("rdf:type", ox.NamedNode(AK + "Announcement"))]
        statements += [("rdfs:label", label) for label in texts_of(fr=self.title_fr, en=self.title_en)]
        statements += [("ak:summary", text) for text in texts_of(fr=self.summary_fr, en=self.summary_en)]
        desk.record(file, iri, statements)
        titles = {"fr": self.title_fr, "en": self.title_en}
        source = self.document.put(desk, iri, titles=titles, published=self.date)
        self._claims(desk, iri, source, create=create)
        return iri

    def _claims(self, desk: Desk, announcement: str, source: str, *, create: bool) -> None:
        """Have the claims written that say when and where it was made, by whom, and in whose presence."""
        told: list[tuple[str, str, tuple[str, ...]]] = [("date", self.date, ())]
        told += [("announcedBy", name, _AGENTS) for name in self.by]
        told += [("attendedBy", name, _AGENTS) for name in self.attended_by]
        told += [("venue", self.venue, _VENUES)] if self.venue else []
        text = _held_text(self.document.text) if self.document.text else None
        for predicate, value, kinds in told:
            meant = desk.entity(value, kinds, create=create) if kinds else value
            quote = _named_in(desk, text, meant) if kinds else ""
            Statement(
                announcement=announcement,
                subject=announcement,
                predicate=predicate,
                object=meant,
                sources=(source,),
                modality="Delivered",
                quotes=(quote,) if quote else (),
                reason={} if quote or text is None else ENTERED,
                text=self.document.text,
            ).put(desk)


def _held_text(file: Path) -> SourceText:
    if not file.is_file():
        raise BadParameterError(f"{file} is not a file.", "Name the file that holds the document's text.")
    return read_text(file)


def _named_in(desk: Desk, text: SourceText | None, entity: str) -> str:
    """Return the longest name of an entity that stands in a text as it is written, or nothing."""
    names = sorted(desk.names.entities.get(entity, ()), key=len, reverse=True) if text else []
    return next((name for name in names if text and name in text.text), "")


def day_of(date: str) -> str:
    """Return as much of a date as an announcement's identifier takes; raises BadParameterError for an interval."""
    plain = date.rstrip("~?%")
    if "/" in plain or not plain.replace("-", "").isdigit():
        raise BadParameterError(f"An announcement is not made on {date!r}.", "Write a day, a month or a year.")
    return plain
