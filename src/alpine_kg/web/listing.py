"""Entities in rows: how a list or the hits of a search are written in each format."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from alpine_kg.formats import Context, Format, serialise
from alpine_kg.graph import Hit
from alpine_kg.graph.description import path_of
from alpine_kg.namespaces import AK, split_entity
from alpine_kg.web.documents import CSV, JSON
from alpine_kg.web.pages import Reader
from alpine_kg.web.statements import LABEL, TYPE

_SUMMARY = AK + "summary"


class Line(NamedTuple):
    """An entity as a page shows it: its address there, its name, its kind in words, and its summary if it has one."""

    address: str
    name: str
    kind: str
    summary: str


def write_list(
    hits: Iterable[Hit], target: Format, context: Context, languages: Sequence[str], head: dict[str, Any]
) -> bytes:
    """Return entities in a data format; `head` are the members that JSON has before its items."""
    if target is JSON:
        members = [f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
        items = f'"items":[{",".join(hit.json for hit in hits)}]'
        return f"{{{','.join([*members, items])}}}".encode()
    if target is CSV:
        return _table(hits, languages)
    return serialise((triple for hit in hits for triple in _triples(hit)), target, context)


def lines(hits: Iterable[Hit], reader: Reader, words: Mapping[str, str], lists: Mapping[str, str]) -> Iterator[Line]:
    """Yield entities as a page shows them; a template would take longer over it than over the rest of the page."""
    for hit in hits:
        kind, slug = split_entity(hit.iri) or ("", "")
        path = f"/{kind}/{slug}" if kind else ""
        name = reader.pick(hit.labels) or path or hit.iri
        summary = "" if hit.written_notes == "{}" else reader.pick(hit.notes)
        yield Line(reader.here(path) if path else "", name, words[lists[kind]] if kind else "", summary)


def _triples(hit: Hit) -> Iterable[ox.Triple]:
    subject = ox.NamedNode(hit.iri)
    for name in hit.types:
        yield ox.Triple(subject, ox.NamedNode(TYPE), ox.NamedNode(AK + name))
    for predicate, texts in ((LABEL, hit.labels), (_SUMMARY, hit.notes)):
        for language, text in texts.items():
            yield ox.Triple(subject, ox.NamedNode(predicate), ox.Literal(text, language=language or None))


def _table(hits: Iterable[Hit], languages: Sequence[str]) -> bytes:
    """Return entities as CSV with a column for the label in each language.

    Source: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "path", "type", *(f"label_{language}" for language in languages)])
    for hit in hits:
        labels = hit.labels
        names = [labels.get(language, labels.get("", "")) for language in languages]
        writer.writerow([hit.iri, path_of(hit.iri), " ".join(hit.types), *names])
    return text.getvalue().encode()
