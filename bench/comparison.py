"""The rows of a comparison, the table that they make, and the file that lets a later run show what has changed."""

import json
import math
import os
import platform
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, Self

_PACKAGES: Final = ("alpine-kg", "pyoxigraph", "oxigraph", "rdflib", "rdflib-endpoint", "pyshacl", "fastapi", "uvicorn")
_NOTABLE: Final = 1.1
"""A figure that differs from the earlier one by more than this factor is said to have changed."""
_HEADS: Final = ("comparison", "what", "unit", "ours", "peer", "peer's", "ours / peer's", "aim", "met")


@dataclass(frozen=True)
class Row:
    """One thing that was measured: our figure, a peer's where there is one, and the aim where there is one.

    `most` and `least` bound our figure divided by the peer's, or our figure itself where there is no peer.
    """

    comparison: str
    what: str
    unit: str
    ours: float
    peer: str = ""
    theirs: float | None = None
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        """Our figure divided by the peer's; not a number where there is no peer or it has nothing to show."""
        return self.ours / self.theirs if self.theirs else math.nan

    @property
    def met(self) -> bool | None:
        """Whether the aim is met, or None where there is none."""
        if self.most is None and self.least is None:
            return None
        value = self.ours if self.theirs is None else self.ratio
        return (self.most is None or value <= self.most) and (self.least is None or value >= self.least)

    @property
    def aim(self) -> str:
        """The aim as the table has it."""
        bounds = (("at most", self.most), ("at least", self.least))
        return ", ".join(f"{word} {_number(bound)}" for word, bound in bounds if bound is not None)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What an earlier run's row has in common with this one when both measured the same."""
        return self.comparison, self.what, self.unit, self.peer

    def cells(self) -> tuple[str, ...]:
        """Return what the table says of it."""
        met = {True: "yes", False: "NO", None: ""}[self.met]
        theirs = "" if self.theirs is None else _number(self.theirs)
        ratio = "" if math.isnan(self.ratio) else _number(self.ratio)
        return self.comparison, self.what, self.unit, _number(self.ours), self.peer, theirs, ratio, self.aim, met


@dataclass(frozen=True)
class Run:
    """All that one run measured, and where."""

    about: Mapping[str, Any]
    rows: Sequence[Row]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the run that is kept in a file."""
        held = json.loads(path.read_text(encoding="utf-8"))
        return cls(held["about"], [Row(**row) for row in held["rows"]])

    def write(self, path: Path) -> None:
        """Keep the run in a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"about": self.about, "rows": [asdict(row) for row in self.rows]}, indent=1)
        path.write_text(text + "\n", encoding="utf-8")

    def missed(self) -> list[Row]:
        """Return the rows whose aim is not met."""
        return [row for row in self.rows if row.met is False]


def machine() -> dict[str, Any]:
    """Return what the figures of this run depend on: processors, memory, system, and the versions of ours and of the peers."""
    versions = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return {
        "processors": os.cpu_count(),
        "processor": model.group(1) if model else platform.machine(),
        "memory, GiB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "versions": versions,
        "load before": round(os.getloadavg()[0], 2),
    }


def table(rows: Iterable[Row]) -> str:
    """Return rows as a table in Markdown, which is also readable as it is."""
    return _aligned([_HEADS, *(row.cells() for row in rows)])


def changes(before: Run, now: Run) -> Iterator[str]:
    """Yield a line for each figure that has changed since an earlier run, by its ratio to the peer's where there is a peer.

    Ratios are compared since both of their figures come from one run; a figure without a peer tells of the machine as well.
    """
    known = {row.key: row for row in before.rows}
    for row in now.rows:
        old = known.pop(row.key, None)
        if old is None:
            yield f"new: {_name(row)}"
            continue
        was, is_now = (each.ours if math.isnan(each.ratio) else each.ratio for each in (old, row))
        if was > 0 and is_now > 0 and not 1 / _NOTABLE <= is_now / was <= _NOTABLE:
            kind = row.unit if math.isnan(row.ratio) else "times the peer's"
            yield f"{_name(row)}: {_number(was)} -> {_number(is_now)} {kind} ({is_now / was - 1:+.0%})"
        if old.met != row.met:
            yield f"{_name(row)}: the aim ({row.aim or old.aim}) was {_said(old.met)}, is {_said(row.met)}"
    for row in known.values():
        yield f"no longer measured: {_name(row)}"


def _said(met: bool | None) -> str:  # noqa: FBT001 - it has three values
    return {True: "met", False: "missed", None: "not set"}[met]


def _name(row: Row) -> str:
    return f"{row.comparison}, {row.what}" + (f", beside {row.peer}" if row.peer else "")


def _number(value: float) -> str:
    """Return a figure with the digits that mean something."""
    if math.isnan(value) or math.isinf(value):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(written)
