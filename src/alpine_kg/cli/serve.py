"""`alpine-kg serve`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from alpine_kg.cli.options import RootOption
from alpine_kg.root import GraphRoot
from alpine_kg.settings import Settings


def serve(
    root: RootOption = None,
    store: Annotated[Path | None, typer.Option(help="Folder of an on-disk store; in memory by default.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 8000 by default.")] = None,
    allow_invalid: Annotated[
        bool | None, typer.Option("--allow-invalid", help="Serve a graph that fails validation; /readyz says so.")
    ] = None,
) -> None:
    """Validate the graph if it has changed, load it, and serve it over HTTP."""
    settings = Settings.of_process(root=root, store=store, host=host, port=port, allow_invalid=allow_invalid)
    valid = _valid(settings)
    if not valid and not settings.allow_invalid:
        sys.stderr.write(
            "alpine-kg: the graph is not valid, so it is not served; --allow-invalid serves it nevertheless.\n"
        )
        raise typer.Exit(1)
    # Heavy: loaded only by this command, and only for a graph that will be served.
    import uvicorn  # noqa: PLC0415

    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415
    from alpine_kg.web import create_app  # noqa: PLC0415

    app = create_app(KnowledgeGraph.open(settings.root, store=settings.store), settings, valid=valid)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level=settings.log_level, server_header=False)


def _valid(settings: Settings) -> bool:
    """Tell whether the graph is valid, from memory when it has not changed since it was found to be."""
    from alpine_kg.graph.trust import Trust  # noqa: PLC0415

    root = GraphRoot.open(settings.root)
    trust = Trust(settings.cache_folder)
    if trust.has(root.digest):
        return True
    from alpine_kg.validation import validate  # noqa: PLC0415

    report = validate(root)
    if report.conforms:
        trust.add(root.digest)
    else:
        sys.stderr.write(report.to_text("en") + "\n")
    return report.conforms
