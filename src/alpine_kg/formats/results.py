"""SPARQL results as plain rows, and the JSON in which a named query is answered.

Source: https://www.w3.org/TR/sparql11-results-json/.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Self

from alpine_kg.namespaces import XSD

Binding = dict[str, dict[str, str]]
"""A solution: what SPARQL results in JSON say of each variable that is bound."""


@dataclass(frozen=True)
class Results:
    """The solutions of a SELECT query, or the verdict of an ASK query."""

    columns: Sequence[str]
    bindings: Sequence[Binding]
    verdict: bool | None

    @classmethod
    def read(cls, results: bytes) -> Self:
        """Return what a results document in JSON holds."""
        document = json.loads(results)
        bindings = document.get("results", {}).get("bindings", [])
        return cls(document["head"].get("vars", []), bindings, document.get("boolean"))

    def rows(self) -> list[dict[str, Any]]:
        """Return each solution with plain values: numbers and booleans as JSON's own, all else as text."""
        return [{name: _plain(term) for name, term in binding.items()} for binding in self.bindings]

    def document(self, query: str, parameters: Mapping[str, str]) -> bytes:
        """Return the rows as the JSON answer to a named query with the parameters that were given."""
        held = {"query": query, "parameters": parameters, "columns": self.columns, "rows": self.rows()}
        return json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(term: dict[str, str]) -> Any:
    value, datatype = term["value"], term.get("datatype", "")
    try:
        if datatype == XSD + "integer":
            return int(value)
        if datatype in {XSD + "decimal", XSD + "double"} and isfinite(number := float(value)):
            return number
    except ValueError:
        return value
    if datatype == XSD + "boolean" and value in {"true", "false"}:
        return value == "true"
    return value
