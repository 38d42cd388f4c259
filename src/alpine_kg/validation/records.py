"""Records: what a file says of each subject, apart, with what it mentions and what links it to others.

A record is the N-Triples of one subject in one file. Records are what validation is split by, so they are made from bytes
alone, in any process, and are the same wherever they are made.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox
from rdflib.term import BNode, URIRef

from alpine_kg.namespaces import RDF, RDFS, split_entity
from alpine_kg.validation.identity import KEYS, LOOKED_AT, Name
from alpine_kg.validation.reach import PREDICATE, Link
from alpine_kg.validation.syntax import Reading, SyntaxFault, encoding_fault, read_turtle
from alpine_kg.validation.terms import to_oxigraph, to_rdflib
from alpine_kg.validation.turtle import LocatedTriples

_TYPE: Final = RDF + "type"
_VOCABULARY: Final = {RDFS + "subClassOf", RDFS + "domain", RDFS + "range"}
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Record:
    """One subject in one file: its N-Triples, how many, its kind when it has a class, and the IRIs that it mentions."""

    subject: str
    triples: bytes
    size: int
    typed: bool
    kind: str
    mentions: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """Each a link's key and what it leads to."""


@dataclass(frozen=True)
class FileRecords:
    """What one file says: its records, its faults, the entities that damaged paragraphs name, and the properties it uses."""

    name: str
    graph: str
    digest: str
    records: tuple[Record, ...]
    faults: tuple[SyntaxFault, ...] = ()
    damaged: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    vocabulary: bool = False
    """Whether the file declares classes or properties, on which everything may depend."""


@dataclass(frozen=True)
class RawFile:
    """A file as it was read: its name inside the root, its named graph, its bytes, and their SHA-256."""

    name: str
    graph: str
    content: bytes
    digest: str


def read_records(file: RawFile, links: Iterable[Link]) -> FileRecords:
    """Return the records of a Turtle file; a broken paragraph is left out and named among the faults."""
    followed: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        followed[link.name].append(link)
    triples, reading = _triples(file)
    properties = {triple.predicate.value for triple in triples}
    return FileRecords(
        name=file.name,
        graph=file.graph,
        digest=file.digest,
        records=tuple(_records(triples, followed)),
        faults=reading.faults if reading else (),
        damaged=reading.damaged if reading else frozenset(),
        properties=frozenset(properties),
        vocabulary=bool(properties & _VOCABULARY),
    )


def read_located(name: str, content: bytes) -> Reading:
    """Return what a Turtle file says with lines; its blank nodes are named by their order, as in its records."""
    try:
        reading = read_turtle(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return Reading(LocatedTriples(), (encoding_fault(error),))
    return _renamed(reading, hashlib.sha256(name.encode()).hexdigest()[:16])


def _triples(file: RawFile) -> tuple[list[Any], Reading | None]:
    """Return a file's triples, by the fast parser where it has nothing to say that the slow one would say otherwise."""
    try:
        quads = [quad.triple for quad in ox.parse(file.content.removeprefix(_BOM), format=ox.RdfFormat.TURTLE)]
        if all(map(_plain, quads)):
            return quads, None
    except SyntaxError:
        pass
    reading = read_located(file.name, file.content)
    return [ox.Triple(*map(to_oxigraph, triple)) for triple in reading.triples.lines], reading  # type: ignore[arg-type]


def _plain(triple: Any) -> bool:
    """Whether a triple is RDF 1.1 without blank nodes."""
    value = triple.object
    return isinstance(triple.subject, ox.NamedNode) and (
        isinstance(value, ox.NamedNode) or (isinstance(value, ox.Literal) and value.direction is None)
    )


def _records(triples: list[Any], followed: dict[str, list[Link]]) -> Iterator[Record]:
    by_subject: dict[Any, dict[bytes, Any]] = defaultdict(dict)
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    for line, triple in zip(lines.splitlines(keepends=True), triples, strict=True):
        by_subject[triple.subject][line] = triple
    for subject, held in by_subject.items():
        yield _record(_name(subject), held, followed)


def _record(subject: str, held: dict[bytes, Any], followed: dict[str, list[Link]]) -> Record:
    mentions: dict[str, None] = {}
    linked: list[tuple[Link, str]] = []
    typed, traits = False, set[str]()
    for triple in held.values():
        predicate, value = triple.predicate.value, triple.object
        resource = not isinstance(value, ox.Literal)
        traits.add(predicate)
        if resource:
            name = _name(value)
            mentions[name] = None
            typed = typed or predicate == _TYPE
            if predicate == PREDICATE:
                traits.add(name)
        if predicate in followed:
            text = name if resource else value.value
            linked += [(link, text.lower() if link.alike else text) for link in followed[predicate]]
    if KEYS.name in followed:
        linked += [(KEYS, key) for key in _keys(subject, held.values())]
    entity = split_entity(subject) if typed else None
    return Record(
        subject=subject,
        triples=b"".join(held),
        size=len(held),
        typed=typed,
        kind=entity[0] if entity else "",
        mentions=tuple(mentions),
        links=tuple((link.key, text) for link, text in linked if traits.issuperset(link.where)),
    )


def _keys(subject: str, triples: Iterable[Any]) -> set[str]:
    """Return the keys of all names that a record gives to its subject."""
    told = (triple for triple in triples if triple.predicate.value in LOOKED_AT)
    names = (Name.of(URIRef(subject), URIRef(triple.predicate.value), to_rdflib(triple.object)) for triple in told)
    # Short, since there are dozens a name; two that fall together bring an entity into a unit in vain, and nothing else.
    keys = {key for name in names if name for key in name.keys}
    return {hashlib.blake2b(key.encode(), digest_size=8).hexdigest() for key in keys}


def _name(term: Any) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _renamed(reading: Reading, prefix: str) -> Reading:
    names: dict[BNode, BNode] = {}

    def same(term: Any) -> Any:
        return names.setdefault(term, BNode(f"b{prefix}n{len(names)}")) if isinstance(term, BNode) else term

    lines: dict[Any, int] = {}
    for (subject, predicate, value), line in reading.triples.lines.items():
        lines[same(subject), same(predicate), same(value)] = line
    subjects = {same(subject): line for subject, line in reading.triples.subjects.items()}
    return Reading(LocatedTriples(lines, subjects), reading.faults, reading.damaged)
