"""What every path works with: one graph, its settings, and what is read off the graph once."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.database import NotBriefError
from alpine_kg.namespaces import KINDS, PREFIXES
from alpine_kg.root import ONTOLOGY_GRAPH
from alpine_kg.settings import Settings
from alpine_kg.store.sparql import refuse_deep
from alpine_kg.store.workers import Request as Query
from alpine_kg.web.answers import Answers, Execution, InProcess, ask
from alpine_kg.web.control import Front
from alpine_kg.web.documents import Document
from alpine_kg.web.fairness import Fairness
from alpine_kg.web.links import header_link
from alpine_kg.web.listing import entities
from alpine_kg.web.metrics import Metrics
from alpine_kg.web.moments import moment_of
from alpine_kg.web.observation import note_query
from alpine_kg.web.pages import Pages, Reader
from alpine_kg.web.rounds import Rounds
from alpine_kg.web.statements import Statements

_LONG = 1 << 14
"""Characters of a query from which on it is looked at in another thread."""
_BRIEF = 0.003
"""Seconds for which the index may hold up the event loop."""
_AT_ONCE = 2
"""Questions to past states that run at once."""
_READ_ONCE = {"license", "pages"}
_TIMELESS = ("ontology", "header", "license", "lists", "pages")
_FALLBACK_LICENSE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Service:
    """One graph as it is served; a new version of the graph is a new service."""

    graph: KnowledgeGraph
    settings: Settings
    valid: bool
    answers: Answers
    fairness: Fairness
    front: Front | None = None
    metrics: Metrics = field(default_factory=Metrics)
    moment: str = ""
    """The day as of which the graph is looked at, as YYYY-MM-DD; nothing in the present."""
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    """For questions to past states, which run in threads that nobody can stop: few at once."""
    rounds: Rounds = field(default_factory=Rounds)
    """For answers that take a millisecond and are made in the event loop: a thread would take longer to have its turn."""
    index: Executor = field(default_factory=lambda: ThreadPoolExecutor(1, "index"))
    """For answers of the index that take longer: one thread, in which they take turns for the interpreter."""
    building: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a download is made, which takes memory by the size of the graph: one at a time, whoever asks for many."""
    checking: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a long query is looked through: one thread at it leaves the event loop its turn, many would not."""

    @cached_property
    def ontology(self) -> Statements:
        """The statements of the vocabulary."""
        return Statements(quad.triple for quad in self.graph.store.quads(ONTOLOGY_GRAPH))

    @cached_property
    def header(self) -> str:
        """The IRI of the ontology itself, about which it says title, description and licence."""
        return next(iter(self.ontology.subjects(PREFIXES["rdf"] + "type", PREFIXES["owl"] + "Ontology")), "")

    @cached_property
    def license(self) -> str:
        """The address of the licence of the data."""
        return self.ontology.one(self.header, PREFIXES["dcterms"] + "license") or _FALLBACK_LICENSE

    @cached_property
    def lists(self) -> dict[str, str]:
        """The name of the list of each kind that there is anything of, by kind."""
        return {kind: KINDS[kind] for kind in self.graph.catalogue.counts()}

    @cached_property
    def pages(self) -> Pages:
        """The HTML pages."""
        return Pages(valid=self.valid, license=self.license, lists=self.lists, entities=entities)

    def at(self, request: Request) -> "Service":
        """Return this service over the graph as of the day that a request names, or this very one; for a thread, not the loop.

        Raises BadParameterError, PastError, BusyError and ThrottledError: the client is charged for what it takes.
        """
        moment = moment_of(request)
        if not moment:
            return self
        graph = self._charged(request, lambda: self.graph.at(date.fromisoformat(moment)))
        return self.dated(moment, graph=graph, answers=InProcess(graph.store, self.turns))

    async def able(self, request: Request, name: str) -> "Service":
        """Return this service, or one that answers a named query which the engine behind this one gets wrong."""
        if name not in self.graph.store.unable:
            return self
        graph = await run_in_threadpool(self._charged, request, lambda: self.graph.able(name))
        return replace(self, answers=InProcess(graph.store, self.turns))

    def _charged(self, request: Request, make: Callable[[], KnowledgeGraph]) -> KnowledgeGraph:
        """Return a graph that is made for a client, who is charged for it."""
        client = self.fairness.client(request)
        self.fairness.admit(client)
        begun = time.monotonic()
        try:
            return make()
        finally:
            self.fairness.charge(client, seconds=time.monotonic() - begun)

    def dated(self, moment: str, **changes: Any) -> "Service":
        """Return this service for a reader who looks as of a day, which the pages' links keep."""
        then = replace(self, moment=moment, **changes)
        # What was read off the vocabulary and the kinds that there are is the same on every day.
        vars(then).update({name: getattr(self, name) for name in _TIMELESS})
        return then

    async def at_leisure(self, request: Request) -> "Service":
        """Return what `at` does, without holding up the event loop."""
        return await run_in_threadpool(self.at, request) if moment_of(request) else self

    async def from_index(self, request: Request, answer: Callable[[Request], Response], *, short: bool) -> Response:
        """Return an answer that is read off the index; one that is not short, or as of a day, keeps nobody waiting."""
        if moment_of(request):
            return await run_in_threadpool(answer, request)
        # What every answer needs of the store is asked of it in a thread, once.
        if short and vars(self).keys() >= _READ_ONCE:
            await self.rounds.take()
            with suppress(NotBriefError), self.graph.catalogue.briefly(_BRIEF):
                return answer(request)
        # Within the context of the request, by whose id its log is told.
        work = partial(copy_context().run, self._answered, answer, request)
        return await asyncio.get_running_loop().run_in_executor(self.index, work)

    def _answered(self, answer: Callable[[Request], Response], request: Request) -> Response:
        _ = self.license, self.pages
        return answer(request)

    async def ask(self, request: Request, query: Query, *, seconds: float | None = None) -> Execution:
        """Return the answer to a caller's query, and charge the caller for it.

        Raises what the query does, ThrottledError, and ClientGoneError when the caller hangs up.
        """
        client = self.fairness.client(request)
        self.fairness.admit(client)
        try:
            await self._refuse_deep(query.query)
            return await ask(
                self.answers,
                request,
                query,
                client=client,
                charge=lambda work: self.fairness.charge(client, seconds=work),
                seconds=seconds,
            )
        except BaseException:
            self.fairness.charge(client, errors=1)
            raise

    async def _refuse_deep(self, text: str) -> None:
        """Raise BadQueryError for a query that nests too deeply, before anything that parses sees it; note its digest."""
        note_query(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
        if len(text) > _LONG:
            async with self.checking:
                await run_in_threadpool(refuse_deep, text, self.settings.query_depth)
        else:
            refuse_deep(text, self.settings.query_depth)

    def reader(self, request: Request) -> Reader:
        """Return for whom a page is written."""
        return Reader.of(request, self.settings, self.moment)

    def page(
        self, request: Request, document: Document, template: str, *, links: tuple[str, ...] = (), **values: object
    ) -> Response:
        """Return the HTML of a document."""
        reader = self.reader(request)
        body = self.pages.render(template, reader, request, document=document, **values)
        return self.finish(document, body, language=reader.tongue, links=links)

    def finish(self, document: Document, body: bytes, *, language: str = "", links: tuple[str, ...] = ()) -> Response:
        """Return a finished document with this service's licence and life time."""
        named = (*links, header_link(self.license, "license"))
        return document.response(body, seconds=self.settings.cache_seconds, language=language, links=named)
