"""How much a query has taken: processor time, or a share of the time that it made others wait for nothing."""

import time
from typing import Final

from alpine_kg.store.workers.process import Worker

_IDLE_SHARE: Final = 4
"""A query that computes nothing holds a place all the same, for its reader or for another endpoint: a quarter counts."""


class Stopwatch:
    """Adds up what a worker does while it runs; the time for which it is stopped does not count."""

    def __init__(self) -> None:
        """Begin at nothing, standing still."""
        self._worker: Worker | None = None
        self._total = self._processor = self._moment = 0.0

    def start(self, worker: Worker) -> None:
        """Run."""
        self._worker, self._processor, self._moment = worker, worker.processor_seconds(), time.monotonic()

    def stop(self) -> None:
        """Stand still."""
        self._total = self.read()
        self._worker = None

    def read(self) -> float:
        """Return the seconds so far."""
        if self._worker is None:
            return self._total
        processor = self._worker.processor_seconds() - self._processor
        return self._total + max(processor, (time.monotonic() - self._moment) / _IDLE_SHARE)
