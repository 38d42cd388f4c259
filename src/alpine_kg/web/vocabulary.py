"""The vocabulary, the shapes and the JSON-LD context."""

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.formats import FORMATS, serialise
from alpine_kg.graph.loading import read_triples
from alpine_kg.namespaces import AK, PREFIXES, local_name, shorten
from alpine_kg.web.documents import GRAPH_FORMATS, HTML, JSON, Document, plain
from alpine_kg.web.facts import Link
from alpine_kg.web.openapi import operation
from alpine_kg.web.pages import Reader
from alpine_kg.web.service import Service
from alpine_kg.web.statements import TYPE

_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_PROPERTIES: Final = {_OWL + f"{name}Property" for name in ("Object", "Datatype", "Annotation")}
Term = dict[str, object]


def register(app: FastAPI, service: Service) -> None:
    """Add the paths of the vocabulary, the shapes and the context, as they are now."""
    context_bytes = service.graph.root.context.read_bytes()
    for name, summary, endpoint in (
        ("ontology", "The vocabulary: classes, properties and closed lists of values", _ontology(service)),
        ("shapes", "The SHACL shapes that the data satisfy", _shapes(service)),
    ):
        described = operation(summary, "vocabulary", GRAPH_FORMATS)
        app.get(f"/{name}", operation_id=name, **described)(endpoint)
        app.get(f"/{name}.{{extension}}", include_in_schema=False)(endpoint)

    def context(_: Request) -> Response:
        return plain(context_bytes, FORMATS["jsonld"].content_type, seconds=service.settings.cache_seconds)

    described = operation("The JSON-LD context of every JSON answer", "vocabulary", (FORMATS["jsonld"],))
    app.get("/context.jsonld", operation_id="context", **described)(context)


def graph_response(service: Service, request: Request, document: Document, triples: Iterable[ox.Triple]) -> Response:
    """Return triples as a document in RDF, or as a page that shows their Turtle; JSON is JSON-LD with its context inside."""
    target = {HTML: FORMATS["ttl"], JSON: FORMATS["jsonld"]}.get(document.format, document.format)
    body = serialise(triples, target, service.graph.context)
    if document.format is HTML:
        return service.page(request, document, "turtle.html", turtle=body.decode())
    return service.finish(document, body)


def _shapes(service: Service) -> Callable[[Request], Response]:
    triples = tuple(read_triples(service.graph.root.shapes, service.graph.root))

    def shapes(request: Request) -> Response:
        document = Document.choose(request, "/shapes", request.path_params.get("extension"), GRAPH_FORMATS)
        return graph_response(service, request, document, triples)

    return shapes


def _ontology(service: Service) -> Callable[[Request], Response]:
    triples = tuple(read_triples(service.graph.root.ontology, service.graph.root))

    def ontology(request: Request) -> Response:
        document = Document.choose(request, "/ontology", request.path_params.get("extension"), GRAPH_FORMATS)
        if document.format is not HTML:
            return graph_response(service, request, document, triples)
        reader = service.reader(request)
        sections = _sections(service, reader)
        return service.page(request, document, "ontology.html", sections=sections, header=service.header)

    return ontology


def _sections(service: Service, reader: Reader) -> dict[str, list[Term]]:
    sections: dict[str, list[Term]] = {"classes": [], "properties": [], "values": []}
    for iri in sorted(service.ontology.about):
        types = set(service.ontology.iris(iri, TYPE))
        if not iri.startswith(AK):
            continue
        section = "classes" if _OWL + "Class" in types else "properties" if types & _PROPERTIES else "values"
        sections[section].append(_term(service, iri, types, reader))
    return sections


def _term(service: Service, iri: str, types: set[str], reader: Reader) -> Term:
    held, labels = service.ontology, service.graph.vocabulary
    related = {
        "domain": held.iris(iri, _RDFS + "domain"),
        "range": held.iris(iri, _RDFS + "range"),
        "subclass_of": held.iris(iri, _RDFS + "subClassOf"),
        "values": [kind for kind in types if kind.startswith(AK) and _OWL + "Class" not in types],
    }
    return {
        "name": local_name(iri),
        "label": labels.label(iri, reader.languages),
        "definition": held.text(iri, _SKOS + "definition", reader.languages),
        "related": {word: [_reference(other) for other in sorted(iris)] for word, iris in related.items() if iris},
    }


def _reference(iri: str) -> Link:
    """Return a term's name, leading to its place on the page, or a foreign term's prefixed name and address."""
    return Link(local_name(iri), f"#{local_name(iri)}") if iri.startswith(AK) else Link(shorten(iri), iri)
