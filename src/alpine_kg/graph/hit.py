"""One entity as a list or a search shows it."""

import json
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

from alpine_kg.graph.description import path_of
from alpine_kg.graph.vocabulary import Labels

_READER: Final = json.JSONDecoder()


class Hit(NamedTuple):
    """An entity's IRI, labels by language, names of classes, and summary if any: as JSON from the index, read where asked for."""

    iri: str
    written_labels: str
    written_types: str
    written_notes: str

    @property
    def labels(self) -> Labels:
        """The labels by language."""
        return dict(_read(self.written_labels))

    @property
    def types(self) -> tuple[str, ...]:
        """The names of the classes."""
        return tuple(_read(self.written_types))

    @property
    def notes(self) -> Labels:
        """The summary by language."""
        return dict(_read(self.written_notes))


def _read(written: str) -> Any:
    """Return what is written in JSON, with nothing before or behind it."""
    return _READER.raw_decode(written)[0]


def item_of(iri: str, types: str, labels: str, notes: str) -> str:
    """Return an entity as an object of JSON from its parts in JSON: `id`, `path`, `type`, `label`, `summary`."""
    path = path_of(iri)
    shown = f'"{path}"' if path else "null"
    summary = f',"summary":{_any(notes)}' if notes != "{}" else ""
    return f'{{"id":{encode_basestring(iri)},"path":{shown},"type":{types},"label":{_any(labels)}{summary}}}'


def _any(texts: str) -> str:
    """Return texts by language in JSON with `any` for those that have none; within a text such quotes are escaped."""
    return texts.replace('"":', '"any":')
