"""The canonical form of data files."""

import random
import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.errors import RdfSyntaxError
from alpine_kg.formats import canonical_turtle
from alpine_kg.namespaces import AK, PREFIXES, RDFS, XSD
from alpine_kg.root import GraphRoot

ROOT = GraphRoot.open()
DATA = {ROOT.name(path): path for path in ROOT.data}
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
SAMPLE = (
    HEAD
    + """
source:a a ak:Source ; ak:textLength 03 .
quote:q2 a ak:Quote ; ak:quotedFrom source:a .
claim:b ak:quote quote:q1, quote:q2 ; a ak:Claim .
quote:q1 a ak:Quote .
claim:a ak:quote quote:q2 ; rdf:object plant:dieppe ; rdf:predicate ak:producedAt ; rdf:subject vehicle:v ;
    a ak:Claim ; ak:due "2025~"^^<http://id.loc.gov/datatypes/edtf/EDTF> .
announcement:x rdfs:label "X"@en, "É"@fr ; skos:altLabel "x" ; a ak:Announcement ; ak:length 4.50 ; ak:standing true .
quote:unused a ak:Quote .
"""
)
CANONICAL = """\
@prefix ak: <https://w3id.org/alpine-kg/ontology#> .
@prefix vehicle: <https://w3id.org/alpine-kg/id/vehicle/> .
@prefix plant: <https://w3id.org/alpine-kg/id/plant/> .
@prefix announcement: <https://w3id.org/alpine-kg/id/announcement/> .
@prefix source: <https://w3id.org/alpine-kg/id/source/> .
@prefix claim: <https://w3id.org/alpine-kg/id/claim/> .
@prefix quote: <https://w3id.org/alpine-kg/id/quote/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

announcement:x
    a ak:Announcement ;
    rdfs:label "X"@en ;
    rdfs:label "É"@fr ;
    skos:altLabel "x" ;
    ak:length 4.50 ;
    ak:standing true .

source:a
    a ak:Source ;
    ak:textLength 03 .

claim:a
    a ak:Claim ;
    rdf:subject vehicle:v ;
    rdf:predicate ak:producedAt ;
    rdf:object plant:dieppe ;
    ak:due "2025~"^^edtf:EDTF ;
    ak:quote quote:q2 .

quote:q2
    a ak:Quote ;
    ak:quotedFrom source:a .

claim:b
    a ak:Claim ;
    ak:quote quote:q1 ;
    ak:quote quote:q2 .

quote:q1
    a ak:Quote .

quote:unused
    a ak:Quote .
"""


def canonical(text: str) -> str:
    return canonical_turtle(text.encode(), "data/sample.ttl")


def triples(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def test_there_is_data() -> None:
    assert DATA


@pytest.mark.parametrize("name", DATA)
def test_data_is_in_canonical_form(name: str) -> None:
    held = DATA[name].read_bytes()
    assert held == canonical_turtle(held, name).encode(), f"Run: alpine-kg fmt {name}"


def test_layout() -> None:
    assert canonical(SAMPLE) == CANONICAL


def test_the_canonical_form_of_a_canonical_form_is_itself() -> None:
    assert canonical(CANONICAL) == CANONICAL


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_the_file_does_not_matter(seed: int) -> None:
    lines = [f"{triple} .\n" for triple in triples(SAMPLE)]
    random.Random(seed).shuffle(lines)  # noqa: S311 - not for secrets
    assert canonical("".join(lines)) == CANONICAL


@pytest.mark.parametrize("text", ["", "# only a comment\n", HEAD])
def test_an_empty_file_is_empty(text: str) -> None:
    assert canonical(text) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ak:a ak:b [] .", "has a blank node"),
        ("[] ak:b ak:c .", "has a blank node"),
        ("ak:a ak:b _:b .", "has a blank node"),
        ("ak:a ak:b (1 2) .", "has a blank node"),
        ("<<ak:a ak:b ak:c>> ak:b ak:c .", "has a blank node"),
        ("ak:a ak:b <<( ak:a ak:b ak:c )>> .", "triple term"),
        ('ak:a ak:b "x"@en--ltr .', "text direction"),
        ("ak:a ak:b", f"line {len(PREFIXES) + 1} "),
        ("ak:a ak:b <relative> .", "not well-formed"),
        ("nope:a ak:b ak:c .", "not well-formed"),
    ],
)
def test_what_data_does_not_have_is_refused(text: str, words: str) -> None:
    with pytest.raises(RdfSyntaxError, match=re.escape(words)) as caught:
        canonical(HEAD + text)
    assert "data/sample.ttl" in caught.value.message
    assert caught.value.remedy


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(RdfSyntaxError, match="UTF-8"):
        canonical_turtle(HEAD.encode() + 'ak:a ak:b "é" .'.encode("latin-1"), "data/sample.ttl")


def test_line_ends_are_made_canonical() -> None:
    assert canonical(CANONICAL.replace("\n", "\r\n")) == CANONICAL


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(
    alphabet="\"'\\\n\r\t\x00\x08\x7f\x85\u2028é😀a", max_size=20
)
NAMES = st.text(st.sampled_from("aZ09_-.é²ª٣%20~"), max_size=6)
DATATYPES = st.sampled_from(
    [XSD + name for name in ("integer", "decimal", "boolean", "date", "double", "string")] + ["urn:x"]
)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="fr-CH")),
    st.builds(
        lambda text, datatype: ox.Literal(text, datatype=ox.NamedNode(datatype)),
        TEXTS
        | st.sampled_from(["1", "+1", "-01", "1.", ".5", "1.50", "٣", "1e3", "true", "True", "1_0", "2022-01-28"]),
        DATATYPES,
    ),
)


def iri(namespace: str, name: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(namespace + name)
    except ValueError:
        return None


IRIS = st.builds(
    iri, st.sampled_from([AK, RDFS, PREFIXES["plant"], PREFIXES["claim"], PREFIXES["quote"], "urn:"]), NAMES
).filter(bool)


@given(st.lists(st.builds(ox.Triple, IRIS, IRIS, IRIS | LITERALS), max_size=8))
def test_every_term_comes_through(rows: list[ox.Triple]) -> None:
    written = canonical("".join(f"{row} .\n" for row in rows))
    assert set(triples(written)) == set(rows)
    assert canonical(written) == written
