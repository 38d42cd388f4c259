"""What is new: announcements, and outcomes of earlier promises, of the whole graph or concerning one entity."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from alpine_kg.graph.description import node_of
from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.namespaces import local_name, split_entity
from alpine_kg.store import Row, Store

_DETAILS: Final = LOOKUPS["news-details"]


@dataclass(frozen=True)
class News:
    """One announcement, or one outcome of a promise: the claim that tells it, the link that says what it is, the promise.

    `known` is the day (YYYY-MM-DD) on which it was certainly public: the announcement, or the outcome and the promise both.
    """

    known: str
    announcement: str
    outcome: str = ""
    link: str = ""
    promise: str = ""

    @property
    def iri(self) -> str:
        """An identifier that stays the same in every feed: the announcement's, or the outcome's with the promise behind it."""
        if not self.outcome:
            return self.announcement
        promise = (split_entity(self.promise) or ("", local_name(self.promise)))[1]
        return f"{self.outcome}#{local_name(self.link)}-{promise}"

    @property
    def key(self) -> tuple[str, str]:
        """What news are ordered by, the newest having the greatest."""
        return self.known, self.iri

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims that it takes to tell it."""
        return (self.outcome, self.promise) if self.outcome else ()


def news_of(store: Store, entity: str | None = None) -> list[News]:
    """Return the news that concern an entity, or all that there are, newest first.

    An announcement concerns an entity that a claim in it is about or leads to, so also who announced, attended or hosted it; an
    outcome, which is of another announcement than the promise, those of the promise and of the claim that tells what became of
    it. What has no day is left out.
    """
    query = LOOKUPS["news-of"].bind({"entity": node_of(entity)}) if entity else LOOKUPS["news"].text
    return sorted({_read(row) for row in store.select(query)}, key=lambda news: news.key, reverse=True)


def details_of(store: Store, news: Iterable[News]) -> list[ox.Triple]:
    """Return the statements that it takes to tell some news in words."""
    chosen = list(news)
    asked = [{"announcement": [iri], "claim": []} for iri in dict.fromkeys(item.announcement for item in chosen)]
    asked += [
        {"announcement": [], "claim": [iri]} for iri in dict.fromkeys(claim for item in chosen for claim in item.claims)
    ]
    # One thing at a time: for many at once the engine joins with all labels that there are, instead of looking up.
    return [row for terms in asked for row in store.construct(_DETAILS.bind(_nodes(terms)))]


def _nodes(terms: dict[str, list[str]]) -> dict[str, ox.NamedNode | ox.Literal | list[ox.NamedNode | ox.Literal]]:
    return {name: [ox.NamedNode(iri) for iri in iris] for name, iris in terms.items()}


_PARTS: Final = ("announcement", "outcome", "link", "promise")


def _read(row: Row) -> News:
    return News(row["known"].value, *(row[name].value if row.get(name) else "" for name in _PARTS))
