"""Reporting: from failures, in RDF terms, to findings, in a curator's words and with the place to mend."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from rdflib.namespace import RDF

from alpine_kg.namespaces import split_entity
from alpine_kg.root import GraphRoot
from alpine_kg.validation.authored import Authored
from alpine_kg.validation.checks import Check
from alpine_kg.validation.findings import Counts, Failure, Finding, written
from alpine_kg.validation.identity import likely_duplicates
from alpine_kg.validation.quotes import Verification, verify_quotes
from alpine_kg.validation.report import Report
from alpine_kg.validation.suggestions import Suggestions
from alpine_kg.validation.terms import silenced

_SUGGESTION = {"fr": " Vouliez-vous dire {meant} ?", "en": " Did you mean {meant}?"}


def report_whole(root: GraphRoot, texts: Path | None) -> Report:
    """Return the report of a root that is read and judged as a whole, by the reference."""
    from alpine_kg.validation.shacl import run_shapes  # noqa: PLC0415 - the largest library, for this engine alone

    with silenced():
        authored = Authored.read(root)
        quotes = verify_quotes(authored.graph, texts)
        found = chain(
            run_shapes(authored.graph, authored.shapes),
            chain.from_iterable(Check.read(path).failures(authored.store) for path in root.checks),
            quotes.failures,
            likely_duplicates(authored.graph),
        )
        findings = located(found, authored, Suggestions(authored.graph))
    return Report(findings, _counts(authored, quotes))


def located(failures: Iterable[Failure], authored: Authored, suggestions: Suggestions) -> tuple[Finding, ...]:
    """Return failures, and the faults of the files, as findings in the order of a report."""
    # What a damaged paragraph names looks missing or unused only because of the damage.
    sound = (failure for failure in failures if not authored.damaged & {str(failure.focus), str(failure.value)})
    findings = (_finding(failure, authored, suggestions) for failure in chain(authored.faults, sound))
    return tuple(sorted(findings, key=lambda finding: finding.order))


def _finding(failure: Failure, authored: Authored, suggestions: Suggestions) -> Finding:
    """Return a failure with its place, its entity's label, and the remedy with the name that may have been meant."""
    place = authored.locate(failure)
    near = suggestions.near(failure.value)
    meant = failure.meant or (written(near) if near else "")
    wrong, remedy = failure.wording
    if meant:
        remedy = {language: text + _SUGGESTION[language].format(meant=meant) for language, text in remedy.items()}
    return Finding(
        rule=failure.rule,
        severity=failure.severity,
        file=place.file,
        line=place.line,
        focus=failure.focus,
        label=authored.label(failure.focus),
        path=failure.path,
        value=failure.value,
        message=wrong,
        remedy=remedy,
    )


def _counts(authored: Authored, quotes: Verification) -> Counts:
    """Return what was gone through; claims and quotes are records about entities, not entities."""
    subjects = authored.graph.subjects(RDF.type, unique=True)
    kinds = Counter(entity[0] for entity in map(split_entity, map(str, subjects)) if entity)
    return counted(authored.files, len(authored.graph), kinds, quotes)


def counted(files: int, triples: int, kinds: Counter[str], quotes: Verification) -> Counts:
    """Return the numbers of a report."""
    return Counts(
        files=files,
        triples=triples,
        entities=kinds.total() - kinds["claim"] - kinds["quote"],
        claims=kinds["claim"],
        quotes=kinds["quote"],
        quotes_verified=quotes.verified,
        quotes_unchecked=quotes.unchecked,
    )
