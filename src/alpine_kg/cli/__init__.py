"""The command line: thin commands over `KnowledgeGraph`; the only room that prints."""

import sys

import typer

from alpine_kg.cli import conflicts, diff, draft, export, files, load, new, promises, query, serve, show, validate
from alpine_kg.errors import AlpineKGError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help appears in half the time
    help="A knowledge graph of corporate announcements: what was promised, by whom, due when, and in which words.",
)
for command in (
    serve.serve,
    load.load,
    validate.validate,
    query.query,
    promises.promises,
    conflicts.conflicts,
    show.show,
    diff.diff,
    export.export,
    draft.draft,
    draft.accept,
    files.fmt,
    files.init,
):
    app.command()(command)
app.add_typer(new.app, name="new")


def main() -> None:
    """Run the command line; a failure that the caller can act on ends with status 2 and its message."""
    try:
        app()
    except AlpineKGError as error:
        sys.stderr.write(f"alpine-kg: {error}\n")
        sys.exit(2)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; there is nobody left to tell.
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        sys.stderr.write(f"alpine-kg: {error}\n")
        sys.exit(2)
