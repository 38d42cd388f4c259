"""Where callers' SPARQL goes: to workers that can be killed, or, for a graph opened in this very process, to a thread."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import nullcontext
from functools import partial
from typing import Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from alpine_kg.errors import AlpineKGError, ResourceLimitError
from alpine_kg.formats import Format
from alpine_kg.store import DatasetChoice, Store
from alpine_kg.store.workers import Later
from alpine_kg.store.workers import Request as Query

_LONGEST_PIECE: Final = 64 * 2**20
"""Bytes of an answer that are held for a client that cannot tell a broken stream from a whole one."""
_UNWATCHED: Final = 0.01
"""Seconds for which nobody looks whether the caller is still there: most answers are, by then."""
_LOG: Final = logging.getLogger("alpine_kg.web")


class Execution(Protocol):
    """A query on its way: its format, and whether its answer is whole already."""

    format: Format
    whole: bool

    def body(self) -> AsyncIterator[bytes]:
        """Yield the answer; an error while it is being read means that it stays incomplete."""

    async def aclose(self) -> None:
        """End the query."""


class Answers(Protocol):
    """What answers callers' queries; `federated` tells whether those may ask other endpoints."""

    federated: bool

    async def answer(
        self, request: Query, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> Execution:
        """Return an answer that is whole or has begun; see `Lanes.answer`."""


class ClientGoneError(Exception):
    """The client has hung up before its answer was there."""


class InProcess:
    """Answers from a store in this process, in a thread: for programs and tests, where nobody needs to be stopped."""

    federated = False

    def __init__(self, store: Store, turns: asyncio.Semaphore | None = None) -> None:
        """Answer from a store; `turns` limits how many questions run at once."""
        self._store = store
        self._turns = turns or nullcontext()

    async def answer(
        self, request: Query, *, client: str, charge: Callable[[float], None], seconds: float | None = None
    ) -> "Finished":
        """Return the whole answer."""
        del client, seconds
        async with self._turns:
            begun = time.monotonic()
            try:
                return await run_in_threadpool(self._answer, request)
            finally:
                charge(time.monotonic() - begun)

    def _answer(self, request: Query) -> "Finished":
        results, graphs = request.formats
        try:
            answer = self._store.answer(request.query, request.dataset, results=results, graphs=graphs)
        except AlpineKGError as error:
            # The frames of the traceback hold the engine's solutions, which only this thread may let go of.
            error.__cause__ = error.__context__ = None
            raise error.with_traceback(None) from None
        return Finished(answer.format, answer.body)


class Finished:
    """An answer that is there as a whole."""

    whole = True

    def __init__(self, target: Format, body: bytes) -> None:
        """Hold a body in its format."""
        self.format = target
        self._body = body

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer at once."""
        yield self._body

    async def aclose(self) -> None:
        """Do nothing: there is nothing left to end."""


class Stream(Response):
    """An answer of unknown length; one that fails on its way is not finished, so that the connection breaks."""

    def __init__(self, execution: Execution, headers: dict[str, str]) -> None:
        """Prepare to send an answer that has begun."""
        super().__init__(headers=headers, media_type=execution.format.content_type)
        del self.headers["content-length"]
        self._execution = execution

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer as it comes, until it is whole, fails, or the client hangs up."""
        gone = asyncio.ensure_future(_until_gone(Request(scope, receive)))
        sending = asyncio.ensure_future(self._send(send))
        try:
            await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        except AlpineKGError as error:
            _LOG.warning("an answer breaks off: %s", error.message)
        finally:
            gone.cancel()
            sending.cancel()
            await self._execution.aclose()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for part in self._execution.body():
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def ask(
    answers: Answers,
    request: Request,
    query: Query,
    *,
    client: str,
    charge: Callable[[float], None],
    seconds: float | None = None,
) -> Execution:
    """Return the answer to a caller's query; when the caller hangs up, end the query and raise ClientGoneError."""
    task = asyncio.current_task()
    assert task
    watch = Later(_UNWATCHED, partial(_cancel_when_gone, request, task))
    try:
        return await answers.answer(query, client=client, charge=charge, seconds=seconds)
    except asyncio.CancelledError:
        if not watch.done:
            raise
        task.uncancel()
        raise ClientGoneError from None
    finally:
        await watch.aclose()
        # What a failed query leaves would otherwise keep itself alive: its traceback holds this frame, which holds the task.
        del watch, task


async def whole_body(execution: Execution) -> bytes:
    """Return an answer as one piece."""
    return b"".join([part async for part in execution.body()])


async def respond(execution: Execution, headers: dict[str, str], request: Request) -> Response:
    """Return a whole answer with its length, and a longer one as a stream.

    When a stream fails its transfer breaks off, so that no HTTP library takes what has come for the whole answer. HTTP/1.0 ends
    a stream by closing the connection, whole or not: its clients get answers that are whole, up to a size, or an error.
    """
    target = execution.format
    if execution.whole:
        return Response(await whole_body(execution), headers=headers, media_type=target.content_type)
    if request.scope.get("http_version") == "1.0":
        return Response(await _bounded(execution), headers=headers, media_type=target.content_type)
    return Stream(execution, headers)


async def _bounded(execution: Execution) -> bytes:
    """Return an answer as one piece; raises ResourceLimitError when it is too long for that."""
    held = bytearray()
    async for part in execution.body():
        held += part
        if len(held) > _LONGEST_PIECE:
            await execution.aclose()
            raise ResourceLimitError("The answer is too long for HTTP/1.0.", "Ask by HTTP/1.1.")
    return bytes(held)


async def _cancel_when_gone(request: Request, task: asyncio.Task[object]) -> None:
    await _until_gone(request)
    task.cancel()


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def query_of(text: str, dataset: DatasetChoice, results: Format | None, graphs: Format | None) -> Query:
    """Return a query as it travels to a worker."""
    extensions = [chosen.extension if chosen else None for chosen in (results, graphs)]
    return Query(text, dataset.default, dataset.named, *extensions)
