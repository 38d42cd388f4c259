"""The report as text: one line a finding, as compilers write them, and a summary."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from alpine_kg.errors import BadParameterError
from alpine_kg.validation.findings import Counts, Finding, Severity, written

_LONGEST: Final = 80
_SEVERITIES: Final = {
    "fr": {Severity.VIOLATION: "erreur", Severity.WARNING: "avertissement", Severity.INFO: "remarque"},
    "en": {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"},
}
_LINE: Final = {
    "fr": "{place}: {severity} : {entity} : {message} Remède : {remedy} [{rule}]",
    "en": "{place}: {severity}: {entity}: {message} Remedy: {remedy} [{rule}]",
}
_COUNTS: Final = {
    "fr": {
        "violations": ("infraction", "infractions"),
        "warnings": ("avertissement", "avertissements"),
        "claims": ("assertion", "assertions"),
        "verified": ("citation vérifiée", "citations vérifiées"),
        "unchecked": ("citation non vérifiée faute de texte", "citations non vérifiées faute de texte"),
    },
    "en": {
        "violations": ("violation", "violations"),
        "warnings": ("warning", "warnings"),
        "claims": ("claim", "claims"),
        "verified": ("quote verified", "quotes verified"),
        "unchecked": ("quote not checked for want of its text", "quotes not checked for want of their text"),
    },
}
_OPTIONAL: Final = {"warnings", "unchecked"}
"""What the summary leaves out when there is none of it."""


def render(findings: Sequence[Finding], counts: Counts, language: str) -> str:
    """Return the findings and a summary in `fr` or `en`; raises BadParameterError for another language."""
    if language not in _LINE:
        raise BadParameterError(f"There is no report in {language!r}.", f"Choose one of: {', '.join(_LINE)}.")
    return "\n".join([*(_line(finding, language) for finding in findings), _summary(findings, counts, language)])


def _summary(findings: Sequence[Finding], counts: Counts, language: str) -> str:
    severities = Counter(finding.severity for finding in findings)
    numbers = {
        "violations": severities[Severity.VIOLATION],
        "claims": counts.claims,
        "verified": counts.quotes_verified,
        "warnings": severities[Severity.WARNING],
        "unchecked": counts.quotes_unchecked,
    }
    # French counts 0 in the singular.
    one = {"fr": {0, 1}, "en": {1}}[language]
    shown = {name: number for name, number in numbers.items() if number or name not in _OPTIONAL}
    return ", ".join(f"{number} {_COUNTS[language][name][number not in one]}" for name, number in shown.items())


def _line(finding: Finding, language: str) -> str:
    return _LINE[language].format(
        place=f"{finding.file}:{finding.line}",
        severity=_SEVERITIES[language][finding.severity],
        entity=_entity(finding, language),
        message=finding.message[language],
        remedy=finding.remedy[language],
        rule=finding.rule,
    )


def _entity(finding: Finding, language: str) -> str:
    """Return the entity by label and name, with the statement about it that is wrong."""
    # A property that is itself wrong is both path and value.
    parts = dict.fromkeys(written(term) for term in (finding.path, finding.value) if term is not None)
    statement = " ".join(part if len(part) <= _LONGEST else part[: _LONGEST - 1] + "…" for part in parts)
    name = f"{finding.label[language]} ({written(finding.focus)})"
    return f"{name}, {statement}" if statement else name
