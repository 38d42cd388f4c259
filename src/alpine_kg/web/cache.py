"""Finished answers, kept in memory up to a number of bytes; what was not asked for longest goes first."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from starlette.types import Message

from alpine_kg.web.metrics import Tally

Key = tuple[bytes, bytes, bytes, bytes]
"""Path, query string, Accept and Accept-Language of a request."""

_OVERHEAD: Final = 2_000
"""Bytes that an entry costs beside what it holds, roughly."""
_LARGEST_SHARE: Final = 4
"""An answer that takes more than this part of the room is not kept, so that one download cannot drive out all pages."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer as the messages that are sent: head and body, and the head of a 304 in its place; `tally` counts it."""

    start: Message
    body: Message
    etag: bytes
    not_modified: Message
    tally: Tally

    def cost(self, key: Key) -> int:
        """Return about how many bytes of memory the answer takes."""
        headers = sum(len(name) + len(value) for name, value in self.start["headers"])
        return _OVERHEAD + sum(map(len, key)) + 2 * headers + len(self.body["body"])


class Cache:
    """A mapping from requests to answers that never holds more than its limit; for one thread."""

    def __init__(self, limit: int) -> None:
        """Make an empty cache for this many bytes."""
        self._limit = limit
        self._held: OrderedDict[Key, Answer] = OrderedDict()
        self.size = 0

    def get(self, key: Key) -> Answer | None:
        """Return the answer that is kept for a request."""
        answer = self._held.get(key)
        if answer is not None:
            self._held.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
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
