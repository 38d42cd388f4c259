"""Feeds as bytes, in Atom and in JSON Feed.

Sources: RFC 4287, https://www.rfc-editor.org/rfc/rfc4287; JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/; for the link to
the next page RFC 5005, https://www.rfc-editor.org/rfc/rfc5005#section-3.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from alpine_kg.web.articles import Article

_ATOM: Final = "http://www.w3.org/2005/Atom"
_VERSION: Final = "https://jsonfeed.org/version/1.1"
_SITE: Final = "alpine-kg"
_UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, and texts of RDF may hold."""


@dataclass(frozen=True)
class Feed:
    """A page of a feed with absolute addresses; `origin` is what the paths of its articles are behind."""

    iri: str
    title: str
    description: str
    language: str
    updated: str
    origin: str
    page: str
    here: str
    following: str
    licence: str
    articles: tuple[Article, ...]


def write_atom(feed: Feed) -> bytes:
    """Return a feed in Atom."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": feed.language})
    _text(root, "id", feed.iri)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.description)
    _text(root, "updated", feed.updated)
    _text(ET.SubElement(root, "author"), "name", _SITE)
    _text(root, "rights", feed.licence)
    _link(root, "self", feed.here, "application/atom+xml")
    _link(root, "alternate", feed.page, "text/html")
    if feed.following:
        _link(root, "next", feed.following, "application/atom+xml")
    for article in feed.articles:
        _entry(ET.SubElement(root, "entry"), article, feed)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(entry: ET.Element, article: Article, feed: Feed) -> None:
    _text(entry, "id", article.iri)
    _text(entry, "title", article.title)
    _text(entry, "updated", article.moment)
    _text(entry, "published", article.moment)
    for author in article.authors:
        _text(ET.SubElement(entry, "author"), "name", author)
    _link(entry, "alternate", feed.origin + article.page, "text/html")
    for source in article.sources:
        _link(entry, "via", source)
    _text(entry, "summary", article.summary)
    _text(entry, "content", article.html, type="html")


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _link(parent: ET.Element, relation: str, address: str, media_type: str = "") -> None:
    typed = {"type": media_type} if media_type else {}
    ET.SubElement(parent, "link", {"rel": relation, **typed, "href": _UNWRITABLE.sub("", address)})


def write_json(feed: Feed) -> bytes:
    """Return a feed in JSON Feed."""
    body: dict[str, Any] = {
        "version": _VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page,
        "feed_url": feed.here,
        **({"next_url": feed.following} if feed.following else {}),
        "language": feed.language,
        "authors": [{"name": _SITE, "url": f"{feed.origin}/"}],
        "items": [_json_item(article, feed) for article in feed.articles],
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _json_item(article: Article, feed: Feed) -> dict[str, Any]:
    return {
        "id": article.iri,
        "url": feed.origin + article.page,
        **({"external_url": article.sources[0]} if article.sources else {}),
        "title": article.title,
        "summary": article.summary,
        "content_html": article.html,
        "content_text": article.text,
        "date_published": article.moment,
        **({"authors": [{"name": author} for author in article.authors]} if article.authors else {}),
        # An extension, whose name begins with an underscore: all sources, where the format has room for one.
        "_alpine_kg": {"sources": list(article.sources)},
    }


WRITERS: Final[dict[str, Callable[[Feed], bytes]]] = {"atom": write_atom, "json": write_json}
"""How a feed is written, by the extension of its format."""
