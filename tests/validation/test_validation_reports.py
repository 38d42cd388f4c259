"""The report: what it counts, whether the graph conforms, and its four forms."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, Literal, URIRef

from alpine_kg.errors import BadParameterError, RootError
from alpine_kg.root import GraphRoot
from alpine_kg.validation import Counts, Finding, Report, Severity, validate
from alpine_kg.validation.findings import worded, written
from alpine_kg.validation.suggestions import Suggestions

AK = "https://w3id.org/alpine-kg/ontology#"
ID = "https://w3id.org/alpine-kg/id/"
COUNTS = Counts(files=2, triples=9, entities=3, claims=1, quotes=3, quotes_verified=1, quotes_unchecked=2)
FINDING = Finding(
    rule="ClaimObjectShape/MaxCount",
    severity=Severity.VIOLATION,
    file="data/a b.ttl",
    line=14,
    focus=URIRef(ID + "plant/dieppe"),
    label={"fr": "Usine de Dieppe", "en": "Dieppe plant"},
    path=URIRef(AK + "locatedIn"),
    value=Literal('a "word"\n', lang="fr"),
    message={"fr": "Il y en a deux.", "en": "There are two."},
    remedy={"fr": "Gardez-en un.", "en": "Keep one."},
)
WARNING = Finding(
    **{**FINDING.__dict__, "rule": "due-before-announcement", "severity": Severity.WARNING, "path": None, "value": None}
)


def test_warnings_do_not_make_a_graph_invalid() -> None:
    assert Report((), COUNTS).conforms
    assert Report((WARNING,), COUNTS).conforms
    assert not Report((FINDING, WARNING), COUNTS).conforms


def test_the_text_has_one_line_a_finding_and_a_summary() -> None:
    text = Report((FINDING, WARNING), COUNTS).to_text("en").replace("ClaimObjectShape/MaxCount", "X")
    assert text.splitlines() == [
        'data/a b.ttl:14: error: Dieppe plant (plant:dieppe), ak:locatedIn "a \\"word\\"\\n"@fr: There are two. Remedy: Keep one. [X]',  # noqa: E501
        "data/a b.ttl:14: warning: Dieppe plant (plant:dieppe): There are two. Remedy: Keep one. [due-before-announcement]",
        "1 violation, 1 claim, 1 quote verified, 1 warning, 2 quotes not checked for want of their text",
    ]


def test_the_text_is_in_french_too_and_in_nothing_else() -> None:
    text = Report((FINDING,), COUNTS).to_text("fr")
    assert text.splitlines()[0].startswith("data/a b.ttl:14: erreur : Usine de Dieppe (plant:dieppe)")
    assert text.endswith("1 infraction, 1 assertion, 1 citation vérifiée, 2 citations non vérifiées faute de texte")
    with pytest.raises(BadParameterError):
        Report((), COUNTS).to_text("de")


def test_a_long_value_is_cut_in_the_text_alone() -> None:
    long = Finding(**{**FINDING.__dict__, "value": Literal("word " * 100)})
    assert "…:" in Report((long,), COUNTS).to_text()
    assert len(Report((long,), COUNTS).to_dict()["findings"][0]["value"]) > 500


def test_json_has_everything() -> None:
    report = json.loads(json.dumps(Report((FINDING,), COUNTS).to_dict()))
    assert report["conforms"] is False
    assert report["counts"]["quotes_verified"] == 1
    assert report["findings"] == [
        {
            "rule": "ClaimObjectShape/MaxCount",
            "severity": "Violation",
            "file": "data/a b.ttl",
            "line": 14,
            "focus": ID + "plant/dieppe",
            "label": {"fr": "Usine de Dieppe", "en": "Dieppe plant"},
            "path": AK + "locatedIn",
            "value": '"a \\"word\\"\\n"@fr',
            "message": {"fr": "Il y en a deux.", "en": "There are two."},
            "remedy": {"fr": "Gardez-en un.", "en": "Keep one."},
        }
    ]


def test_sarif_has_what_its_schema_demands() -> None:
    sarif = Report((FINDING, WARNING), COUNTS).to_sarif()
    assert sarif["version"] == "2.1.0"
    (run,) = sarif["runs"]
    assert run["tool"]["driver"]["name"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result, finding in zip(run["results"], (FINDING, WARNING), strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding.rule
        assert result["message"]["text"] == "There are two. Keep one."
        (location,) = result["locations"]
        assert location["physicalLocation"] == {
            "artifactLocation": {"uri": "data/a%20b.ttl", "uriBaseId": "ROOT"},
            "region": {"startLine": 14},
        }
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    assert json.dumps(sarif)


def test_the_w3c_report_is_one_and_always_the_same() -> None:
    turtle = Report((FINDING, WARNING), COUNTS).to_turtle()
    assert turtle == Report((FINDING, WARNING), COUNTS).to_turtle()
    graph = Graph().parse(data=turtle, publicID="http://example.org/")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == Literal(lexical_or_value=False)
    first, second = sorted(graph.objects(report, SH.result), key=str)
    for result in (first, second):
        assert graph.value(result, SH.focusNode) == FINDING.focus
        assert {message.language for message in graph.objects(result, SH.resultMessage)} == {"fr", "en"}  # type: ignore[attr-defined]
        for single in (SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert len(list(graph.objects(result, single))) == 1
    assert graph.value(first, SH.resultPath) == FINDING.path
    assert graph.value(first, SH.value) == FINDING.value
    assert graph.value(first, SH.sourceConstraintComponent) == SH.MaxCountConstraintComponent
    assert graph.value(second, SH.resultSeverity) == SH.Warning
    empty = Graph().parse(data=Report((), COUNTS).to_turtle(), publicID="http://example.org/")
    assert list(empty.objects(predicate=SH.conforms)) == [Literal(lexical_or_value=True)]


def test_a_sentence_says_what_is_wrong_and_the_rest_what_to_do() -> None:
    assert worded({"en": "{a} is wrong. Mend {a}. Or not."}, a="M. X") == (
        {"en": "M. X is wrong."},
        {"en": "Mend M. X. Or not."},
    )


def test_terms_are_written_as_in_turtle() -> None:
    assert written(URIRef(ID + "plant/dieppe")) == "plant:dieppe"
    assert written(Literal(3)) == '"3"^^xsd:integer'


def test_a_name_is_suggested_from_the_same_kind_first() -> None:
    graph = Graph()
    for name in ("place/dieppe", "plant/dieppe", "plant/douai", "person/luca-de-meo"):
        graph.add((URIRef(ID + name), RDF.type, URIRef(AK + "Thing")))
    near = Suggestions(graph).near
    assert near(URIRef(ID + "plant/diepe")) == URIRef(ID + "plant/dieppe")
    assert near(URIRef(ID + "place/douay")) == URIRef(ID + "plant/douai")
    assert near(URIRef(ID + "plant/dieppe")) is None
    assert near(URIRef(ID + "plant/zzz")) is None
    assert near(Literal("diepe")) is None
    assert near(None) is None


def test_the_shipped_graph_conforms() -> None:
    report = validate(GraphRoot.open())
    assert report.conforms, report.to_text()
    assert report.counts.claims > 50
    assert report.counts.quotes == report.counts.quotes_unchecked > 30
    assert report.counts.entities > 30


def test_rules_that_cannot_run_are_refused(
    shipped_copy: Path, small_root: Callable[[dict[str, str | None]], Path]
) -> None:
    check = shipped_copy / "queries" / "checks" / "self-reference.rq"
    text = check.read_text(encoding="utf-8")
    for broken in (
        text.replace("WHERE", "WERE"),
        text.replace("?focus", "?thing"),
        text.replace("#+ message:", "#+ message"),
    ):
        check.write_text(broken, encoding="utf-8")
        with pytest.raises(RootError):
            validate(GraphRoot.open(shipped_copy))
    shape = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> sh:property <urn:nowhere> ; sh:targetNode <urn:x> ."
    with pytest.raises(RootError, match="shapes cannot be used"):
        validate(GraphRoot.open(small_root({"ontology/shapes/broken.ttl": shape})))


def test_a_root_without_rules_has_no_findings(small_root: Callable[[dict[str, str | None]], Path]) -> None:
    report = validate(GraphRoot.open(small_root({})))
    assert report.findings == ()
    assert report.counts.entities == 1


def test_ill_typed_literals_are_reported_without_noise(shipped_copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    places = shipped_copy / "data" / "places.ttl"
    text = places.read_text(encoding="utf-8")
    header = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    places.write_text(header + text.replace("geo:lat 49.92", 'geo:lat "north"^^xsd:decimal'), encoding="utf-8")
    findings = validate(GraphRoot.open(shipped_copy)).findings
    assert "PlaceLatitudeShape/MinInclusive" in {finding.rule for finding in findings}
    assert not caplog.records
