"""One entity as a list or a search shows it."""

import json
from dataclasses import dataclass
from functools import cached_property

from alpine_kg.graph.description import path_of
from alpine_kg.graph.vocabulary import Labels


@dataclass(frozen=True)
class Hit:
    """An entity's IRI, labels by language, names of classes, and summary if any: as JSON from the index, read where asked for."""

    iri: str
    written_labels: str
    written_types: str
    written_notes: str

    @cached_property
    def labels(self) -> Labels:
        """The labels by language."""
        return dict(json.loads(self.written_labels))

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The names of the classes."""
        return tuple(json.loads(self.written_types))

    @cached_property
    def notes(self) -> Labels:
        """The summary by language."""
        return dict(json.loads(self.written_notes))

    @cached_property
    def json(self) -> str:
        """The entity as an object of JSON, put together from what the index has: `id`, `path`, `type`, `label`, `summary`."""
        path = path_of(self.iri)
        members = [
            f'"id":{json.dumps(self.iri, ensure_ascii=False)}',
            f'"path":"{path}"' if path else '"path":null',
            f'"type":{self.written_types}',
            f'"label":{_any(self.written_labels)}',
        ]
        if self.written_notes != "{}":
            members.append(f'"summary":{_any(self.written_notes)}')
        return f"{{{','.join(members)}}}"


def _any(texts: str) -> str:
    """Return texts by language in JSON with `any` for those that have none; within a text such quotes are escaped."""
    return texts.replace('"":', '"any":')
