"""Query files: headers, typed parameters, and binding that no value can break out of."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.errors import BadParameterError, RootError
from alpine_kg.namespaces import AK, XSD, entity_iri
from alpine_kg.queries import Parameter, QueryFile

HEADER = """\
#+ summary: {fr: "Un essai", en: "A trial"}
#+ parameters:
#+   - {name: text, type: string, summary: {fr: "Un texte", en: "A text"}}
#+   - {name: plant, type: iri, kinds: [plant], summary: {fr: "Une usine", en: "A plant"}}
#+   - {name: day, type: date, summary: {fr: "Un jour", en: "A day"}}
"""
BODY = """
PREFIX plant: <https://w3id.org/alpine-kg/id/plant/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?_text ?_plant ?_day WHERE {
  VALUES ?_text { "a default" }
  VALUES ?_plant {
    plant:dieppe
  }
  VALUES ?_day { UNDEF }
}
"""


def read(tmp_path: Path, text: str) -> QueryFile:
    path = tmp_path / "trial.rq"
    path.write_text(text, encoding="utf-8")
    return QueryFile.read(path)


@pytest.fixture(scope="session")
def query(tmp_path_factory: pytest.TempPathFactory) -> QueryFile:
    return read(tmp_path_factory.mktemp("queries"), HEADER + BODY)


def ask(text: str) -> list[tuple[Any, ...]]:
    solutions = ox.Store().query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(solution) for solution in solutions]


def test_header(query: QueryFile) -> None:
    assert query.name == "trial"
    assert query.summary == {"fr": "Un essai", "en": "A trial"}
    assert [(p.name, p.type, p.default, p.optional, p.example) for p in query.parameters] == [
        ("text", "string", '"a default"', False, "a default"),
        ("plant", "iri", "plant:dieppe", False, "plant:dieppe"),
        ("day", "date", "UNDEF", True, "2022-01-28"),
    ]


def test_defaults_stay_where_nothing_is_bound(query: QueryFile) -> None:
    assert query.bind({}) == query.text
    assert ask(query.bind({})) == [(ox.Literal("a default"), ox.NamedNode(entity_iri("plant", "dieppe")), None)]


@pytest.mark.parametrize(
    ("parameter", "text", "term"),
    [
        ("plant", "batilly", ox.NamedNode(entity_iri("plant", "batilly"))),
        ("plant", "plant:batilly", ox.NamedNode(entity_iri("plant", "batilly"))),
        ("plant", entity_iri("plant", "batilly"), ox.NamedNode(entity_iri("plant", "batilly"))),
        ("plant", "urn:x", ox.NamedNode("urn:x")),
        ("day", "2022-01-28", ox.Literal("2022-01-28", datatype=ox.NamedNode(XSD + "date"))),
        ("text", "", ox.Literal("")),
        ("text", 'œ "x"', ox.Literal('œ "x"')),
    ],
)
def test_texts_become_terms(query: QueryFile, parameter: str, text: str, term: ox.NamedNode | ox.Literal) -> None:
    assert query.terms({parameter: text}) == {parameter: term}
    row = dict(zip(("text", "plant", "day"), ask(query.bind({parameter: term}))[0], strict=True))
    assert row[parameter] == term


TYPES = [
    ("integer", "42", ox.Literal("42", datatype=ox.NamedNode(XSD + "integer"))),
    ("integer", "-1", ox.Literal("-1", datatype=ox.NamedNode(XSD + "integer"))),
    ("language", "fr", ox.Literal("fr")),
    ("language", "fr-CH", ox.Literal("fr-ch")),
    ("iri", "producedAt", ox.NamedNode(AK + "producedAt")),
    ("iri", "ak:producedAt", ox.NamedNode(AK + "producedAt")),
]


@pytest.mark.parametrize(("kind", "text", "term"), TYPES)
def test_types(kind: str, text: str, term: ox.NamedNode | ox.Literal) -> None:
    parameter = Parameter("x", kind, {}, "UNDEF", kinds=("term",) if kind == "iri" else ())
    assert parameter.term(text) == term


WRONG = [
    ("iri", ()),
    ("iri", ("plant",)),
    ("iri", ("term",)),
    ("date", ()),
    ("integer", ()),
    ("language", ()),
]


@pytest.mark.parametrize(("kind", "kinds"), WRONG)
@pytest.mark.parametrize(
    "text", ["", "a b", "<x>", "x:<y>", "plant:a b", "2022-02-3O", "1.5", "x" * 3000, "a\0b", "\ud800", "é'}"]
)
def test_wrong_values_are_refused(kind: str, kinds: tuple[str, ...], text: str) -> None:
    parameter = Parameter("x", kind, {"fr": "x", "en": "x"}, "UNDEF", kinds=kinds)
    with pytest.raises(BadParameterError) as caught:
        parameter.term(text)
    assert "x" in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["organization:alpine", entity_iri("organization", "alpine")])
def test_an_entity_of_another_kind_is_refused(query: QueryFile, text: str) -> None:
    with pytest.raises(BadParameterError, match="the slug or IRI of a plant"):
        query.terms({"plant": text})


def test_choices() -> None:
    parameter = Parameter("language", "language", {}, '"en"', choices=("fr", "en"))
    assert parameter.term("fr") == ox.Literal("fr")
    with pytest.raises(BadParameterError, match="is not one of fr, en"):
        parameter.term("de")


@pytest.mark.parametrize("parameter", [Parameter("x", kind, {}, "UNDEF", kinds=kinds) for kind, kinds in WRONG])
def test_the_example_of_a_parameter_is_right(parameter: Parameter) -> None:
    assert parameter.term(parameter.example)
    assert parameter.expectation


def test_an_unknown_parameter_is_refused_with_those_that_exist(query: QueryFile) -> None:
    with pytest.raises(BadParameterError, match="no parameter 'plnt'") as caught:
        query.terms({"plnt": "dieppe"})
    assert "text, plant, day" in caught.value.remedy


NASTY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="\"'\\{}<>?_$ \n\r\t#`ab\x00\x7f\u2028", max_size=60),
    st.sampled_from(
        [
            '" } SELECT * { ?s ?p ?o',
            '"} VALUES ?_plant { <urn:injected> ',
            "VALUES ?_plant { <urn:injected> }",
            "\\",
            "\\\\1 \\g<0>",
            '"""',
            "'''",
            "\\u0022",
            "?_text",
        ]
    ),
)


@given(text=NASTY)
def test_no_text_can_break_out_of_its_term(query: QueryFile, text: str) -> None:
    try:
        terms = query.terms({"text": text})
    except BadParameterError:
        return
    assert ask(query.bind(terms)) == [(ox.Literal(text), ox.NamedNode(entity_iri("plant", "dieppe")), None)]


@given(text=NASTY)
def test_no_iri_can_break_out_of_its_term(query: QueryFile, text: str) -> None:
    try:
        terms = query.terms({"plant": f"urn:{text}"})
    except BadParameterError:
        return
    assert ask(query.bind(terms)) == [(ox.Literal("a default"), ox.NamedNode(f"urn:{text}"), None)]


def test_a_list_is_bound_as_alternatives(query: QueryFile) -> None:
    assert [row[0] for row in ask(query.bind({"text": [ox.Literal("a"), ox.Literal("b")]}))] == [
        ox.Literal("a"),
        ox.Literal("b"),
    ]


def test_every_block_of_a_parameter_is_bound(tmp_path: Path) -> None:
    header = '#+ parameters: [{name: a, type: string, summary: {fr: "x", en: "x"}}]\n'
    twice = read(
        tmp_path, header + 'SELECT ?_a ?b { VALUES ?_a { "1" } { SELECT (?_a AS ?b) { VALUES ?_a { "1" } } } }'
    )
    assert ask(twice.bind({"a": ox.Literal("2")})) == [(ox.Literal("2"), ox.Literal("2"))]


BAD_FILES = [
    (HEADER, "declares the parameters"),
    (BODY, "declares the parameters"),
    (HEADER.replace("name: day", "name: date") + BODY, "declares the parameters"),
    ("#+ summary: [fr\n" + BODY, "is not YAML"),
    ("#+ - a list\n" + BODY, "lacks or misspells"),
    ("#+ just text\n" + BODY, "lacks or misspells"),
    ("#+ parameters: [{type: iri, summary: {en: x}}]\n" + BODY, "lacks or misspells something: 'name'"),
    ("#+ parameters: [{name: text, type: iri}]\n" + BODY, "lacks or misspells something: 'summary'"),
    (HEADER.replace("type: date", "type: time") + BODY, "lacks or misspells something: 'time'"),
    ("#+ parameters: [text, plant, day]\n" + BODY, "lacks or misspells"),
    ("#+ parameters: 3\n" + BODY, "lacks or misspells"),
]


@pytest.mark.parametrize(("text", "words"), BAD_FILES)
def test_a_header_that_does_not_fit_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RootError, match=words) as caught:
        read(tmp_path, text)
    assert "trial.rq" in caught.value.message
    assert caught.value.remedy


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trial.rq").write_bytes(b"#+ summary: {fr: '\xe9'}\nASK {}")
    with pytest.raises(RootError, match=r"trial\.rq"):
        QueryFile.read(tmp_path / "trial.rq")


def test_a_query_needs_no_header(tmp_path: Path) -> None:
    query = read(tmp_path, "ASK {}")
    assert (query.summary, query.parameters, query.bind({})) == ({}, (), "ASK {}")
