"""Splitting: a root is validated record by record, in units of work that any process can do, and only where something changed.

The verdict on a focus node follows from its record, the ontology, the records that these mention, and those that the checks
reach (`reach`). So a unit is some focus nodes with these records, and it does not matter which nodes share one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from rdflib import Graph

from alpine_kg.root import ONTOLOGY_GRAPH, GraphRoot
from alpine_kg.validation.records import FileRecords, RawFile, read_located, read_records
from alpine_kg.validation.rules import Rules, Unit, judge
from alpine_kg.validation.runners import Runner
from alpine_kg.validation.stamps import stamp_of
from alpine_kg.validation.state import State
from alpine_kg.validation.syntax import Reading

UNIT_BYTES: Final = 2_000_000
"""N-Triples of the focus nodes of a unit: large enough that the ontology, which goes with each, costs little."""
_FEW: Final = 2_000
"""Focus nodes that are one unit without more ado."""
_READ_BYTES: Final = 1_000_000
"""Turtle that one process reads at a time."""


@dataclass
class Splitting:
    """One validation of a root by parts."""

    root: GraphRoot
    engine: str
    runner: Runner
    unit_bytes: int = UNIT_BYTES
    rules: Rules = field(init=False)
    shapes: dict[str, Reading] = field(init=False)
    """What the shapes' files say, by their names inside the root."""
    _ontology: list[FileRecords] = field(init=False)
    _terms: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read the rules; raises RootError when they cannot be read."""
        self._ontology = [read_records(self._raw(path, ONTOLOGY_GRAPH), ()) for path in self.root.ontology]
        self._terms = frozenset(record.subject for file in self._ontology for record in file.records)
        names = [(self.root.name(path), path) for path in self.root.shapes]
        self.shapes = {name: read_located(name, self.root.read(path)[0]) for name, path in names}
        shapes = Graph()
        for reading in self.shapes.values():
            for triple in reading.triples.lines:
                shapes.add(triple)
        chunks = tuple((ONTOLOGY_GRAPH, b"".join(record.triples for record in file.records)) for file in self._ontology)
        self.rules = Rules.of(self.root, self.engine, chunks, shapes)

    def run(self, file: Path | None) -> State:
        """Return the state, brought up to the root's files, with the failures of every record; `file` keeps it."""
        state = State(file, self.rules.digest)
        held = state.files()
        if not held:
            # Where something is held, the same checks have run.
            self.rules.try_checks()
        seen: dict[str, str | None] = {}
        changed = self._changed(held, seen)
        if held:
            files = list(changed)  # by which it is seen which there are
            foci: Collection[str] | None = self._update(state, files, held.keys() - seen.keys())
        else:
            for records in self._read(changed):
                state.add(records, self._terms)
            state.index()
            foci = None
        state.stamp({name: stamp for name, stamp in seen.items() if stamp is not None})
        if foci is None or state.extends_vocabulary(ONTOLOGY_GRAPH):
            self._judge(state, self._cut(state))
        elif foci:
            self._judge(state, [list(foci)] if len(foci) < _FEW else self._cut(state, foci))
        if self.rules.has_whole:
            everything, _ = state.records([subject for subject, _ in state.subjects()])
            state.replace_failures((), judge(self.rules, Unit(everything, whole=True)), whole=True)
        return state

    def _changed(self, held: Mapping[str, tuple[str, str]], seen: dict[str, str | None]) -> Iterator[RawFile]:
        """Yield the files that are not as they are held; put down all that there are, with stamps where they had to be read."""
        for graph, paths in self.root.graphs.items():
            for path in paths:
                name = self.root.name(path)
                digest, stamp = held.get(name, ("", ""))
                # Before the file is read: one that changes meanwhile is read again the next time.
                now = stamp_of(path)
                if now and now == stamp:
                    self.root.note(path, digest)
                    seen[name] = None
                    continue
                seen[name] = now
                raw = self._raw(path, graph)
                if raw.digest != digest:
                    yield raw

    def _raw(self, path: Path, graph: str) -> RawFile:
        return RawFile(self.root.name(path), graph, *self.root.read(path))

    def _read(self, files: Iterable[RawFile]) -> Iterator[FileRecords]:
        work = partial(_read_batch, self.rules.links)
        return chain.from_iterable(self.runner.map(work, _batches(files)))

    def _update(self, state: State, changed: list[RawFile], removed: Iterable[str]) -> set[str]:
        """Replace the records of changed and removed files; return the focus nodes whose verdict may have changed."""
        before = {name: state.contents(name) for name in (*(raw.name for raw in changed), *removed)}
        after = {file.name: file for file in self._read(changed)}
        contents = {
            name: {record.subject: (record.triples, "\n".join(record.mentions)) for record in after[name].records}
            if name in after
            else {}
            for name in before
        }
        subjects = {
            subject
            for name, old in before.items()
            for subject in old.keys() | contents[name].keys()
            if old.get(subject) != contents[name].get(subject)
        }
        mentioned = {
            name
            for file, old in before.items()
            for subject in subjects
            for name in _mentions(old, subject) ^ _mentions(contents[file], subject)
        }
        affected = subjects | (mentioned if self.rules.reach.mentioned else set())
        affected |= self._dependent(state, subjects)
        for name in before:
            state.remove(name)
        for records in after.values():
            state.add(records, self._terms)
        state.share(subjects)
        affected |= self._dependent(state, subjects)
        state.replace_failures(affected, ())
        return state.existing(affected)

    def _dependent(self, state: State, subjects: Collection[str]) -> set[str]:
        return state.mentioning(subjects) | state.followed(subjects, self.rules.reach.sources())

    def _cut(self, state: State, foci: Collection[str] | None = None) -> Iterator[list[str]]:
        """Yield the focus nodes of each unit; all in one where a data file declares classes, on which any may depend."""
        limit = float("inf") if state.extends_vocabulary(ONTOLOGY_GRAPH) else self.unit_bytes
        unit: list[str] = []
        size = 0
        for subject, length in state.subjects():
            if foci is None or subject in foci:
                unit.append(subject)
                size += length
            if size >= limit:
                yield unit
                unit, size = [], 0
        if unit:
            yield unit

    def _judge(self, state: State, cut: Iterable[list[str]]) -> None:
        taken: list[list[str]] = []

        def units() -> Iterator[Unit]:
            for foci in cut:
                taken.append(foci)
                yield self._unit(state, foci)

        results = self.runner.map(partial(judge, self.rules), units())
        for number, failures in enumerate(results):
            state.replace_failures(taken[number], failures)
            taken[number] = []

    def _unit(self, state: State, foci: list[str]) -> Unit:
        own, mentioned = state.records(foci)
        others = (mentioned | state.reached(foci, self.rules.reach)) - set(foci) - self._terms
        # What the reached records mention is not looked at, but for what a path names.
        context, _ = state.records(others)
        return Unit(own, context)


def _batches(files: Iterable[RawFile]) -> Iterator[list[RawFile]]:
    batch: list[RawFile] = []
    size = 0
    for raw in files:
        batch.append(raw)
        size += len(raw.content)
        if size >= _READ_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(links: Collection[object], files: list[RawFile]) -> list[FileRecords]:
    return [read_records(raw, links) for raw in files]  # type: ignore[arg-type]


def _mentions(contents: dict[str, tuple[bytes, str]], subject: str) -> set[str]:
    return set(contents.get(subject, (b"", ""))[1].split("\n")) - {""}
