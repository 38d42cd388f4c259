"""The first wall: SERVICE is refused however it is written, and nothing is refused that only looks like it."""

import random
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.outbound.world import listener

from alpine_kg.errors import ForbiddenQueryError
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.sparql import refuse_outward
from alpine_kg.validation.checks import Check

E = "http://127.0.0.1:9/sparql"
OUTWARD = {
    "plain": "SELECT * { SERVICE <E> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <E> { ?s ?p ?o } }",
    "case": "select * { sErViCe siLENT <E> { ?s ?p ?o } }",
    "glued": "SELECT * {?s ?p ?o.SERVICE<E>{?s ?p ?o}}",
    "glued silent": "SELECT * {SERVICESILENT<E>{?s ?p ?o}}",
    "glued name": "PREFIX ex: <E> SELECT * {SERVICEex:{?s ?p ?o}}",
    "behind a number": "SELECT * {?s ?p 1SERVICE<E>{?s ?p ?o}}",
    "behind a boolean": "SELECT * {?s ?p trueSERVICE<E>{?s ?p ?o}}",
    "behind a text": "SELECT * {?s ?p 'a'SERVICE<E>{?s ?p ?o}}",
    "behind a comparison": "SELECT * {?s ?p ?o FILTER(1<2)SERVICE<E>{?s ?p ?o}}",
    "behind false quotes": 'SELECT * {VALUES ?x { """ " } SERVICE <E> {?s ?p ?o}}',
    "behind an escaped hash": "PREFIX ex: <urn:> SELECT * {?s ex:a\\#b ?o . SERVICE<E>{?s ?p ?o}}",
    "between comments": "SELECT * {#'\rSERVICE #x{\n#\"\r<E>#z\n{?s ?p ?o}}",
    "prefixed": "PREFIX ex: <E> SELECT * { SERVICE ex:a { ?s ?p ?o } }",
    "prefixed, escaped": "PREFIX ex: <E> SELECT * { SERVICE ex:\\'a\\#b { ?s ?p ?o } }",
    "prefixed, empty": "PREFIX : <E> SELECT * { SERVICE : { ?s ?p ?o } }",
    "prefixed, with what Python takes for a space": "PREFIX ex: <E> SELECT * { SERVICE ex:a\u1680b { ?s ?p ?o } }",
    "prefix with what Python takes for a space": "PREFIX e\u1680x: <E> SELECT * { SERVICE e\u1680x:a { ?s ?p ?o } }",
    "variable": "SELECT * { VALUES ?e { <E> } LATERAL { SERVICE ?e { ?s ?p ?o } } }",
    "dollar variable": "SELECT * { VALUES $e { <E> } LATERAL { SERVICE $e { ?s ?p ?o } } }",
    "variable with a joiner": "SELECT * { VALUES ?e\u200c { <E> } LATERAL { SERVICE ?e\u200c { ?s ?p ?o } } }",
    "variable with a tie": "SELECT * { VALUES ?e\u203f { <E> } LATERAL { SERVICE ?e\u203f { ?s ?p ?o } } }",
    "variable with a comma": "SELECT * { VALUES ?e\u3001 { <E> } LATERAL { SERVICE ?e\u3001 { ?s ?p ?o } } }",
    "variable with a mark": "SELECT * { VALUES ?e\u0300 { <E> } LATERAL { SERVICE ?e\u0300 { ?s ?p ?o } } }",
    "relative": "BASE <E> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "escaped IRI": "SELECT * { SERVICE <E\\u0041> { ?s ?p ?o } }",
    "escaped keyword": "SELECT * { \\u0053ERVICE <E> { ?s ?p ?o } }",
    "long escaped keyword": "SELECT * { SERV\\U00000049CE <E> { ?s ?p ?o } }",
    "escaped brackets": "SELECT * { SERVICE \\u003CE\\u003E { ?s ?p ?o } }",
    "inside of EXISTS": "ASK { FILTER EXISTS { SERVICE <E> { ?s ?p ?o } } }",
    "inside of a subquery": "SELECT * { { SELECT * { OPTIONAL { SERVICE <E> { ?s ?p ?o } } } } }",
    "inside of another": "SELECT * { SERVICE <E> { SERVICE <urn:x> { ?s ?p ?o } } }",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <E> { ?s ?p ?o } }",
    "describe": "DESCRIBE ?s WHERE { SERVICE <E> { ?s ?p ?o } }",
    "in a text": "SELECT * { ?s ?p 'SERVICE <E> {' }",
    "behind the word in an IRI": "SELECT * { <urn:/SERVICE#>?p 1 . SERVICE <E> { ?s ?p ?o }\n<urn:x> ?p ?o }",
    "behind the word in a text": "SELECT * { ?s ?p 'SERVICE #' . SERVICE <E> { ?s ?p ?o } }",
}
INNOCENT = (
    "SELECT * { ?s ?p 'service' }",
    'SELECT * { ?s ?p ?o FILTER(CONTAINS(LCASE(STR(?o)), "service")) } LIMIT 3',
    "SELECT * { ?s ?p '''service' SERVICE''' }",
    "SELECT ?service { ?service ?p ?o }",
    "SELECT * WHERE { GRAPH ?service { ?s ?p ?o } }",
    "SELECT $SERVICE ?x { ?x ?p $SERVICE { ?a ?b ?c } }",
    "PREFIX ex: <urn:> SELECT * { ?s ex:service ?o { ?a ?b ?c } }",
    "PREFIX ex: <urn:> SELECT * { ex:SERVICE ?p ?o . ex:my-service ?p ?q }",
    "SELECT * { <https://example.org/service> ?p ?o }",
    "SELECT * { <urn:service> ?p ?o { ?a ?b ?c } }",
    "SELECT * # this is a service to readers\nWHERE { ?s ?p ?o }",
    "SELECT * { ?s ?p 'x'@service }",
    "SELECT * { ?s ?p _:service }",
    "SELECT * { ?s ?p 'caf\\u00e9 service' }",
    "SELECT ?x (COUNT(*) AS ?services) { ?x ?p ?o } GROUP BY ?x",
)


@pytest.mark.parametrize("query", OUTWARD.values(), ids=OUTWARD.keys())
def test_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError) as caught:
        refuse_outward(query.replace("E>", E + ">").replace("E\\", E + "\\"))
    assert caught.value.remedy


def test_refused_in_queries_of_a_graph_root_too(tmp_path: Path) -> None:
    """Whoever can have a file merged there must not make the loader or the validator contact anyone."""
    query, store = OUTWARD["plain"], EmbeddedStore()
    for ask in (store.select, store.construct):
        with pytest.raises(ForbiddenQueryError):
            ask(query)
    check = tmp_path / "check.rq"
    header = "#+ message: {fr: a, en: a}\n#+ severity: Warning\n"
    check.write_text(header + query.replace("*", "?focus"), encoding="utf-8")
    with pytest.raises(ForbiddenQueryError):
        list(Check.read(check).failures(ox.Store()))


@pytest.mark.parametrize("query", INNOCENT)
def test_let_through_as_it_is(query: str) -> None:
    assert refuse_outward(query) == query
    EmbeddedStore().select(query)


def test_the_refusal_names_the_endpoint_and_the_setting() -> None:
    with pytest.raises(ForbiddenQueryError) as caught:
        refuse_outward(f"ASK {{ SERVICE <{E}> {{}} }}")
    assert f"<{E}>" in caught.value.message
    assert "ALPINE_KG_SERVICE_ALLOW" in caught.value.remedy


def test_a_flood_of_the_word_is_refused_in_time() -> None:
    with pytest.raises(ForbiddenQueryError, match="too often"):
        refuse_outward("SERVICE " * 50_000)


WORDS = ("SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT", "SERVICE\nsilent", "\\u0053ERVICE")
GAPS = (
    "",
    "",
    " ",
    "\n",
    "\t",
    "\r",
    "#c\n",
    '#"\r',
    "#'SERVICE\n",
    " . ",
    ".",
    "\u00a0",
    "\u1680",
    "\u200c",
    ";",
    ",",
)
ENDPOINTS = (
    *("<E>", "<E?'>", "<E\\u0041>", "<>", "e:", "e:a", "e:a\u1680b", "e:a\u200cb", "e:\\'b", "e:a\\#b", "e:%20", "é:x"),
    *("?e", "?e\u200c", "?e\u203f", "$e", "?e\u3001", "e.x:", ":", ":SERVICE", "SERVICE:x", "e:SERVICE"),
)
BEFORE = (
    *("?s ?p ?o", "?s ?p 1", "?s ?p true", "?s ?p 1.5e3", "?s ?p 'a'@en", "?s ?p e:a", "?s ?p <urn:x>", "?s e:p? ?o"),
    *(
        '?s ?p """a"b"""',
        "?s ?p '''a'SERVICE <x> {'''",
        '?s ?p "\\""',
        "?s ?p '\\u0027'",
        '?s ?p "x\\\\"',
        "?s ?p e:a\\#b",
    ),
    *('VALUES ?v { """ " }', "VALUES ?v { ''' ' }", 'VALUES ?v {"" \'"\'}', "FILTER(1<2||3>2)", "FILTER(?s<?p&&?o>?p)"),
    *(
        "",
        "{}",
        "OPTIONAL{?a ?b ?c}",
        "VALUES ?e {<E>}",
        "BIND(<E> AS ?e\u200c)",
        "VALUES ?e\u203f {<E>}",
        "#SERVICE #\n",
    ),
    *("?s ?p ?service", "?service ?p e:service", '?s ?p "service <x> {"'),
)
PROLOGUE = "BASE <E> PREFIX e: <E> PREFIX : <E> PREFIX e.x: <E> PREFIX é: <E> PREFIX SERVICE: <E> SELECT * {"


def test_what_the_engine_would_contact_is_refused() -> None:
    """The engine's own parser is the judge: whatever makes it contact the listener must have been refused."""
    dice = random.Random(3)  # noqa: S311 - the same queries on every run
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
    reached = 0
    with listener() as (address, contacts):
        for _ in range(6_000):
            clause = "".join(map(dice.choice, (WORDS, GAPS, ENDPOINTS, GAPS))) + "{?a ?b ?c}"
            body = f"LATERAL{{{clause}}}" if dice.random() < 1 / 3 else clause
            query = PROLOGUE + "".join(
                [*map(dice.choice, (BEFORE, GAPS)), body, *map(dice.choice, (GAPS, BEFORE)), "}"]
            )
            query = query.replace("<E", f"<{address}")
            before = len(contacts)
            with suppress(SyntaxError, RuntimeError, OSError):
                list(store.query(query))  # type: ignore[arg-type]
            if len(contacts) > before:
                reached += 1
                with pytest.raises(ForbiddenQueryError):
                    refuse_outward(query)
    assert reached > 100, "too few of the queries are good ones to prove anything"
