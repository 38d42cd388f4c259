"""The desk: a root with what is about to be written to its files, so that all of it is written or nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.curation.names import Names, split_kind
from alpine_kg.curation.slugs import slug_of
from alpine_kg.curation.terms import Terms
from alpine_kg.dates import earliest
from alpine_kg.errors import BadParameterError, ConflictError, RootError
from alpine_kg.formats import canonical_turtle
from alpine_kg.graph.loading import read_triples
from alpine_kg.namespaces import EDTF, KINDS, XSD, entity_iri, expand, shorten
from alpine_kg.root import GraphRoot, PlainRoot, shipped_root

Value = ox.NamedNode | ox.Literal
_CREATABLE: Final = {kind for kind in KINDS if kind not in {"post", "announcement", "source", "claim", "quote"}}
"""Kinds of which a name is enough; a post needs its organization."""


class Desk:
    """What a curator works at: names and terms of a root, and the statements that `write` puts into its files."""

    def __init__(self, root: GraphRoot) -> None:
        """Work on a root; raises RootError for files that are served as they are."""
        if isinstance(root, PlainRoot):
            raise RootError("Plain files are not curated.", "Name a folder with ontology/, data/ and queries/.")
        self.root = root
        self._pending: dict[str, list[ox.Triple]] = defaultdict(list)

    @classmethod
    def open(cls, path: Path | None = None) -> "Desk":
        """Return the desk of a root: the one at `path`, this checkout's own by default.

        Raises RootError for a graph inside an installed package, which nobody can commit.
        """
        if path is None and shipped_root().name == "shipped":
            raise RootError(
                "The graph of an installed package is not a place to write to.", "Name your graph root with --root."
            )
        return cls(GraphRoot.open(path))

    @cached_property
    def terms(self) -> Terms:
        """The vocabulary."""
        return Terms.read(self.root)

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """What the files of data/ say."""
        return read_triples(self.root.data, self.root)

    @cached_property
    def names(self) -> Names:
        """The names of the entities that there are, and of those that are about to be."""
        return Names.of(self.triples)

    def values(self, subject: str, name: str) -> list[str]:
        """Return the values of a property in the files and in what is pending, as texts."""
        return self._values.get((subject, expand(name)), [])

    @cached_property
    def _values(self) -> dict[tuple[str, str], list[str]]:
        held: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in self.triples:
            _index(held, row)
        return held

    def labels(self, iri: str) -> dict[str, str]:
        """Return the labels of a thing by language."""
        held = ((row.subject, row.predicate, row.object) for row in self.triples)
        sought = (ox.NamedNode(iri), term("rdfs:label"))
        return {o.language or "": o.value for s, p, o in held if (s, p) == sought and isinstance(o, ox.Literal)}

    def record(self, file: str, iri: str, statements: Iterable[tuple[str, Value]]) -> None:
        """Have a new thing written to a file of the root; raises ConflictError when there is one of that identifier.

        `statements` are prefixed names of properties with their values.
        """
        if iri in self.names.entities:
            raise ConflictError(f"{shorten(iri)} is there already.", "Choose another --slug, or edit what is there.")
        rows = self.add(file, iri, statements)
        self.names.add(iri, [row.object.value for row in rows if isinstance(row.object, ox.Literal)][:1])

    def add(self, file: str, iri: str, statements: Iterable[tuple[str, Value]]) -> list[ox.Triple]:
        """Have statements about a thing written to a file of the root, whatever else is said of it; return them as triples."""
        subject = ox.NamedNode(iri)
        rows = [ox.Triple(subject, ox.NamedNode(expand(name)), value) for name, value in statements]
        self._pending[file] += rows
        for row in rows:
            _index(self._values, row)
        return rows

    def entity(self, name: str, kinds: Collection[str], *, create: bool) -> str:
        """Return the entity that a name means, made when there is none and `create` says so.

        A kind before a colon says what to make: `person:Jana Nováková`. Raises BadParameterError for a name that nothing has.
        """
        if found := self.names.find(name, kinds):
            return found
        kind, bare = split_kind(name)
        kind = kind or next((choice for choice in kinds if choice in _CREATABLE), "")
        if not create or kind not in _CREATABLE or kind not in kinds:
            how = f"Or add it: alpine-kg new {kind or next(iter(kinds))} {bare!r}"
            raise self.names.unknown(name, kinds, how + (", or write --create." if kind in _CREATABLE else "."))
        return self.make(kind, bare)

    def make(self, kind: str, name: str) -> str:
        """Have a thing written that is known by its proper name alone."""
        iri = entity_iri(kind, slug_of(name))
        statements: list[tuple[str, Value]] = [
            ("rdf:type", ox.NamedNode(self.terms.class_for(kind))),
            ("rdfs:label", ox.Literal(name)),
        ]
        self.record(f"data/{KINDS[kind]}.ttl", iri, statements)
        return iri

    def write(self) -> list[str]:
        """Write what is pending, each file in canonical form, and return the files' names; raises RdfSyntaxError."""
        written = {name: self._canonical(name, rows) for name, rows in self._pending.items()}
        for name, text in written.items():
            place = self.root.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", newline="\n")
        self._pending.clear()
        return list(written)

    def preview(self) -> str:
        """Return what is pending as it would be written, in canonical form."""
        return self._turtle([row for rows in self._pending.values() for row in rows], "the new statements")

    def _canonical(self, name: str, rows: list[ox.Triple]) -> str:
        place = self.root.path / name
        return self._turtle([*(read_triples([place], self.root) if place.is_file() else ()), *rows], name)

    @staticmethod
    def _turtle(rows: list[ox.Triple], name: str) -> str:
        written = ox.serialize(rows, format=ox.RdfFormat.N_TRIPLES)
        assert written is not None
        return canonical_turtle(written, name)


def _index(held: dict[tuple[str, str], list[str]], row: ox.Triple) -> None:
    if isinstance(row.subject, ox.NamedNode) and not isinstance(row.object, ox.Triple):
        held[row.subject.value, row.predicate.value].append(row.object.value)


def term(name: str) -> ox.NamedNode:
    """Return the node of a prefixed name."""
    return ox.NamedNode(expand(name))


def date_of(text: str) -> ox.Literal:
    """Return an EDTF date; raises BadParameterError for a text that is none."""
    earliest(text)
    return ox.Literal(text, datatype=ox.NamedNode(EDTF))


def texts_of(**by_language: str) -> list[ox.Literal]:
    """Return texts in the languages that have one."""
    return [ox.Literal(text.strip(), language=language) for language, text in by_language.items() if text.strip()]


def number_of(text: str) -> ox.Literal:
    """Return a number; spaces and commas between thousands do not count. Raises BadParameterError for what is none.

    >>> number_of("36,000,000").value, number_of("2.5").datatype.value.rpartition("#")[2]
    ('36000000', 'decimal')
    """
    digits = "".join(text.split()).replace(",", "").replace("_", "")
    whole, point, fraction = digits.removeprefix("-").partition(".")
    if not (digits.isascii() and whole.isdigit() and (fraction.isdigit() or not point)):
        raise BadParameterError(f"{text!r} is not a number.", "Write it in full, for example 36000000 or 2.5.")
    return ox.Literal(digits, datatype=ox.NamedNode(XSD + ("decimal" if point else "integer")))
