"""Whole-graph downloads: which there are, and what is in each."""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import NotFoundError, UnsupportedMediaTypeError
from alpine_kg.formats import Context, Format, write
from alpine_kg.graph.description import node_of
from alpine_kg.graph.loading import each_triple, read_triples
from alpine_kg.namespaces import ENTITY, GRAPH, split_entity
from alpine_kg.queries import Text
from alpine_kg.root import ONTOLOGY_GRAPH, GraphRoot
from alpine_kg.store import Store
from alpine_kg.streams import Output

EXPORTS: Final[dict[str, Text]] = {
    "all": {
        "fr": "Tout le graphe : vocabulaire, données et déductions",
        "en": "The whole graph: vocabulary, data and what is derived",
    },
    "data": {"fr": "Les données telles qu'écrites", "en": "The data as written"},
    "derived": {"fr": "Ce qui est déduit au chargement", "en": "What is derived at load"},
    "ontology": {"fr": "Le vocabulaire", "en": "The vocabulary"},
}
"""The downloads that every graph has; each file of `data/` can be downloaded by its name besides."""


def write_export(name: str, target: Format, output: Output, *, root: GraphRoot, store: Store, context: Context) -> None:
    """Write a download in a format, in memory that has a bound; the same graph gives the same bytes.

    What is authored comes from its files, since a store rewrites literals; what is derived from the store. Raises NotFoundError
    for an unknown name and UnsupportedMediaTypeError for a format that cannot carry a graph.
    """
    if target.rdf is None:
        raise UnsupportedMediaTypeError(
            f"{target.label} cannot carry a graph.", "Ask for ttl, nt, nq, trig, jsonld or rdf."
        )
    write(_quads(name, root, store), target, context, output)


def names(root: GraphRoot) -> list[str]:
    """Return the name of every download: the fixed ones, then one for each file of `data/` and each derived graph."""
    graphs = [graph.removeprefix(GRAPH) for graph in root.graphs if graph != ONTOLOGY_GRAPH]
    return [*EXPORTS, *graphs, *(path.stem for path in root.derivations)]


def _quads(name: str, root: GraphRoot, store: Store) -> Iterator[ox.Quad]:
    derived = [GRAPH + path.stem for path in root.derivations]
    authored = [graph for graph in root.graphs if graph != ONTOLOGY_GRAPH]
    chosen = {
        "all": [*root.graphs, *derived],
        "data": authored,
        "derived": derived,
        "ontology": [ONTOLOGY_GRAPH],
    }.get(name, [GRAPH + name])
    for graph in chosen:
        if graph in root.graphs:
            node = ox.NamedNode(graph)
            yield from (
                ox.Quad(triple.subject, triple.predicate, triple.object, node)
                for triple in each_triple(root.graphs[graph], root)
            )
        elif graph in derived:
            yield from store.quads(graph)
        else:
            raise NotFoundError(f"There is no export {name!r}.", f"The exports are: {', '.join(names(root))}.")


def record(iri: str, root: GraphRoot) -> list[ox.Triple]:
    """Return what the files of `data/` state of one entity; of an announcement, its whole file with claims and quotes.

    Raises NotFoundError when they state nothing of it.
    """
    kind = (split_entity(iri) or ("", ""))[0]
    node = node_of(iri)
    for path in root.data:
        triples = read_triples([path], root)
        own = [triple for triple in triples if triple.subject == node]
        if own:
            return triples if kind == "announcement" else own
    raise NotFoundError(f"No file of data/ says anything of {iri}.", f"IRIs look like {ENTITY}plant/dieppe.")
