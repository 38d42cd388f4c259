"""Names: which entities there are, by every name that the data give them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

import pyoxigraph as ox

from alpine_kg.errors import BadParameterError
from alpine_kg.graph.loading import read_triples
from alpine_kg.names import fold
from alpine_kg.namespaces import AK, KINDS, RDF, RDFS, SKOS, expand, shorten, split_entity
from alpine_kg.root import GraphRoot

_NAMES = {RDFS + "label", SKOS + "altLabel"}
_CLAIMED_NAMES = {AK + "officialName", AK + "codeName"}
_RECORDS = {"claim", "quote"}


@dataclass
class Names:
    """Entities with their names: labels, other names, and the official and code names that claims give them."""

    entities: dict[str, list[str]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, root: GraphRoot) -> "Names":
        """Return the names in the files of a root's data; raises RdfSyntaxError for one that cannot be read."""
        return cls.of(read_triples(root.data, root))

    @classmethod
    def of(cls, triples: Iterable[ox.Triple]) -> "Names":
        """Return the names in some statements."""
        entities: dict[str, list[str]] = defaultdict(list)
        classes: dict[str, str] = {}
        claims: dict[str, dict[str, str]] = defaultdict(dict)
        for row in triples:
            subject, predicate = str(getattr(row.subject, "value", "")), row.predicate.value
            kind = (split_entity(subject) or ("", ""))[0]
            if predicate in _NAMES and kind not in _RECORDS and isinstance(row.object, ox.Literal):
                entities[subject].append(row.object.value)
            elif predicate == RDF + "type" and kind and isinstance(row.object, ox.NamedNode):
                entities[subject] += ()
                classes[subject] = row.object.value
            elif predicate.startswith(RDF) and kind == "claim" and not isinstance(row.object, ox.Triple):
                claims[subject][predicate] = row.object.value
        for claim in claims.values():
            if claim.get(RDF + "predicate") in _CLAIMED_NAMES and claim.get(RDF + "subject") in entities:
                entities[claim[RDF + "subject"]].append(claim.get(RDF + "object", ""))
        return cls(dict(entities), classes)

    def add(self, iri: str, names: Iterable[str]) -> None:
        """Remember an entity that is being made."""
        self.entities[iri] = [*names]

    def find(self, name: str, kinds: Collection[str]) -> str | None:
        """Return the entity of one of these kinds that a text names, by its IRI, `plant:dieppe`, slug or a name, or None.

        Raises BadParameterError when it names more than one.
        """
        iri = expand(name)
        if iri in self.entities:
            return iri
        wanted = [iri for iri in self.entities if (split_entity(iri) or ("",))[0] in kinds]
        bare = fold(split_kind(name)[1])
        found = [iri for iri in wanted if bare in map(fold, self.entities[iri])]
        found = found or [iri for iri in wanted if (split_entity(iri) or ("", ""))[1] == name]
        if len(found) > 1:
            listed = ", ".join(map(shorten, found))
            raise BadParameterError(f"{name!r} names more than one thing.", f"Write which one: {listed}.")
        return found[0] if found else None

    def unknown(self, name: str, kinds: Collection[str], remedy: str) -> BadParameterError:
        """Return the error for a name that nothing of these kinds has, with the names that are close to it."""
        wanted = [iri for iri in self.entities if (split_entity(iri) or ("",))[0] in kinds]
        named = {fold(held): f"{held} ({shorten(iri)})" for iri in wanted for held in self.entities[iri]}
        close = get_close_matches(fold(split_kind(name)[1]), named, n=3, cutoff=0.6)
        meant = f"Did you mean {' or '.join(named[near] for near in close)}? " if close else ""
        return BadParameterError(f"There is no {' or '.join(kinds)} {name!r}.", meant + remedy)


def split_kind(name: str) -> tuple[str, str]:
    """Return the kind before a name's colon, if there is one, and the name itself.

    >>> split_kind("organization:Škoda Auto"), split_kind("Škoda Auto")
    (('organization', 'Škoda Auto'), ('', 'Škoda Auto'))
    """
    kind, colon, rest = name.partition(":")
    return (kind, rest) if colon and kind in KINDS else ("", name)
