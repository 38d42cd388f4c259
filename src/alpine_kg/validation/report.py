"""The report: every finding of a validation, what was counted, and the verdict."""

from dataclasses import asdict, dataclass
from typing import Any

from alpine_kg.validation import sarif, shacl_report, text_report
from alpine_kg.validation.findings import Counts, Finding, Severity


@dataclass(frozen=True)
class Report:
    """All findings of a validation, in the order of files and lines."""

    findings: tuple[Finding, ...]
    counts: Counts

    @property
    def conforms(self) -> bool:
        """Whether the graph may be served: it has no violation, though it may have warnings."""
        return all(finding.severity is not Severity.VIOLATION for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        findings = [finding.to_dict() for finding in self.findings]
        return {"conforms": self.conforms, "counts": asdict(self.counts), "findings": findings}

    def to_sarif(self) -> dict[str, Any]:
        """Return the report as SARIF 2.1.0, which editors and code hosts show beside the lines."""
        return sarif.render(self.findings)

    def to_turtle(self) -> str:
        """Return the report as a W3C validation report in Turtle."""
        return shacl_report.render(self.findings)

    def to_text(self, language: str = "en") -> str:
        """Return the report as a person reads it, in `fr` or `en`."""
        return text_report.render(self.findings, self.counts, language)
