"""The report in the W3C's own form, https://www.w3.org/TR/shacl/#validation-report, as Turtle."""

from collections.abc import Sequence
from typing import Final

from rdflib import Graph
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Literal, URIRef

from alpine_kg.namespaces import AKSH, PREFIXES
from alpine_kg.validation.findings import Finding

_REPORT: Final = URIRef("#report")
_RULE_COMPONENT: Final = URIRef(AKSH + "RuleConstraintComponent")
"""The component of every finding that does not come from a shape."""


def render(findings: Sequence[Finding]) -> str:
    """Return the findings as Turtle; the same findings give the same bytes.

    As in the recommendation, a report with warnings alone does not conform.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.add((_REPORT, RDF.type, SH.ValidationReport))
    graph.add((_REPORT, SH.conforms, Literal(not findings)))
    for number, finding in enumerate(findings, start=1):
        result = URIRef(f"#result-{number:04}")
        graph.add((_REPORT, SH.result, result))
        _add(graph, result, finding)
    return graph.serialize(format="turtle")


def _add(graph: Graph, result: URIRef, finding: Finding) -> None:
    shape, _, component = finding.rule.partition("/")
    graph.add((result, RDF.type, SH.ValidationResult))
    graph.add((result, SH.focusNode, finding.focus))
    graph.add((result, SH.resultSeverity, SH[finding.severity.value]))
    graph.add((result, SH.sourceShape, URIRef(AKSH + shape)))
    constraint = SH[f"{component}ConstraintComponent"] if component else _RULE_COMPONENT
    graph.add((result, SH.sourceConstraintComponent, constraint))
    if finding.path is not None:
        graph.add((result, SH.resultPath, finding.path))
    if finding.value is not None:
        graph.add((result, SH.value, finding.value))
    for language, message in finding.message.items():
        graph.add((result, SH.resultMessage, Literal(f"{message} {finding.remedy[language]}", lang=language)))
    graph.add((result, RDFS.comment, Literal(f"{finding.file}:{finding.line}")))
