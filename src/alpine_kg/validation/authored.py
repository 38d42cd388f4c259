"""The authored graph: every file of a root, read once, as SHACL and the checks need it, and where each statement stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import RDF, RDFS
from rdflib.term import BNode, Literal, Node, URIRef

from alpine_kg.namespaces import GRAPH, OA, local_name
from alpine_kg.queries import Text
from alpine_kg.root import GraphRoot
from alpine_kg.validation.findings import Failure, Place, worded
from alpine_kg.validation.records import read_located
from alpine_kg.validation.syntax import Reading, SyntaxFault, json_fault
from alpine_kg.validation.terms import to_oxigraph

LANGUAGES: Final = ("fr", "en")
EXACT: Final = URIRef(OA + "exact")
_TRIPLE: Final = (RDF.subject, RDF.predicate, RDF.object)

_SYNTAX: Final[Text] = {
    "fr": "Le fichier ne peut se lire ici : {message}. Corrigez cet endroit ; tout le paragraphe est laissé de côté jusque-là.",
    "en": "The file cannot be read here: {message}. Mend this place; the whole paragraph is left out until then.",
}


@dataclass
class Authored:
    """All files of a root: `graph` holds data and ontology for SHACL, `shapes` the shapes, `store` what the checks query.

    The store holds each file in its named graph and, all together, in the default graph. `faults` are what could not be
    read; `damaged` are the entities that it names.
    """

    graph: Graph = field(default_factory=Graph)
    shapes: Graph = field(default_factory=Graph)
    store: ox.Store = field(default_factory=ox.Store)
    faults: list[Failure] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    files: int = 0
    _places: dict[tuple[Node | None, ...], Place] = field(default_factory=dict)

    @classmethod
    def read(
        cls, root: GraphRoot, only: Collection[str] | None = None, shapes: Mapping[str, Reading] | None = None
    ) -> "Authored":
        """Return everything in a root that can be read.

        With `only`, of the data and ontology just the files of these names, and none of them in the store; with `shapes`, what
        their files say, by name, is taken from there.
        """
        authored = cls()
        for name, paths in root.graphs.items():
            for path in paths:
                if only is not None and root.name(path) not in only:
                    authored.files += 1
                    continue
                reading = authored._read(root.name(path), root.read(path)[0])
                authored._add(authored.graph, reading, root.name(path))
                if only is None:
                    authored._store(reading, name)
        for path in sorted((root.path / "ontology" / "meta").glob("*.ttl")):
            authored._read(root.name(path), root.read(path)[0])
        for path in root.shapes:
            name = root.name(path)
            reading = shapes[name] if shapes else read_located(name, root.read(path)[0])
            authored._add(authored.shapes, authored._noted(name, reading), name)
        if root.context.is_file():
            fault = json_fault(root.read(root.context)[0])
            authored._blame(root.name(root.context), [fault] if fault else [])
        return authored

    def locate(self, failure: Failure) -> Place:
        """Return where the offending statement stands: by its value, else by its property, else by its subject.

        A node of which no file says anything stands nowhere; it is put down to the data as a whole.
        """
        focus, path, value = failure.focus, failure.path, failure.value
        found = (self._places.get(key) for key in ((focus, path, value), (focus, path), (focus,)))
        return failure.place or next((place for place in found if place), Place("data", 1))

    def label(self, term: Node) -> Text:
        """Return a node's name by language: its label, a quote's words, a claim's three parts, or the end of its IRI."""
        return {language: self._label(term, language) for language in LANGUAGES}

    def _label(self, term: Node, language: str) -> str:
        labels = {
            label.language: str(label) for label in self.graph.objects(term, RDFS.label) if isinstance(label, Literal)
        }
        if labels:
            return labels.get(language) or labels.get(None) or next(iter(labels.values()))
        if isinstance(term, BNode):
            return {"fr": "nœud anonyme", "en": "blank node"}[language]
        exact = self.graph.value(term, EXACT)
        if exact is not None:
            return f"« {exact} »" if language == "fr" else f"“{exact}”"
        parts = [part for part in (self.graph.value(term, role) for role in _TRIPLE) if part not in {None, term}]
        return " - ".join(self._label(part, language) for part in parts if part) or local_name(str(term))

    def _read(self, name: str, content: bytes) -> Reading:
        """Return what a Turtle file says, and note its faults."""
        return self._noted(name, read_located(name, content))

    def _noted(self, name: str, reading: Reading) -> Reading:
        self.files += 1
        self._blame(name, reading.faults)
        self.damaged |= reading.damaged
        return reading

    def _blame(self, name: str, faults: Iterable[SyntaxFault]) -> None:
        for fault in faults:
            self.faults.append(
                Failure(
                    rule="syntax",
                    focus=URIRef(GRAPH + Path(name).stem),
                    meant=fault.suggestion,
                    place=Place(name, fault.line),
                    wording=worded(_SYNTAX, message=fault.message.rstrip(".")),
                )
            )

    def _add(self, graph: Graph, reading: Reading, name: str) -> None:
        """Add a file's triples to an rdflib graph and note where they stand."""
        for subject, line in reading.triples.subjects.items():
            self._places.setdefault((subject,), Place(name, line))
        for triple, line in reading.triples.lines.items():
            graph.add(triple)
            place = Place(name, line)
            self._places[triple] = place
            self._places.setdefault(triple[:2], place)

    def _store(self, reading: Reading, name: str) -> None:
        """Add a file's triples to the store, in its named graph and in the default graph."""
        triples: list[Any] = [tuple(map(to_oxigraph, triple)) for triple in reading.triples.lines]
        for graph in (ox.NamedNode(name), ox.DefaultGraph()):
            self.store.extend(ox.Quad(subject, predicate, value, graph) for subject, predicate, value in triples)
