"""The connection to an engine: its three endpoints, who we are there, how long we wait, and what is tried again.

Sources: https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from alpine_kg import __version__
from alpine_kg.errors import AlpineKGError, StoreError, TimeLimitError, UnsupportedQueryError
from alpine_kg.settings import PREFIX, Settings
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.remote.engines import Engine, engine_of

_LOG: Final = logging.getLogger("alpine_kg.store")
_CONNECTING: Final = 3.0
"""Seconds in which an engine must take a connection."""
_CONNECTIONS: Final = 20
_IDLE: Final = 5.0
"""Seconds for which an unused connection is kept, less than engines keep it."""
_TRIES: Final = 2
_PAUSE: Final = 0.1
_SAID: Final = 500
"""Characters of an engine's complaint that are passed on."""
_AGAIN: Final = "Try again in a few seconds."
_UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNANSWERED: Final = (*_UNSENT, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError)
_QUERY: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_REFUSED: Final[dict[int, tuple[type[AlpineKGError], str, str]]] = {
    401: (StoreError, "The engine does not know this service.", f"Set {PREFIX}STORE_USER and {PREFIX}STORE_PASSWORD."),
    403: (StoreError, "The engine does not let this service do that.", "Grant it the right to read and to write."),
    404: (StoreError, "The engine has nothing at the address that is set.", "See docs/engines.md for the settings."),
    408: (TimeLimitError, "The engine ended the query.", "Ask for less at once."),
    429: (StoreError, "The engine is asked too much.", _AGAIN),
    502: (StoreError, "The engine cannot be reached.", _AGAIN),
    503: (StoreError, "The engine does not serve at the moment.", _AGAIN),
    504: (TimeLimitError, "The engine ended the query.", "Ask for less at once."),
}
"""What an engine's status becomes; any other error of a query means that the engine cannot do what it asks."""


@dataclass(frozen=True)
class Addresses:
    """Where an engine takes queries, updates, and whole graphs."""

    query: str
    update: str
    graphs: str


class Connection:
    """Speaks to one engine; safe to use from several threads, and anew in each process that is forked."""

    def __init__(self, engine: Engine, addresses: Addresses, settings: Settings) -> None:
        """Prepare to speak; nothing is sent yet."""
        self.engine = engine
        self._addresses = addresses
        self._settings = settings
        self._client: httpx.Client | None = None
        self._process = 0

    @classmethod
    def of(cls, settings: Settings) -> "Connection":
        """Return the connection to the engine that the settings name; raises BadParameterError when they do not fit together."""
        engine = engine_of(settings.store_engine, settings.store)
        query = settings.store
        addresses = Addresses(
            query,
            settings.store_update or engine.place(query, engine.update),
            settings.store_graphs or engine.place(query, engine.graphs),
        )
        return cls(engine, addresses, settings)

    @contextmanager
    def ask(self, query: str, dataset: DatasetChoice, accept: str) -> Iterator[httpx.Response]:
        """Give the answer to a query over a dataset, its body still to be read.

        Raises StoreError when the engine cannot be had, TimeLimitError, and UnsupportedQueryError for what it cannot do.
        """
        form: dict[str, Any] = {
            "query": query,
            "default-graph-uri": list(dataset.default),
            "named-graph-uri": list(dataset.named),
        }
        if self.engine.limit:
            name, units = self.engine.limit
            form[name] = str(int(self._settings.query_seconds * units))
        request = self._http.build_request("POST", self._addresses.query, data=form, headers={"Accept": accept})
        response = self._send(request, again=_UNANSWERED)
        try:
            self._check(response, UnsupportedQueryError)
            self._check_whole(response)
            with _told():
                yield response
        finally:
            response.close()

    def update(self, text: str) -> None:
        """Carry out an update, once: when no answer comes nobody knows whether it has been."""
        request = self._http.build_request(
            "POST",
            self._addresses.update,
            content=text,
            headers={"Content-Type": "application/sparql-update"},
            timeout=_patience(self._settings.store_seconds),
        )
        self._finish(self._send(request, again=_UNSENT))

    def put(self, graph: str, triples: bytes, *, add: bool = False) -> None:
        """Put triples, as N-Triples, in place of what a named graph holds, or beside it."""
        request = self._http.build_request(
            "POST" if add else "PUT",
            self._addresses.graphs,
            params={"graph": graph},
            content=triples,
            headers={"Content-Type": "application/n-triples"},
            timeout=_patience(self._settings.store_seconds),
        )
        self._finish(self._send(request, again=_UNSENT if add else _UNANSWERED))

    def delete(self, graph: str) -> None:
        """Remove a named graph, if it is there."""
        request = self._http.build_request(
            "DELETE", self._addresses.graphs, params={"graph": graph}, timeout=_patience(self._settings.store_seconds)
        )
        response = self._send(request, again=_UNANSWERED)
        if response.status_code == httpx.codes.NOT_FOUND:
            response.close()
        else:
            self._finish(response)

    def close(self) -> None:
        """Hang up."""
        if self._client and self._process == os.getpid():
            self._client.close()
        self._client = None

    def __del__(self) -> None:
        """Hang up when nobody speaks here any more."""
        self.close()

    @property
    def _http(self) -> httpx.Client:
        """The client of this process: one that was inherited would share its connections with the parent's."""
        if self._client is None or self._process != os.getpid():
            self._process = os.getpid()
            self._client = httpx.Client(
                auth=self._auth(),
                headers={"User-Agent": f"alpine-kg/{__version__}"} | self._bearer(),
                timeout=_patience(self._settings.query_seconds),
                limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_IDLE),
                trust_env=False,  # neither proxies nor .netrc: the settings alone say whom we speak to, and as whom
            )
        return self._client

    def _auth(self) -> httpx.Auth | None:
        user, password = self._settings.store_user, self._settings.store_password
        if not user:
            return None
        digest = (self._settings.store_auth or ("digest" if self.engine.digest else "basic")) == "digest"
        return httpx.DigestAuth(user, password) if digest else httpx.BasicAuth(user, password)

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.store_token}"} if self._settings.store_token else {}

    def _send(self, request: httpx.Request, *, again: tuple[type[Exception], ...]) -> httpx.Response:
        """Send a request, once more when it failed in one of these ways; raises StoreError or TimeLimitError."""
        for left in reversed(range(_TRIES)):
            try:
                with _told(*(again if left else ())):
                    return self._http.send(request, stream=True)
            except again:
                time.sleep(_PAUSE)
        raise AssertionError("the last try has an outcome")

    def _finish(self, response: httpx.Response) -> None:
        try:
            self._check(response, StoreError)
        finally:
            response.close()

    def _check(self, response: httpx.Response, otherwise: type[AlpineKGError]) -> None:
        """Raise what an engine's refusal means."""
        if response.is_success:
            return
        with _told():
            said = response.read().decode(errors="replace")[:_SAID].strip()
        # Not what it says: that may be the query.
        _LOG.warning("the engine answers with status %s", response.status_code)
        kind, message, remedy = _REFUSED.get(
            response.status_code,
            (otherwise, f"The engine ({self.engine.name}) cannot do this: {said}", "Write it in another way."),
        )
        raise kind(message, remedy)

    def _check_whole(self, response: httpx.Response) -> None:
        """Raise TimeLimitError or StoreError for an answer of which the engine says that it is not whole."""
        for name in self.engine.incomplete:
            if name not in response.headers:
                continue
            if name.endswith("maxrows"):
                raise StoreError(
                    f"The engine gives the first {response.headers[name]} rows of an answer only.",
                    "Whoever runs it can raise its limit; ask for less at once.",
                )
            raise TimeLimitError("The engine ended the query before its answer was whole.", "Ask for less at once.")


def _patience(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=_CONNECTING)


@contextmanager
def _told(*passed: type[Exception]) -> Iterator[None]:
    """Turn what goes wrong on the way into our own errors, except what is passed on."""
    try:
        yield
    except httpx.HTTPError as error:
        if isinstance(error, passed):
            raise
        if isinstance(error, httpx.ReadTimeout):
            raise TimeLimitError("The engine took longer than it may.", "Ask for less at once.") from error
        _LOG.warning("the engine cannot be had: %s", error)
        raise StoreError("The engine that holds the graph cannot be reached.", _AGAIN) from error
