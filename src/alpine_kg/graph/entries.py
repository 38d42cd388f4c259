"""What the catalogue holds of each entity: its row, its names as they are searched for, and its links."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.graph.vocabulary import Labels, pick
from alpine_kg.names import fold
from alpine_kg.namespaces import AK, PREFIXES, RDF, RDFS, SKOS, local_name, split_entity
from alpine_kg.store import Store

RESOURCE: Final = "resource"
"""The kind of everything whose IRI tells none, as in a graph of any vocabulary."""
_NAMES: Final = {
    SKOS + "prefLabel": "name",
    RDFS + "label": "label",
    SKOS + "altLabel": "other",
    PREFIXES["dcterms"] + "description": "note",
    AK + "summary": "note",
    AK + "publisher": "other",
}


def collect(store: Store, query: str, *, kinds: bool) -> dict[str, dict[str, list[Any]]]:
    """Return the names, notes and classes of every entity, by IRI; with `kinds`, only of those whose IRI tells its kind."""
    names: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in store.select(query):
        key = "type" if row["property"].value == RDF + "type" else _NAMES.get(row["property"].value, "label")
        names[row["entity"].value][key].append(row["name"])
    return {iri: held for iri, held in names.items() if not kinds or (split_entity(iri) and held["type"])}


def row_of(iri: str, held: dict[str, list[Any]]) -> tuple[str, ...]:
    """Return an entity's row of the table."""
    kind, slug = split_entity(iri) or (RESOURCE, local_name(iri))
    # The name of the day, where there is one, comes before what the thing was labelled when it was written down.
    labels = _by_language(held["name"]) or _by_language(held["label"])
    types = sorted(local_name(node.value) for node in held["type"] if kind == RESOURCE or node.value.startswith(AK))
    sort = fold(pick(labels, ["fr", "en"])) or slug
    return iri, kind, slug, sort, json.dumps(labels), json.dumps(types), json.dumps(_by_language(held["note"]))


def document_of(iri: str, held: dict[str, list[Any]]) -> tuple[str, str, str]:
    """Return what is indexed of an entity: all its names in one text, then the same names one a line."""
    slug = (split_entity(iri) or (RESOURCE, local_name(iri)))[1]
    names = [fold(name.value) for name in dict.fromkeys((*held["name"], *held["label"], *held["other"]))]
    return " ".join([*names, fold(slug)]), "\n".join(names), iri


def links_of(store: Store) -> Iterator[tuple[str, str, str]]:
    """Yield each link between things as property, target and entity."""
    for row in store.select(LOOKUPS["links"].text):
        yield local_name(row["property"].value), row["target"].value, row["entity"].value


def _by_language(texts: Iterable[Any]) -> Labels:
    return {text.language or "": text.value for text in sorted(texts, key=str)}
