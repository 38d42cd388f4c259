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
) -> None:
    """Check syntax, shapes, checks and quotes; ends with status 1 when anything is violated, 2 when it cannot run."""
    if form not in _WRITERS:
        raise BadParameterError(f"There is no report format {form!r}.", f"The formats are: {', '.join(_WRITERS)}.")
    from alpine_kg.graph.trust import Trust  # noqa: PLC0415
    from alpine_kg.settings import Settings  # noqa: PLC0415
    from alpine_kg.validation import validate as run  # noqa: PLC0415

    graph_root = GraphRoot.open(root)
    report = run(graph_root, texts=texts)
    written = _WRITERS[form](report, language)
    if output:
        output.write_text(written + "\n", encoding="utf-8")
    else:
        typer.echo(written)
    if not report.conforms:
        raise typer.Exit(1)
    Trust(Settings.of_process().cache_folder).add(graph_root.digest)
