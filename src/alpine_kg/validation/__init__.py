"""Validation: whether a graph root keeps its own rules, with file, line, label and remedy for each thing that does not.

Five kinds of rules run over the authored files, and all that they find is reported at once: syntax, the shapes of
`ontology/shapes/`, the checks of `queries/checks/`, the quotes, where the sources' texts are at hand, and names too much alike.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from rdflib.namespace import RDF

from alpine_kg.namespaces import split_entity
from alpine_kg.root import GraphRoot
from alpine_kg.validation.authored import Authored
from alpine_kg.validation.checks import run_check
from alpine_kg.validation.findings import Counts, Failure, Finding, Severity, written
from alpine_kg.validation.identity import likely_duplicates
from alpine_kg.validation.quotes import Verification, verify_quotes
from alpine_kg.validation.report import Report
from alpine_kg.validation.shacl import run_shapes
from alpine_kg.validation.suggestions import Suggestions

__all__ = ["Counts", "Finding", "Report", "Severity", "validate"]


_SUGGESTION = {"fr": " Vouliez-vous dire {meant} ?", "en": " Did you mean {meant}?"}


def validate(root: GraphRoot, *, texts: Path | None = None) -> Report:
    """Return everything that is wrong in a graph root, with quotes compared to the texts in a folder when one is given.

    Raises RootError when the rules themselves cannot run: two files for one graph, a broken shape or check, no such folder.
    """
    with _silenced("rdflib.term"):
        authored = Authored.read(root)
        quotes = verify_quotes(authored.graph, texts)
        found = chain(
            run_shapes(authored.graph, authored.shapes),
            chain.from_iterable(run_check(authored.store, path) for path in root.checks),
            quotes.failures,
            likely_duplicates(authored.graph),
        )
        # What a damaged paragraph names looks missing or unused only because of the damage.
        sound = (failure for failure in found if not authored.damaged & {str(failure.focus), str(failure.value)})
        suggestions = Suggestions(authored.graph)
        findings = [_finding(failure, authored, suggestions) for failure in chain(authored.faults, sound)]
    return Report(tuple(sorted(findings, key=lambda finding: finding.order)), _counts(authored, quotes))


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
    return Counts(
        files=authored.files,
        triples=len(authored.graph),
        entities=kinds.total() - kinds["claim"] - kinds["quote"],
        claims=kinds["claim"],
        quotes=kinds["quote"],
        quotes_verified=quotes.verified,
        quotes_unchecked=quotes.unchecked,
    )


@contextmanager
def _silenced(logger: str) -> Iterator[None]:
    """Keep a logger quiet: rdflib prints a traceback for each ill-typed literal, which the rules report properly."""
    log = logging.getLogger(logger)
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
