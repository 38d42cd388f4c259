"""The merge of several default graphs, where a query names them: https://www.w3.org/TR/sparql11-query/#specifyingDataset.

The engine gives a triple once for each graph that states it. So graphs that share a triple are merged into a store of their own,
in which the query is then asked; graphs that share none need no merge.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile
from typing import Final

import pyoxigraph as ox

from alpine_kg.store.base import DatasetChoice
from alpine_kg.store.sparql import tokens

FORMS: Final = {"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"}
_NAMING: Final = "from"
_GRAPH: Final = re.compile(r"<[^<>]*>|[^\s<>{}\"'\\#()]*:(?:[^\s<>{}\"'\\#()]|\\.)*")


def named_dataset(query: str, base: str) -> DatasetChoice:
    """Return the graphs that a query itself names by FROM and FROM NAMED; raises SyntaxError where an IRI cannot be resolved."""
    if _NAMING not in query.lower():
        return DatasetChoice()
    clauses: list[tuple[str, bool]] = []
    found = list(dropwhile(lambda token: token[0].upper() not in FORMS, tokens(query)))
    for word, end in found:
        if word.upper() == "FROM" and (clause := _clause(query, end)):
            clauses.append(clause)
    if not clauses:
        return DatasetChoice()
    # The engine resolves what the prologue abbreviates; each name is a column of its own, so that their order stays.
    start = found[0][1] - len(found[0][0])
    names = " ".join(f"({name} AS ?g{number})" for number, (name, _) in enumerate(clauses))
    solution = next(iter(_solutions(f"{query[:start]} SELECT {names} {{}}", base)))
    graphs = [(solution[number].value, named) for number, (_, named) in enumerate(clauses)]
    return DatasetChoice(
        default=tuple(dict.fromkeys(iri for iri, named in graphs if not named)),
        named=tuple(dict.fromkeys(iri for iri, named in graphs if named)),
    )


def without_dataset(query: str) -> str:
    """Return a query without its FROM and FROM NAMED, for engines that add them to the graphs that a request names."""
    parts, start = [], 0
    for word, end in dropwhile(lambda token: token[0].upper() not in FORMS, tokens(query)):
        if word.upper() == "FROM" and (clause := _clause(query, end)):
            # In its place as many blanks as it is long, so that nothing else moves.
            after = query.index(clause[0], end) + len(clause[0])
            parts += [query[start : end - len(word)], " " * (after - end + len(word))]
            start = after
    return "".join([*parts, query[start:]])


def merged(store: ox.Store, dataset: DatasetChoice) -> ox.Store | None:
    """Return a store that holds the dataset with its default graphs merged, or None where they share no triple."""
    nodes = [ox.NamedNode(iri) for iri in dict.fromkeys(dataset.default)]
    if not _share(store, nodes):
        return None
    target = ox.Store()
    target.bulk_extend(_moved(store, nodes, ox.DefaultGraph()))
    for iri in dict.fromkeys(dataset.named):
        target.bulk_extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return target


def with_merge(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Yield each quad, and once more without its graph."""
    default = ox.DefaultGraph()
    for row in quads:
        yield row
        if row.graph_name != default:
            yield ox.Quad(row.subject, row.predicate, row.object, default)


def _share(store: ox.Store, graphs: list[ox.NamedNode]) -> bool:
    for number, graph in enumerate(graphs):
        others = graphs[number + 1 :]
        for row in store.quads_for_pattern(None, None, None, graph) if others else ():
            if any(ox.Quad(row.subject, row.predicate, row.object, other) in store for other in others):
                return True
    return False


def _moved(store: ox.Store, graphs: Iterable[ox.NamedNode], target: ox.DefaultGraph) -> Iterator[ox.Quad]:
    for graph in graphs:
        for row in store.quads_for_pattern(None, None, None, graph):
            yield ox.Quad(row.subject, row.predicate, row.object, target)


def _clause(query: str, end: int) -> tuple[str, bool] | None:
    """Return the graph that a FROM names which ends here, and whether it is FROM NAMED."""
    words = _words(query, end)
    first = next(words, "")
    named = first.upper() == "NAMED"
    name = next(words, "") if named else first
    return (name, named) if name else None


def _words(query: str, start: int) -> Iterator[str]:
    """Yield what stands at a place, word by word, comments left out, as long as it is NAMED or the name of a graph."""
    for match in re.compile(r"\s+|\#[^\n\r]*|(?P<word>NAMED\b(?!:)|" + _GRAPH.pattern + ")", re.IGNORECASE).finditer(
        query, start
    ):
        if match.start() != start:
            return
        start = match.end()
        if match["word"]:
            yield match["word"]


def _solutions(query: str, base: str) -> ox.QuerySolutions:
    found = ox.Store().query(query, base_iri=base)
    assert isinstance(found, ox.QuerySolutions)
    return found
