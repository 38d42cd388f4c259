"""Query workers: forked processes that share one loaded store, answer one query at a time, and can be killed.

A single-threaded *spawner* loads a generation of the graph and forks workers that inherit it copy-on-write. The serving process
holds one end of a socket pair to each worker; it never parses or runs a stranger's query itself.
"""

from alpine_kg.store.workers.execution import Execution
from alpine_kg.store.workers.frames import Request
from alpine_kg.store.workers.lanes import Lanes, LaneSettings
from alpine_kg.store.workers.later import Later
from alpine_kg.store.workers.lookup import LookupStore
from alpine_kg.store.workers.spawner import Channel, Generation, start_spawner

__all__ = [
    "Channel",
    "Execution",
    "Generation",
    "LaneSettings",
    "Lanes",
    "Later",
    "LookupStore",
    "Request",
    "start_spawner",
]
