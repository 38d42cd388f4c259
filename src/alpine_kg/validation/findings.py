"""Findings: what a rule says is wrong, and the same with file, line, label and remedy added."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rdflib.term import BNode, Literal, Node, URIRef

from alpine_kg.namespaces import shorten
from alpine_kg.queries import Text


class Severity(StrEnum):
    """How serious a finding is, by the local names of SHACL's severities."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    @classmethod
    def of(cls, name: str) -> "Severity":
        """Return SHACL's severity of a name; one of the shapes' own is a violation, since no graph conforms with it."""
        return cls(name) if name in list(cls) else cls.VIOLATION


@dataclass(frozen=True)
class Place:
    """A 1-based line of a file, whose path is given inside the root."""

    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What a rule reports, in RDF terms: the node, and the property and value where there are any.

    `wording` is what is wrong and what to do, as `worded` gives them. `place` is given where no triple has it, and `meant`
    where the rule itself knows what a misspelt word was meant to be.
    """

    rule: str
    wording: tuple[Text, Text]
    focus: Node
    path: Node | None = None
    value: Node | None = None
    severity: Severity = Severity.VIOLATION
    place: Place | None = None
    meant: str = ""

    @property
    def focus_name(self) -> str:
        """The focus node as an index of records names it."""
        return f"_:{self.focus}" if isinstance(self.focus, BNode) else str(self.focus)

    def to_json(self) -> list[Any]:
        """Return the failure as JSON has it, without what a file alone knows."""
        terms = [_packed(term) for term in (self.focus, self.path, self.value)]
        return [self.rule, self.severity.value, *self.wording, *terms]

    @classmethod
    def of_json(cls, packed: list[Any]) -> "Failure":
        """Return the failure that `to_json` packed."""
        rule, severity, wrong, remedy, *terms = packed
        focus, path, value = map(_unpacked, terms)
        assert focus is not None
        wording = (wrong, remedy)
        return cls(rule=rule, severity=Severity(severity), wording=wording, focus=focus, path=path, value=value)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a curator reads: where it is, what is wrong with which entity, and what to do."""

    rule: str
    severity: Severity
    file: str
    line: int
    focus: Node
    label: Text
    path: Node | None
    value: Node | None
    message: Text
    remedy: Text

    @property
    def order(self) -> tuple[str, int, str, str, str, str]:
        """Where the finding stands in a report: the same findings always stand in the same order."""
        return self.file, self.line, self.rule, str(self.focus), written(self.value or BNode()), str(self.message)

    @property
    def statement(self) -> str:
        """The offending triple as Turtle writes it, as far as the rule names it."""
        return " ".join(written(term) for term in (self.focus, self.path, self.value) if term is not None)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON has it; `value` is written as in Turtle."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "focus": str(self.focus),
            "label": self.label,
            "path": None if self.path is None else str(self.path),
            "value": None if self.value is None else written(self.value),
            "message": self.message,
            "remedy": self.remedy,
        }


def _packed(term: Node | None) -> list[str | None]:
    if isinstance(term, Literal):
        return ["literal", str(term), term.language, None if term.datatype is None else str(term.datatype)]
    return [type(term).__name__, None if term is None else str(term)]


def _unpacked(packed: list[Any]) -> Node | None:
    kind, text, *rest = packed
    if kind == "literal":
        return Literal(text, lang=rest[0], datatype=rest[1], normalize=False)
    return {"URIRef": URIRef, "BNode": BNode}[kind](text) if text is not None else None


def worded(sentences: Text, **words: str) -> tuple[Text, Text]:
    """Return what is wrong, which the first sentence says, and what to do, which the others say, with `{name}` replaced.

    >>> worded({"en": "{label} has no unit. Add one."}, label="St. Malo")
    ({'en': 'St. Malo has no unit.'}, {'en': 'Add one.'})
    """
    wrong: Text = {}
    remedy: Text = {}
    for language, text in sentences.items():
        first, _, rest = text.partition(". ")
        # What has nothing to replace may have braces of its own: patterns in the messages of shapes do.
        wrong[language] = (first.format(**words) if words else first) + "."
        remedy[language] = rest.format(**words) if words else rest
    return wrong, remedy


def written(term: Node) -> str:
    """Return a term as Turtle writes it, with this project's prefixes.

    >>> written(Literal("usine", lang="fr")), written(URIRef("https://w3id.org/alpine-kg/id/plant/dieppe"))
    ('"usine"@fr', 'plant:dieppe')
    """
    if isinstance(term, URIRef):
        return shorten(str(term))
    if not isinstance(term, Literal):
        return "[]"
    text = '"' + str(term).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    if term.language:
        return f"{text}@{term.language}"
    return f"{text}^^{shorten(str(term.datatype))}" if term.datatype else text


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a validation went through; `quotes` are those verified, those unchecked and those found wrong."""

    files: int
    triples: int
    entities: int
    claims: int
    quotes: int
    quotes_verified: int
    quotes_unchecked: int
