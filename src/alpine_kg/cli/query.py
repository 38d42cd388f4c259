"""`alpine-kg query`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from alpine_kg.cli.options import AsOfOption, LanguageOption, RootOption, graph_as_of
from alpine_kg.cli.table import print_table
from alpine_kg.errors import BadParameterError
from alpine_kg.formats import FORMATS, GRAPH_FORMATS, RESULT_FORMATS
from alpine_kg.namespaces import shorten

_TABLE = "table"


def query(
    name: Annotated[str | None, typer.Argument(help="Name of a query; all are listed without one.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(help="Its parameters, as name=value.")] = None,
    root: RootOption = None,
    sparql: Annotated[
        str | None, typer.Option(help="SPARQL text, a file that holds it, or - for standard input.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="table, csv, tsv, srj, srx; ttl, nt, rdf, jsonld for a graph.")
    ] = _TABLE,
    language: LanguageOption = "en",
    as_of: AsOfOption = None,
) -> None:
    """Ask a named query, or any SPARQL of your own."""
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    if form not in {_TABLE, *(row.extension for row in (*RESULT_FORMATS, *GRAPH_FORMATS))}:
        raise BadParameterError(
            f"A query cannot be answered in {form!r}.", "Choose table, csv, tsv, srj, srx, ttl, nt, rdf or jsonld."
        )
    graph = graph_as_of(KnowledgeGraph.open(root), as_of)
    if sparql is not None:
        text = _text(sparql)
    elif name is not None:
        named = graph.query(name)
        text = named.bind(named.terms(dict(map(_pair, parameters or []))))
    else:
        print_table(
            ["query", "answers"], [[item.name, item.summary.get(language, "")] for item in graph.queries.values()]
        )
        return
    if form == _TABLE:
        answer = graph.answer(text)
    else:
        target = FORMATS[form]
        answer = graph.answer(text, results=target if target.results else None, graphs=target if target.rdf else None)
    if form == _TABLE and answer.format.results:
        _print_results(answer.body)
    else:
        sys.stdout.buffer.write(answer.body)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BadParameterError(f"{text!r} is not a parameter.", "Write name=value, for example place=plant:dieppe.")
    return name, value


def _text(argument: str) -> str:
    if argument == "-":
        return sys.stdin.read()
    path = Path(argument)
    # A query has braces or IRIs, so a text that names an existing file is meant as that file.
    return path.read_text(encoding="utf-8") if not {"{", "<"} & {*argument} and path.is_file() else argument


def _print_results(body: bytes) -> None:
    import json  # noqa: PLC0415

    results = json.loads(body)
    if "boolean" in results:
        typer.echo("yes" if results["boolean"] else "no")
        return
    names = results["head"]["vars"]
    rows = [
        [shorten(row[name]["value"]) if name in row else "" for name in names] for row in results["results"]["bindings"]
    ]
    print_table(names, rows)
