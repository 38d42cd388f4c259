"""The words for terms: labels of classes, properties and individuals, and those of properties read backwards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.namespaces import local_name
from alpine_kg.store import Store

Labels = dict[str, str]
"""Labels by language; the language of a text without one is the empty string."""
_QUERY: Final = LOOKUPS["vocabulary"]


@dataclass
class Vocabulary:
    """The labels of every term that the ontology declares, by IRI."""

    labels: dict[str, Labels] = field(default_factory=lambda: defaultdict(dict))
    inverse_labels: dict[str, Labels] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, store: Store) -> "Vocabulary":
        """Return the vocabulary in a store."""
        vocabulary = cls()
        for row in store.select(_QUERY.text):
            held = vocabulary.inverse_labels if row["inverse"].value == "true" else vocabulary.labels
            held[row["term"].value][getattr(row["label"], "language", None) or ""] = row["label"].value
        return vocabulary

    def label(self, iri: str, languages: Sequence[str]) -> str:
        """Return the label of a term in the first of these languages that it has, or its local name."""
        return pick(self.labels.get(iri, {}), languages) or local_name(iri)

    def inverse_label(self, iri: str, languages: Sequence[str]) -> str:
        """Return the words for a property's links seen from the object, or an arrow and the property's label."""
        return pick(self.inverse_labels.get(iri, {}), languages) or f"← {self.label(iri, languages)}"


def pick(labels: Mapping[str, str], languages: Sequence[str]) -> str:
    """Return the label in the first language that there is, else an untagged one, else any, else nothing.

    >>> pick({"fr": "usine", "en": "plant"}, ["de", "en"])
    'plant'
    """
    for language in languages:
        if language in labels:
            return labels[language]
    return labels.get("") or next((labels[language] for language in sorted(labels)), "")
