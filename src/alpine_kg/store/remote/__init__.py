"""Remote engines: any store that speaks SPARQL 1.1 query, update and the Graph Store Protocol; a row of `engines` for each kind.

`connection` alone speaks HTTP, by a library that takes a quarter of a second to load: it is imported where an engine is used.

A graph is derived and indexed here, and then published in the engine: each named graph under its own name, their merge in
one more, and a graph that records the version. Every query names its dataset, so that it means the same in every engine.
"""

from alpine_kg.store.remote.engines import check_engine
from alpine_kg.store.remote.publication import Edition, publish
from alpine_kg.store.remote.store import RemoteStore

__all__ = ["Edition", "RemoteStore", "check_engine", "publish"]
