"""Finished answers, kept in memory up to a number of bytes; what was not asked for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from alpine_kg.web.metrics import Tally
from alpine_kg.web.wire import Header, write_head

Key = tuple[bytes, bytes, bytes]
"""Address, rank of the formats and order of the languages of a request; see `preferences`. The day is part of the address."""

OVERHEAD: Final = 1_000
"""Bytes that an entry costs beside what it holds, roughly."""
_LARGEST_SHARE: Final = 4
"""An answer that takes more than this part of the room is not kept, so that one download cannot drive out all pages."""
_OF_THE_BODY: Final = {b"content-length", b"content-type", b"content-disposition"}
"""Headers that describe a body, which a 304 leaves out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer as it is sent: its head, its body, and the head of a 304 in its place; `tally` counts it."""

    head: bytes
    body: bytes
    etag: bytes
    unchanged: bytes
    tally: Tally

    @classmethod
    def of(cls, status: int, headers: list[Header], body: bytes, etag: bytes, tally: Tally) -> "Answer":
        """Return an answer; raises ValueError for a header that cannot be written."""
        kept = [header for header in headers if header[0] not in _OF_THE_BODY]
        return cls(write_head(status, headers), body, etag, write_head(304, kept), tally)

    def choose(self, condition: bytes, *, bodiless: bool) -> tuple[bytes, bytes]:
        """Return head and body for a request with this If-None-Match, or without one."""
        if condition and self.etag and (self.etag in condition or condition.strip() == b"*"):
            return self.unchanged, b""
        return self.head, b"" if bodiless else self.body

    def cost(self, key: Key) -> int:
        """Return about how many bytes of memory the answer takes."""
        return OVERHEAD + sum(map(len, key)) + len(self.head) + len(self.unchanged) + len(self.body)


class Costly(Protocol):
    """What takes memory."""

    def cost(self, key: Any, /) -> int:
        """Return about how many bytes of memory this takes under a key."""


K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Costly)


class Cache(Generic[K, V]):
    """A mapping from requests to answers that never holds more than its limit; for one thread."""

    def __init__(self, limit: int) -> None:
        """Make an empty cache for this many bytes."""
        self._limit = limit
        self._held: OrderedDict[K, V] = OrderedDict()
        self.size = 0

    def get(self, key: K) -> V | None:
        """Return the answer that is kept for a request."""
        answer = self._held.get(key)
        if answer is not None:
            self._held.move_to_end(key)
        return answer

    def put(self, key: K, answer: V) -> None:
        """Keep an answer, unless it is too large, and let go of the oldest ones that no longer fit."""
        cost = answer.cost(key)
        if cost > self._limit // _LARGEST_SHARE:
            return
        if previous := self._held.pop(key, None):
            self.size -= previous.cost(key)
        self._held[key] = answer
        self.size += cost
        while self.size > self._limit:
            oldest, gone = self._held.popitem(last=False)
            self.size -= gone.cost(oldest)

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._held)
