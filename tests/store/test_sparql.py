"""What is read off a query's text: SERVICE cannot hide, and its letters elsewhere do no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.errors import BadQueryError, ForbiddenQueryError
from alpine_kg.store.sparql import keywords, refuse_deep, refuse_outward, syntax_error

U = "<http://127.0.0.1:9/>"
OUTWARD = [
    f"SELECT * {{ SERVICE {U} {{ ?a ?b ?c }} }}",
    f"SELECT * {{ service silent {U}{{}} }}",
    f"SELECT * {{ SERVICESILENT{U}{{}} }}",
    f"SELECT * {{ VALUES ?v {{ {U} }} SERVICE ?v {{ ?a ?b ?c }} }}",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICE ex: {} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICEex:a{} }",
    "PREFIX ex: <http://127.0.0.1:9/> SELECT * { SERVICE ex:a\\#b {} }",
    "BASE <http://127.0.0.1:9/> SELECT * { SERVICE <> {} }",
    f"SELECT * {{ SERVICE # {{\n{U}#\n# x\n{{}} }}",
    # glued to what stands before it
    f"SELECT * {{ ?x ?p ?y.SERVICE {U} {{}} }}",
    f"SELECT * {{ ?x ?p true.SERVICE {U} {{}} }}",
    f"SELECT * {{ ?x ?p trueSERVICE {U} {{}} }}",
    f"SELECT * {{ ?x ?p 1e5SERVICE {U} {{}} }}",
    f"SELECT * {{ ?x ?p 'x'@en.SERVICE {U} {{}} }}",
    f"SELECT * {{ ?x ?p <http://o>SERVICE {U} {{}} }}",
    f"PREFIX ex: <http://o> SELECT * {{ ?x ?p ex:.SERVICE {U} {{}} }}",
    f"PREFIX ex: <http://o> SELECT * {{ ?x ex:-1SERVICE {U} {{}} }}",
    # behind what looks like a comment, a text or an IRI and is none
    f"PREFIX ex: <http://o> SELECT * {{ OPTIONAL {{ ?x ?p ex:a\\# }} SERVICE {U} {{}} }}",
    f"PREFIX ex: <http://o> SELECT * {{ OPTIONAL {{ ?x ?p ex:a\\' }} SERVICE {U} {{}} OPTIONAL {{ ?x ?p 'x' }} }}",
    f"SELECT * {{ ?x ?p ?y FILTER(?x<'&&?b>'||true)SERVICE {U} {{}}FILTER(''='') }}",
    # in every form of query
    f"ASK {{ FILTER EXISTS {{ SERVICE {U} {{}} }} }}",
    f"DESCRIBE ?a {{ SERVICE {U} {{ ?a ?b ?c }} }}",
    f"CONSTRUCT {{ ?a ?b ?c }} WHERE {{ SERVICE {U} {{ ?a ?b ?c }} }}",
]
HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE' }",
    'SELECT * { ?s ?p "our SERVICE <desk>" }',
    'SELECT * { ?s ?p """a\nSERVICE\n""" }',
    "SELECT * { ?s ?p 'it\\'s a service' }",
    "SELECT * { ?s <http://example.org/SERVICE> ?o }",
    "SELECT * { ?s ?p <http://example.org/a#service> }",
    "# SERVICE\nSELECT * { ?s ?p ?o }",
    "# by service\nASK { ?s ?p ?o }",
    "SELECT ?x # of the service\nWHERE { ?x ?p ?o }",
    "SELECT ?service ?x { ?service ?p ?x }",
    "SELECT $service { $service ?p ?x { ?a ?b ?c } }",
    "PREFIX service: <urn:x> SELECT * { ?s service:p ?o . { ?a ?b ?c } }",
    "PREFIX ex: <urn:x> SELECT * { ?s ex:service ?o { ?a ?b ?c } }",
    "PREFIX sd: <urn:x> SELECT * { ?s a sd:Service . FILTER(?s != sd:Service) }",
    "PREFIX ex: <urn:x> SELECT * { ?s ex:my-service ?o { ?a ?b ?c } }",
    "SELECT * { ?s ?p 'x'@service }",
    "",
]


@pytest.mark.parametrize("query", OUTWARD)
def test_outward_queries_are_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="SERVICE is off"):
        refuse_outward(query)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_elsewhere_does_no_harm(query: str) -> None:
    refuse_outward(query)


SPACE = st.text(alphabet=" \t\r\n", max_size=3) | st.text(max_size=10).map(
    lambda text: "#" + text.replace("\n", "").replace("\r", "") + "\n"
)


@given(
    before=st.text(alphabet="?x:p<>'\"#{}.\\ \n1-@", max_size=12).filter(
        lambda text: text[-1:] not in {"?", "$", ":", "@"}
    ),
    word=st.sampled_from(["SERVICE", "service", "SeRvIcE"]),
    silent=st.sampled_from(["", "SILENT"]),
    gaps=st.tuples(SPACE, SPACE, SPACE),
    target=st.sampled_from([U, "?v", "$v", "ex:", "ex:a", ":", "ex:a\\'b", "ex:%23"]),
    after=st.text(max_size=12),
)
def test_no_surroundings_hide_a_clause(  # noqa: PLR0917 - the parts of one query
    before: str, word: str, silent: str, gaps: tuple[str, str, str], target: str, after: str
) -> None:
    query = f"{before} {word}{gaps[0]}{silent}{gaps[1] or ' '}{target}{gaps[2]}{{{after}"
    with pytest.raises(ForbiddenQueryError):
        refuse_outward(query)


@pytest.mark.parametrize("unit", ["SERVICE#", "SERVICE ", "SERVICEa:", "SERVICE<", "SERVICE\n#", "SERVICE ?a "])
def test_a_query_of_nothing_else_is_refused_without_being_searched(unit: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="too often"):
        refuse_outward(unit * 100_000)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?x { ?x a ex:Where }", {"SELECT", "A"}),
        ("ask { 'delete' <insert> # drop\n }", {"ASK"}),
        ("INSERT DATA { }", {"INSERT", "DATA"}),
        ('"""clear""" ?load $load ex:load :load', set()),
    ],
)
def test_keywords(query: str, words: set[str]) -> None:
    assert keywords(query) == words


def test_an_error_without_a_position_is_passed_on() -> None:
    error = syntax_error("ASK", SyntaxError("it is odd"))
    assert isinstance(error, BadQueryError)
    assert "it is odd" in error.message


def test_a_long_expectation_is_shortened() -> None:
    error = syntax_error("ASK", SyntaxError("error at 1:2: expected " + "one, " * 500))
    assert len(error.message) < 300
    assert error.details == {"line": 1, "column": 2}


@pytest.mark.parametrize("quotes", ['"', "'", '"""a"', "'''a'"])
def test_what_opens_behind_a_text_without_an_end_counts(quotes: str) -> None:
    refuse_deep(f"ASK {{ {quotes} {'( ) ' * 9}", 10)
    with pytest.raises(BadQueryError, match="nest deeper than 10 levels"):
        refuse_deep(f"ASK {{ {quotes} {'( ) ' * 11}", 10)


@pytest.mark.parametrize(
    "text", ['"(((("', "'(((('", '"""("(\n(("""', "'''('(\n(('''", '"\\"(((("', "<urn:((((>", "# (((("]
)
def test_what_is_in_a_text_opens_nothing(text: str) -> None:
    refuse_deep(f"ASK {{ {{}} {text}\n }}", 2)
