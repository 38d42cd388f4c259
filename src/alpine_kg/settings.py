"""All settings in one frozen table: name, default, help; the only reader of the environment."""

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from alpine_kg.errors import BadParameterError

PREFIX = "ALPINE_KG_"
_NUMBERS: Final[dict[Any, tuple[Callable[[str], float], str]]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
}


_CHOICES: Final = {"default_graph": ("union", "strict"), "store_auth": ("", "basic", "digest")}


def _setting(default: Any, explanation: str) -> Any:
    return field(default=default, metadata={"help": explanation})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set, by `ALPINE_KG_<NAME>` in the environment or by the option of the same name."""

    root: Path | None = _setting(
        None, "graph root to serve: a folder with ontology/, data/ and queries/; shipped graph when unset"
    )
    files: tuple[Path, ...] = _setting(
        (), "files of any RDF to serve as they are, parted by colons, in place of a graph root"
    )
    default_graph: str = _setting(
        "union", "for such files: union, or strict to keep named graphs out of the default graph"
    )
    store: str = _setting(
        "",
        "folder of an on-disk store, or address of a remote engine's queries; the graph is held in memory when unset",
    )
    store_engine: str = _setting(
        "", "kind of a remote engine: a row of the table in `engines.md`; told by the address when unset"
    )
    store_update: str = _setting(
        "", "address of a remote engine's updates, where it does not follow from that of queries"
    )
    store_graphs: str = _setting(
        "", "address of a remote engine's Graph Store Protocol, where it does not follow from that of queries"
    )
    store_user: str = _setting("", "name under which a remote engine knows this service")
    store_password: str = _setting("", "password for it")
    store_auth: str = _setting("", "basic or digest: how the password is shown; the engine's usual way when unset")
    store_token: str = _setting("", "bearer token that is shown to a remote engine, in place of a name and a password")
    store_seconds: float = _setting(600.0, "longest time of one request that changes a remote engine")
    cache: Path | None = _setting(
        None, "folder that remembers which graphs were found valid; the user's cache folder when unset"
    )
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    public_url: str = _setting(
        "", "address under which people reach the service, when it differs from what the server sees"
    )
    allow_invalid: bool = _setting(False, "serve a graph that fails validation; /readyz says so")
    engine: str = _setting(
        "reference", "who runs the shapes when a graph is validated: reference (pySHACL) or fast; both find the same"
    )
    languages: str = _setting(
        "fr,en", "languages of labels, in the order in which they are tried after the caller's own"
    )
    page_size: int = _setting(100, "rows of a list page")
    page_size_max: int = _setting(1000, "most rows of a list page that a caller can ask for")
    search_limit: int = _setting(20, "hits of a search")
    cache_bytes: int = _setting(64 * 2**20, "most bytes of finished answers kept in memory")
    answers_bytes: int = _setting(
        16 * 2**20,
        "most bytes of answers to SPARQL queries kept in memory; 0 switches this off, and it is always off with a remote engine",
    )
    downloads_bytes: int = _setting(
        4096 * 2**20, "most bytes of finished large downloads kept in temporary files, by each serving process"
    )
    past_states: int = _setting(8, "past states of the graph, as of a day, kept in memory by each serving process")
    past_triples: int = _setting(
        400_000, "most triples of the past states in memory together; a graph that has more can be had as of today only"
    )
    cache_seconds: int = _setting(300, "seconds for which clients and proxies may keep an answer")
    query_body_bytes: int = _setting(2 * 2**20, "longest body of a SPARQL query")
    upload_bytes: int = _setting(128 * 2**20, "longest body of a write")
    url_characters: int = _setting(60_000, "longest address, with its query string")
    header_bytes: int = _setting(32 * 2**10, "bytes that the headers of a request may have in all")
    headers: int = _setting(100, "headers that a request may have")
    head_seconds: float = _setting(10.0, "seconds in which the head of a request must arrive")
    body_seconds: float = _setting(
        30.0, "seconds in which the body of a request must arrive, beside those that its size takes"
    )
    body_rate: int = _setting(16 * 2**10, "bytes a second that a body's sender is expected to send at least")
    send_seconds: float = _setting(30.0, "seconds for which a client may take nothing of its answer")
    workers: int = _setting(1, "processes that speak HTTP")
    connections: int = _setting(1000, "most connections at once in one serving process; more get 503")
    keep_alive_seconds: int = _setting(15, "seconds for which an idle connection is kept")
    shutdown_seconds: int = _setting(35, "seconds that running requests have to finish when the service is stopped")
    query_seconds: float = _setting(30.0, "longest time of a SPARQL query; `timeout=` may only lower it")
    query_memory_bytes: int = _setting(1024 * 2**20, "most memory that one SPARQL query may take")
    queries_memory_bytes: int = _setting(
        4096 * 2**20, "most memory that all SPARQL queries of a serving process may take together"
    )
    query_queue: int = _setting(
        100, "SPARQL queries that may run and wait at once in one serving process; more get 503"
    )
    query_depth: int = _setting(200, "deepest nesting of brackets in a SPARQL query")
    short_lane: int = _setting(
        2, "SPARQL queries that run at once in the short lane; the number of processors is a good one"
    )
    short_lane_milliseconds: int = _setting(100, "milliseconds after which a query moves to the long lane")
    long_lane: int = _setting(2, "SPARQL queries that run at once in the long lane, at the lowest priority")
    spool_bytes: int = _setting(4 * 2**20, "bytes of an answer that are collected before its status is sent")
    service_allow: str = _setting(
        "",
        "prefixes of endpoints that SERVICE may ask, parted by commas, such as https://query.wikidata.org/; none when unset",
    )
    service_seconds: float = _setting(5.0, "longest time of one request to another endpoint")
    service_bytes: int = _setting(16 * 2**20, "most bytes that one query may take from other endpoints")
    service_redirects: int = _setting(1, "redirections of a request that are followed, to allowed endpoints only")
    service_requests: int = _setting(10, "most requests to other endpoints that one query may make")
    token: str = _setting("", "secret that reloads and writes must show; without one neither is possible")
    trusted_proxies: str = _setting(
        "", "addresses of proxies whose X-Forwarded-For, -Proto and -Host are believed, parted by commas"
    )
    client_work_seconds: float = _setting(120.0, "seconds of query work that a client has at most")
    client_work_refill: float = _setting(60.0, "seconds of query work that a client regains a minute")
    client_errors: float = _setting(60.0, "errors that a client has at most before it is held off")
    client_errors_refill: float = _setting(30.0, "errors that a client regains a minute")
    log_level: str = _setting("info", "least serious messages to log: debug, info, warning or error")

    @property
    def store_folder(self) -> Path | None:
        """The folder of an on-disk store, if the store is one."""
        return Path(self.store) if self.store and not self.remote else None

    @property
    def remote(self) -> bool:
        """Whether a remote engine holds the graph."""
        return self.store.lower().startswith(("http://", "https://"))

    @property
    def cache_folder(self) -> Path:
        """The folder of `cache`, or the user's cache folder by the XDG rules."""
        home = os.environ.get("XDG_CACHE_HOME")
        return self.cache or (Path(home) if home else Path.home() / ".cache") / "alpine-kg"

    @classmethod
    def of_process(cls, **arguments: Any) -> "Settings":
        """Return the settings of this process's environment and these arguments; see `read`."""
        return cls.read(os.environ, **arguments)

    @classmethod
    def read(cls, environment: Mapping[str, str], **arguments: Any) -> "Settings":
        """Return the settings of an environment, with arguments that are not None taking precedence.

        Raises BadParameterError for a value of the wrong type and for an unknown `ALPINE_KG_` variable.
        """
        values: dict[str, Any] = {}
        known = {f.name: f for f in dataclasses.fields(cls)}
        for variable, text in environment.items():
            if not variable.startswith(PREFIX):
                continue
            name = variable.removeprefix(PREFIX).lower()
            if name not in known:
                raise BadParameterError(
                    f"{variable} is not a setting.",
                    f"The settings are: {', '.join(PREFIX + n.upper() for n in known)}.",
                )
            # Empty is unset: a folder of that name would be the current one.
            if text:
                values[name] = _parse(variable, text, known[name])
        values.update({name: value for name, value in arguments.items() if value is not None})
        for name, choices in _CHOICES.items():
            if values.get(name, choices[0]) not in choices:
                raise BadParameterError(
                    f"{PREFIX}{name.upper()} cannot be {values[name]!r}.",
                    f"Choose {' or '.join(filter(None, choices))}.",
                )
        if "store" in values:
            values["store"] = str(values["store"])
        return cls(**values)


def _parse(variable: str, text: str, setting: dataclasses.Field[Any]) -> Any:
    """Return an environment variable's text as the type of its setting."""
    if setting.type == Path | None:
        return Path(text)
    if setting.type is bool:
        if text.lower() in {"1", "true", "yes", "0", "false", "no"}:
            return text.lower() in {"1", "true", "yes"}
        raise BadParameterError(f"{variable} is {text!r}, which is neither true nor false.", "Write 1 or 0.")
    if setting.type == tuple[Path, ...]:
        return tuple(map(Path, text.split(os.pathsep)))
    if setting.type in _NUMBERS:
        number, kind = _NUMBERS[setting.type]
        try:
            return number(text)
        except ValueError:
            raise BadParameterError(f"{variable} is {text!r}, which is not {kind}.", "Write digits only.") from None
    return text


def table() -> str:
    """Return all settings as the Markdown table that `docs/settings.md` holds."""
    rows = ["| variable | default | what it sets |", "|---|---|---|"]
    for setting in dataclasses.fields(Settings):
        default = "" if setting.default in {None, "", ()} else f"`{setting.default}`"
        rows.append(f"| `{PREFIX}{setting.name.upper()}` | {default} | {setting.metadata['help']} |")
    return "\n".join(rows) + "\n"
