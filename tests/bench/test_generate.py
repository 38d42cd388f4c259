"""Synthetic announcements: always the same, counted exactly, valid unless faults are asked for, and then found at fault."""

import io
import json
from pathlib import Path

import pyoxigraph as ox

from alpine_kg.graph.loading import read_triples
from alpine_kg.names import fold, spellings
from alpine_kg.root import GraphRoot
from alpine_kg.validation import validate
from faults import FAULTS
from generate import Writing
from synthetic import Synthetic, word


def stream(announcements: int, form: str, seed: int = 0) -> tuple[str, dict[str, int]]:
    writing, output = Writing(Synthetic(announcements, seed)), io.StringIO()
    writing.stream(output, form)
    return output.getvalue(), writing.counts


def test_the_same_numbers_give_the_same_bytes_and_another_seed_gives_others() -> None:
    assert stream(40, "nq") == stream(40, "nq")
    assert stream(40, "nq")[0] != stream(40, "nq", seed=1)[0]


def test_every_format_holds_the_same_triples_each_once_as_counted() -> None:
    formats = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "nt": ox.RdfFormat.N_TRIPLES}
    found = {}
    for form, rdf in formats.items():
        text, counts = stream(60, form)
        quads = list(ox.parse(text, format=rdf))
        assert len(quads) == len(set(quads)) == counts["triples"]
        found[form] = set(quads) if form != "nt" else {quad.triple for quad in quads}
    assert found["nq"] == found["trig"]
    assert {quad.triple for quad in found["nq"]} == found["nt"]
    assert len({quad.graph_name for quad in found["nq"]}) == stream(60, "nq")[1]["graphs"]


def test_a_root_holds_the_triples_of_the_stream(tmp_path: Path) -> None:
    writing = Writing(Synthetic(50))
    writing.root(tmp_path / "root", per_file=20)
    root = GraphRoot.open(tmp_path / "root")
    text, counts = stream(50, "nt")
    assert len(root.data) == writing.counts["graphs"] == 9 + 3
    assert set(read_triples(root.data, root)) == {q.triple for q in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)}
    assert writing.counts | {"graphs": 0} == counts


def test_a_few_things_are_spoken_of_most() -> None:
    plants = [Synthetic(2000).draw("plant", number, "made") for number in range(2000)]
    assert len(set(plants)) > 80
    assert plants.count(0) > 10 * plants.count(60) > 0


def test_no_two_names_share_a_spelling_with_a_letter_left_out() -> None:
    taken: dict[str, int] = {}
    for number in range(9000):  # from three syllables to four
        for spelling in spellings(fold(word(number))):
            assert taken.setdefault(spelling, number) == number


def test_without_faults_a_root_is_valid(tmp_path: Path) -> None:
    Writing(Synthetic(45)).root(tmp_path / "root")
    report = validate(GraphRoot.open(tmp_path / "root"))
    assert not report.findings
    assert report.counts.claims > 200


def test_each_fault_is_found_by_the_rule_that_is_named_for_it(tmp_path: Path) -> None:
    writing = Writing(Synthetic(24), errors=12)
    writing.root(tmp_path / "root")
    assert [fault["kind"] for fault in writing.faults] == list(FAULTS)
    found = {
        (finding.rule.partition("/")[0], str(finding.focus))
        for finding in validate(GraphRoot.open(tmp_path / "root")).findings
    }
    for fault in json.loads(json.dumps(writing.faults)):
        assert (fault["rule"], fault["focus"]) in found
