"""The report as SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from alpine_kg import __version__
from alpine_kg.validation.findings import Finding, Severity

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as a SARIF log of one run, with paths relative to the graph root."""
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "alpine-kg validate",
        "semanticVersion": __version__,
        "rules": [{"id": rule} for rule in rules],
    }
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": "The graph root that was validated."}}},
                "results": [_result(finding, rules.index(finding.rule)) for finding in findings],
            }
        ],
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(finding.file), "uriBaseId": "ROOT"},
            "region": {"startLine": finding.line},
        },
        "logicalLocations": [{"name": finding.label["en"], "fullyQualifiedName": str(finding.focus)}],
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message['en']} {finding.remedy['en']}"},
        "locations": [location],
        "properties": finding.to_dict(),
    }
