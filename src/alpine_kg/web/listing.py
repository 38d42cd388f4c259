"""Entities in rows: how a list or the hits of a search are written in each format."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox
from markupsafe import Markup, escape

from alpine_kg.formats import Context, Format, serialise
from alpine_kg.graph import Hit, Hits
from alpine_kg.graph.description import path_of
from alpine_kg.graph.ranking import is_quick
from alpine_kg.namespaces import AK
from alpine_kg.web.documents import CSV, HTML, JSON
from alpine_kg.web.pages import Reader
from alpine_kg.web.statements import LABEL, TYPE

_SUMMARY = AK + "summary"
_SHORT = 120


def is_short(target: Format, most: int, text: str) -> bool:
    """Tell whether so many entities at most, whose names have a text in them, are found and written in a millisecond or two."""
    return target in {JSON, HTML} and most <= _SHORT and is_quick(text)


def write_list(hits: Hits, target: Format, context: Context, languages: Sequence[str], head: dict[str, Any]) -> bytes:
    """Return entities in a data format; `head` are the members that JSON has before its items."""
    if target is JSON:
        members = [f"{json.dumps(name)}:{json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
        items = f'"items":[{hits.json}]'
        return f"{{{','.join([*members, items])}}}".encode()
    if target is CSV:
        return _table(hits, languages)
    return serialise((triple for hit in hits for triple in _triples(hit)), target, context)


def entities(hits: Hits, reader: Reader, words: Mapping[str, str], lists: Mapping[str, str]) -> Markup:
    """Return entities as the rows of a page's list; a template would take longer over them than over the rest of the page.

    Each has its name with a link to its page here, its kind in words, and its summary if it has one.
    """
    marks: dict[str, str] = {}
    pick, first, rows = reader.pick, reader.languages[0], []
    found = [*hits.named()]
    # Nearly all have a name in the first language.
    names = _escaped([labels.get(first) or pick(labels) or place for place, labels, _ in found])
    for name, (place, _, notes) in zip(names, found, strict=True):
        shown, mark = name, ""
        if place.startswith("/"):
            # Paths of entities have nothing in them that means anything in HTML; what is asked for behind them may.
            address = escape(reader.here(place)) if reader.travels else place
            shown, kind = f'<a href="{address}">{name}</a>', place[1 : place.index("/", 1)]
            mark = marks.get(kind) or marks.setdefault(kind, f' <span class="kind">{escape(words[lists[kind]])}</span>')
        summary = pick(notes) if notes else ""
        rows.append(f"<li>{shown}{mark}\n{f'<p>{escape(summary)}</p>' if summary else ''}</li>\n")
    return Markup("".join(rows))  # noqa: S704 - what they are made of is escaped


def _escaped(texts: Sequence[str]) -> list[str]:
    """Return texts as HTML, all at once where none of them has more than one line."""
    together = str(escape("\n".join(texts))).split("\n")
    return together if len(together) == len(texts) else [str(escape(text)) for text in texts]


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
