"""A caller's query, parsed but not asked: what form it has, and which graphs it names itself.

The parser is the embedded engine's. It can take a process down, so strangers' queries are parsed only where that does no harm.
"""

from dataclasses import dataclass
from itertools import dropwhile
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import BadQueryError
from alpine_kg.namespaces import BASE
from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.merge import FORMS, named_dataset, without_dataset
from alpine_kg.store.sparql import syntax_error, tokens

QUERY_BASE: Final = BASE + "sparql"
"""What relative IRIs in a caller's query are relative to."""
_NOBODY: Final[dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {
    ox.Variable("nobody_calls_a_variable_so"): ox.Literal("")
}
_UNASKED: Final = "does not contain"
"""What the engine says of a value for a variable that a query does not have: once it is parsed, before it is asked."""


@dataclass(frozen=True)
class Parsed:
    """A query that is SPARQL 1.1: its text, with its base and without the graphs that it names; its form; and those graphs."""

    text: str
    form: str
    dataset: DatasetChoice

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


def parse(query: str) -> Parsed:
    """Return a query, parsed; raises BadQueryError for what is no SPARQL 1.1 or calls a function that this knows not."""
    try:
        ox.Store().query(query, base_iri=QUERY_BASE, substitutions=_NOBODY)
    except SyntaxError as error:
        raise syntax_error(query, error) from error
    except (RuntimeError, ValueError) as error:
        if _UNASKED not in str(error):
            raise BadQueryError(f"The query cannot be evaluated: {error}.", "Mend the query.") from error
    form = next(dropwhile(lambda word: word not in FORMS, (word.upper() for word, _ in tokens(query))))
    return Parsed(f"BASE <{QUERY_BASE}>\n{without_dataset(query)}", form, named_dataset(query, QUERY_BASE))
