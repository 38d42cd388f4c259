"""Queries that end a service that trusts its callers: runaways, which never end, and bombs, which burst its parser."""

from collections.abc import Callable, Mapping
from typing import Final

_CROSS: Final = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
_DOUBLED: Final = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(60))
_REPLACED: Final = " ".join(f'BIND(REPLACE(?x{n}, "a", "aaaaaaaaaaaaaaaa") AS ?x{n + 1})' for n in range(16))
_MANY: Final = " ".join(f'"{n}"' for n in range(40_000))
_EXISTS: Final = 60

RUNAWAYS: Final[Mapping[str, str]] = {
    "cross product": f"SELECT * WHERE {{ {_CROSS} }}",
    "cross product counted": f"SELECT (COUNT(*) AS ?n) WHERE {{ {_CROSS} }}",
    "cross product sorted": f"SELECT * WHERE {{ {_CROSS} }} ORDER BY ?l ?i ?f ?c",
    "cross product made distinct": f"SELECT DISTINCT ?a ?d ?g ?j WHERE {{ {_CROSS} }}",
    "long property path": (
        "SELECT (COUNT(*) AS ?n) WHERE { ?s (!<urn:a>|!^<urn:a>)* ?o . ?o (!<urn:b>|!^<urn:b>)* ?p ."
        " ?p (!<urn:c>|!^<urn:c>)* ?q . ?q (!<urn:d>|!^<urn:d>)* ?r }"
    ),
    "catastrophic regex": (
        f'SELECT * WHERE {{ {_CROSS} FILTER REGEX(CONCAT(STR(?c), STR(?f), "{"a" * 40}!"), "^(a+)+$|(x+x+)+y|(.*)*z$") }}'
    ),
    "giant VALUES": f"SELECT * WHERE {{ VALUES ?x {{ {_MANY} }} VALUES ?y {{ {_MANY} }} FILTER(?x = ?y + 'z') }}",
    "giant VALUES sorted": f"SELECT * WHERE {{ VALUES ?x {{ {_MANY} }} VALUES ?y {{ {_MANY} }} }} ORDER BY ?y ?x",
    "deep nesting": f"SELECT * WHERE {{ {'{' * 20_000}{'}' * 20_000} }}",
    "deep nesting of EXISTS": (
        f"SELECT * WHERE {{ {'?a ?b ?c . ?d ?e ?f FILTER NOT EXISTS { ' * _EXISTS} ?x <urn:no> ?y {'}' * _EXISTS} }}"
    ),
    "unbounded CONSTRUCT": (
        f"CONSTRUCT {{ ?a ?e ?v }} WHERE {{ {_CROSS} BIND(CONCAT(STR(?c), ' ', STR(?f), ' ', STR(?i), ' ', STR(?l)) AS ?v) }}"
    ),
    "unbounded DESCRIBE": f"DESCRIBE ?a ?d ?g WHERE {{ {_CROSS} }}",
    "string doubling": f'SELECT (STRLEN(?x60) AS ?n) WHERE {{ BIND("aaaaaaaaaaaaaaaa" AS ?x0) {_DOUBLED} }}',
    "REPLACE bomb": f'SELECT (STRLEN(?x16) AS ?n) WHERE {{ BIND("aaaaaaaaaaaaaaaa" AS ?x0) {_REPLACED} }}',
    "GROUP_CONCAT bomb": f'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d)); separator="--") AS ?x) WHERE {{ {_CROSS} }}',
    "GROUP BY of a cross product": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) WHERE {{ {_CROSS} }} GROUP BY ?a ?d ?g ?j",
}
"""Each would run for hours, or take all memory, on a few thousand triples. At least one of each family that is known to work."""

_NESTED: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "groups": ("SELECT * WHERE {", "{", "?s ?p ?o", "}", "}"),
    "parentheses": ("SELECT * WHERE { FILTER", "(", "1", ")", "}"),
    "functions": ("SELECT * WHERE { BIND(", "STR(", "1", ")", " AS ?x) }"),
    "IF": ("SELECT * WHERE { BIND(", "IF(true, 1, ", "1", ")", " AS ?x) }"),
    "negations": ("SELECT * WHERE { FILTER(", "!", "true", "", ") }"),
    "minus signs": ("SELECT * WHERE { FILTER(", "- ", "1", "", ") }"),
    "filters": ("SELECT * WHERE {", "FILTER EXISTS {", "?s ?p ?o", "}", "}"),
    "OPTIONAL": ("SELECT * WHERE {", "OPTIONAL {", "?s ?p ?o", "}", "}"),
    "MINUS": ("SELECT * WHERE {", "MINUS {", "?s ?p ?o", "}", "}"),
    "GRAPH": ("SELECT * WHERE {", "GRAPH ?g {", "?s ?p ?o", "}", "}"),
    "subqueries": ("SELECT * WHERE {", "{ SELECT * WHERE {", "?s ?p ?o", "} }", "}"),
    "paths": ("SELECT * WHERE { ?s ", "(", "<urn:p>", ")*", " ?o }"),
    "inverse paths": ("SELECT * WHERE { ?s ", "^(", "<urn:p>", ")", " ?o }"),
    "property lists": ("SELECT * WHERE { ", "[ <urn:p> ", "1", " ]", " }"),
    "collections": ("SELECT * WHERE { ", "( ", "1", " )", " <urn:p> 1 }"),
    "collections in CONSTRUCT": ("CONSTRUCT { <urn:s> <urn:p> ", "( ", "1", " )", " } WHERE {}"),
    "quoted triples": ("SELECT * WHERE { ", "<< ", "<urn:s>", " <urn:p> 1 >>", " <urn:q> 2 }"),
    "annotations": ("SELECT * WHERE { <urn:s> <urn:p> 1 ", "{| <urn:q> 1 ", "", "|}", " }"),
}
_CHAINED: Final[Mapping[str, tuple[str, str, str]]] = {
    "sums": ("SELECT * WHERE { FILTER(1", "+1", ") }"),
    "products": ("SELECT * WHERE { FILTER(1", "*1", ") }"),
    "disjunctions": ("SELECT * WHERE { FILTER(?x", "||?x", ") }"),
    "conjunctions": ("SELECT * WHERE { FILTER(?x", "&&?x", ") }"),
    "unions": ("SELECT * WHERE { {}", "UNION{}", " }"),
    "optionals in a row": ("SELECT * WHERE { ?s ?p ?o", " OPTIONAL{}", " }"),
    "binds in a row": ("SELECT * WHERE { ?s ?p ?o", " FILTER(1)", " }"),
    "groups in a row": ("SELECT * WHERE { ?s ?p ?o", "{}", " }"),
    "minuses in a row": ("SELECT * WHERE { ?s ?p ?o", " MINUS{}", " }"),
    "path sequences": ("SELECT * WHERE { ?s <p:>", "/<p:>", " ?o }"),
    "path alternatives": ("SELECT * WHERE { ?s <p:>", "|<p:>", " ?o }"),
    "path quantifiers": ("SELECT * WHERE { ?s <p:>", "*", " ?o }"),
    "triples": ("SELECT * WHERE { ?s ?p ?o", ". ?s ?p ?o", " }"),
    "objects": ("SELECT * WHERE { ?s ?p ?o", ",?o", " }"),
    "lists of values": ("SELECT * WHERE { FILTER(?x IN (1", ",1", ")) }"),
    "prefixes": ("PREFIX a: <urn:a>", " PREFIX a: <urn:a>", " ASK {}"),
    "projections": ("SELECT (1 AS ?x)", " ?x", " WHERE {}"),
    "group keys": ("SELECT (1 AS ?x) WHERE {} GROUP BY ?x", " ?x", ""),
    "sort keys": ("SELECT * WHERE {} ORDER BY ?x", " ?x", ""),
    "signs of comments": ("ASK {} # now", "#", ""),
    "texts without an end": ("ASK " + "{" * 201, '\\"""\n', ""),
    "names of functions in a comment": ("ASK {} #", "now#", ""),
}


def _nested(kind: str) -> Callable[[int], str]:
    head, opening, core, closing, tail = _NESTED[kind]

    def make(size: int) -> str:
        levels = max(1, (size - len(head) - len(core) - len(tail)) // (len(opening) + len(closing)))
        return f"{head}{opening * levels}{core}{closing * levels}{tail}"

    return make


def _unclosed(kind: str) -> Callable[[int], str]:
    head, opening, *_ = _NESTED[kind]
    return lambda size: head + opening * max(1, (size - len(head)) // len(opening))


def _chained(kind: str) -> Callable[[int], str]:
    head, link, tail = _CHAINED[kind]
    return lambda size: f"{head}{link * max(1, (size - len(head) - len(tail)) // len(link))}{tail}"


PARSE_BOMBS: Final[Mapping[str, Callable[[int], str]]] = {
    **{f"nested {kind}": _nested(kind) for kind in _NESTED},
    **{f"unclosed {kind}": _unclosed(kind) for kind in _NESTED},
    **{f"chained {kind}": _chained(kind) for kind in _CHAINED},
}
"""Each makes a query of about as many characters as it is told."""
