"""The dataset of a query in an engine.

It is always named: so neither an engine's own idea of a default graph counts, nor what else it holds.
"""

from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import BadQueryError
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.sparql import keywords

OURS: Final = "urn:alpine-kg:"
MERGE: Final = OURS + "merge"
"""The named graph that holds the merge of all others, each triple once."""
STATE: Final = OURS + "state"
"""The named graph that says which version of the graph the engine holds."""
_NOTHING: Final = OURS + "nothing"
"""A graph that is never there: without any, some engines take all for what is meant."""


def whole(query: str, graphs: tuple[str, ...]) -> DatasetChoice:
    """Return the whole dataset for a query: the named graphs are named only to a query that asks for them."""
    return DatasetChoice((MERGE,), (graphs if "GRAPH" in keywords(query) else ()) or (_NOTHING,))


def within(chosen: DatasetChoice, graphs: tuple[str, ...]) -> DatasetChoice:
    """Return the graphs of a choice that there are: whatever else an engine holds, or would fetch, is none of them.

    Raises BadQueryError for a name that is no IRI.
    """
    try:
        for iri in (*chosen.default, *chosen.named):
            ox.NamedNode(iri)
    except ValueError as error:
        raise BadQueryError(f"The query cannot be evaluated: {error}.", "Mend the query.") from error
    default, named = (
        tuple(iri for iri in dict.fromkeys(each) if iri in graphs) for each in (chosen.default, chosen.named)
    )
    return DatasetChoice(default or (_NOTHING,), named or (_NOTHING,))
