"""Measurements: what is counted while requests are answered, and how that is written for Prometheus.

Source of the format: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4.
"""

import json
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the latency histogram, in seconds."""
OTHER: Final = "other"
"""The family of requests for which there is no path."""

Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]
"""A series: the end of its name, its labels, and its value."""


@dataclass(frozen=True)
class Family:
    """One metric: its name, type and help, and its series."""

    name: str
    type: str
    help: str
    samples: tuple[Sample, ...]


class Tally:
    """How often answers of one family of paths were given from memory; each is one addition."""

    __slots__ = ("hits", "unchanged")

    def __init__(self) -> None:
        """Begin with none."""
        self.hits = 0
        self.unchanged = 0

    def count(self, *, unchanged: bool) -> None:
        """Count one, and whether it was answered 304."""
        self.hits += 1
        self.unchanged += unchanged


@dataclass
class Histogram:
    """How many requests took how long."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds

    def samples(self, labels: Labels) -> Iterator[Sample]:
        """Yield the series of the histogram."""
        total = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self.counts, strict=True):
            total += count
            yield "_bucket", (*labels, ("le", bound)), total
        yield "_sum", labels, self.seconds
        yield "_count", labels, total


@dataclass
class Metrics:
    """What one serving process has counted since its start, from one generation of the graph to the next."""

    requests: dict[tuple[str, str, int], int] = field(default_factory=dict)
    latencies: dict[str, Histogram] = field(default_factory=dict)
    tallies: dict[str, Tally] = field(default_factory=dict)
    sent: int = 0
    running: int = 0
    repeats: int = 0
    renewals: int = 0
    refusals: int = 0
    started: float = field(default_factory=time.time)

    def tally(self, family: str) -> Tally:
        """Return where the answers of a family of paths from memory are counted."""
        return self.tallies.setdefault(family, Tally())

    def count(self, family: str, method: str, status: int, seconds: float, size: int) -> None:
        """Count a request that was answered by the application."""
        key = (family, method, status)
        self.requests[key] = self.requests.get(key, 0) + 1
        self.latencies.setdefault(family, Histogram()).add(seconds)
        self.sent += size

    def families(self) -> Iterator[Family]:
        """Yield what was counted."""
        yield counter(
            "http_requests_total",
            "Requests that the application answered, by family of paths, method and status.",
            {
                (("family", family), ("method", method), ("status", str(status))): count
                for (family, method, status), count in self.requests.items()
            },
        )
        yield counter(
            "queries_remembered_total", "Callers' SPARQL queries that were answered from memory.", {(): self.repeats}
        )
        yield Family(
            _name("http_request_seconds"),
            "histogram",
            "Time from the request's head to the end of its answer; answers from memory are left out.",
            tuple(
                sample
                for family, histogram in self.latencies.items()
                for sample in histogram.samples((("family", family),))
            ),
        )
        yield counter(
            "http_remembered_answers_total",
            "Requests that were answered from memory; `unchanged` are those answered 304 among them.",
            {
                (("family", family), ("answer", name)): count
                for family, tally in self.tallies.items()
                for name, count in (("any", tally.hits), ("unchanged", tally.unchanged))
            },
        )
        yield counter("http_answer_bytes_total", "Bytes of the bodies that the application sent.", {(): self.sent})
        yield gauge("http_requests_running", "Requests that the application is answering.", {(): self.running})
        yield counter(
            "renewals_total", "New generations of the graph that this process took over.", {(): self.renewals}
        )
        yield counter("refusals_total", "Reloads that were refused.", {(): self.refusals})
        yield gauge("start_time_seconds", "When this process started, in seconds since 1970.", {(): self.started})


def counter(name: str, explanation: str, values: Mapping[Labels, float]) -> Family:
    """Return a metric that only grows."""
    return Family(_name(name), "counter", explanation, tuple(("", labels, value) for labels, value in values.items()))


def gauge(name: str, explanation: str, values: Mapping[Labels, float]) -> Family:
    """Return a metric that goes up and down."""
    return Family(_name(name), "gauge", explanation, tuple(("", labels, value) for labels, value in values.items()))


def encoded(families: Iterable[Family]) -> bytes:
    """Return measurements as another process can read them."""
    return json.dumps([[one.name, one.type, one.help, one.samples] for one in families]).encode()


def decoded(held: bytes) -> list[Family]:
    """Return the measurements of another process."""
    return [
        Family(
            name, kind, explanation, tuple((end, tuple(map(tuple, labels)), value) for end, labels, value in samples)
        )
        for name, kind, explanation, samples in json.loads(held)
    ]


def exposition(measured: Mapping[str, Iterable[Family]]) -> str:
    """Return the measurements of several processes as one page, in which the label `process` tells them apart."""
    merged: dict[str, tuple[Family, list[str]]] = {}
    for process, families in measured.items():
        for family in families:
            lines = merged.setdefault(family.name, (family, []))[1]
            lines += [
                _line(family.name + end, (*labels, ("process", process)), value)
                for end, labels, value in family.samples
            ]
    return "".join(
        f"# HELP {name} {_escaped(family.help)}\n# TYPE {name} {family.type}\n{''.join(lines)}"
        for name, (family, lines) in merged.items()
    )


def _line(name: str, labels: Labels, value: float) -> str:
    shown = ",".join(f'{key}="{_escaped(text, quote=True)}"' for key, text in labels)
    return f"{name}{{{shown}}} {value:.10g}\n"


def _escaped(text: str, *, quote: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quote else text


def _name(name: str) -> str:
    return f"alpine_kg_{name}"
