"""Options that several commands share, so that they are spelled and explained alike."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alpine_kg.errors import BadParameterError

if TYPE_CHECKING:
    from alpine_kg.graph import KnowledgeGraph

RootOption = Annotated[
    Path | None,
    typer.Option(
        "--root", help="Graph root: a folder with ontology/, data/ and queries/; the shipped graph by default."
    ),
]
LanguageOption = Annotated[str, typer.Option("--lang", help="Language of labels and messages: fr or en.")]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Day (YYYY-MM-DD) as of which the graph is looked at; today by default.")
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output by default.")]


def graph_as_of(graph: "KnowledgeGraph", as_of: str | None) -> "KnowledgeGraph":
    """Return a graph as it was known on a day, or as it is without one; raises BadParameterError for what is no day."""
    if as_of is None:
        return graph
    try:
        return graph.at(date.fromisoformat(as_of))
    except ValueError:
        raise BadParameterError(f"{as_of!r} is not a day (YYYY-MM-DD).", "For example --as-of 2022-01-28.") from None
