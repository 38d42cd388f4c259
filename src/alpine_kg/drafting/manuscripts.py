"""Manuscripts: drafts as Turtle in a folder of their own, which nothing serves, and what a curator accepts of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from alpine_kg.curation.announcements import ENTERED, SOURCES, Document
from alpine_kg.curation.claims import claim_iri
from alpine_kg.curation.desk import Desk, Value, date_of, term, texts_of
from alpine_kg.curation.quotes import passage_at, put_quote
from alpine_kg.drafting.drafts import Draft
from alpine_kg.drafting.scenes import Found
from alpine_kg.errors import BadParameterError, ConflictError, NotFoundError
from alpine_kg.formats import canonical_turtle
from alpine_kg.graph.loading import read_triples
from alpine_kg.namespaces import AK, EDTF, KINDS, RDF, entity_iri, expand, local_name, shorten, split_entity

FOLDER: Final = "drafts"
_MARK: Final = AK + "draft"
_BY_NAME: Final = "said by the name"
_NAMED_SO: Final = {"fr": "Le nom employé par la source le dit.", "en": "The name that the source uses says so."}
_TITLE: Final = 160


@dataclass(frozen=True)
class Words:
    """What a curator says of an announcement: titles and summaries, each in its language."""

    titles: list[ox.Literal] = field(default_factory=list)
    summaries: list[ox.Literal] = field(default_factory=list)

    def titles_for(self, made: Draft) -> dict[str, str]:
        """Return the titles by language, with the text's first line for the text's own language if it has none."""
        given = {title.language or "": title.value for title in self.titles}
        first = next(
            (line.strip() for line in made.text.text.splitlines() if line.strip()), local_name(made.announcement)
        )
        return {made.language: first[:_TITLE], **given}


def write_draft(desk: Desk, made: Draft, document: Document, date: str, words: Words) -> str:
    """Write a draft into the folder of drafts, and return its file's name.

    Every thing, claim and quote in it is marked with what proposed it. Raises ConflictError when there is such a draft.
    """
    file = f"{FOLDER}/{local_name(made.announcement)}.ttl"
    if (desk.root.path / file).exists():
        raise ConflictError(f"{file} is there already.", "Accept it or remove it, or choose another --slug.")
    marked, titles = _Marked(desk, file, frozenset(desk.names.entities)), words.titles_for(made)
    if made.announcement not in desk.names.entities:
        told = [("rdfs:label", text) for text in texts_of(**titles)] + [
            ("ak:summary", text) for text in words.summaries
        ]
        marked.record(
            made.announcement, [("rdf:type", ox.NamedNode(AK + "Announcement")), *told], "the text as a whole"
        )
    source = _source_with(desk, made.text.digest)
    if not source:
        source = document.put(desk, made.announcement, titles=titles, published=date, file=file)
        marked.mark(source, "the text's source")
    elif made.announcement not in desk.values(source, "ak:reports"):
        reports = ("ak:reports", ox.NamedNode(made.announcement))
        desk.add(file, source, [reports, ("ak:draft", ox.Literal("the text is this source's"))])
    for proposal in made.cast.proposals.values():
        marked.record(proposal.iri, _entity(proposal.type, proposal.labels, proposal.organization), proposal.mark)
    dated = Found(made.announcement, "date", date, EDTF, mark="the date that was given", modality="Delivered")
    for found in (dated, *made.claims):
        _put(marked, made, source, found)
    desk.write()
    return file


def _source_with(desk: Desk, digest: str) -> str:
    """Return the source whose text this is, if the graph has it."""
    sources = (iri for iri in desk.names.entities if (split_entity(iri) or ("",))[0] == "source")
    return next((iri for iri in sources if digest in desk.values(iri, "ak:textDigest")), "")


def _entity(class_iri: str, labels: dict[str, str], organization: str) -> Iterable[tuple[str, Value]]:
    yield "rdf:type", ox.NamedNode(class_iri)
    for language, text in labels.items():
        yield "rdfs:label", ox.Literal(text, language=language or None)
    if organization:
        yield "ak:postIn", ox.NamedNode(organization)


def _put(marked: "_Marked", made: Draft, source: str, found: Found) -> None:
    """Have a proposed claim recorded, with its quotes."""
    desk = marked.desk
    literal = ox.Literal(found.object, datatype=ox.NamedNode(found.datatype)) if found.datatype else None
    value: Value = literal or ox.NamedNode(found.object)
    quotes = []
    for start, end in found.spans:
        quote = put_quote(desk, marked.file, made.announcement, source, passage_at(made.text, start, end))
        if quote not in marked.known:
            marked.mark(quote, "quoted by a proposal")
        quotes.append(quote)
    reason = {} if quotes and found.mark != _BY_NAME else _NAMED_SO if quotes else ENTERED
    statements: list[tuple[str, Value]] = [
        ("rdf:type", ox.NamedNode(AK + "Claim")),
        ("rdf:subject", ox.NamedNode(found.subject)),
        ("rdf:predicate", ox.NamedNode(AK + found.predicate)),
        ("rdf:object", value),
        ("ak:announcedIn", ox.NamedNode(made.announcement)),
        ("ak:statedIn", ox.NamedNode(source)),
        ("ak:modality", ox.NamedNode(AK + found.modality)),
        ("ak:basis", ox.NamedNode(AK + ("Inferred" if reason else "Stated"))),
        *(("ak:reason", text) for text in texts_of(**reason)),
        *(("ak:quote", ox.NamedNode(quote)) for quote in quotes),
    ]
    statements += [("ak:due", date_of(found.due))] if found.due else []
    statements += [
        (f"ak:{name}", ox.NamedNode(iri)) for name, iri in (("unit", found.unit), ("bound", found.bound)) if iri
    ]
    iri = claim_iri(desk, made.announcement, found.subject, found.predicate, value)
    marked.record(iri, statements, found.mark)


@dataclass
class _Marked:
    """Records into one file in which everything has a mark."""

    desk: Desk
    file: str
    known: frozenset[str]
    """What the data have: it is quoted, and not marked."""

    def record(self, iri: str, statements: Iterable[tuple[str, Value]], mark: str) -> None:
        self.desk.record(self.file, iri, [*statements, ("ak:draft", ox.Literal(mark))])

    def mark(self, iri: str, mark: str) -> None:
        """Mark a thing that was recorded without a mark, unless it has one."""
        if not self.desk.values(iri, "ak:draft"):
            self.desk.add(self.file, iri, [("ak:draft", ox.Literal(mark))])


@dataclass(frozen=True)
class Acceptance:
    """What came of accepting: the files written, the claims that are in the data now, and how many are left in the draft."""

    files: tuple[str, ...]
    claims: tuple[str, ...]
    left: int


def accept(desk: Desk, name: str, claims: Collection[str] = (), reject: Collection[str] = ()) -> Acceptance:
    """Move claims of a draft into the data, with all that they need, without their marks; all claims when none is named.

    `claims` and `reject` are the ends of their identifiers. What is rejected leaves the draft, which is removed when no claim
    is left in it. Raises NotFoundError for a draft or claim that is not there.
    """
    place = _place(desk, name)
    rows = read_triples([place], desk.root)
    subjects = {str(getattr(row.subject, "value", "")) for row in rows}
    proposed = {iri for iri in subjects if (split_entity(iri) or ("",))[0] == "claim"}
    rejected = {_claim(proposed, slug, place) for slug in reject}
    chosen = {_claim(proposed, slug, place) for slug in claims} if claims else set() if reject else proposed
    needed = _needed(rows, chosen, subjects - rejected) if chosen else set()
    for row in rows:
        iri = str(getattr(row.subject, "value", ""))
        if iri in needed and row.predicate.value != _MARK:
            desk.add(_file_of(iri, name), iri, [(shorten(row.predicate.value), _value(row.object))])
    files = desk.write()
    left = [row for row in rows if str(getattr(row.subject, "value", "")) not in needed | rejected]
    remaining = len(proposed - needed - rejected)
    if remaining:
        written = ox.serialize(left, format=ox.RdfFormat.N_TRIPLES)
        assert written is not None
        place.write_text(canonical_turtle(written, place.name), encoding="utf-8", newline="\n")
    else:
        place.unlink()
    return Acceptance(tuple(files), tuple(sorted(needed & proposed)), remaining)


def _place(desk: Desk, name: str) -> Path:
    given = Path(name)
    place = given if given.suffix == ".ttl" and given.is_file() else desk.root.path / FOLDER / f"{given.stem}.ttl"
    if not place.is_file():
        folder = desk.root.path / FOLDER
        there = ", ".join(sorted(path.stem for path in folder.glob("*.ttl"))) or "none"
        raise NotFoundError(f"There is no draft {name!r}.", f"The drafts are: {there}.")
    return place


def _claim(proposed: Collection[str], slug: str, place: Path) -> str:
    iri = expand(slug) if ":" in slug else entity_iri("claim", slug)
    if iri not in proposed:
        raise NotFoundError(f"{place.name} has no claim {slug!r}.", "Its claims stand in the file as claim:….")
    return iri


def _needed(rows: list[ox.Triple], chosen: Collection[str], subjects: Collection[str]) -> set[str]:
    """Return the chosen claims with everything in the draft that they lead to, and what dates their announcement."""
    links: dict[str, set[str]] = {}
    for row in rows:
        if isinstance(row.object, ox.NamedNode):
            links.setdefault(str(getattr(row.subject, "value", "")), set()).add(row.object.value)
    dating = {
        str(getattr(row.subject, "value", ""))
        for row in rows
        if row.predicate.value == RDF + "predicate" and row.object == term("ak:date")
    }
    needed: set[str] = set()
    waiting = {*chosen, *dating}
    while waiting:
        needed |= waiting
        waiting = {iri for held in waiting for iri in links.get(held, ()) if iri in subjects} - needed
    return needed & {*subjects}


def _file_of(iri: str, name: str) -> str:
    kind = (split_entity(iri) or ("",))[0]
    if kind in {"announcement", "claim", "quote"}:
        return f"data/announcements/{Path(name).stem}.ttl"
    return SOURCES if kind == "source" else f"data/{KINDS[kind]}.ttl"


def _value(value: object) -> Value:
    if not isinstance(value, ox.NamedNode | ox.Literal):
        raise BadParameterError("The draft holds a blank node.", "Give the thing an identifier.")
    return value
