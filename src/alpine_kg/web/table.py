"""SPARQL results as tables of a page: cells with labels and links."""

from collections.abc import Sequence
from typing import Final

from alpine_kg.formats import Results
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.graph.description import path_of
from alpine_kg.graph.vocabulary import pick
from alpine_kg.namespaces import EDTF, XSD, shorten
from alpine_kg.spelling import spell_date
from alpine_kg.web.facts import Link, term_path

MOST_ROWS: Final = 1_000
"""Rows of a page; the other formats have all."""
_LABEL: Final = "Label"
_STATEMENT: Final = {"claim": "statement"}
"""Columns whose labels stand in a column of another name than their own with `Label` behind it."""


class Table(Results):
    """Results with the words and links of a page."""

    def shown(self) -> list[str]:
        """Return the columns of a page: a column of labels is shown as the text of the links that it labels."""
        labels = {_label_of(name) for name in self.columns}
        return [name for name in self.columns if name not in labels]

    def cells(self, graph: KnowledgeGraph, languages: Sequence[str], tongue: str) -> list[list[Link]]:
        """Return the first rows as words and links, for the shown columns."""
        few = self.bindings[:MOST_ROWS]
        iris = {term["value"] for binding in few for term in binding.values() if term["type"] == "uri"}
        labels = {iri: pick(hit.labels, languages) for iri, hit in graph.catalogue.hits(iris).items()}
        for iri in iris & graph.vocabulary.labels.keys():
            labels[iri] = graph.vocabulary.label(iri, languages)
        return [[_cell(binding, name, labels, tongue) for name in self.shown()] for binding in few]

    def records(self, cells: Sequence[Sequence[Link]]) -> list[dict[str, Link]]:
        """Return rows of cells by the names of the shown columns."""
        return [dict(zip(self.shown(), row, strict=True)) for row in cells]


def _label_of(name: str) -> str:
    return _STATEMENT.get(name, f"{name}{_LABEL}")


def _cell(binding: dict[str, dict[str, str]], name: str, labels: dict[str, str], tongue: str) -> Link:
    term = binding.get(name)
    if term is None:
        return Link("")
    value = term["value"]
    if term.get("datatype") == EDTF:
        return Link(spell_date(value, tongue))
    if term["type"] != "uri":
        address = value if term.get("datatype") == XSD + "anyURI" else ""
        return Link(value, address, term.get("xml:lang", ""))
    given = binding.get(_label_of(name), {}).get("value")
    return Link(given or labels.get(value) or shorten(value), path_of(value) or term_path(value) or value)
