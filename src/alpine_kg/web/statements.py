"""Triples, indexed from both ends: what a page reads its words from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from alpine_kg.graph.vocabulary import pick
from alpine_kg.namespaces import RDF, RDFS, SKOS, local_name
from alpine_kg.store.base import Term

LABEL: Final = RDFS + "label"
NAME: Final = SKOS + "prefLabel"
TYPE: Final = RDF + "type"


class Statements:
    """Triples by subject and by object."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        """Index the triples; those about blank nodes are left out, since no page is about one."""
        self.about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.toward: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in sorted(triples, key=str):
            if isinstance(row.subject, ox.NamedNode) and not isinstance(row.object, ox.Triple):
                self.about[row.subject.value][row.predicate.value].append(row.object)
                if isinstance(row.object, ox.NamedNode):
                    self.toward[row.object.value].append((row.subject.value, row.predicate.value))

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """Return the values of a property."""
        return self.about[subject][predicate] if subject in self.about else []

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Return those values of a property that are IRIs."""
        return [term.value for term in self.objects(subject, predicate) if isinstance(term, ox.NamedNode)]

    def one(self, subject: str, predicate: str) -> str:
        """Return the text of the first value of a property, or nothing."""
        return next((term.value for term in self.objects(subject, predicate)), "")

    def subjects(self, predicate: str, target: str) -> list[str]:
        """Return what links to a thing by a property."""
        return [origin for origin, link in self.toward.get(target, ()) if link == predicate]

    def texts(self, subject: str, predicate: str) -> list[ox.Literal]:
        """Return those values of a property that are literals."""
        return [term for term in self.objects(subject, predicate) if isinstance(term, ox.Literal)]

    def text(self, subject: str, predicate: str, languages: Sequence[str]) -> str:
        """Return a property's text in the first of these languages that it has, or in any."""
        return pick({term.language or "": term.value for term in self.texts(subject, predicate)}, languages)

    def name(self, iri: str, languages: Sequence[str]) -> str:
        """Return the name of the day of a thing, else its label, or nothing."""
        return self.text(iri, NAME, languages) or self.text(iri, LABEL, languages)

    def label(self, iri: str, languages: Sequence[str]) -> str:
        """Return the label of a thing, or the end of its IRI."""
        return self.name(iri, languages) or local_name(iri) or iri
