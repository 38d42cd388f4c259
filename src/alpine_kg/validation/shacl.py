"""SHACL: pySHACL's validation results as failures."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Literal, Node

from alpine_kg.errors import RootError
from alpine_kg.namespaces import local_name
from alpine_kg.store.sparql import refuse_outward
from alpine_kg.validation.findings import Failure, Severity, worded
from alpine_kg.validation.results import values_of

_QUERIES: Final = (SH.select, SH.ask, SH.construct)
"""The properties of shapes that hold SPARQL."""


def run_shapes(graph: Graph, shapes: Graph) -> Iterator[Failure]:
    """Yield a failure for each result of https://www.w3.org/TR/shacl/#validation-report; raises RootError for unusable shapes.

    A shape whose SPARQL asks another service raises ForbiddenQueryError.

    Neither inference nor SHACL's own SPARQL is used: classes come with their hierarchy in `graph`, joins are checks.
    """
    for query in _QUERIES:
        for held in shapes.objects(None, query):
            refuse_outward(
                str(held)
            )  # pySHACL looks for the word SERVICE too, but not for one in escapes, which rdflib reads
    results: Any
    try:
        data = _KeptQueries(store=graph.store, identifier=graph.identifier)
        _, results, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False, inplace=True)
    except ReportableRuntimeError as error:
        results, text = None, str(error)
    if not isinstance(results, Graph):
        raise RootError(f"The shapes cannot be used: {text}.", "Mend the shape that the message names.")
    found = [_failure(results, result) for result in results.subjects(RDF.type, SH.ValidationResult)]
    each = (replace(failure, value=value) for failure in found for value in values_of(failure, _held(graph, failure)))
    # Two languages with two labels each are two results, each with all four labels.
    yield from {(failure.rule, failure.focus, failure.path, failure.value): failure for failure in each}.values()


class _KeptQueries(Graph):
    """A graph that parses each query once: pySHACL asks a shape's query, as text, of every focus node."""

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,  # noqa: N803 - rdflib's interface
        *arguments: Any,
        **named: Any,
    ) -> Any:
        """Answer a query as rdflib does."""
        if isinstance(query_object, str):
            query_object = _prepared(query_object, tuple((initNs or dict(self.namespaces())).items()))
        return super().query(query_object, processor, result, initNs, *arguments, **named)


@lru_cache(maxsize=256)
def _prepared(text: str, prefixes: tuple[tuple[str, Any], ...]) -> Query:
    return prepareQuery(text, initNs=dict(prefixes))


def _held(graph: Graph, failure: Failure) -> list[Node]:
    return [] if failure.path is None else list(graph.objects(failure.focus, failure.path))


def _failure(results: Graph, result: Node) -> Failure:
    shape = results.value(result, SH.sourceShape)
    component = local_name(str(results.value(result, SH.sourceConstraintComponent))).removesuffix("ConstraintComponent")
    focus = results.value(result, SH.focusNode)
    if shape is None or focus is None:
        raise RootError("pySHACL gave a result without a focus node or a shape.", "Report this.")
    messages = (message for message in results.objects(result, SH.resultMessage) if isinstance(message, Literal))
    value = results.value(result, SH.value)
    return Failure(
        rule=f"{local_name(str(shape))}/{component}",
        severity=Severity.of(local_name(str(results.value(result, SH.resultSeverity)))),
        wording=worded({message.language or "en": str(message) for message in messages}),
        focus=focus,
        path=results.value(result, SH.resultPath),
        value=None if value == focus else value,
    )
