"""Past states of a graph: what was known on a day, derived anew as of that day.

A state holds the authored statements without the claims that were stated later, the announcements and documents of later
days, and the things that nothing else speaks of. Between two days on which something changes all states are the same, so
a day stands for all until the next change.
"""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Generic, Protocol, TypeVar

import pyoxigraph as ox

from alpine_kg.errors import BusyError, PastError
from alpine_kg.graph.loading import day_term, derive
from alpine_kg.graph.lookup import LOOKUPS, UPDATES
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import GraphRoot
from alpine_kg.store import EmbeddedStore, Store

STATES: Final = 8
"""Past states that are kept in memory."""
TRIPLES: Final = 400_000
"""Triples that the past states in memory have at most, all together."""
_NAMES: Final = GRAPH + "names"
"""The graph of the names of the day, which queries/derive/names.rq fills."""
_WAITING: Final = 4
"""Callers that may wait while a state is being built; it takes a moment, and each holds a thread."""


class State(Protocol):
    """What is kept of a day: something that knows how many triples each of its graphs has."""

    @property
    def sizes(self) -> dict[str, int]:
        """Each named graph with its number of triples."""


Held = TypeVar("Held", bound=State)


class Past(Generic[Held]):
    """The past states of one graph, each built when it is first asked for; those used last are kept. Safe for threads."""

    def __init__(self, store: Store, build: Callable[[date], Held], *, states: int, triples: int) -> None:
        """Keep so many `states`, of so many `triples` together; `build` makes that of a day on which something changes."""
        self._store = store
        self._build = build
        self._states = states
        self._triples = triples
        self._kept: OrderedDict[date, Held] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._waiting = 0

    def at(self, day: date, *, size: int) -> Held:
        """Return the state of a day, for a graph that has `size` triples today.

        Raises PastError when the graph is too large for that or when nothing in it has a day, and BusyError when too many
        callers are waiting for states that are being built.
        """
        if size > self._triples:
            raise PastError(
                f"Past states can be had of graphs of up to {self._triples} triples, and this one has {size}.",
                "Ask for the present, or have the setting PAST_TRIPLES raised.",
            )
        if not self.changes:
            raise PastError("Nothing in this graph has a day.", "Ask for the present.")
        change = self.change(day)
        return self._held(change) or self._built(change)

    def change(self, day: date) -> date:
        """Return the last day up to this one on which something changes, or the first of all days before any."""
        place = bisect_right(self.changes, day)
        return self.changes[place - 1] if place else date.min

    @cached_property
    def changes(self) -> list[date]:
        """The days on which what is known or what holds changes, in order."""
        return sorted(set(_changes(self._store)))

    @property
    def waiting(self) -> int:
        """How many callers wait for a state, or build one."""
        return self._waiting

    def __len__(self) -> int:
        """Return how many states are kept."""
        return len(self._kept)

    def _held(self, day: date) -> Held | None:
        with self._lock:
            if day in self._kept:
                self._kept.move_to_end(day)
            return self._kept.get(day)

    def _built(self, day: date) -> Held:
        """Return the state of a day, one build at a time: whoever waited for the same day finds it there."""
        with self._lock:
            if self._waiting >= _WAITING:
                raise BusyError("Other past states of the graph are being built.", "Try again in a few seconds.")
            self._waiting += 1
        try:
            with self._turn:
                state = self._held(day)
                if state is None:
                    state = self._build(day)
                    self._keep(day, state)
                return state
        finally:
            with self._lock:
                self._waiting -= 1

    def _keep(self, day: date, state: Held) -> None:
        with self._lock:
            self._kept[day] = state
            while len(self._kept) > self._states or (len(self._kept) > 1 and self._total() > self._triples):
                self._kept.popitem(last=False)

    def _total(self) -> int:
        return sum(sum(state.sizes.values()) for state in self._kept.values())


def _changes(store: Store) -> Iterator[date]:
    for row in store.select(LOOKUPS["changes"].text):
        if "first" in row:
            yield date.fromisoformat(row["first"].value)
        elif (last := date.fromisoformat(row["last"].value)) < date.max:
            yield last + timedelta(days=1)


def store_at(day: date, present: Store, root: GraphRoot) -> EmbeddedStore:
    """Return a store of a root's graphs as they were known on a day, by what its `present` store says became known when.

    Files are read, statements left out and graphs merged by the engine alone; Python sees only what is left out and derived.
    """
    store = EmbeddedStore()
    for graph, files in root.graphs.items():
        for path in files:
            store.load_graph(graph, path)
    asked = {"day": day_term(day)}
    later = [ox.NamedNode(row["record"].value) for row in present.select(LOOKUPS["later"].bind(asked))]
    if later:
        store.update(UPDATES["forget"].bind({"record": [*later]}))
    store.update(UPDATES["merge"].text)
    unknown = set(later)
    names = present.construct(LOOKUPS["former-names"].bind(asked))
    store.load({_NAMES: [name for name in names if name.subject not in unknown]})
    derive(store, root, day)
    return store
