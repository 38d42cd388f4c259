"""Runs tests, unchanged, on graphs that another engine holds than this process's memory: each graph in a store of its own."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.engines.differences import DIFFERENCES
from tests.engines.kinds import KINDS, Kind

import running
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings


class Elsewhere:
    """Opens every graph, and starts every service, with a store of a kind of engine."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._stack = ExitStack()
        self._stores = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="engines-"))
        self._open = KnowledgeGraph.open
        KnowledgeGraph.open = self._open_elsewhere  # type: ignore[method-assign]
        running.fresh_store = self._fresh

    def pytest_unconfigure(self) -> None:
        self._stack.close()

    @staticmethod
    def _reason(differences: Mapping[str, str], name: str) -> str | None:
        return next((reason for start, reason in differences.items() if name.startswith(start)), None)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        differences = DIFFERENCES.get(self._kind.name, {})
        for item in items:
            if reason := self._reason(differences, item.nodeid):
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True))

    def pytest_report_header(self) -> str:
        return f"engine: {self._kind.name}"

    @contextmanager
    def _fresh(self) -> Iterator[Mapping[str, str]]:
        with self._kind.start(Path(tempfile.mkdtemp(dir=self._stores))) as (settings, _):
            yield settings

    def _open_elsewhere(self, path: Path | None = None, *, store: Any = None) -> KnowledgeGraph:
        if store is None:
            held: dict[str, Any] = {**self._stack.enter_context(self._fresh())}
            settings = Settings(**held)
            store = settings.store_folder or _connection(settings)
        return self._open(path, store=store)


def _connection(settings: Settings) -> Any:
    from alpine_kg.store.remote.connection import Connection  # noqa: PLC0415 - only a remote engine needs it

    return Connection.of(settings)


def held_elsewhere(name: str) -> Elsewhere:
    """Return the plugin for a kind of engine; a machine that does not have it fails, and says why."""
    if name not in KINDS:
        raise pytest.UsageError(f"--engine {name}: choose {', '.join(KINDS)}")
    if missing := KINDS[name].missing():
        raise pytest.UsageError(f"--engine {name}: {missing}")
    return Elsewhere(KINDS[name])
