"""The kinds of engine: where each has its endpoints, and what in its answers has to be put right."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from alpine_kg.errors import BadParameterError
from alpine_kg.settings import PREFIX, Settings


@dataclass(frozen=True)
class Engine:
    """One kind of engine.

    `path` is what the path of its query endpoint looks like; `update` and `graphs` are put in the place of its end, for the
    endpoints of updates and of the Graph Store Protocol. `typical` tells that no other kind has such a path. `limit` is the
    parameter by which a query can be given so many units of time a second. `mends` are put right in SPARQL results in JSON.
    `incomplete` are headers by which it says that an answer is not whole. `unable` are the named queries that it gets wrong.
    """

    name: str
    path: str = ""
    update: str = ""
    graphs: str = ""
    typical: bool = False
    digest: bool = False
    limit: tuple[str, int] | None = None
    mends: tuple[tuple[re.Pattern[bytes], bytes], ...] = ()
    incomplete: tuple[str, ...] = ()
    unable: frozenset[str] = frozenset()

    def mended(self, lines: bytes) -> bytes:
        """Return whole lines of an answer with what has to be put right in them: a line break never stands inside of a text."""
        for pattern, instead in self.mends:
            lines = pattern.sub(instead, lines)
        return lines

    def place(self, address: str, ending: str) -> str:
        """Return the address of another endpoint of the engine that has its query endpoint at `address`."""
        parts = urlsplit(address)
        path = re.sub(f"{self.path}$", ending, parts.path, count=1) if self.path else parts.path
        return urlunsplit(parts._replace(path=path))


_BOOLEAN: Final = rb'(XMLSchema#boolean", "value": )'
_LABEL: Final = re.compile(rb'("type": "bnode", "value": ")nodeID://')
_ROWS: Final = (
    Engine("oxigraph", "/query", "/update", "/store", typical=True),
    Engine(
        "virtuoso",
        "/sparql",
        "/sparql-auth",
        "/sparql-graph-crud-auth",
        digest=True,
        limit=("timeout", 1000),
        # A text never holds a plain quotation mark in JSON, so that these are never parts of one.
        mends=(
            (re.compile(_BOOLEAN + rb'"0"'), rb'\1"false"'),
            (re.compile(_BOOLEAN + rb'"1"'), rb'\1"true"'),
            (_LABEL, rb"\1"),
        ),
        incomplete=("x-sql-state", "x-sparql-maxrows"),
        # It has no room for the keys of the first, and loses conditions of the second: both measured with 7.2.5.
        unable=frozenset({"promises", "conflicts"}),
    ),
    Engine("fuseki", "/(sparql|query)", "/update", "/data", limit=("timeout", 1)),
    Engine(
        "graphdb",
        "/repositories/([^/]+)",
        r"/repositories/\1/statements",
        r"/repositories/\1/rdf-graphs/service",
        typical=True,
    ),
    Engine("neptune", "/sparql", "/sparql", "/sparql/gsp/"),
    Engine("stardog", "/query", "/update", "", limit=("timeout", 1000)),
    Engine("sparql"),
)
ENGINES: Final = {row.name: row for row in _ROWS}
"""Every kind by name; the last is any that has one address for all three protocols, or whose addresses are all set."""


def engine_of(name: str, address: str) -> Engine:
    """Return the kind of engine of a name, or the one that an address is typical of; raises BadParameterError for no kind."""
    if name:
        if name not in ENGINES:
            raise BadParameterError(
                f"{PREFIX}STORE_ENGINE is {name!r}, which is no kind of engine.", f"Choose {', '.join(ENGINES)}."
            )
        return ENGINES[name]
    path = urlsplit(address).path
    return next((row for row in _ROWS if row.typical and re.fullmatch(row.path, path)), ENGINES["sparql"])


def check_engine(settings: Settings) -> None:
    """Raise BadParameterError for what does not go with a remote engine, or without one."""
    given = [row.name for row in dataclasses.fields(Settings) if row.name.startswith("store_")]
    given = [name for name in given if getattr(settings, name) != getattr(Settings, name)]
    if given and not settings.remote:
        raise BadParameterError(
            f"{PREFIX}{given[0].upper()} is for a remote engine, and {PREFIX}STORE names none.",
            "Set it to an address that begins with https:// or http://.",
        )
    if settings.remote:
        engine_of(settings.store_engine, settings.store)
    if "@" in settings.store.partition("://")[2].partition("/")[0] and settings.remote:
        raise BadParameterError(
            f"The address in {PREFIX}STORE has a name or a password in it, which would be seen in lists of processes.",
            f"Set {PREFIX}STORE_USER and {PREFIX}STORE_PASSWORD.",
        )
    if settings.remote and settings.service_allow:
        raise BadParameterError(
            f"{PREFIX}SERVICE_ALLOW keeps SERVICE within bounds here, which cannot be done in a remote engine.",
            "Unset it, or hold the graph in memory or in a folder.",
        )
