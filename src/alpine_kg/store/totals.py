"""The count of everything, which is known: a graph does not change while it is served, and was counted when it was loaded.

Everybody asks it first, and the engine goes through all triples for it: half a minute for a hundred million.
"""

import re
from pathlib import Path
from typing import Final

from alpine_kg.store.sparql import GAP, IRI

SIZE: Final = Path(__file__).with_name("size.rq").read_text(encoding="utf-8")
_VARIABLE: Final = r"[?$][A-Za-z_][A-Za-z0-9_]*+"
_PROLOGUE: Final = rf"(?:{GAP}(?:PREFIX{GAP}(?:[A-Za-z][A-Za-z0-9_-]*+)?:{GAP}{IRI}|BASE{GAP}{IRI}))*+{GAP}"
_TOKEN: Final = re.compile(r"#.*|[?](?P<variable>\w+)|\w+|\S")
_OPTIONAL: Final = {"WHERE": "(?:WHERE)?", "}": rf"\.?{GAP}\}}"}
"""How some parts of a query may be written too: without the word, and with a dot behind the last triple."""


def counted(query: str, total: int) -> str:
    """Return a query with the number of triples in place of their count, if it asks for nothing else; else as it is.

    >>> counted("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", 7)
    'SELECT (7 AS ?n) {}'
    >>> counted("SELECT (COUNT(*) AS ?n) { ?a ?b ?a }", 7)
    'SELECT (COUNT(*) AS ?n) { ?a ?b ?a }'
    """
    match = _PATTERN.fullmatch(query)
    # `?x` and `$x` are one variable, and one in two places asks for what is equal in both.
    if match is None or len({match[name][1:] for name in _VARIABLES}) < len(_VARIABLES):
        return query
    return f"{match['prologue']}SELECT ({total} AS {match['size']}) {{}}"


def _written(token: re.Match[str]) -> str:
    """Return a pattern for a part of a query, with any variable in place of its own."""
    if name := token["variable"]:
        return f"(?P<{name}>{_VARIABLE})"
    return _OPTIONAL.get(token[0], re.escape(token[0]))


_TOKENS: Final = [token for token in _TOKEN.finditer(SIZE) if not token[0].startswith("#")]
_VARIABLES: Final = [token["variable"] for token in _TOKENS if token["variable"]]
_PATTERN: Final = re.compile(rf"(?P<prologue>{_PROLOGUE}){GAP.join(map(_written, _TOKENS))}{GAP}", re.IGNORECASE)
"""The query that counts everything, however it is written, with prefixes before it."""
