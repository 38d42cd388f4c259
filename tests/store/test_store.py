"""What every store does: one suite of assertions, run on each backend."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import pyoxigraph as ox
import pytest

from alpine_kg.errors import BadQueryError, ForbiddenQueryError, NotAcceptableError, UnsupportedQueryError
from alpine_kg.formats import FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format
from alpine_kg.namespaces import EDTF, FUNCTION
from alpine_kg.store import DatasetChoice, Store
from alpine_kg.store.remote import RemoteStore

EX = "https://example.org/"
WHOLE = DatasetChoice()
PREFIX = f"PREFIX : <{EX}>\n"


def rows(store: Store, query: str, dataset: DatasetChoice = WHOLE) -> list[list[str]]:
    body = store.answer(PREFIX + query, dataset, results=FORMATS["csv"], graphs=None).body
    return sorted(list(csv.reader(io.StringIO(body.decode(), newline="")))[1:])


def test_the_default_graph_is_the_merge_of_all_graphs(store: Store) -> None:
    assert rows(store, "SELECT ?o { :a :p ?o }") == [["1"], ["2"]]
    assert rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [["8"]]


def test_a_triple_of_two_graphs_is_counted_once_in_the_merge_and_in_each_graph(store: Store) -> None:
    assert rows(store, "SELECT (COUNT(*) AS ?n) { :a :p 1 }") == [["1"]]
    assert rows(store, "SELECT ?g { GRAPH ?g { :a :p 1 } }") == [[EX + "g1"], [EX + "g2"]]


def test_a_blank_node_of_a_graph_is_the_same_in_the_merge(store: Store) -> None:
    assert rows(store, "SELECT ?o { GRAPH :g1 { :a :r ?b } ?b :p ?o }") == [["3"]]


def test_sizes(store: Store) -> None:
    assert {graph: size for graph, size in store.sizes().items() if size} == {EX + "g1": 7, EX + "g2": 2}


def test_quads(store: Store) -> None:
    assert len(list(store.quads())) == 9
    assert {quad.graph_name for quad in store.quads()} == {ox.NamedNode(EX + "g1"), ox.NamedNode(EX + "g2")}
    assert len(list(store.quads(EX + "g2"))) == 2
    assert list(store.quads(EX + "nowhere")) == []


def test_from_names_the_default_graph(store: Store) -> None:
    assert rows(store, "SELECT ?o FROM :g2 { ?s :p ?o }") == [["1"], ["4"]]
    assert rows(store, "SELECT DISTINCT ?o FROM :g1 FROM :g2 { :a :p ?o }") == [["1"], ["2"]]
    assert rows(store, "SELECT ?o FROM :nowhere { ?s :p ?o }") == []


def test_several_from_are_merged(store: Store) -> None:
    assert rows(store, "SELECT ?o FROM :g1 FROM :g2 { :a :p ?o }") == [["1"], ["2"]]
    assert rows(store, "SELECT ?o # FROM :g3\nfrom :g1 FROM # here\n<https://example.org/g2>{ :a :p ?o }") == [
        ["1"],
        ["2"],
    ]
    assert rows(store, "SELECT (COUNT(*) AS ?n) FROM :g1 FROM :g1 { :a :p ?o }") == [["2"]]


def test_the_end_of_a_name_is_no_keyword(store: Store) -> None:
    for name in (":1FROM", ":a%41FROM", ":1-FROM"):
        assert rows(store, f"SELECT ?o {{ :c :p ?o FILTER NOT EXISTS {{ ?s {name} :g1 }} }}") == [["4"]]


def test_a_merge_keeps_the_named_graphs_apart(store: Store) -> None:
    query = "SELECT ?g ?o FROM :g1 FROM :g2 FROM NAMED :g2 { :a :p ?o OPTIONAL { GRAPH ?g { :a :p ?o } } }"
    assert rows(store, query) == [["", "2"], [EX + "g2", "1"]]


def test_from_is_a_word_like_others_elsewhere(store: Store) -> None:
    assert rows(store, 'SELECT ?from FROM :g2 { ?s :p ?from FILTER("FROM :g1 FROM :g2" != ?from) }') == [["1"], ["4"]]


def test_from_named_names_the_named_graphs(store: Store) -> None:
    assert rows(store, "SELECT ?g FROM NAMED :g2 { GRAPH ?g { :a :p 1 } }") == [[EX + "g2"]]
    assert rows(store, "SELECT ?o FROM NAMED :g2 { ?s :p ?o }") == []


CHOICES = [
    (DatasetChoice(default=(EX + "g2",)), [["1"], ["4"]], []),
    (DatasetChoice(default=(EX + "g1", EX + "g2")), [["1"], ["2"], ["3"], ["4"]], []),
    (DatasetChoice(default=(EX + "nowhere",)), [], []),
    (DatasetChoice(named=(EX + "g2",)), [], [[EX + "g2"], [EX + "g2"]]),
    (DatasetChoice(default=(EX + "g1",), named=(EX + "g2",)), [["1"], ["2"], ["3"]], [[EX + "g2"], [EX + "g2"]]),
]


@pytest.mark.parametrize(("dataset", "default", "named"), CHOICES)
def test_a_request_can_choose_its_dataset(
    store: Store, dataset: DatasetChoice, default: list[list[str]], named: list[list[str]]
) -> None:
    assert rows(store, "SELECT DISTINCT ?o { ?s :p ?o }", dataset) == default
    assert rows(store, "SELECT ?g { GRAPH ?g { ?s :p ?o } }", dataset) == named


def test_a_chosen_dataset_wins_over_from(store: Store) -> None:
    dataset = DatasetChoice(default=(EX + "g2",))
    assert rows(store, "SELECT ?o FROM :g1 { ?s :p ?o }", dataset) == [["1"], ["4"]]


def test_a_graph_that_is_no_iri_is_refused(store: Store) -> None:
    with pytest.raises(BadQueryError, match="IRI"):
        rows(store, "SELECT * { ?s ?p ?o }", DatasetChoice(default=("no iri",)))


LINE = "l\r\nine"
QUERY = PREFIX + 'SELECT ?text ?none { :a :q ?text FILTER(STRSTARTS(STR(?text), "l")) }'


def read_xml(body: bytes) -> list[str | None]:
    return [node.text for node in ET.fromstring(body).iter("{http://www.w3.org/2005/sparql-results#}literal")]  # noqa: S314 - ours


READERS: dict[str, Any] = {
    "srj": lambda body: [row["text"]["value"] for row in json.loads(body)["results"]["bindings"]],
    "srx": read_xml,
    "csv": lambda body: [row[0] for row in csv.reader(io.StringIO(body.decode(), newline=""))][1:],
    "tsv": lambda body: [
        line.split("\t")[0].strip('"').encode().decode("unicode_escape") for line in body.decode().splitlines()[1:]
    ],
}


@pytest.mark.parametrize("target", RESULT_FORMATS, ids=lambda row: str(row.extension))
def test_tables_keep_carriage_returns(store: Store, target: Format) -> None:
    answer = store.answer(QUERY, WHOLE, results=target, graphs=None)
    assert answer.format is target
    assert READERS[target.extension](answer.body) == [LINE]


def test_json_results(store: Store) -> None:
    body = store.answer(QUERY, WHOLE, results=FORMATS["srj"], graphs=None).body
    assert json.loads(body) == {
        "head": {"vars": ["text", "none"]},
        "results": {"bindings": [{"text": {"type": "literal", "value": LINE}}]},
    }


@pytest.mark.parametrize(
    ("extension", "words"),
    [("srj", b'"boolean":true'), ("srx", b"<boolean>true</boolean>"), ("csv", b"true"), ("tsv", b"true")],
)
def test_ask(store: Store, extension: str, words: bytes) -> None:
    assert words in store.answer(PREFIX + "ASK { :a :p 1 }", WHOLE, results=FORMATS[extension], graphs=None).body


@pytest.mark.parametrize("target", GRAPH_FORMATS, ids=lambda row: str(row.extension))
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { :a :q ?o }", "DESCRIBE :c"])
def test_graphs(store: Store, target: Format, query: str) -> None:
    answer = store.answer(PREFIX + query, WHOLE, results=None, graphs=target)
    assert answer.format is target
    found = {quad.triple.object for quad in ox.parse(answer.body, format=target.rdf)}
    assert found == (
        {ox.Literal("4", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))}
        if query.startswith("DESCRIBE")
        else {quad.object for quad in store.quads(EX + "g1") if quad.predicate.value == EX + "q"}
    )


def test_rdf_xml_keeps_carriage_returns(store: Store) -> None:
    body = store.answer(PREFIX + "CONSTRUCT WHERE { :a :q ?o }", WHOLE, results=None, graphs=FORMATS["rdf"]).body
    texts = {node.text for node in ET.fromstring(body).iter() if node.text}  # noqa: S314 - ours
    assert LINE in texts


@pytest.mark.parametrize(
    ("query", "kind"), [("SELECT * { ?s ?p ?o }", "table"), ("ASK {}", "table"), ("DESCRIBE :c", "graph")]
)
def test_an_answer_in_none_of_the_formats_is_refused(store: Store, query: str, kind: str) -> None:
    with pytest.raises(NotAcceptableError, match=kind):
        store.answer(
            PREFIX + query,
            WHOLE,
            results=None if kind == "table" else FORMATS["srj"],
            graphs=FORMATS["ttl"] if kind == "table" else None,
        )


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("SELECT * {", 1, 11),
        ("SELECT * { ?s ?p 'ab' }}", 1, 25),
        ("SELECT * { ?s ?p 'é😀' }}", 1, 25),
        ("SELECT *\n{\n ?s ?p 'é' }}", 3, 14),
        ("SELECT *\r\n{\r\n ?s ?p 'é' }}", 3, 14),
        ("SELECT * { # \u2028\x0b\n ?s ?p 'é' }}", 2, 14),
    ],
)
def test_a_syntax_error_says_where(store: Store, query: str, line: int, column: int) -> None:
    with pytest.raises(BadQueryError, match=f"at line {line}, column {column}, near") as caught:
        store.answer(query, WHOLE, results=FORMATS["srj"], graphs=None)
    assert caught.value.details == {"line": line, "column": column}
    assert query.split("\n")[line - 1].strip()[-8:] in caught.value.message


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <urn:s> <urn:p> <urn:o> }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP ALL",
        "LOAD <http://127.0.0.1/>",
        "CREATE GRAPH <urn:g>",
        "COPY DEFAULT TO <urn:g>",
    ],
)
def test_updates_are_refused(store: Store, query: str) -> None:
    before = store.sizes()
    with pytest.raises(BadQueryError, match="cannot be parsed") as caught:
        store.answer(query, WHOLE, results=FORMATS["srj"], graphs=None)
    assert "answers queries only" in caught.value.remedy
    assert store.sizes() == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (<urn:no-such-function>(1) AS ?x) {}",
        f'SELECT (<{FUNCTION}earliest>("2025"^^<{EDTF}>) AS ?x) {{}}',
        "SELECT '\ud800' {}",
    ],
)
def test_what_cannot_be_evaluated_is_refused(store: Store, query: str) -> None:
    with pytest.raises(BadQueryError):
        store.answer(query, WHOLE, results=FORMATS["srj"], graphs=None)


def test_contacting_others_is_refused(store: Store) -> None:
    with pytest.raises(ForbiddenQueryError, match="SERVICE is off"):
        store.answer("ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", WHOLE, results=FORMATS["srj"], graphs=None)


def test_from_contacts_nobody(store: Store) -> None:
    assert rows(store, "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }") == []


def test_our_own_queries(store: Store) -> None:
    found = store.select(f"{PREFIX} SELECT ?o ?none {{ :c :p ?o }}")
    assert [{name: term.value for name, term in row.items()} for row in found] == [{"o": "4"}]
    assert [[term and term.value for term in row] for row in store.each(f"{PREFIX} SELECT ?o ?n {{ :c :p ?o }}")] == [
        ["4", None]
    ]
    assert store.construct(f"{PREFIX} CONSTRUCT {{ :x :y :z }} {{ ?s ?p ?o }}") == [
        ox.Triple(ox.NamedNode(EX + "x"), ox.NamedNode(EX + "y"), ox.NamedNode(EX + "z"))
    ]


def test_our_functions_are_called_where_a_graph_is_made(store: Store) -> None:
    query = f'SELECT (<{FUNCTION}latest>("2025~"^^<{EDTF}>) AS ?day) {{}}'
    if isinstance(store, RemoteStore):
        with pytest.raises(UnsupportedQueryError, match="latest"):
            store.select(query)
    else:
        assert store.select(query)[0]["day"].value == "2025-12-31"
