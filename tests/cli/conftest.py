"""Runs the command line inside this process, as a terminal would see it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.cli import main
from alpine_kg.graph import KnowledgeGraph


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    status: int
    body: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.body.decode()


Run = Callable[..., Outcome]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path, graph: KnowledgeGraph
) -> Run:
    opened = KnowledgeGraph.open

    def open_once(path: Path | None = None, **options: Any) -> KnowledgeGraph:
        return opened(path, **options) if path or options else graph

    # The shipped graph never changes: it is loaded once for all commands.
    monkeypatch.setattr(KnowledgeGraph, "open", open_once)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def command(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["alpine-kg", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0
        captured = capsysbinary.readouterr()
        return Outcome(status, captured.out, captured.err.decode())

    return command
