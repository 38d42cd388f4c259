"""`alpine-kg validate`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from alpine_kg.cli.options import LanguageOption, OutputOption, RootOption
from alpine_kg.errors import BadParameterError
from alpine_kg.root import GraphRoot

if TYPE_CHECKING:
    from alpine_kg.validation import Report

_WRITERS: "Final[dict[str, Callable[[Report, str], str]]]" = {
    "text": lambda report, language: report.to_text(language),
    "json": lambda report, _: json.dumps(report.to_dict(), ensure_ascii=False, indent=2),
    "sarif": lambda report, _: json.dumps(report.to_sarif(), ensure_ascii=False, indent=2),
    "ttl": lambda report, _: report.to_turtle().rstrip(),
}


def validate(
    root: RootOption = None,
    texts: Annotated[
        Path | None, typer.Option(help="Folder with the sources' texts, to verify quotes and digests against.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help=f"Form of the report: {', '.join(_WRITERS)}.")] = "text",
    language: LanguageOption = "en",
    output: OutputOption = None,
    engine: Annotated[
        str | None,
        typer.Option(help="Who runs the shapes: reference (pySHACL, the default) or fast; both find the same."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, help="Processes that share the work; 0 for one a core.")] = 1,
    since: Annotated[
        Path | None,
        typer.Option(help="File that remembers what was found, so that the next time only what changed is validated."),
    ] = None,
    cluster: Annotated[
        str, typer.Option(help="Address of a Dask scheduler whose workers do the work; needs alpine-kg[cluster].")
    ] = "",
) -> None:
    """Check syntax, shapes, checks and quotes; ends with status 1 when anything is violated, 2 when it cannot run."""
    if form not in _WRITERS:
        raise BadParameterError(f"There is no report format {form!r}.", f"The formats are: {', '.join(_WRITERS)}.")
    from alpine_kg.settings import Settings  # noqa: PLC0415
    from alpine_kg.trust import Trust  # noqa: PLC0415
    from alpine_kg.validation import validate as run  # noqa: PLC0415
    from alpine_kg.validation import validate_split  # noqa: PLC0415

    graph_root = GraphRoot.open(root)
    settings = Settings.of_process(engine=engine)
    if jobs != 1 or since or cluster:
        from alpine_kg.validation.runners import runner  # noqa: PLC0415

        where = runner(jobs=jobs, cluster=cluster)
        report = validate_split(graph_root, texts=texts, engine=settings.engine, runner=where, state=since)
    else:
        report = run(graph_root, texts=texts, engine=settings.engine)
    written = _WRITERS[form](report, language)
    if output:
        output.write_text(written + "\n", encoding="utf-8")
    else:
        typer.echo(written)
    if not report.conforms:
        raise typer.Exit(1)
    Trust(settings.cache_folder).add(graph_root.digest)
