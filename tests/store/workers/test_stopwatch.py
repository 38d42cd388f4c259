"""How much a query has taken: the time of a worker that is stopped does not count."""

import time

import pytest

from alpine_kg.store.workers.stopwatch import Stopwatch


class IdleWorker:
    """A worker whose processor time is set by hand."""

    seconds = 7.0

    def processor_seconds(self) -> float:
        return self.seconds


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_processor_time_counts_from_the_start(moment: list[float]) -> None:
    worker, watch = IdleWorker(), Stopwatch()
    watch.start(worker)  # type: ignore[arg-type]
    worker.seconds += 2.0
    moment[0] += 2.0
    assert watch.read() == 2.0
    watch.stop()
    worker.seconds += 1.0
    moment[0] += 50.0
    assert watch.read() == 2.0
    watch.start(worker)  # type: ignore[arg-type]
    worker.seconds += 0.5
    assert watch.read() == 2.5


def test_a_query_that_waits_for_its_reader_holds_a_place_all_the_same(moment: list[float]) -> None:
    worker, watch = IdleWorker(), Stopwatch()
    watch.start(worker)  # type: ignore[arg-type]
    moment[0] += 8.0
    assert watch.read() == 2.0
