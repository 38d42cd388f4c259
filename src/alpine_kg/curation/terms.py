"""The vocabulary as a curator needs it: what properties may say, which kind a class belongs to, values and units by name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import BadParameterError
from alpine_kg.graph.loading import read_triples
from alpine_kg.names import fold
from alpine_kg.namespaces import AK, KINDS, PREFIXES, RDF, RDFS, SKOS, XSD, expand, local_name
from alpine_kg.root import GraphRoot

_RDFS_DOMAIN, _RDFS_RANGE, _SUBCLASS = RDFS + "domain", RDFS + "range", RDFS + "subClassOf"
_CLAIMABLE: Final = AK + "ClaimableProperty"
_MILESTONE: Final = AK + "MilestoneProperty"
_QUANTITY: Final = AK + "QuantityProperty"
_UNITS: Final = (PREFIXES["unit"], PREFIXES["cur"])
_SYMBOL: Final = PREFIXES["qudt"] + "symbol"
_DEFAULT_CLASSES: Final = {"organization": "Company", "place": "Municipality", "plan": "StrategicPlan"}
"""The class of a new thing of a kind that has several, when none is named."""
_LIKENESS: Final = 0.6
_SHOWN: Final = 5


@dataclass(frozen=True)
class Property:
    """A property that claims may have: its IRI, the class of its subjects, and the class or datatype of its values."""

    iri: str
    domain: str
    range: str
    quantity: bool
    milestone: bool

    @property
    def literal(self) -> bool:
        """Whether its values are texts, numbers or dates."""
        return not self.range.startswith(AK)

    @property
    def number(self) -> bool:
        """Whether its values are numbers."""
        return self.range in {XSD + "decimal", XSD + "integer"}


class Terms:
    """The terms of a root's ontology."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        """Index the statements of an ontology."""
        self._held: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in triples:
            if isinstance(row.subject, ox.NamedNode) and not isinstance(row.object, ox.Triple):
                self._held[row.subject.value][row.predicate.value].append(row.object.value)

    @classmethod
    def read(cls, root: GraphRoot) -> "Terms":
        """Return the terms of a root; raises RdfSyntaxError for a file that cannot be read."""
        return cls(read_triples(root.ontology, root))

    @cached_property
    def properties(self) -> dict[str, Property]:
        """The properties that claims may have, by local name."""
        return {
            local_name(iri): Property(
                iri,
                _first(held[_RDFS_DOMAIN]),
                _first(held[_RDFS_RANGE]),
                _QUANTITY in held[RDF + "type"],
                _MILESTONE in held[RDF + "type"],
            )
            for iri, held in sorted(self._held.items())
            if _CLAIMABLE in held[RDF + "type"]
        }

    def property(self, name: str) -> Property:
        """Return the property that a text names by its local name or a label; raises BadParameterError with near ones."""
        local = local_name(expand(name))
        if local in self.properties:
            return self.properties[local]
        named = self._by_name(held.iri for held in self.properties.values())
        if iri := named.get(fold(name)):
            return self.properties[local_name(iri)]
        raise unknown("property", name, [*self.properties, *named])

    def classes_under(self, general: str) -> set[str]:
        """Return a class and all classes below it."""
        below = {general}
        while more := {
            iri for iri, held in self._held.items() if iri not in below and below & {*held.get(_SUBCLASS, ())}
        }:
            below |= more
        return below

    def kinds_of(self, general: str) -> tuple[str, ...]:
        """Return the kinds of the things that are of a class, in the order of the kinds."""
        found = {kind for iri in self.classes_under(general) for kind in self._held[iri].get(AK + "kind", ())}
        return tuple(kind for kind in KINDS if kind in found)

    def class_for(self, kind: str, name: str = "") -> str:
        """Return the class of a new thing of a kind; raises BadParameterError for a name that is no class of that kind."""
        choices = {local_name(iri): iri for iri, held in self._held.items() if kind in held.get(AK + "kind", ())}
        chosen = name or _DEFAULT_CLASSES.get(kind, kind.capitalize())
        if chosen not in choices:
            raise unknown(f"class of {kind}", chosen, choices)
        return choices[chosen]

    def value(self, general: str, name: str) -> str:
        """Return the value of a class that is a list, such as ak:Powertrain, by its name; raises BadParameterError."""
        values = [iri for iri, held in sorted(self._held.items()) if general in held.get(RDF + "type", ())]
        by_local = {local_name(iri): iri for iri in values}
        found = by_local.get(local_name(expand(name))) or self._by_name(values).get(fold(name))
        if found is None:
            raise unknown(local_name(general), name, by_local)
        return found

    def is_list(self, general: str) -> bool:
        """Tell whether the values of a class are terms of the vocabulary rather than entities."""
        return not self.kinds_of(general)

    @cached_property
    def units(self) -> dict[str, str]:
        """Units and currencies by every name: local name, symbol and labels, folded where they are words."""
        units = [iri for iri in self._held if iri.startswith(_UNITS)]
        named = self._by_name(units)
        for iri in units:
            named[local_name(iri)] = iri
            named |= dict.fromkeys(self._held[iri].get(_SYMBOL, ()), iri)
        return named

    def unit(self, name: str) -> str:
        """Return the unit that a text names; raises BadParameterError with near ones."""
        found = self.units.get(name) or self.units.get(local_name(expand(name))) or self.units.get(fold(name))
        if found is None:
            raise unknown("unit", name, self.units)
        return found

    def _by_name(self, iris: Iterable[str]) -> dict[str, str]:
        return {
            fold(name): iri
            for iri in iris
            for property_name in (RDFS + "label", SKOS + "altLabel")
            for name in self._held[iri].get(property_name, ())
        }


def unknown(what: str, name: str, known: Iterable[str], remedy: str = "") -> BadParameterError:
    """Return the error for a name that nothing has, with those that are close to it, or with all when they are few."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(name, names, n=_SHOWN, cutoff=_LIKENESS)
    if not close and len(names) <= 2 * _SHOWN:
        close = names
    meant = f"Did you mean {', '.join(close)}?" if close else ""
    return BadParameterError(f"There is no {what} {name!r}.", f"{meant} {remedy}".strip() or "Check the spelling.")


def _first(values: list[str]) -> str:
    return values[0] if values else ""
