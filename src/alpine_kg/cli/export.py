"""`alpine-kg export`."""

import sys
from contextlib import nullcontext
from typing import Annotated

import typer

from alpine_kg.cli.options import OutputOption, RootOption
from alpine_kg.formats import RDF_FORMATS, format_of
from alpine_kg.streams import Digesting, packed


def export(
    name: Annotated[
        str,
        typer.Argument(help="all, data, derived, ontology, a file of data/ by its stem, or an entity: plant:dieppe."),
    ] = "all",
    root: RootOption = None,
    form: Annotated[str, typer.Option("--format", help=", ".join(row.extension for row in RDF_FORMATS) + ".")] = "ttl",
    output: OutputOption = None,
) -> None:
    """Write the graph, a part of it or one entity's record; beside a file goes its SHA-256. A name in .gz is compressed."""
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    graph, target = KnowledgeGraph.open(root), format_of(form)
    if output is None:
        graph.write_export(name, target, sys.stdout.buffer)
        return
    with output.open("wb") as file:
        digesting = Digesting(file)
        with packed(digesting) if output.suffix == ".gz" else nullcontext(digesting) as stream:
            graph.write_export(name, target, stream)
    output.with_name(output.name + ".sha256").write_text(f"{digesting.digest.hex()}  {output.name}\n", encoding="ascii")
