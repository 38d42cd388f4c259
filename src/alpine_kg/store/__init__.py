"""Stores: what holds the quads and answers queries over them. A new kind of store is a class here and a row in `open_store`."""

from alpine_kg.store.base import Answer, DatasetChoice, Row, Store
from alpine_kg.store.embedded import EmbeddedStore

__all__ = ["Answer", "DatasetChoice", "EmbeddedStore", "Row", "Store"]
