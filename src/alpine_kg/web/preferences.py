"""What a request prefers, in a normal form: browsers write the same wish in hundreds of ways, which need one answer only."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from alpine_kg.formats import ranking
from alpine_kg.web.languages import wanted_languages

_REMEMBERED: Final = 1_000
"""Headers whose normal form is remembered; longer ones than this many bytes are read each time."""
ID_HEADER: Final = b"x-request-id"
_BODY: Final = {b"content-length", b"transfer-encoding", b"expect"}


class Wish(NamedTuple):
    """What the headers of a request say that concerns a finished answer."""

    formats: bytes
    languages: bytes
    condition: bytes
    identifier: bytes
    has_body: bool


def wish_of(headers: Iterable[tuple[bytes, bytes]]) -> Wish:
    """Return what headers with names in lower case say; several lines of one name are one list."""
    accept = language = condition = identifier = b""
    has_body = False
    for name, value in headers:
        if name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"accept-language":
            language = language + b"," + value if language else value
        elif name == b"if-none-match":
            condition = condition + b"," + value if condition else value
        elif name == ID_HEADER:
            identifier = value
        elif name in _BODY:
            has_body = True
    return Wish(_formats(accept), _languages(language), condition, identifier, has_body)


def _remembered(read: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    quick = lru_cache(_REMEMBERED)(read)
    return lambda header: quick(header) if len(header) <= _REMEMBERED else read(header)


@_remembered
def _formats(accept: bytes) -> bytes:
    return ranking(accept.decode("latin-1"))


@_remembered
def _languages(header: bytes) -> bytes:
    return ",".join(wanted_languages(None, header.decode("latin-1"), ())).encode("latin-1")
