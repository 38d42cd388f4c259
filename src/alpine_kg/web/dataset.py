"""What the dataset says of itself, in VoID and DCAT.

Sources: https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats import FORMATS, RDF_FORMATS
from alpine_kg.namespaces import AK, ENTITY, PREFIXES, XSD, entity_iri, expand, shorten
from alpine_kg.streams import Digesting
from alpine_kg.web.documents import GRAPH_FORMATS, Document
from alpine_kg.web.downloads import PATH as EXPORT
from alpine_kg.web.downloads import Download
from alpine_kg.web.openapi import operation
from alpine_kg.web.origin import origin_of
from alpine_kg.web.service import Service
from alpine_kg.web.vocabulary import graph_response
from alpine_kg.web.wording import LANGUAGES, WORDS

PATH: Final = "/.well-known/void"
_PUBLISHER: Final = "alpine-kg contributors"
_COPIED: Final = ("license", "issued", "modified", "creator", "publisher")
"""Properties of Dublin Core that the ontology's header says of the whole project."""
_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_WHOLE: Final = "all"
_EXAMPLES: Final = 3
_FINGERPRINTED: Final = 100_000
"""Triples up to which the sizes and checksums of downloads are told here; those of more take minutes to write."""
_NOT_FOR_ALL: Final = FORMATS["rdf"]
"""XML cannot carry every graph, and whether it can is known only when it is written."""

Value = ox.NamedNode | ox.Literal


def register(app: FastAPI, service: Service) -> None:
    """Add the path of the dataset's description."""

    @cache
    def dumps() -> dict[Download, Digesting | None]:
        entries = [Download(_WHOLE, target) for target in RDF_FORMATS]
        if sum(service.graph.sizes.values()) > _FINGERPRINTED:
            return {entry: None for entry in entries if entry.format is not _NOT_FOR_ALL}
        held: dict[Download, Digesting | None] = {}
        for entry in entries:
            with suppress(NotAcceptableError):
                held[entry] = entry.measure(service.graph)
        return held

    def void(request: Request) -> Response:
        document = Document.choose(request, PATH, request.path_params.get("extension"), GRAPH_FORMATS)
        # Where no address is set, the caller's own stands in the answer, which is then for this caller only.
        document = replace(document, shared=bool(service.settings.public_url))
        triples = _Description(service, origin_of(request, service.settings), dumps()).triples()
        return graph_response(service, request, document, triples)

    described = operation("The dataset's description in VoID and DCAT", "vocabulary", GRAPH_FORMATS)
    app.get(PATH, operation_id="void", **described)(void)
    app.get(f"{PATH}.{{extension}}", include_in_schema=False)(void)


class _Description:
    """The statements about a dataset that is served at an origin."""

    def __init__(self, service: Service, origin: str, dumps: dict[Download, Digesting | None]) -> None:
        self._service = service
        self._origin = origin
        self._dumps = dumps
        self._dataset = f"{origin}{PATH}#dataset"

    def triples(self) -> Iterator[ox.Triple]:
        """Yield all that is said."""
        yield from self._head()
        yield from self._counts()
        yield from self._partitions()
        yield from self._access()
        yield from self._downloads()

    def _head(self) -> Iterator[ox.Triple]:
        say, dataset, service = self._say, self._dataset, self._service
        yield say(dataset, "rdf:type", _node("void:Dataset"))
        yield say(dataset, "rdf:type", _node("dcat:Dataset"))
        for column, language in enumerate(LANGUAGES):
            yield say(dataset, "dcterms:title", ox.Literal(WORDS["site"][column], language=language))
            yield say(dataset, "dcterms:description", ox.Literal(WORDS["tagline"][column], language=language))
        held = {name: service.ontology.objects(service.header, PREFIXES["dcterms"] + name) for name in _COPIED}
        held["license"] = held["license"] or [ox.NamedNode(service.license)]
        for name, values in held.items():
            yield from (
                say(dataset, f"dcterms:{name}", value) for value in values if not isinstance(value, ox.BlankNode)
            )
        if not held["publisher"]:
            publisher = f"{self._origin}{PATH}#publisher"
            yield say(dataset, "dcterms:publisher", ox.NamedNode(publisher))
            yield say(publisher, "rdf:type", _node("foaf:Agent"))
            yield say(publisher, "foaf:name", ox.Literal(_PUBLISHER))
        yield say(dataset, "dcat:version", ox.Literal(service.graph.version))

    def _counts(self) -> Iterator[ox.Triple]:
        held, sizes = self._service.graph.summary, self._service.graph.sizes
        counts = {
            "triples": held.triples,
            "entities": sum(self._service.graph.catalogue.counts().values()),
            "distinctSubjects": held.subjects,
            "classes": len(held.classes),
            "properties": len(held.properties),
        }
        for name, count in counts.items():
            yield self._say(self._dataset, f"void:{name}", _integer(count))
        for graph, size in sorted(sizes.items()):
            yield self._say(self._dataset, "void:subset", ox.NamedNode(graph))
            yield self._say(graph, "void:triples", _integer(size))

    def _partitions(self) -> Iterator[ox.Triple]:
        for kind, unit, counts in (
            ("class", "entities", self._service.graph.summary.classes),
            ("property", "triples", self._service.graph.summary.properties),
        ):
            for iri, count in counts.items():
                part = f"{self._origin}{PATH}#{kind}-{quote(shorten(iri).replace(':', '-').replace('/', '-'), safe='')}"
                yield self._say(self._dataset, f"void:{kind}Partition", ox.NamedNode(part))
                yield self._say(part, f"void:{kind}", ox.NamedNode(iri))
                yield self._say(part, f"void:{unit}", _integer(count))

    def _access(self) -> Iterator[ox.Triple]:
        say, dataset, catalogue = self._say, self._dataset, self._service.graph.catalogue
        endpoint, service = f"{self._origin}/sparql", f"{self._origin}/sparql#service"
        yield say(dataset, "void:sparqlEndpoint", ox.NamedNode(endpoint))
        yield say(dataset, "void:uriSpace", ox.Literal(ENTITY))
        yield say(dataset, "void:vocabulary", ox.NamedNode(AK))
        for kind in list(catalogue.counts())[:_EXAMPLES]:
            yield say(dataset, "void:exampleResource", ox.NamedNode(entity_iri(kind, catalogue.slugs(kind, 1)[0])))
        yield say(service, "rdf:type", _node("dcat:DataService"))
        yield say(service, "dcat:endpointURL", ox.NamedNode(endpoint))
        yield say(service, "dcat:servesDataset", ox.NamedNode(dataset))

    def _downloads(self) -> Iterator[ox.Triple]:
        say = self._say
        for entry, known in self._dumps.items():
            address = ox.NamedNode(f"{self._origin}{EXPORT}/{entry.filename}")
            part = f"{self._origin}{PATH}#{entry.name}-{entry.format.extension}"
            yield say(self._dataset, "void:dataDump", address)
            yield say(self._dataset, "dcat:distribution", ox.NamedNode(part))
            yield say(part, "rdf:type", _node("dcat:Distribution"))
            yield say(part, "dcat:downloadURL", address)
            yield say(part, "dcat:mediaType", ox.NamedNode(_MEDIA_TYPES + entry.format.media_type))
            if known is None:
                continue
            checksum = f"{part}-checksum"
            yield say(part, "dcat:byteSize", _typed(str(known.size), "nonNegativeInteger"))
            yield say(part, "spdx:checksum", ox.NamedNode(checksum))
            yield say(checksum, "rdf:type", _node("spdx:Checksum"))
            yield say(checksum, "spdx:algorithm", _node("spdx:checksumAlgorithm_sha256"))
            yield say(checksum, "spdx:checksumValue", _typed(known.digest.hex(), "hexBinary"))

    @staticmethod
    def _say(subject: str, predicate: str, value: Value) -> ox.Triple:
        return ox.Triple(ox.NamedNode(subject), _node(predicate), value)


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def _integer(number: int) -> ox.Literal:
    return _typed(str(number), "integer")
