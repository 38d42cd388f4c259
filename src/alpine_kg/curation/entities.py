"""A new entity, as it stands in the file of its kind."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from alpine_kg.curation.desk import Desk, Value, number_of, term, texts_of
from alpine_kg.curation.slugs import checked, slug_of
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import KINDS, entity_iri


@dataclass(frozen=True)
class Entity:
    """A thing with its names: a proper name, or a label in French and in English; other names as `name` or `name@en`."""

    kind: str
    name: str = ""
    label_fr: str = ""
    label_en: str = ""
    others: tuple[str, ...] = ()
    type: str = ""
    slug: str = ""
    organization: str = ""
    position: tuple[str, str] | None = None

    def put(self, desk: Desk, *, create: bool = False) -> str:
        """Have the entity written; return its IRI.

        Raises BadParameterError when it has no label, half a label, or no organization though it is a post.
        """
        labels = self._labels()
        iri = entity_iri(self.kind, checked(self.slug) if self.slug else slug_of(self.name or self.label_en))
        # A name of its kind that is taken: the same thing twice is what search and checks are there to prevent.
        for label in labels:
            if taken := desk.names.find(label.value, [self.kind]):
                raise BadParameterError(
                    f"{label.value!r} is a name of {self.kind}:{taken.rpartition('/')[2]} already.",
                    "Use that one, or make the label more precise.",
                )
        statements: list[tuple[str, Value]] = [("rdf:type", ox.NamedNode(desk.terms.class_for(self.kind, self.type)))]
        statements += [("rdfs:label", label) for label in labels]
        statements += [("skos:altLabel", other) for other in map(_other, self.others)]
        statements += self._particulars(desk, create=create)
        desk.record(f"data/{KINDS[self.kind]}.ttl", iri, statements)
        desk.names.add(iri, [*(label.value for label in labels), *(_other(name).value for name in self.others)])
        return iri

    def _labels(self) -> list[ox.Literal]:
        if self.name and not (self.label_fr or self.label_en):
            return [ox.Literal(self.name.strip())]
        if self.label_fr and self.label_en and not self.name:
            return texts_of(fr=self.label_fr, en=self.label_en)
        raise BadParameterError(
            f"A {self.kind} has one proper name, or a label in French and one in English.",
            "Give NAME alone, or --label-fr and --label-en.",
        )

    def _particulars(self, desk: Desk, *, create: bool) -> Iterable[tuple[str, Value]]:
        if (self.kind == "post") != bool(self.organization):
            raise BadParameterError(
                "A post is in an organization, and nothing else is.", "Give --organization with a post, and only there."
            )
        if self.organization:
            yield "ak:postIn", ox.NamedNode(desk.entity(self.organization, ["organization"], create=create))
        if self.position:
            decimal = term("xsd:decimal")
            for name, text in zip(("geo:lat", "geo:long"), self.position, strict=True):
                number = number_of(text).value
                yield name, ox.Literal(number if "." in number else f"{number}.0", datatype=decimal)


def _other(name: str) -> ox.Literal:
    """Return another name, which may end in @ and its language."""
    text, at, language = name.rpartition("@")
    tagged = at and language.isascii() and language.replace("-", "").isalnum()
    return ox.Literal(text.strip(), language=language) if tagged else ox.Literal(name.strip())
