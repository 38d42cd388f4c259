"""SPARQL queries by chance: well-formed ones of every form, and the same with a few words lost, doubled or replaced.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar.
"""

import string

from hypothesis import strategies as st

_DEPTH = 3
_VARIABLES = st.sampled_from(["?s", "?p", "?o", "?g", "?x", "$y", "?né", "?_1"])
_IRIS = st.sampled_from(
    [
        "<urn:s1>",
        "<urn:p1>",
        "<urn:n>",
        "<>",
        "<#a>",
        "<../b?c>",
        "ex:a",
        "ex:",
        ":b",
        "rdf:type",
        "a",
        "ex:a\\,b",
        "ex:%20",
        "<urn:é>",
    ]
)
_LITERALS = st.one_of(
    st.sampled_from(
        [
            "1",
            "-1.5",
            "1e400",
            "true",
            '"text"',
            "'it'@fr",
            '"x"@en-GB--ltr',
            '"1"^^xsd:integer',
            '"x"^^xsd:date',
            '"""long "quoted" text"""',
            '"\\u0000"',
            '"\\uD800"',
            "'\\n'",
            "99999999999999999999999",
            '"9"^^xsd:byte',
            '"P1Y"^^xsd:duration',
            '"-9999999-01-01T00:00:00Z"^^xsd:dateTime',
            "<<( <urn:a> <urn:b> 1 )>>",
        ]
    ),
    st.text(string.printable, max_size=8).map(lambda text: '"' + text.replace("\\", "").replace('"', "") + '"'),
    st.integers().map(str),
    st.text(max_size=5).map(lambda text: "'" + "".join(each for each in text if each not in "'\\\r\n") + "'"),
)
_NODES = st.one_of(_VARIABLES, _IRIS, _LITERALS, st.sampled_from(["[]", "_:b", "()", "( 1 ?x )", "[ <urn:p1> ?o ]"]))
_FUNCTION_NAMES = """
STR1 LANG1 DATATYPE1 IRI1 BNODE0 BNODE1 ABS1 CEIL1 FLOOR1 ROUND1 RAND0 CONCAT0 CONCAT3 STRLEN1 UCASE1 LCASE1 ENCODE_FOR_URI1
CONTAINS2 STRSTARTS2 STRENDS2 STRBEFORE2 STRAFTER2 YEAR1 MONTH1 DAY1 HOURS1 MINUTES1 SECONDS1 TIMEZONE1 TZ1 NOW0 UUID0 STRUUID0
MD51 SHA11 SHA2561 SHA3841 SHA5121 COALESCE2 IF3 STRLANG2 STRDT2 SAMETERM2 ISIRI1 ISBLANK1 ISLITERAL1 ISNUMERIC1 REGEX2 REGEX3
SUBSTR2 SUBSTR3 REPLACE3 REPLACE4 LANGMATCHES2 xsd:integer1 xsd:date1 <urn:unknown>2 ADJUST2 TRIPLE3 SUBJECT1
"""
_FUNCTIONS = st.sampled_from([(name[:-1], int(name[-1])) for name in _FUNCTION_NAMES.split()])
"""Names of functions with the number of arguments that each takes."""
_AGGREGATES = st.sampled_from(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_OPERATORS = st.sampled_from(["+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "&&", "||", "IN", "NOT IN"])
_PROLOGUE = (
    "PREFIX ex: <http://example.org/> PREFIX : <urn:> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
_STRAY = "SELECT WHERE { } ( ) . ; , FILTER OPTIONAL UNION MINUS GRAPH SERVICE BIND AS VALUES # \" ' < > \\ ^ * ?"
_WORDS = st.one_of(st.sampled_from(_STRAY.split()), st.text(max_size=3))
_ELEMENTS = (
    *["{node} {path} {node2} ."] * 5,
    "OPTIONAL {{ {group} }}",
    "{{ {group} }} UNION {{ {group2} }}",
    "MINUS {{ {group} }}",
    "GRAPH {name} {{ {group} }}",
    "FILTER({expression})",
    "BIND({expression} AS {variable})",
    "VALUES ({variable}) {{ ({literal}) (UNDEF) ({iri}) }}",
    "{{ {select} }}",
)
"""What may stand in a group; without depth only the first five do."""


class _Parts(dict[str, str]):
    """The parts of a template, each drawn when the template asks for it."""

    def __init__(self, draw: st.DrawFn, depth: int) -> None:
        super().__init__()
        self._draw = draw
        self._depth = depth

    def __missing__(self, name: str) -> str:
        deeper = self._depth - 1
        makers = {
            "node": _NODES,
            "path": paths(min(self._depth, 2)),
            "name": st.one_of(_VARIABLES, _IRIS),
            "variable": _VARIABLES,
            "literal": _LITERALS,
            "iri": _IRIS,
            "group": groups(deeper),
            "expression": expressions(max(deeper, 0)),
            "select": selects(deeper),
        }
        return self._draw(makers[name.rstrip("2")])


@st.composite
def paths(draw: st.DrawFn, depth: int = _DEPTH) -> str:
    """Give a predicate or a property path."""
    form = draw(st.integers(0, 9 if depth else 4))
    if form <= 4:
        return draw(st.one_of(_IRIS, _VARIABLES))
    inner = draw(paths(depth - 1))
    other = draw(paths(depth - 1))
    return [f"({inner})*", f"({inner})+", f"{inner}/{other}", f"({inner}|^{other})", f"!({inner})"][form - 5]


@st.composite
def expressions(draw: st.DrawFn, depth: int = _DEPTH) -> str:
    """Give an expression."""
    form = draw(st.integers(0, 8 if depth else 3))
    if form <= 3:
        return draw(st.one_of(_VARIABLES, _LITERALS, _IRIS))
    first, second = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    if form <= 5:
        operator = draw(_OPERATORS)
        return f"({first} {operator} ({second}, 1))" if operator.endswith("IN") else f"({first} {operator} {second})"
    if form == 6:
        name, arity = draw(_FUNCTIONS)
        return f"{name}({', '.join([first, second, first, second][:arity])})"
    if form == 7:
        return f"{draw(st.sampled_from(['EXISTS', 'NOT EXISTS']))} {{ {draw(groups(depth - 1))} }}"
    return f"{draw(st.sampled_from(['!', '-', '+']))}({first})"


@st.composite
def groups(draw: st.DrawFn, depth: int = _DEPTH) -> str:
    """Give what stands between the braces of a graph pattern."""
    return " ".join(draw(st.lists(_elements(depth), max_size=3)))


@st.composite
def _elements(draw: st.DrawFn, depth: int) -> str:
    template = draw(st.sampled_from(_ELEMENTS if depth > 0 else _ELEMENTS[:5]))
    return template.format_map(_Parts(draw, depth))


@st.composite
def selects(draw: st.DrawFn, depth: int = _DEPTH) -> str:
    """Give a SELECT query without its prologue."""
    columns = draw(
        st.one_of(
            st.just("*"),
            st.lists(_VARIABLES, min_size=1, max_size=3).map(" ".join),
            st.builds("({} AS ?z)".format, expressions(depth)),
            st.builds("({}({}{}) AS ?z)".format, _AGGREGATES, st.sampled_from(["", "DISTINCT "]), expressions(1)),
        )
    )
    parts = [
        draw(st.sampled_from(["SELECT", "SELECT DISTINCT", "SELECT REDUCED"])),
        columns,
        f"WHERE {{ {draw(groups(depth))} }}",
        draw(st.one_of(st.just(""), st.just(""), st.builds("GROUP BY {}".format, _VARIABLES))),
        draw(st.one_of(st.just(""), st.just(""), st.builds("HAVING ({})".format, expressions(1)))),
        draw(st.one_of(st.just(""), st.builds("ORDER BY DESC({})".format, expressions(1)))),
        draw(
            st.sampled_from(["", "LIMIT 10", "LIMIT 0", "OFFSET 5", "LIMIT 18446744073709551616", "LIMIT 3 OFFSET 1"])
        ),
    ]
    return " ".join(part for part in parts if part)


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Give a whole query of any form, well-formed more often than not."""
    form = draw(st.integers(0, 6))
    pattern = draw(groups())
    if form <= 3:
        body = draw(selects())
    else:
        nodes = " ".join([draw(st.one_of(_IRIS, _VARIABLES)), draw(_IRIS), draw(_NODES)])
        body = [
            f"ASK {{ {pattern} }}",
            f"CONSTRUCT {{ {nodes} }} WHERE {{ {pattern} }}",
            f"DESCRIBE ?s WHERE {{ {pattern} }}",
        ][form - 4]
    return _PROLOGUE * draw(st.sampled_from([0] + 9 * [1])) + body


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Give a query that has lost, doubled or exchanged some of its words."""
    words = draw(queries()).split(" ")
    # Damage to the prologue would hide the rest.
    first = 12 if words[0] == "PREFIX" else 0
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.integers(first, len(words) - 1))
        change = draw(st.integers(0, 3))
        words[place] = [words[place] * 2, "", draw(_WORDS), words[place][::-1]][change]
    return " ".join(words)
