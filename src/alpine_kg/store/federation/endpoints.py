"""Endpoints as parts that can be compared: one spelling for each address, and none for what two readers could read differently.

Source: RFC 3986, https://www.rfc-editor.org/rfc/rfc3986; what is legal there but has no use in an endpoint is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote

from alpine_kg.errors import BadParameterError, ForbiddenQueryError
from alpine_kg.settings import PREFIX

SETTING: Final = f"{PREFIX}SERVICE_ALLOW"
_PORTS: Final = {"http": 80, "https": 443}
_MOST_PORT: Final = 65_535
_ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]{2,45}\]|[^\s/?\#@:\[\]\\%]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^\s?\#\\]*)?(?:\?(?P<query>[^\s\#\\]*))?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY: Final = re.compile(r"%(?![0-9A-Fa-f]{2})|%(?:2F|5C|00)", re.IGNORECASE)
"""Percent signs that start no escape, and escapes of what parts paths: slash, backslash, NUL."""
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]")
_KEPT: Final = "/!$&'()*+,;=:@%~?"
_SHOWN: Final = 200


@dataclass(frozen=True)
class Endpoint:
    """The address of an endpoint in its one spelling; `read` raises ValueError for a text that has none."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @classmethod
    def read(cls, text: str) -> "Endpoint":
        """Return the endpoint at an address.

        >>> str(Endpoint.read("HTTPS://Query.Example.org:443/%73parql"))
        'https://query.example.org/sparql'
        """
        match = _ADDRESS.fullmatch(text)
        if not match:
            raise ValueError("it is not http:// or https:// with a host and a path, and nothing else")
        scheme = match["scheme"].lower()
        port = int(match["port"] or _PORTS[scheme])
        if not 0 < port <= _MOST_PORT:
            raise ValueError(f"there is no port {port}")
        return cls(scheme, _host(match["host"]), port, _spelled(match["path"] or "/"), _spelled(match["query"] or ""))

    @property
    def authority(self) -> str:
        """The host, with its port where that is not the scheme's own, as a Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """The path with its query string, as a request line has it."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        """Return the address."""
        return f"{self.scheme}://{self.authority}{self.target}"

    def within(self, prefix: "Endpoint") -> bool:
        """Tell whether the endpoint is at or below a prefix: parts of a path are compared whole, all else must be the same."""
        same = (self.scheme, self.host, self.port, self.query) == (
            prefix.scheme,
            prefix.host,
            prefix.port,
            prefix.query,
        )
        return same and (self.path == prefix.path or self.path.startswith(prefix.path.rstrip("/") + "/"))


@dataclass(frozen=True)
class AllowList:
    """The prefixes of the endpoints that queries may ask."""

    prefixes: tuple[Endpoint, ...]

    @classmethod
    def read(cls, texts: Iterable[str]) -> "AllowList":
        """Return the list of some prefixes; raises BadParameterError for one that is no address."""
        prefixes = []
        for text in filter(None, map(str.strip, texts)):
            try:
                prefixes.append(Endpoint.read(text))
            except ValueError as error:
                raise BadParameterError(
                    f"{SETTING} names {text!r}, which is no prefix of endpoints: {error}.",
                    "Write for example https://query.wikidata.org/, several parted by commas.",
                ) from error
        return cls(tuple(prefixes))

    def __bool__(self) -> bool:
        """Tell whether anything is allowed."""
        return bool(self.prefixes)

    def check(self, text: str) -> Endpoint:
        """Return the endpoint at an address that is allowed; raises ForbiddenQueryError for any other."""
        try:
            endpoint = Endpoint.read(text)
        except ValueError as error:
            raise self.refusal(text, str(error)) from error
        if not any(endpoint.within(prefix) for prefix in self.prefixes):
            raise self.refusal(text, "it is not below an allowed prefix")
        return endpoint

    def refusal(self, text: str, reason: str) -> ForbiddenQueryError:
        """Return the refusal of an endpoint, which names the setting and what it allows."""
        return ForbiddenQueryError(
            f"SERVICE {text[:_SHOWN]} is refused: {reason}.",
            f"{SETTING} allows endpoints below {', '.join(map(str, self.prefixes)) or 'none'}, written out as <IRI>.",
            {"endpoint": text[:_SHOWN]},
        )


def _host(text: str) -> str:
    """Return a host in lower case and ASCII; raises ValueError for what is none."""
    if text.startswith("["):
        return IPv6Address(text[1:-1]).compressed
    try:
        host = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    if not all(map(_LABEL.fullmatch, host.split("."))):
        raise ValueError(f"{text!r} is no host")
    return host


def _spelled(part: str) -> str:
    """Return a path or a query string with escapes only where they must be; raises ValueError where it could be misread."""
    if _STRAY.search(part):
        raise ValueError("it has a percent sign that escapes nothing, or an escaped slash")
    plain = _ESCAPE.sub(_unescaped, part)
    if any(step in {".", ".."} for step in plain.split("/")):
        raise ValueError("it has . or .. for a part of its path")
    if any(ord(letter) < ord(" ") or letter == "\x7f" for letter in plain):
        raise ValueError("it has a control character")
    return quote(plain, safe=_KEPT)


def _unescaped(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else match[0].upper()
