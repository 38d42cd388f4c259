"""Queries that come again: their answers, kept in memory for as long as one version of the graph is served."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from sys import getsizeof
from typing import Final

from alpine_kg.formats import Format
from alpine_kg.store.workers import Request as Query
from alpine_kg.web.answers import Answers, Execution, Finished, whole_body
from alpine_kg.web.cache import OVERHEAD, Cache
from alpine_kg.web.metrics import Metrics

_CHANGING: Final = re.compile(r"(?:now|rand|uuid|bnode)\s*+[(#]|service|\\u")
"""What makes a query's answer another each time, wherever it stands: engines take `BYRAND()` too, and a letter may be escaped.

A comment behind such a word is not gone through: that would take a time which grows with the square of the query's length.
"""
_WORDS: Final = ("now", "rand", "uuid", "bnode", "service", "\\u")
"""One of these is in it then: to look for each of them takes a tenth of the time that the pattern does."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer that is remembered."""

    format: Format
    body: bytes

    def cost(self, query: Query) -> int:
        """Return about how many bytes of memory the query and its answer take."""
        texts = (query.query, *query.default, *query.named)
        return OVERHEAD + sum(map(getsizeof, (*texts, query.default, query.named, self.body)))


class Repeats:
    """Answers in front of others: a query that was answered before costs no work, and none is charged for it."""

    def __init__(self, answers: Answers, limit: int, metrics: Metrics | None = None) -> None:
        """Stand before `answers`, keeping so many bytes at most, and count in `metrics` what came from them."""
        self.behind = answers
        self.federated = answers.federated
        self.cache: Cache[Query, Known] = Cache(limit)
        self._metrics = metrics or Metrics()

    async def answer(
        self, request: Query, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> Execution:
        """Return the answer that is known, or that of the answers behind; one that came as a whole is known from then on."""
        if known := self.cache.get(request):
            self._metrics.repeats += 1
            return Finished(known.format, known.body)
        execution = await self.behind.answer(request, client=client, charge=charge, seconds=seconds)
        if not execution.whole or _changes(request.query):
            return execution
        body = await whole_body(execution)
        self.cache.put(request, Known(execution.format, body))
        return Finished(execution.format, body)


def _changes(query: str) -> bool:
    """Tell whether a query's answer may be another each time."""
    text = query.lower()
    return any(word in text for word in _WORDS) and _CHANGING.search(text) is not None
