"""Each triple is found on the line on which its object stands, however the file is laid out."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.parsers.notation3 import BadSyntax

from alpine_kg.root import GraphRoot
from alpine_kg.validation.turtle import parse

HEAD = "@prefix : <http://example.org/> .\n"


def lines(body: str) -> dict[str, int]:
    """Return the line of each triple, by the last word of its object."""
    found = parse(HEAD + body).lines
    return {str(value).rsplit("/", 1)[-1]: line for (_, _, value), line in found.items()}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (":a :p :b .", {"b": 2}),
        (":a :p :b . :a :p :c .", {"b": 2, "c": 2}),
        (":a\n  :p\n  :b .", {"b": 4}),
        (":a :p :b ,\n  :c ,\n\n  :d .", {"b": 2, "c": 3, "d": 5}),
        (":a :p :b ; # a remark\n  # another; with . and ,\n  :q :c .", {"b": 2, "c": 4}),
        (':a :p "# no remark" ;\n  :q :c .', {"# no remark": 2, "c": 3}),
        (':a :p """one\n\ntwo""" ;\n  :q :c .', {"one\n\ntwo": 2, "c": 5}),
        (":a :p :b ;\n  ;\n  .\n:c :p :d .", {"b": 2, "d": 5}),
        ("PREFIX x: <http://example.org/>\n# remark\nx:a a x:b .", {"b": 4}),
        ("\n\n:a :p 1 ,\n  2.5 ,\n  true .", {"1": 4, "2.5": 5, "true": 6}),
    ],
)
def test_an_object_gives_its_line(body: str, expected: dict[str, int]) -> None:
    assert lines(body) == expected


def test_nested_blank_nodes_do_not_shift_what_follows() -> None:
    # The members of a collection stand where the collection begins.
    found = lines(":a :p [ :q :b ;\n  :r [ :s :c ] ] ,\n  :d ;\n  :t ( :e\n  :f ) ,\n  :g .")
    assert {name: found[name] for name in "bcdefg"} == {"b": 2, "c": 3, "d": 4, "e": 5, "f": 5, "g": 7}


def test_carriage_returns_do_not_count_as_lines() -> None:
    assert parse(HEAD + ":a :p :b ;\r\n  :p :c .\r\n").lines == {
        (URIRef("http://example.org/a"), URIRef("http://example.org/p"), URIRef("http://example.org/b")): 2,
        (URIRef("http://example.org/a"), URIRef("http://example.org/p"), URIRef("http://example.org/c")): 3,
    }


def test_a_subject_gives_the_line_on_which_it_is_first_described() -> None:
    found = parse(HEAD + ":a :p :c .\n\n:c\n  :p :d .\n:a :q :e .").subjects
    assert found == {URIRef("http://example.org/a"): 2, URIRef("http://example.org/c"): 4}


def test_a_triple_that_is_written_twice_keeps_its_first_line() -> None:
    assert list(parse(HEAD + ":a :p :b .\n:a :p :b .").lines.values()) == [2]


@pytest.mark.parametrize("body", [":a :p .", ":a :p x:b .", ":a :p {:b :c :d} ."])
def test_what_is_not_turtle_is_refused(body: str) -> None:
    with pytest.raises(BadSyntax):
        parse(HEAD + body)


@pytest.mark.parametrize("path", GraphRoot.open().ontology + GraphRoot.open().data, ids=lambda path: str(path.name))
def test_the_triples_are_those_that_rdflib_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    graph = Graph()
    for triple in parse(text).lines:
        graph.add(triple)
    assert len(graph) > 0
    assert isomorphic(graph, Graph().parse(data=text))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.text("ab \"\\\n#;.,'é", max_size=8), st.sampled_from([" ", "\n", " # x\n", "\n\n"])
        )
    )
)
def test_lines_hold_for_any_layout(rows: list[tuple[int, str, str]]) -> None:
    text, expected = HEAD, {}
    for number, (subject, words, gap) in enumerate(rows):
        value = Literal(f"{number}{words}")
        text += f":s{subject}{gap}:p{number}{gap}"
        expected[value] = text.count("\n") + 1
        text += f"{value.n3()}{gap}.\n"
    assert {value: line for (_, _, value), line in parse(text).lines.items()} == expected
