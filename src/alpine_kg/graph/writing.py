"""A write of the Graph Store Protocol, carried out on a copy of the root's files and on the overlay that keeps it.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from alpine_kg.errors import ConflictError, ForbiddenWriteError, InvalidGraphError, NotFoundError, RdfSyntaxError
from alpine_kg.formats import FORMATS, canonical_turtle
from alpine_kg.formats.entities import refuse_growth
from alpine_kg.graph import overlay as overlays
from alpine_kg.graph.loading import read_triples
from alpine_kg.namespaces import AK, GRAPH, RDF, split_entity
from alpine_kg.root import ONTOLOGY_GRAPH, GraphRoot, PlainRoot

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}")
"""What the last part of a new graph's IRI may be: the name of a file, and no hidden one."""
_ANNOUNCEMENT: Final = ox.NamedNode(AK + "Announcement")
_TYPE: Final = ox.NamedNode(RDF + "type")
_DIGITS: Final = 12
_TAG: Final = 32
"""Digits of a digest that an entity tag has."""


@dataclass(frozen=True)
class Write:
    """PUT, POST or DELETE of one graph; without a graph, POST makes a new one.

    `body` is a file that holds the statements in a format, given by its extension. `tag` is what the graph's file must
    have as its digest, `*` any, or empty none; None demands nothing.
    """

    method: str
    graph: str = ""
    body: str = ""
    format: str = "ttl"
    tag: str | None = None

    def apply(self, root: GraphRoot, overlay: Path) -> dict[str, Any]:
        """Change the copy of a root and the overlay; return the graph's IRI, and whether it is new.

        Raises ForbiddenWriteError for a graph that no file of data/ can be, NotFoundError for DELETE of one that is not
        there, ConflictError when `tag` does not fit, RdfSyntaxError, and InvalidGraphError for what files of data/ never hold.
        """
        added = list(_parse(self)) if self.body else []
        graph = self.graph or GRAPH + _name_for(added)
        refuse_unwritable(root, graph)
        file = root.graphs.get(graph, (None,))[0]
        self._check_tag(file, graph)
        if self.method == "DELETE":
            if file is None:
                raise NotFoundError(
                    f"There is no graph {graph}.", "The list of graphs is in the dataset's description."
                )
            _change(root, overlay, root.name(file), None)
            return {"graph": graph, "created": False}
        if self.method == "POST" and file:
            added += read_triples([file], root)
        name = root.name(file) if file else _place_for(graph.removeprefix(GRAPH), added)
        _change(root, overlay, name, _canonical(added, name).encode())
        return {"graph": graph, "created": file is None}

    def _check_tag(self, file: Path | None, graph: str) -> None:
        if self.tag is None:
            return
        found = digest_of(file)[:_TAG] if file else ""
        if found != self.tag and not (self.tag == "*" and found):
            raise ConflictError(
                f"The graph {graph} is not what your condition says.", "Read it again, and repeat the change on that."
            )


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, by which a condition names its state."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def refuse_unwritable(root: GraphRoot, graph: str) -> None:
    """Raise ForbiddenWriteError for a graph that is not made of one file of data/, and cannot come to be."""
    if isinstance(root, PlainRoot):
        raise ForbiddenWriteError("Files that are served as they are cannot be written to.", "Serve a graph root.")
    name = graph.removeprefix(GRAPH)
    if graph == ONTOLOGY_GRAPH or name in {path.stem for path in root.derivations}:
        raise ForbiddenWriteError(f"{graph} follows from other files.", "Write to the graphs of data/.")
    if graph not in root.graphs and (name == graph or not _NAME.fullmatch(name)):
        raise ForbiddenWriteError(
            f"{graph} cannot be a graph of data/.",
            f"Name it {GRAPH} with letters, digits, hyphens, underscores and dots behind.",
        )


def _parse(write: Write) -> Iterable[ox.Triple]:
    """Yield the statements of a body, which are in no graph or in the one that is written to."""
    target = FORMATS[write.format]
    if target.rdf == ox.RdfFormat.RDF_XML:
        refuse_growth(Path(write.body))
    allowed = (ox.DefaultGraph(), ox.NamedNode(write.graph) if write.graph else ox.DefaultGraph())
    try:
        for quad in ox.parse(path=write.body, format=target.rdf, base_iri=write.graph or GRAPH):
            if quad.graph_name not in allowed:
                raise RdfSyntaxError(
                    f"The body has statements in the graph {quad.graph_name}.", "Send one graph at a time."
                )
            yield quad.triple
    except (SyntaxError, ValueError) as error:
        # Without the name of the file, which nobody knows but us.
        said = error.msg if isinstance(error, SyntaxError) else error
        raise RdfSyntaxError(f"The body is not well-formed {target.label}: {said}.", "Mend it.") from error


def _canonical(triples: Iterable[ox.Triple], name: str) -> str:
    rows = list(triples)
    if any(isinstance(term, ox.BlankNode | ox.Triple) for row in rows for term in row):
        raise InvalidGraphError(
            "The body has a blank node or a triple term, which files of data/ never do.",
            "Give the thing an IRI of its own, for example `quote:my-quote`.",
        )
    written = ox.serialize(rows, format=ox.RdfFormat.N_TRIPLES)
    assert written is not None
    return canonical_turtle(written, name)


def _change(root: GraphRoot, overlay: Path, name: str, content: bytes | None) -> None:
    overlays.write(overlay, name, content)
    place = root.path / name
    if content is None:
        place.unlink()
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _announcements(triples: Iterable[ox.Triple]) -> list[str]:
    return [
        row.subject.value
        for row in triples
        if row.predicate == _TYPE and row.object == _ANNOUNCEMENT and isinstance(row.subject, ox.NamedNode)
    ]


def _place_for(stem: str, triples: Iterable[ox.Triple]) -> str:
    return f"data/announcements/{stem}.ttl" if _announcements(triples) else f"data/{stem}.ttl"


def _name_for(triples: list[ox.Triple]) -> str:
    """Return a name for a graph that was sent without one: its announcement's, or one that follows from what it holds."""
    entities = list(filter(None, map(split_entity, _announcements(triples))))
    if len(entities) == 1:
        return entities[0][1]
    lines = "\n".join(sorted(map(str, triples)))
    return f"graph-{hashlib.sha256(lines.encode()).hexdigest()[:_DIGITS]}"
