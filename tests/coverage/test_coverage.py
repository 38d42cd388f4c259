"""The coverage lists: every sentence of a source is either behind a claim or named as rhetoric, and nothing is missing.

Each list beside this file paraphrases one source sentence by sentence. What needs the text itself runs wherever the text is at
hand: in the folder that ALPINE_KG_TEXTS names, else in ../shared/sources.
"""

import hashlib
import os
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from rdflib import OWL, RDF, Graph, Namespace, URIRef

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEXTS = Path(os.environ.get("ALPINE_KG_TEXTS", ROOT.parent / "shared" / "sources"))
AK = Namespace("https://w3id.org/alpine-kg/ontology#")
OA = Namespace("http://www.w3.org/ns/oa#")
ID = Namespace("https://w3id.org/alpine-kg/id/")
LONGEST_QUOTE = 25
PARAPHRASE_SHARES = 5
LISTS = sorted(HERE.glob("*.yaml"))
Sentence = dict[str, Any]


@cache
def read(path: Path) -> dict[str, Any]:
    covered = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(covered, dict)
    return covered


@cache
def graph_of(path: Path) -> Graph:
    """Return the announcement's file together with the sources."""
    graph = Graph().parse(ROOT / "data" / "announcements" / f"{read(path)['announcement']}.ttl")
    return graph.parse(ROOT / "data" / "sources.ttl")


def source_of(path: Path) -> URIRef:
    return ID[f"source/{read(path)['source']}"]


def number(graph: Graph, subject: Any, predicate: URIRef) -> int:
    return int(str(graph.value(subject, predicate, any=False)))


def quotes(path: Path, claim: str) -> list[tuple[int, int]]:
    """Return where a claim's quotes from the list's source stand."""
    graph = graph_of(path)
    found = [
        quote
        for quote in graph.objects(ID[f"claim/{claim}"], AK.quote)
        if (quote, AK.quotedFrom, source_of(path)) in graph
    ]
    return [(number(graph, quote, OA.start), number(graph, quote, OA.end)) for quote in found]


def listed(path: Path) -> set[str]:
    return {claim for sentence in read(path)["sentences"] for claim in sentence.get("claims", ())}


def claims(path: Path) -> set[str]:
    return {str(claim).removeprefix(ID + "claim/") for claim in graph_of(path).subjects(RDF.type, AK.Claim)}


SENTENCES = [
    pytest.param(path, sentence, id=f"{path.stem} {sentence['number']}")
    for path in LISTS
    for sentence in read(path)["sentences"]
]


def test_there_are_lists_and_sentences() -> None:
    assert LISTS
    assert len(SENTENCES) > 10


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_sentences_cover_the_text_without_gap_or_overlap(path: Path) -> None:
    rows = read(path)["sentences"]
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert (rows[0]["start"], rows[-1]["end"]) == (0, read(path)["text_length"])
    assert all(row["start"] < row["end"] for row in rows)
    assert [row["number"] for row, following in pairwise(rows) if row["end"] != following["start"]] == []


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_list_has_the_length_that_the_source_records(path: Path) -> None:
    assert number(graph_of(path), source_of(path), AK.textLength) == read(path)["text_length"]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_claim_of_the_announcement_is_listed_and_exists(path: Path) -> None:
    elsewhere = set(read(path)["elsewhere"])
    assert listed(path) | elsewhere == claims(path)
    assert listed(path) & elsewhere == set()


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_claims_are_listed_elsewhere_exactly_when_another_source_states_them(path: Path) -> None:
    graph = graph_of(path)
    others = {claim for claim in claims(path) if (ID[f"claim/{claim}"], AK.statedIn, source_of(path)) not in graph}
    assert others == set(read(path)["elsewhere"])
    assert [claim for claim in others if quotes(path, claim)] == []


@pytest.mark.parametrize(("path", "sentence"), SENTENCES)
def test_each_sentence_has_claims_or_is_rhetoric_or_a_repetition(path: Path, sentence: Sentence) -> None:
    assert len({"claims", "rhetoric", "repeats"} & sentence.keys()) == 1
    assert sentence.get("claims", sentence.get("rhetoric", sentence.get("repeats")))
    assert sentence["gist"].endswith(".")
    repeated = [row for row in read(path)["sentences"] if row["number"] == sentence.get("repeats")]
    assert all("claims" in row for row in repeated)


@pytest.mark.parametrize(("path", "sentence"), SENTENCES)
def test_a_sentence_lists_exactly_the_claims_that_are_quoted_from_it(path: Path, sentence: Sentence) -> None:
    def within(claim: str) -> bool:
        return any(sentence["start"] <= start and end <= sentence["end"] for start, end in quotes(path, claim))

    assert sentence.get("claims", []) == sorted(claim for claim in claims(path) if within(claim))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_no_quote_straddles_sentences(path: Path) -> None:
    sentences = [(row["start"], row["end"]) for row in read(path)["sentences"]]
    spans = {span for claim in claims(path) for span in quotes(path, claim)}
    assert len(spans) > 20
    assert [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in sentences)] == []


def test_a_list_uses_no_class_of_its_own() -> None:
    """The claims' own file declares entities nowhere: those stand in the files of their kinds."""
    for path in LISTS:
        types = set(graph_of(path).objects(None, RDF.type)) - {AK.Source}
        assert types == {AK.Announcement, AK.Claim, AK.Quote}
        assert (None, OWL.sameAs, None) not in graph_of(path)


def held_text(path: Path) -> str:
    """Return the source's text from the folder of texts, found by its digest; skips the test where the text is not at hand."""
    digest = str(graph_of(path).value(source_of(path), AK.textDigest, any=False))
    for candidate in sorted(TEXTS.glob("*.txt")) if TEXTS.is_dir() else []:
        text = unicodedata.normalize("NFC", candidate.read_text(encoding="utf-8").replace("\r\n", "\n"))
        if hashlib.sha256(text.encode()).hexdigest() == digest:
            return text
    pytest.skip(f"the text of {source_of(path)} is not in {TEXTS}")


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_quotes_stand_in_the_text_where_they_say(path: Path) -> None:
    text, graph = held_text(path), graph_of(path)
    assert len(text) == read(path)["text_length"]
    for quote in graph.subjects(AK.quotedFrom, source_of(path)):
        exact = str(graph.value(quote, OA.exact, any=False))
        start, end = number(graph, quote, OA.start), number(graph, quote, OA.end)
        assert text[start:end] == exact
        assert len(exact.split()) <= LONGEST_QUOTE
        prefix, suffix = (str(graph.value(quote, predicate) or "") for predicate in (OA.prefix, OA.suffix))
        assert text[:start].endswith(prefix)
        assert text[end:].startswith(suffix)
        assert text.count(prefix + exact + suffix) == 1


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_the_paraphrases_are_our_own(path: Path) -> None:
    text = " ".join(held_text(path).split()).casefold()
    for sentence in read(path)["sentences"]:
        words = sentence["gist"].casefold().split()
        runs = [" ".join(words[at : at + PARAPHRASE_SHARES]) for at in range(len(words) - PARAPHRASE_SHARES + 1)]
        assert [run for run in runs if run in text] == []
