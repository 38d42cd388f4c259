"""Redirection: a query with the address of the forwarder in the place of each endpoint that is allowed."""

from typing import Final
from urllib.parse import quote, unquote

from alpine_kg.store.federation.endpoints import AllowList
from alpine_kg.store.sparql import service_clauses

_LOUD: Final = "loud"
_SILENT: Final = "silent"


class Redirection:
    """Rewrites queries for one forwarder, in the worker that reaches nothing else."""

    def __init__(self, allowed: AllowList, port: int) -> None:
        """Redirect to a port of the loopback interface."""
        self._allowed = allowed
        self._port = port

    def __call__(self, query: str) -> str:
        """Return a query that asks the forwarder; raises ForbiddenQueryError for an endpoint that is not allowed."""
        parts, written = [], 0
        for clause in service_clauses(query):
            iri = clause.endpoint
            if not iri.startswith("<"):
                raise self._allowed.refusal(iri, "the endpoint is a variable or a prefixed name")
            if not clause.plain:
                raise self._allowed.refusal(iri, "a text or a comment holds a whole SERVICE clause")
            endpoint = self._allowed.check(iri[1:-1])
            parts += [query[written : clause.start], f"<{address(self._port, str(endpoint), silent=clause.silent)}>"]
            written = clause.end
        return "".join([*parts, query[written:]])


def origin(port: int) -> str:
    """Return what all addresses of a forwarder begin with."""
    return f"http://127.0.0.1:{port}/"


def address(port: int, endpoint: str, *, silent: bool) -> str:
    """Return where a forwarder takes requests for an endpoint."""
    return f"{origin(port)}{_SILENT if silent else _LOUD}/{quote(endpoint, safe='')}"


def endpoint_of(path: str) -> tuple[str, bool]:
    """Return the endpoint that a path of the forwarder stands for, and whether it may fail in silence.

    >>> endpoint_of("/silent/https%3A%2F%2Fexample.org%2Fsparql")
    ('https://example.org/sparql', True)
    """
    mode, _, endpoint = path.removeprefix("/").partition("/")
    return unquote(endpoint), mode == _SILENT
