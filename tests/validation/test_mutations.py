"""Whoever breaks one thing in the shipped data is told which line it is: the table of single mistakes in `mutations.yaml`.

The mistakes are made in copies of `data/`, several to a copy as long as they touch different paragraphs. Since the text of the
source is not in the repository, a stand-in text has the quotes at their places and blanks elsewhere.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from rdflib import Graph, URIRef

from alpine_kg.namespaces import AK, OA
from alpine_kg.root import FOLDERS, GraphRoot, shipped_root
from alpine_kg.validation import Finding, validate

SOURCE = URIRef("https://w3id.org/alpine-kg/id/source/alpine-release-crossover-gt")
ROUND = 12


@dataclass(frozen=True)
class Mutation:
    """One row of the table."""

    name: str
    file: str
    subject: str
    old: str
    new: str
    rule: str
    at: str = ""
    also: tuple[str, ...] = ()
    meant: str = ""

    def apply(self, root: Path) -> None:
        """Make the mistake in a copy of the root."""
        path = root / self.file
        text = path.read_text(encoding="utf-8")
        start, end = self.paragraph(text)
        assert self.old in text[start:end], f"{self.old!r} is no longer in {self.subject}"
        path.write_text(text[:start] + text[start:end].replace(self.old, self.new, 1) + text[end:], encoding="utf-8")

    def line(self, root: Path) -> int:
        """Return the line that the report must name."""
        text = (root / self.file).read_text(encoding="utf-8")
        # What is put before a paragraph is searched from there.
        first = self.subject if self.subject not in self.old else self.new.splitlines()[0]
        place = text.index(self.at or self.new.strip().splitlines()[0], text.index(f"\n{first}\n"))
        return text.count("\n", 0, place) + 1

    def paragraph(self, text: str) -> tuple[int, int]:
        """Return where the subject's paragraph begins and ends."""
        start = text.index(f"\n{self.subject}\n") + 1
        end = text.find("\n\n", start)
        return start, end if end > 0 else len(text)


TABLE = [
    Mutation(**{**row, "also": tuple(row.get("also", ()))})
    for row in yaml.safe_load(Path(__file__).with_name("mutations.yaml").read_text(encoding="utf-8"))
]
MUTATIONS = {mutation.name: mutation for mutation in TABLE}
Findings = dict[str, tuple[Path, tuple[Finding, ...]]]


def rounds(rows: list[Mutation]) -> Iterator[list[Mutation]]:
    """Deal the mistakes out, syntax last, since a damaged paragraph hides what is said of the things that it names."""
    sound = [row for row in rows if row.rule != "syntax"]
    broken = [row for row in rows if row.rule == "syntax"]
    for group in (sound, broken):
        count = -(-len(group) // ROUND)
        yield from (group[number::count] for number in range(count))


def stand_in(graph: Graph) -> str:
    """Return a text of the source's length that has its quotes, with what stands around them, and blanks elsewhere."""
    letters = [" "] * int(str(graph.value(SOURCE, URIRef(AK + "textLength"))))
    for quote in graph.subjects(URIRef(AK + "quotedFrom"), SOURCE):
        exact, prefix, suffix = (
            str(graph.value(quote, URIRef(OA + name)) or "") for name in ("exact", "prefix", "suffix")
        )
        start = int(str(graph.value(quote, URIRef(OA + "start")))) - len(prefix)
        words = prefix + exact + suffix
        letters[start : start + len(words)] = words
    return "".join(letters)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A copy of the shipped root whose source has the stand-in text, and the folder of that text."""
    root, texts = tmp_path_factory.mktemp("original"), tmp_path_factory.mktemp("texts")
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, root / folder)
    graph = Graph()
    for path in GraphRoot.open(root).data:
        graph.parse(path)
    text = stand_in(graph)
    (texts / "stand-in.txt").write_text(text, encoding="utf-8")
    sources = root / "data" / "sources.ttl"
    real = str(graph.value(SOURCE, URIRef(AK + "textDigest")))
    digest = hashlib.sha256(text.encode()).hexdigest()
    sources.write_text(sources.read_text(encoding="utf-8").replace(real, digest), encoding="utf-8")
    return root, texts


@pytest.fixture(scope="module")
def reports(original: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """Return for each mistake its copy of the root and what was found there and not in the original."""
    root, texts = original
    known = {(finding.rule, finding.statement) for finding in validate(GraphRoot.open(root), texts=texts).findings}
    found: Findings = {}
    for number, group in enumerate(rounds(TABLE)):
        copy = shutil.copytree(root, tmp_path_factory.mktemp("round") / str(number))
        for mutation in group:
            mutation.apply(copy)
        after = validate(GraphRoot.open(copy), texts=texts).findings
        findings = tuple(finding for finding in after if (finding.rule, finding.statement) not in known)
        found.update({mutation.name: (copy, findings) for mutation in group})
    return found


def test_the_original_is_valid_and_all_its_quotes_are_verified(original: tuple[Path, Path]) -> None:
    report = validate(GraphRoot.open(original[0]), texts=original[1])
    assert report.conforms
    assert 0 < report.counts.quotes == report.counts.quotes_verified
    assert report.counts.quotes_unchecked == 0


def test_the_table_is_long_and_its_names_are_its_own() -> None:
    assert len(TABLE) == len(MUTATIONS) >= 25


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mistake_is_reported_with_file_line_and_rule(name: str, reports: Findings) -> None:
    mutation, (root, findings) = MUTATIONS[name], reports[name]
    place = (mutation.file, mutation.line(root))
    here = [finding for finding in findings if (finding.file, finding.line) == place]
    assert mutation.rule in {finding.rule for finding in here}, [(f.rule, f.file, f.line) for f in findings]
    assert all(mutation.meant in finding.remedy["en"] for finding in here if finding.rule == mutation.rule)


def test_nothing_else_is_reported(reports: Findings) -> None:
    for group in rounds(TABLE):
        expected = {rule for mutation in group for rule in (mutation.rule, *mutation.also)}
        _, findings = reports[group[0].name]
        assert {finding.rule for finding in findings} <= expected, [
            f.statement for f in findings if f.rule not in expected
        ]
