"""Turtle with line numbers: which line of a file each of its triples stands on.

rdflib's parser counts lines only for its error messages, and makes the statements of an object list after it has read them
all. This one notes where each subject and object begins, so that the layout of a file does not matter.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import MutableSequence
from dataclasses import dataclass, field
from typing import Any

from rdflib import Graph
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import Node

Triple = tuple[Node, Node, Node]


@dataclass(frozen=True)
class LocatedTriples:
    """The triples of a Turtle text with the 1-based line on which the object of each begins; the first line of each subject."""

    lines: dict[Triple, int] = field(default_factory=dict)
    subjects: dict[Node, int] = field(default_factory=dict)


def parse(text: str) -> LocatedTriples:
    """Return the triples of a Turtle text with their lines; raises `rdflib.plugins.parsers.notation3.BadSyntax`."""
    sink = _Sink(text)
    _Parser(sink).loadBuf(text)
    return sink.found


class _Sink(RDFSink):
    """Keeps what the parser states, with the line of the offset at which the parser is."""

    def __init__(self, text: str) -> None:
        super().__init__(Graph())
        self.found = LocatedTriples()
        self.offset = 0
        self._ends = [offset for offset, character in enumerate(text) if character == "\n"]

    @property
    def line(self) -> int:
        """The 1-based line of the offset."""
        return bisect_left(self._ends, self.offset) + 1

    def makeStatement(self, quadruple: Any, why: Any = None) -> None:  # noqa: ARG002, N802 - rdflib's interface
        """Keep a triple; one that is written twice keeps its first line."""
        formula, predicate, subject, value = quadruple
        triple = (self.normalise(formula, subject), self.normalise(formula, predicate), self.normalise(formula, value))
        self.found.lines.setdefault(triple, self.line)
        self.found.subjects.setdefault(triple[0], self.line)


class _Parser(SinkParser):
    """Tells the sink where the subject or object of each statement begins."""

    def __init__(self, sink: _Sink) -> None:
        super().__init__(sink, baseURI="", turtle=True)
        self._sink = sink
        self._begun: list[int] = []
        self._stated: deque[int] = deque()

    def statement(self, argstr: str, i: int) -> int:
        """Read a subject with its predicates and objects, and note the subject's line."""
        subject: list[Any] = []
        after = self.object(argstr, i, subject)
        if after < 0:
            return after
        self._sink.offset = self._begun.pop()
        self._sink.found.subjects.setdefault(self._sink.normalise(None, subject[0]), self._sink.line)
        return self.property_list(argstr, after, subject[0])

    def objectList(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:  # noqa: N802 - rdflib's interface
        """Read the objects of one predicate; rdflib makes their statements right afterwards, in the same order."""
        outer, self._begun = self._begun, []
        after = super().objectList(argstr, i, res)
        self._stated, self._begun = deque(self._begun), outer
        return after

    def object(self, argstr: str, i: int, res: MutableSequence[Any]) -> int:
        """Read one subject or object, and note where it begins."""
        start = self._sink.offset = self.skipSpace(argstr, i)
        after = super().object(argstr, start, res)
        self._begun.append(start)
        return after

    def makeStatement(self, quadruple: Any) -> None:  # noqa: N802 - rdflib's interface
        """Pass a statement on, with the offset of its object."""
        if self._stated:
            self._sink.offset = self._stated.popleft()
        super().makeStatement(quadruple)
