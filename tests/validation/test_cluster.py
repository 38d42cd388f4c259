"""On a Dask cluster the report is the same, also when a worker is killed at its work."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.errors import StoreError
from alpine_kg.root import GraphRoot
from alpine_kg.validation import Report
from alpine_kg.validation.recorded import report_recorded
from alpine_kg.validation.rules import judge
from alpine_kg.validation.runners import Cluster
from alpine_kg.validation.splitting import Splitting

Compare = Callable[[Report], dict[str, Any]]
Workers = list["subprocess.Popen[bytes]"]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, Workers]]:
    """A scheduler's address, and three workers, each a process of its own."""
    file = tmp_path / "scheduler.json"

    def start(command: str, *options: str) -> "subprocess.Popen[bytes]":
        code = f"from distributed.cli.dask_{command} import main; main()"
        arguments = [sys.executable, "-c", code, "--scheduler-file", str(file), "--no-dashboard", *options]
        return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)

    processes = [start("scheduler", "--host", "127.0.0.1", "--port", "0")]
    while not (file.exists() and file.read_text(encoding="utf-8")):
        time.sleep(0.05)
    local = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--local-directory", str(tmp_path))
    processes += [start("worker", "--name", str(number), *local) for number in range(3)]
    yield json.loads(file.read_text(encoding="utf-8"))["address"], processes[1:]
    for process in processes:
        process.kill()
        process.wait()


class Deadly(Cluster):
    """Kills a worker that still has units to judge, and counts them."""

    workers: Workers
    lost = 0

    def map(self, work: Any, items: Iterable[Any]) -> Iterator[Any]:
        for result in super().map(work, items):
            if work.func is judge and not self.lost:
                self._kill()
            yield result

    def _kill(self) -> None:
        for address in [address for address, units in self._client.processing().items() if units]:
            process = self.workers[int(self._client.scheduler_info()["workers"][address]["name"])]
            # Stopped first, so that it does not finish while it is looked at.
            process.send_signal(signal.SIGSTOP)
            time.sleep(0.2)
            self.lost = len(self._client.processing()[address])
            if self.lost:
                process.kill()
                return
            process.send_signal(signal.SIGCONT)


def test_a_killed_worker_changes_nothing(
    cluster: tuple[str, Workers], cases: GraphRoot, expected: dict[str, Any], comparable: Compare
) -> None:
    address, workers = cluster
    runner = Deadly(address)
    runner.workers = workers
    splitting = Splitting(cases, "fast", runner, 20_000)
    assert comparable(report_recorded(cases, splitting.run(None), None)) == expected
    assert runner.lost > 0
    assert sorted(str(worker.poll()) for worker in workers) == [str(-signal.SIGKILL), "None", "None"]


def test_where_no_scheduler_answers_is_said() -> None:
    with pytest.raises(StoreError, match="No scheduler answers"):
        Cluster("tcp://127.0.0.1:1")
