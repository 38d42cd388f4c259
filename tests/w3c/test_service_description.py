"""The W3C's three tests of the SPARQL 1.1 Service Description, and that the description is small and true.

Sources: https://www.w3.org/TR/sparql11-service-description/ and
https://w3c.github.io/rdf-tests/sparql/sparql11/service-description/.
"""

import time

import pyoxigraph as ox
import pytest

from running import Reply, Service

SD = "http://www.w3.org/ns/sparql-service-description#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
RESOURCES = {
    "endpoint",
    "feature",
    "defaultEntailmentRegime",
    "entailmentRegime",
    "extensionFunction",
    "extensionAggregate",
    "languageExtension",
    "supportedLanguage",
    "propertyFeature",
    "defaultDataset",
    "availableGraphs",
    "resultFormat",
    "inputFormat",
    "defaultGraph",
    "namedGraph",
    "name",
    "graph",
}
"""The vocabulary's properties, all of whose values are resources."""
CLASSES = {
    "Service",
    "Feature",
    "Language",
    "Function",
    "Aggregate",
    "EntailmentRegime",
    "EntailmentProfile",
    "GraphCollection",
    "Dataset",
    "Graph",
    "NamedGraph",
}
INSTANCES = {
    "SPARQL10Query",
    "SPARQL11Query",
    "SPARQL11Update",
    "DereferencesURIs",
    "UnionDefaultGraph",
    "RequiresDataset",
    "EmptyGraphs",
    "BasicFederatedQuery",
}
LONGEST = 50
SECONDS = 0.1


def fetch(service: Service, accept: str | None = None) -> Reply:
    return service.ask("GET", "/sparql", {"Accept": accept} if accept else {})


def triples(service: Service, accept: str | None = None) -> list[ox.Triple]:
    reply = fetch(service, accept)
    assert reply.status == 200
    return [quad.triple for quad in ox.parse(reply.body, format=FORMATS[reply.media_type])]


def objects(found: list[ox.Triple], name: str) -> list[str]:
    return [str(getattr(each.object, "value", "")) for each in found if each.predicate.value == SD + name]


@pytest.mark.parametrize("accept", [None, *FORMATS])
def test_returns_rdf(service: Service, accept: str | None) -> None:
    reply = fetch(service, accept)
    assert reply.status == 200
    assert reply.media_type in ({accept} if accept else FORMATS)
    assert triples(service, accept)


@pytest.mark.parametrize("accept", FORMATS)
def test_has_endpoint_triple(service: Service, accept: str) -> None:
    assert objects(triples(service, accept), "endpoint") == [f"http://127.0.0.1:{service.port}/sparql"]


def test_conforms_to_schema(service: Service) -> None:
    found = triples(service)
    services = [
        each.subject for each in found if each.predicate == TYPE and each.object == ox.NamedNode(SD + "Service")
    ]
    assert len(services) == 1
    for each in found:
        if each.predicate.value.startswith(SD):
            assert each.predicate.value.removeprefix(SD) in RESOURCES
            assert not isinstance(each.object, ox.Literal)
        for node in (each.subject, each.object):
            if isinstance(node, ox.NamedNode) and node.value.startswith(SD):
                assert node.value.removeprefix(SD) in CLASSES | INSTANCES
    datasets = [each.object for each in found if each.predicate.value == SD + "defaultDataset"]
    assert len(datasets) <= 1
    graphs = [each for each in found if each.predicate.value == SD + "defaultGraph"]
    assert [each.subject for each in graphs] == datasets[: len(graphs)]
    assert all(name.startswith("http://www.w3.org/ns/formats/") for name in objects(found, "resultFormat"))


def test_says_only_what_is_so(service: Service) -> None:
    found = triples(service)
    assert SD + "SPARQL11Query" in objects(found, "supportedLanguage")
    assert SD + "SPARQL11Update" not in objects(found, "supportedLanguage")
    # The service was started with a strict default graph, makes no federated query, and keeps no empty graph.
    assert not {SD + "UnionDefaultGraph", SD + "BasicFederatedQuery", SD + "DereferencesURIs"} & set(
        objects(found, "feature")
    )


def test_is_small_and_instant(service: Service) -> None:
    assert len(triples(service)) < LONGEST
    begun = time.perf_counter()
    for _ in range(10):
        fetch(service)
    assert (time.perf_counter() - begun) / 10 < SECONDS
