"""What is new: announcements, and outcomes of earlier promises, of the whole graph or concerning one entity."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from alpine_kg.graph.description import node_of
from alpine_kg.graph.lookup import LOOKUPS
from alpine_kg.namespaces import local_name, split_entity
from alpine_kg.store import Row, Store


@dataclass(frozen=True)
class News:
    """One announcement, or one outcome of a promise: the claim that tells it, the link that says what it is, the promise.

    `known` is the day (YYYY-MM-DD) on which the announcement that made it public was certainly known.
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
    outcome those of the promise and of the claim that tells what became of it. What has no day is left out.
    """
    query = LOOKUPS["news-of"].bind({"entity": node_of(entity)}) if entity else LOOKUPS["news"].text
    return sorted({_read(row) for row in store.select(query)}, key=lambda news: news.key, reverse=True)


def details_of(store: Store, news: Iterable[News]) -> list[ox.Triple]:
    """Return the statements that it takes to tell some news in words."""
    chosen = list(news)
    announcements = sorted({item.announcement for item in chosen})
    claims = sorted({claim for item in chosen for claim in item.claims})
    return store.construct(
        LOOKUPS["news-details"].bind(
            {
                "announcement": [ox.NamedNode(iri) for iri in announcements],
                "claim": [ox.NamedNode(iri) for iri in claims],
            }
        )
    )


_PARTS: Final = ("announcement", "outcome", "link", "promise")


def _read(row: Row) -> News:
    return News(row["known"].value, *(row[name].value if row.get(name) else "" for name in _PARTS))
