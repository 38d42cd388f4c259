"""`alpine-kg conflicts`."""

import sys
from typing import Annotated, Any, Final

import typer

from alpine_kg.cli.options import LanguageOption, RootOption
from alpine_kg.cli.table import print_table
from alpine_kg.errors import BadParameterError
from alpine_kg.formats import FORMATS, Results

_NAME: Final = "conflicts"
_TABLE: Final = "table"
_FORMATS: Final = (_TABLE, "json", "csv", "tsv")


def conflicts(
    about: Annotated[
        str | None, typer.Argument(help="What it is about: a name such as plant:dieppe, or an IRI.")
    ] = None,
    root: RootOption = None,
    kind: Annotated[str | None, typer.Option(help="sources-disagree or story-changed.")] = None,
    settled: Annotated[
        bool | None, typer.Option("--resolved/--open", help="Only those that a link settles, or only the others.")
    ] = None,
    about_property: Annotated[str | None, typer.Option("--property", help="A property, such as producedAt.")] = None,
    organization: Annotated[str | None, typer.Option(help="An organization.")] = None,
    plant: Annotated[str | None, typer.Option(help="A plant.")] = None,
    vehicle: Annotated[str | None, typer.Option(help="A vehicle.")] = None,
    as_of: Annotated[str | None, typer.Option(help="What was known on a day, YYYY-MM-DD.")] = None,
    window: Annotated[int | None, typer.Option(help="How many days count as one moment.")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json, csv or tsv.")] = _TABLE,
    language: LanguageOption = "en",
) -> None:
    """List what cannot all be true: where sources disagree, and where the story changed."""
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    if form not in _FORMATS:
        raise BadParameterError(f"Conflicts cannot be listed in {form!r}.", f"Choose {', '.join(_FORMATS)}.")
    graph = KnowledgeGraph.open(root)
    given = {
        "about": about and graph.resolve(about),
        "kind": kind,
        "resolved": None if settled is None else ("no", "yes")[settled],
        "property": about_property,
        "organization": organization,
        "plant": plant,
        "vehicle": vehicle,
        "as_of": as_of,
        "window": None if window is None else str(window),
        "language": language,
    }
    values = {name: text for name, text in given.items() if text is not None}
    query = graph.query(_NAME)
    target = FORMATS[form if form in {"csv", "tsv"} else "srj"]
    body = graph.answer(query.bind(query.terms(values)), results=target).body
    if form == _TABLE:
        print_table(["kind", "about", "the one", "the other"], list(map(_line, Results.read(body).rows())))
    else:
        sys.stdout.buffer.write(Results.read(body).document(_NAME, values) + b"\n" if form == "json" else body)


def _line(row: dict[str, Any]) -> list[str]:
    """Return a conflict as four cells."""
    kind = f"{row['kind']} ({row['resolved']})" if "resolved" in row else row["kind"]
    one = (row.get(name, "") for name in ("value", "modality", "due", "known", "sources"))
    other = (row.get(name, "") for name in ("otherValue", "otherModality", "otherDue", "otherKnown", "otherSources"))
    return [kind, f"{row['subjectLabel']} - {row['propertyLabel']}", _side(*one), _side(*other)]


def _side(value: str, modality: str, due: str, known: str, sources: str) -> str:
    """Return one side in a line: what, how certain, due when, known since when, and the publishers."""
    said = ", ".join(part for part in (modality, due and f"due {due}", known) if part)
    publishers = ", ".join(part.partition(" <")[0] for part in sources.split(">, "))
    return f"{value or 'says otherwise'} ({said}): {publishers}"
