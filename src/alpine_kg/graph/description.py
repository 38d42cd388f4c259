"""One entity's description: triples that say and prove what is known of it, and the same as a tree for JSON and HTML."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from alpine_kg.errors import NotFoundError
from alpine_kg.formats import Context
from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.namespaces import AK, ENTITY, PREFIXES, RDF, RDFS, split_entity
from alpine_kg.store import Store

Tree = dict[str, Any]

_SUBJECT: Final = RDF + "subject"
_PREDICATE: Final = RDF + "predicate"
_OBJECT: Final = RDF + "object"
_LABEL: Final = RDFS + "label"
_NAMES: Final = (PREFIXES["skos"] + "prefLabel", _LABEL)
_TYPE: Final = RDF + "type"
_CLAIM: Final = AK + "Claim"
_GROUPS: Final = {_SUBJECT: "facts", _OBJECT: "incoming"}
"""The keys under which claims stand, grouped by property: those about the entity and those that lead to it."""
_NAMED: Final = (ENTITY, AK, PREFIXES["cur"], PREFIXES["unit"])
"""The namespaces of what a description gives the names of."""


def path_of(iri: str) -> str | None:
    """Return the path of an entity's document, or None for an IRI that is not an entity's."""
    parts = split_entity(iri)
    return f"/{parts[0]}/{parts[1]}" if parts else None


def node_of(iri: str) -> ox.NamedNode:
    """Return an IRI as a node; raises NotFoundError for a text that cannot be an IRI, and so names nothing."""
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise NotFoundError(f"{iri!r} is not an IRI: {error}.", f"IRIs look like {ENTITY}plant/dieppe.") from error


@dataclass(frozen=True)
class Description:
    """An entity with its facts, their evidence, and the names of all that they link to."""

    iri: str
    triples: tuple[ox.Triple, ...]
    context: Context

    @classmethod
    def of(cls, iri: str, store: Store, context: Context) -> "Description":
        """Return the description of an entity; raises NotFoundError when the store says nothing of it."""
        node = node_of(iri)
        triples = store.construct(LOOKUPS["description"].bind({"entity": node}))
        if not any(triple.subject == node for triple in triples):
            raise NotFoundError(
                f"There is no {' '.join((split_entity(iri) or ('entity', iri))[:2])}.", "Search for it at /search?q=."
            )
        mentioned = {term for triple in triples for term in triple if isinstance(term, ox.NamedNode)}
        described = {triple.subject for triple in triples if triple.predicate.value == _LABEL}
        # Vocabulary terms carry their labels too, so that a document can be read without the ontology.
        wanted = sorted((term for term in mentioned - described if term.value.startswith(_NAMED)), key=str)
        cards = store.construct(LOOKUPS["cards"].bind({"thing": [*wanted]})) if wanted else []
        return cls(iri, tuple(dict.fromkeys([*triples, *cards])), context)

    @cached_property
    def tree(self) -> Tree:
        """The description as one nested JSON-LD node: exactly its triples, facts grouped by property."""
        return _Nesting(self.iri, self.triples, self.context).root()


class _Nesting:
    """Turns triples into a tree: a node is written out wherever it is linked, except inside itself, and a claim only once.

    Claims are linked among themselves: written out in each other, some hundred of them would make a tree of gigabytes.
    """

    def __init__(self, iri: str, triples: Iterable[ox.Triple], context: Context) -> None:
        self._iri = iri
        self._context = context
        self._nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        self._reached: set[str] = set()
        for triple in sorted(triples, key=str):
            self._nodes[_identifier(triple.subject)][triple.predicate.value].append(triple.object)

    def root(self) -> Tree:
        tree = self._node(self._iri, ())
        for role, key in _GROUPS.items():
            if grouped := self._claims(role):
                tree[key] = grouped
        if links := self._links():
            # First, also by the alphabet: JSON-LD processors refuse @reverse behind a key that is a reverse property.
            tree = {"backlinks": links} | tree
        rest = [iri for iri in self._nodes if iri not in self._reached]
        if rest:
            tree["included"] = [self._node(iri, (self._iri,)) for iri in rest]
        return tree

    def _claims(self, role: str) -> dict[str, list[Tree]]:
        """Return the claims in which the entity has a role, by the name of their property."""
        groups: dict[str, list[Tree]] = defaultdict(list)
        for claim, members in self._nodes.items():
            if claim != self._iri and any(value.value == self._iri for value in members.get(role, ())):
                for predicate in members.get(_PREDICATE, ()):
                    groups[self._context.name(predicate.value)].append(self._node(claim, (self._iri,), role))
        return dict(sorted(groups.items()))

    def _links(self) -> dict[str, list[Tree]]:
        """Return all other links to the entity, by the name of their property."""
        links: dict[str, list[Tree]] = defaultdict(list)
        for origin, members in self._nodes.items():
            for predicate, values in members.items():
                backwards = predicate not in _GROUPS and any(
                    getattr(value, "value", "") == self._iri for value in values
                )
                # What is already written inside a fact, such as the plain triple of a claim, is not written again.
                if backwards and origin != self._iri and origin not in self._reached:
                    links[self._context.name(predicate)].append(self._node(origin, (self._iri,), predicate))
        return dict(sorted(links.items()))

    def _node(self, iri: str, above: tuple[str, ...], unless: str = "") -> Tree:
        """Return a node with its links written out, leaving out the property that leads back up to the entity."""
        self._reached.add(iri)
        tree: Tree = {"id": iri}
        if path := path_of(iri):
            tree["path"] = path
        members = self._nodes.get(iri, {})
        for predicate in sorted(members, key=self._context.name):
            values = [
                value
                for value in members[predicate]
                if not (predicate == unless and getattr(value, "value", "") == self._iri)
            ]
            if values:
                tree.update(self._nested(self._context.entries(predicate, values), (*above, iri)))
        return tree

    def _nested(self, entries: Tree, above: tuple[str, ...]) -> Tree:
        return {
            key: value if key == "type" else self._embed(value, above, links=self._context.links(key))
            for key, value in entries.items()
        }

    def _embed(self, value: Any, above: tuple[str, ...], *, links: bool) -> Any:
        """Return a JSON value with the nodes that it names put in their place."""
        if isinstance(value, list):
            return [self._embed(item, above, links=links) for item in value]
        iri = value.get("id") if isinstance(value, dict) else value if links and isinstance(value, str) else None
        if iri is None or iri in above:
            return value
        if self._is_claim(iri):
            return self._named(iri)
        return self._node(iri, above) if iri in self._nodes or path_of(iri) else value

    def _is_claim(self, iri: str) -> bool:
        return any(kind.value == _CLAIM for kind in self._nodes.get(iri, {}).get(_TYPE, ()))

    def _named(self, iri: str) -> Tree:
        """Return a node by its name alone."""
        tree: Tree = {"id": iri}
        if path := path_of(iri):
            tree["path"] = path
        for name in _NAMES:
            if name in self._nodes[iri]:
                tree |= self._context.entries(name, self._nodes[iri][name])
        return tree


def _identifier(term: Any) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else str(term.value)
