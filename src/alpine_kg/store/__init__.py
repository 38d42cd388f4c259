"""Stores: what holds the quads and answers queries over them. A new kind of store is a class here.

Each is a class: `EmbeddedStore` in this process or on disk, `LookupStore` in workers, `RemoteStore` in an engine of another
process or host, whose kinds are the rows of `remote/engines.py`.
"""

from alpine_kg.store.base import Answer, DatasetChoice, Row, Store
from alpine_kg.store.embedded import EmbeddedStore

__all__ = ["Answer", "DatasetChoice", "EmbeddedStore", "Row", "Store"]
