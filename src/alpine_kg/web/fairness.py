"""Fair use: each client has so many seconds of query work and so many errors, which come back with time.

A client is an address and a User-Agent, as at the Wikidata Query Service. Addresses from X-Forwarded-For count only when they
were written by a proxy that the settings trust.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from starlette.requests import Request

from alpine_kg.errors import ThrottledError
from alpine_kg.settings import Settings
from alpine_kg.web.proxies import proxies_of

_MINUTE: Final = 60.0
_REMEMBERED: Final = 10_000
"""Clients that are remembered; one that has been silent for longest is forgotten first."""
_AGENT: Final = 200


@dataclass
class _Bucket:
    """What a client has left, as of a moment."""

    work: float
    errors: float
    moment: float


class Fairness:
    """The buckets of all clients of one serving process."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Give each client what the settings say."""
        self._settings = settings
        self._clock = clock
        # Past states are built in threads, which charge for it.
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._proxies = proxies_of(settings.trusted_proxies)

    def client(self, request: Request) -> str:
        """Return who sent a request."""
        return f"{self._proxies.address(request.scope)} {request.headers.get('user-agent', '')[:_AGENT]}"

    def admit(self, client: str) -> None:
        """Raise ThrottledError, with the seconds to wait, for a client that has used up its work or its errors."""
        with self._lock:
            bucket, settings = self._refilled(client), self._settings
        waits = [
            -left / refill * _MINUTE
            for left, refill in (
                (bucket.work, settings.client_work_refill),
                (bucket.errors, settings.client_errors_refill),
            )
            if left <= 0 < refill
        ]
        if waits:
            seconds = max(1, ceil(max(waits)))
            raise ThrottledError(
                "You have used up your share of this service for now.",
                f"Try again in {seconds} seconds.",
                {"seconds": seconds},
            )

    def charge(self, client: str, *, seconds: float = 0.0, errors: int = 0) -> None:
        """Take work and errors from a client's bucket."""
        with self._lock:
            bucket = self._refilled(client)
            bucket.work -= seconds
            bucket.errors -= errors

    def _refilled(self, client: str) -> _Bucket:
        settings, now = self._settings, self._clock()
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(settings.client_work_seconds, settings.client_errors, now)
            if len(self._buckets) > _REMEMBERED:
                self._buckets.popitem(last=False)
        minutes = (now - bucket.moment) / _MINUTE
        bucket.work = min(settings.client_work_seconds, bucket.work + minutes * settings.client_work_refill)
        bucket.errors = min(settings.client_errors, bucket.errors + minutes * settings.client_errors_refill)
        bucket.moment = now
        self._buckets.move_to_end(client)
        return bucket
