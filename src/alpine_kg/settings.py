"""All settings in one frozen table: name, default, help; the only reader of the environment."""

import dataclasses
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alpine_kg.errors import BadParameterError

PREFIX = "ALPINE_KG_"


def _setting(default: Any, explanation: str) -> Any:
    return field(default=default, metadata={"help": explanation})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What can be set, by `ALPINE_KG_<NAME>` in the environment or by the option of the same name."""

    root: Path | None = _setting(
        None, "graph root to serve: a folder with ontology/, data/ and queries/; shipped graph when unset"
    )
    store: Path | None = _setting(None, "folder of an on-disk store; the graph is held in memory when unset")
    cache: Path | None = _setting(
        None, "folder that remembers which graphs were found valid; the user's cache folder when unset"
    )
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    public_url: str = _setting(
        "", "address under which people reach the service, when it differs from what the server sees"
    )
    allow_invalid: bool = _setting(False, "serve a graph that fails validation; /readyz says so")
    languages: str = _setting(
        "fr,en", "languages of labels, in the order in which they are tried after the caller's own"
    )
    page_size: int = _setting(100, "rows of a list page")
    page_size_max: int = _setting(1000, "most rows of a list page that a caller can ask for")
    search_limit: int = _setting(20, "hits of a search")
    cache_bytes: int = _setting(64 * 2**20, "most bytes of finished answers kept in memory")
    cache_seconds: int = _setting(300, "seconds for which clients and proxies may keep an answer")
    query_body_bytes: int = _setting(2 * 2**20, "longest body of a SPARQL query")
    url_characters: int = _setting(60_000, "longest address, with its query string")
    log_level: str = _setting("info", "least serious messages to log: debug, info, warning or error")

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
            values[name] = _parse(variable, text, known[name])
        values.update({name: value for name, value in arguments.items() if value is not None})
        return cls(**values)


def _parse(variable: str, text: str, setting: dataclasses.Field[Any]) -> Any:
    """Return an environment variable's text as the type of its setting."""
    if setting.type == Path | None:
        return Path(text)
    if setting.type is bool:
        if text.lower() in {"1", "true", "yes", "0", "false", "no"}:
            return text.lower() in {"1", "true", "yes"}
        raise BadParameterError(f"{variable} is {text!r}, which is neither true nor false.", "Write 1 or 0.")
    if setting.type is int:
        try:
            return int(text)
        except ValueError:
            raise BadParameterError(
                f"{variable} is {text!r}, which is not a whole number.", "Write digits only."
            ) from None
    return text
