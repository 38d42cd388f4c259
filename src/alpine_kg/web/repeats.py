"""Queries that come again: their answers, kept in memory for as long as one version of the graph is served."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alpine_kg.formats import Format
from alpine_kg.store.workers import Request as Query
from alpine_kg.web.answers import Answers, Execution, Finished, whole_body
from alpine_kg.web.cache import OVERHEAD, Cache

_CHANGING: Final = re.compile(r"\b(?:now|rand|uuid|struuid|bnode|service)\b|\\u", re.IGNORECASE)
"""What makes a query's answer another each time, wherever it stands; an escaped letter may be one of them in disguise."""


@dataclass(frozen=True, slots=True)
class _Known:
    format: Format
    body: bytes

    def cost(self, query: Query) -> int:
        return OVERHEAD + len(query.query) + len(self.body)


class Repeats:
    """Answers in front of others: a query that was answered before costs no work, and none is charged for it."""

    def __init__(self, answers: Answers, limit: int) -> None:
        """Stand before `answers`, keeping so many bytes at most."""
        self.behind = answers
        self.federated = answers.federated
        self.cache: Cache[Query, _Known] = Cache(limit)
        self.served = 0

    async def answer(
        self, request: Query, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> Execution:
        """Return the answer that is known, or that of the answers behind; one that came as a whole is known from then on."""
        if known := self.cache.get(request):
            self.served += 1
            return Finished(known.format, known.body)
        execution = await self.behind.answer(request, client=client, charge=charge, seconds=seconds)
        if not execution.whole or _CHANGING.search(request.query):
            return execution
        body = await whole_body(execution)
        self.cache.put(request, _Known(execution.format, body))
        return Finished(execution.format, body)
