"""A serving process in front of a remote engine: asks it for itself, and sees to it that it holds the graph."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from alpine_kg.errors import AlpineKGError
from alpine_kg.graph.summary import Summary
from alpine_kg.settings import Settings
from alpine_kg.store import Store
from alpine_kg.store.remote import Edition, RemoteStore

_LOG: Final = logging.getLogger("alpine_kg.serving")
_WATCHING: Final = 2.0
"""Seconds between two looks at whether the engine holds the graph."""


def remote_store(settings: Settings, summary: Summary) -> RemoteStore:
    """Return what our own queries go to in place of workers: the engine, for the edition that was published there."""
    from alpine_kg.store.remote.connection import Connection  # noqa: PLC0415 - only a remote engine needs it

    return RemoteStore(Connection.of(settings), Edition(summary.version, tuple(summary.sizes)))


async def keep_published(served: Callable[[], Store], renew: Callable[[], Awaitable[Any]]) -> None:
    """Have the graph published again whenever the engine behind what is served has lost it; ends when cancelled."""
    while True:
        await asyncio.sleep(_WATCHING)
        store = served()
        assert isinstance(store, RemoteStore)
        with suppress(AlpineKGError):  # while the engine is gone; and of a refusal the supervisor has told
            if await asyncio.to_thread(store.lost):
                _LOG.warning("the engine has lost the graph; it is published again")
                await renew()
