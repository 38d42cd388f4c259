"""What the catalogue holds of each entity: its row, and its names as they are searched for."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from alpine_kg.graph.hit import item_of
from alpine_kg.graph.vocabulary import Labels, pick
from alpine_kg.names import fold, forms
from alpine_kg.namespaces import AK, PREFIXES, RDF, SKOS, local_name, split_entity

RESOURCE: Final = "resource"
"""The kind of everything whose IRI tells none, as in a graph of any vocabulary."""
_TYPE: Final = RDF + "type"
_OTHERS: Final = {SKOS + "altLabel", AK + "publisher"}
_NOTES: Final = {PREFIXES["dcterms"] + "description", AK + "summary"}
_NAME: Final = SKOS + "prefLabel"
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


Said = tuple[str, str, str, str]
"""One name, note or class of an entity: its IRI, the property, the text, and the text's language."""


class Row(NamedTuple):
    """An entity as the index holds it: labels, types, notes and `item`, all three together, are JSON; names stand one a line.

    `indexed` is what is searched.
    """

    iri: str
    kind: str
    slug: str
    sort: str
    labels: str
    types: str
    notes: str
    item: str
    names: str
    indexed: str


@dataclass(frozen=True)
class Entry:
    """An entity of the catalogue."""

    kind: str
    row: Row

    @classmethod
    def of(cls, iri: str, said: Iterable[Said], *, plain: bool) -> "Entry | None":
        """Return the entry of what is said of an entity; None, unless `plain`, without a class or a kind in the IRI."""
        of_the_day: Labels = {}
        written: Labels = {}
        notes: Labels = {}
        names: dict[str, None] = {}
        types = set()
        for _, prop, text, language in said:
            if prop == _TYPE:
                types.add(text)
            elif prop in _NOTES:
                notes.setdefault(language, text)
            else:
                names.update(dict.fromkeys(forms(text)))
                if prop not in _OTHERS:
                    (of_the_day if prop == _NAME else written).setdefault(language, text)
        # The name of the day, where there is one, comes before what the thing was labelled when it was written down.
        labels = of_the_day or written
        own = split_entity(iri)
        if not plain and not (own and types):
            return None
        kind, slug = own or (RESOURCE, local_name(iri))
        shown = sorted(local_name(name) for name in types if kind == RESOURCE or name.startswith(AK))
        sort = fold(pick(labels, ["fr", "en"])) or slug
        texts = {"labels": _JSON.encode(labels), "types": _JSON.encode(shown), "notes": _JSON.encode(notes)}
        row = Row(
            iri,
            kind,
            slug,
            sort,
            **texts,
            item=item_of(iri, **texts),
            names="\n".join(names),
            indexed=" ".join([*names, *forms(slug)]),
        )
        return cls(kind, row)


@lru_cache(maxsize=1024)
def target_slug(iri: str) -> str:
    """Return the end of an IRI, by which callers name what links lead to."""
    return local_name(iri)
