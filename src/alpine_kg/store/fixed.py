"""What stores of a graph that never changes in place have in common: they refuse to be written to."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox

from alpine_kg.errors import StoreError
from alpine_kg.formats import Format


class FixedStore:
    """A store whose graph is replaced by another one, and never changed itself."""

    refusal: ClassVar[tuple[str, str]]
    """Why it is not changed, and what to do instead."""

    def load(self, graphs: Mapping[str, Iterable[ox.Triple]]) -> None:
        """Refuse."""
        del graphs
        raise StoreError(*self.refusal)

    def load_file(self, path: Path, source: Format, *, merge: bool) -> None:
        """Refuse."""
        del path, source, merge
        raise StoreError(*self.refusal)

    def derive(self, graph: str, query: str) -> None:
        """Refuse: derivations have run before."""
        del graph, query
        raise StoreError(*self.refusal)
