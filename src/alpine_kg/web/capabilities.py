"""What the SPARQL endpoint says of itself: a service description, small and from memory.

Source: https://www.w3.org/TR/sparql11-service-description/.
"""

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from alpine_kg.namespaces import expand
from alpine_kg.web.dataset import PATH as VOID

_RESULT_FORMATS: Final = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_SIMPLE: Final = "http://www.w3.org/ns/entailment/Simple"


def service_description(
    origin: str, endpoint: str, triples: int, *, federated: bool, union: bool
) -> Iterator[ox.Triple]:
    """Yield the description of an endpoint whose default graph holds so many triples, and that may ask others if `federated`.

    The named graphs are listed in the dataset's description, so that this one stays small however many there are.
    """
    address = origin + endpoint
    service, dataset, graph = (f"{address}#{part}" for part in ("service", "dataset", "default-graph"))
    statements: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
        (service, "rdf:type", _node("sd:Service")),
        (service, "sd:endpoint", ox.NamedNode(address)),
        (service, "sd:supportedLanguage", _node("sd:SPARQL11Query")),
        *([(service, "sd:feature", _node("sd:UnionDefaultGraph"))] if union else []),
        (service, "sd:defaultEntailmentRegime", ox.NamedNode(_SIMPLE)),
        (service, "sd:defaultDataset", ox.NamedNode(dataset)),
        (service, "rdfs:seeAlso", ox.NamedNode(origin + VOID)),
        (dataset, "rdf:type", _node("sd:Dataset")),
        (dataset, "sd:defaultGraph", ox.NamedNode(graph)),
        (graph, "rdf:type", _node("sd:Graph")),
        (graph, "void:triples", ox.Literal(triples)),
        *((service, "sd:resultFormat", _node(f"formats:{name}")) for name in _RESULT_FORMATS),
    ]
    if federated:
        statements.append((service, "sd:feature", _node("sd:BasicFederatedQuery")))
    for subject, predicate, value in statements:
        yield ox.Triple(ox.NamedNode(subject), _node(predicate), value)


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
