"""The front of the application: finished answers from memory, and what HTTP asks of every answer.

A plain ASGI layer before the framework. It keeps finished answers that the application marks `Cache-Control: public`, adds
entity tags and answers conditional requests, HEAD and OPTIONS, and adds the headers that every answer has. A request that it
can answer from memory costs a dictionary look-up; a server that asks `recall` first saves the calls of ASGI as well.

Sources: RFC 9110, https://www.rfc-editor.org/rfc/rfc9110; Fetch, https://fetch.spec.whatwg.org/#http-cors-protocol.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alpine_kg.errors import AlpineKGError
from alpine_kg.web.addresses import allowed_methods, raw_path, refusal
from alpine_kg.web.cache import Answer, Cache, Key
from alpine_kg.web.metrics import OTHER, Family, Metrics
from alpine_kg.web.observation import Observation, identify, log_remembered
from alpine_kg.web.preferences import ID_HEADER, Wish, wish_of
from alpine_kg.web.problems import MethodError, problem_response
from alpine_kg.web.proxies import Proxies
from alpine_kg.web.recording import EVERY, METHOD, Decoration, Recording
from alpine_kg.web.wire import END, Header, read_head

_LOG: Final = logging.getLogger("alpine_kg.web")
_PREFLIGHT: Final = ((b"access-control-allow-headers", b"*"), (b"access-control-max-age", b"3600"))
_EMPTY: Final[Message] = {"type": "http.response.body", "body": b""}
_READING: Final = {"GET", "HEAD"}
_NOT_MODIFIED: Final = 304
_ID_LINE: Final = ID_HEADER + b": "


class Representations:
    """An ASGI application in front of another, with the routes of which it answers OPTIONS."""

    def __init__(
        self,
        app: ASGIApp,
        routes: Sequence[BaseRoute],
        *,
        cache_bytes: int,
        url_characters: int,
        metrics: Metrics | None = None,
        proxies: Proxies | None = None,
    ) -> None:
        """Stand before `app`; the memory of answers is this object's own and lives as long as it."""
        self.app = app
        self.cache: Cache[Key, Answer] = Cache(cache_bytes)
        self._routes = routes
        self._longest = url_characters
        self._metrics = metrics or Metrics()
        self._proxies = proxies or Proxies("")
        self._debug = _LOG.isEnabledFor(logging.DEBUG)
        self.measure: Callable[[], list[Family]] = list

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wish = wish_of(scope["headers"])
        identifier = identify(wish.identifier)
        if scope["method"] not in _READING:
            await self._observe(scope, send, identifier, lambda watched: self._forward(scope, receive, watched))
            return
        target, query = scope.get("raw_path") or raw_path(scope), scope["query_string"]
        key = (b"%b?%b" % (target, query) if query else target, wish.formats, wish.languages)
        answer = self.cache.get(key)
        if answer is None:
            await self._observe(
                scope, send, identifier, lambda watched: self._produce(key, wish, scope, receive, watched)
            )
            return
        status = await _send(send, answer, wish, scope, (ID_HEADER, identifier))
        answer.tally.count(unchanged=status == _NOT_MODIFIED)
        if self._debug:
            log_remembered(scope, status, identifier, self._proxies)

    def recall(self, target: bytes, headers: Sequence[Header], *, bodiless: bool) -> tuple[bytes, bytes] | None:
        """Return head and body of the remembered answer to a GET, or bodiless to a HEAD; None when it takes the application.

        For servers that write them as they are, with a date: to remember costs less than the calls between server and
        application. The head lacks its last, empty line.
        """
        wish = wish_of(headers)
        answer = self.cache.get((target, wish.formats, wish.languages))
        if answer is None or wish.has_body or self._debug:
            return None
        head, body = answer.choose(wish.condition, bodiless=bodiless)
        answer.tally.count(unchanged=head is answer.unchanged)
        return b"".join((head, _ID_LINE, identify(wish.identifier), END)), body

    async def _observe(
        self, scope: Scope, send: Send, identifier: bytes, work: Callable[[Observation], Awaitable[None]]
    ) -> None:
        """Have a request answered, and note what became of it."""
        observation = Observation(scope, send, identifier, self._metrics)
        try:
            await work(observation)
        except Exception as error:
            _LOG.exception("a request has failed by a defect")
            if observation.status == 0:
                await problem_response(error)(scope, _nothing, Decoration(observation))
            elif not observation.complete:
                raise  # the server breaks the transfer off
        finally:
            observation.end(self._proxies)

    async def _produce(self, key: Key, wish: Wish, scope: Scope, receive: Receive, send: Observation) -> None:
        """Send the application's answer, and keep a finished one that may be given to everybody."""
        recording = Recording(send, bodiless=scope["method"] == "HEAD")
        await self._inner({**scope, "method": "GET", METHOD: scope["method"]}, receive, recording, send)
        finished = recording.answer(self._metrics.tally(send.family))
        if finished is None:
            return
        answer, public = finished
        if public:
            self.cache.put(key, answer)
        await _send(send, answer, wish, scope)

    async def _forward(self, scope: Scope, receive: Receive, send: Observation) -> None:
        """Answer OPTIONS and the methods that a path does not have; pass on the rest."""
        method, allowed = scope["method"], allowed_methods(self._routes, scope)
        listed = ", ".join(allowed)
        if allowed and method == "OPTIONS":
            headers = [(b"allow", listed.encode()), (b"access-control-allow-methods", listed.encode())]
            await send({"type": "http.response.start", "status": 204, "headers": [*headers, *_PREFLIGHT, *EVERY]})
            await send(_EMPTY)
        elif allowed and method not in allowed:
            refused = MethodError(f"{scope['path']} does not answer to {method}.", f"Use {listed}.")
            await problem_response(refused, {"Allow": listed})(scope, receive, Decoration(send))
        else:
            await self._inner(scope, receive, Decoration(send), send)

    async def _inner(self, scope: Scope, receive: Receive, send: Send, observation: Observation) -> None:
        refused = refusal(scope, self._longest)
        try:
            await (problem_response(refused) if refused else self.app)(scope, receive, send)
        finally:
            # The framework leaves the route there, whose pattern is the family of paths that the request is of.
            observation.family = getattr(scope.get("route"), "path", OTHER)


def refuser(error: AlpineKGError) -> ASGIApp:
    """Return an application that answers every request with one problem, and ends the connection."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        await problem_response(error, {"Connection": "close"})(scope, receive, Decoration(send))

    return refuse


async def _send(send: Send, answer: Answer, wish: Wish, scope: Scope, *more: Header) -> int:
    """Send a finished answer, or 304 in its place; return which status it was."""
    head, body = answer.choose(wish.condition, bodiless=scope["method"] == "HEAD")
    status, headers = read_head(head)
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": body})
    return status


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
