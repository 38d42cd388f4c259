"""Options that several commands share, so that they are spelled and explained alike."""

from pathlib import Path
from typing import Annotated

import typer

RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root", help="Graph root: a folder with ontology/, data/ and queries/; the shipped graph by default."
    ),
]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of labels and messages: fr or en.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")]
