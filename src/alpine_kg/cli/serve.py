"""`alpine-kg serve`."""

from pathlib import Path
from typing import Annotated

import typer

from alpine_kg.cli.options import RootOption
from alpine_kg.settings import Settings


def serve(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of any RDF to serve as they are, in place of a graph root.", show_default=False),
    ] = None,
    root: RootOption = None,
    store: Annotated[
        str | None,
        typer.Option(help="Folder of an on-disk store, or address of a remote engine; in memory by default."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8000 by default.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that speak HTTP; 1 by default.")] = None,
    default_graph: Annotated[
        str | None, typer.Option(help="With FILES: union, or strict to keep named graphs out of the default graph.")
    ] = None,
    allow_invalid: Annotated[
        bool | None, typer.Option("--allow-invalid", help="Serve a graph that fails validation; /readyz says so.")
    ] = None,
) -> None:
    """Validate the graph if it has changed, load it, and serve it over HTTP."""
    settings = Settings.of_process(
        files=tuple(files) if files else None,
        root=root,
        store=store,
        host=host,
        port=port,
        workers=workers,
        default_graph=default_graph,
        allow_invalid=allow_invalid,
    )
    from alpine_kg.server import serve as run  # noqa: PLC0415

    raise typer.Exit(run(settings))
