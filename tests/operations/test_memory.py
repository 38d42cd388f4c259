"""A graph that is no longer served leaves nothing in memory."""

import gc
from collections.abc import Callable
from pathlib import Path

from alpine_kg.graph import KnowledgeGraph
from alpine_kg.settings import Settings
from alpine_kg.web import create_app
from alpine_kg.web.service import Service


def test_an_application_that_was_replaced_is_forgotten(small_root: Callable[[dict[str, str | None]], Path]) -> None:
    root = small_root({})
    gc.collect()
    before = sum(isinstance(held, Service) for held in gc.get_objects())
    for _ in range(4):
        create_app(KnowledgeGraph.open(root), Settings())
    gc.collect()
    assert sum(isinstance(held, Service) for held in gc.get_objects()) <= before + 1
