"""`alpine-kg fmt` and `alpine-kg init`: the files of a graph root."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from alpine_kg.cli.options import RootOption
from alpine_kg.errors import RootError
from alpine_kg.formats import canonical_turtle
from alpine_kg.root import GraphRoot, shipped_root


def fmt(
    files: Annotated[list[Path] | None, typer.Argument(help="Turtle files; those of data/ by default.")] = None,
    root: RootOption = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; end with status 1 when a file would change.")
    ] = False,
) -> None:
    """Write data files in their canonical form: one subject a paragraph, one statement a line, in a fixed order."""
    changed = 0
    for path in files or GraphRoot.open(root).data:
        if not path.is_file():
            raise RootError(f"{path} is not a file.", "Name Turtle files, or none for those of data/.")
        # Bytes, not text: reading text would hide line ends that are not the canonical ones.
        held = path.read_bytes()
        canonical = canonical_turtle(held, str(path)).encode()
        if canonical != held:
            changed += 1
            typer.echo(f"{'would change' if check else 'changed'}: {path}")
            if not check:
                path.write_bytes(canonical)
    if check and changed:
        raise typer.Exit(1)


def init(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make a new graph root: this project's ontology, shapes, checks and queries, and an empty data folder."""
    if folder.exists() and any(folder.iterdir()):
        raise RootError(f"{folder} is not empty.", "Name a new folder.")
    shipped = shipped_root()
    for part in ("ontology", "queries"):
        shutil.copytree(shipped / part, folder / part)
    (folder / "data" / "announcements").mkdir(parents=True)
    typer.echo(f"{folder} is a graph root. Put entities into {folder}/data, then: alpine-kg validate --root {folder}")
