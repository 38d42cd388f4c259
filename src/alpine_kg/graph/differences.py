"""What differs between two versions of a graph: statements added and withdrawn, and what changed in claims and records."""

import io
import re
import subprocess
import tarfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import RootError
from alpine_kg.graph.loading import read_triples
from alpine_kg.graph.vocabulary import Labels
from alpine_kg.namespaces import AK, OA, RDF, RDFS, split_entity
from alpine_kg.root import FOLDERS, ONTOLOGY_GRAPH, GraphRoot
from alpine_kg.store.base import Term

Record = dict[str, frozenset[Term]]
"""The values of each property of one subject."""
_REVISION: Final = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_./@^~{}-]*")
"""A name of a revision; one that began with a hyphen would be an option."""
_LABEL: Final = RDFS + "label"
_CORE: Final = (RDF + "subject", RDF + "predicate", AK + "announcedIn")
"""What two claims have alike that are versions of one statement, whatever their identifiers."""


@dataclass(frozen=True)
class Version:
    """One version of a graph: what its files say of each subject, without what is derived."""

    records: dict[str, Record]
    terms: dict[str, Record]

    @classmethod
    def read(cls, root: GraphRoot) -> "Version":
        """Return the version in a root; raises RdfSyntaxError for a file that cannot be read."""
        ontology = root.graphs.get(ONTOLOGY_GRAPH, ())
        return cls(_records(read_triples(root.data, root)), _records(read_triples(ontology, root)))

    def labels(self, iri: str) -> Labels:
        """Return the names of a thing or term by language; those of a quote are its words."""
        held = self.records.get(iri) or self.terms.get(iri) or {}
        texts = held.get(_LABEL) or held.get(OA + "exact") or ()
        return {text.language or "": text.value for text in texts if isinstance(text, ox.Literal)}

    def core(self, claim: str) -> tuple[str, ...]:
        """Return what makes a claim the same statement under another identifier."""
        return tuple(term.value for name in _CORE for term in sorted(self.records[claim].get(name, ()), key=str))


@dataclass(frozen=True)
class Change:
    """What changed under one subject: for each property the values that are gone and those that are new."""

    before: str
    after: str
    properties: dict[str, tuple[frozenset[Term], frozenset[Term]]]


@dataclass(frozen=True)
class Differences:
    """Two versions, and the subjects that one of them lacks or that both have differently."""

    old: Version
    new: Version

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Claims that went on under another identifier: the old one by the new."""
        gone, come = (self._by_core(here, there) for here, there in ((self.old, self.new), (self.new, self.old)))
        return {come[core][0]: gone[core][0] for core in gone if len(gone[core]) == len(come.get(core, ())) == 1}

    def added(self, kind: str) -> list[str]:
        """Return the subjects of a kind that only the new version has."""
        return [iri for iri in _of_kind(self.new, kind) if iri not in self.old.records and iri not in self.renamed]

    def withdrawn(self, kind: str) -> list[str]:
        """Return the subjects of a kind that only the old version has."""
        gone = {*self.renamed.values()}
        return [iri for iri in _of_kind(self.old, kind) if iri not in self.new.records and iri not in gone]

    def changed(self, kind: str) -> list[Change]:
        """Return the changes of the subjects of a kind that both versions have."""
        pairs = ((self.renamed.get(iri, iri), iri) for iri in _of_kind(self.new, kind))
        compared = (self._change(before, after) for before, after in pairs if before in self.old.records)
        return [change for change in compared if change.properties or change.before != change.after]

    @cached_property
    def vocabulary(self) -> tuple[int, int]:
        """How many statements of the vocabulary are new, and how many are gone."""
        old, new = _statements(self.old.terms), _statements(self.new.terms)
        return len(new - old), len(old - new)

    def _change(self, before: str, after: str) -> Change:
        old, new = self.old.records[before], self.new.records[after]
        empty: frozenset[Term] = frozenset()
        compared = {name: (old.get(name, empty), new.get(name, empty)) for name in sorted(old.keys() | new.keys())}
        return Change(before, after, {name: (a - b, b - a) for name, (a, b) in compared.items() if a != b})

    @staticmethod
    def _by_core(here: Version, there: Version) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for claim in _of_kind(here, "claim"):
            if claim not in there.records:
                found[here.core(claim)].append(claim)
        return found


def version_of(name: str, root: GraphRoot) -> Version:
    """Return the version that a text names: a folder with a graph root, or a revision of the git repository of `root`.

    Raises RootError when it is neither, or when the revision holds no graph root.
    """
    if Path(name).is_dir():
        return Version.read(GraphRoot.open(Path(name)))
    with TemporaryDirectory() as folder:
        _unpack(name, root.path, Path(folder))
        return Version.read(GraphRoot.open(Path(folder)))


def _unpack(revision: str, folder: Path, target: Path) -> None:
    """Write a root's three folders as a revision has them; raises RootError when there is no such revision."""
    if not _REVISION.fullmatch(revision):
        raise _no_version(revision)
    command = ["git", "-C", str(folder), "archive", "--format=tar", revision, "--", *FOLDERS]
    try:
        packed = subprocess.check_output(command, stderr=subprocess.DEVNULL)  # noqa: S603 - the name is no option
    except (OSError, subprocess.CalledProcessError) as error:
        raise _no_version(revision) from error
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _no_version(name: str) -> RootError:
    return RootError(
        f"{name!r} is neither a folder nor a revision with a graph root.",
        "Name a folder with ontology/, data/ and queries/, or a revision of the git repository that the root is in.",
    )


def _records(triples: Iterable[ox.Triple]) -> dict[str, Record]:
    held: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for row in triples:
        if isinstance(row.subject, ox.NamedNode) and not isinstance(row.object, ox.Triple):
            held[row.subject.value][row.predicate.value].add(row.object)
    return {iri: {name: frozenset(values) for name, values in record.items()} for iri, record in held.items()}


def _of_kind(version: Version, kind: str) -> list[str]:
    return sorted(iri for iri in version.records if (split_entity(iri) or ("",))[0] == kind)


def _statements(records: dict[str, Record]) -> set[tuple[str, str, Term]]:
    return {(iri, name, value) for iri, held in records.items() for name, values in held.items() for value in values}
