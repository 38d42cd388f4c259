"""`alpine-kg export`."""

import gzip
import hashlib
import sys
from typing import Annotated

import typer

from alpine_kg.cli.options import OutputOption, RootOption
from alpine_kg.formats import RDF_FORMATS, format_of


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

    body = KnowledgeGraph.open(root).export(name, format_of(form))
    if output is None:
        sys.stdout.buffer.write(body)
        return
    if output.suffix == ".gz":
        body = gzip.compress(body, mtime=0)
    output.write_bytes(body)
    output.with_name(output.name + ".sha256").write_text(
        f"{hashlib.sha256(body).hexdigest()}  {output.name}\n", encoding="ascii"
    )
