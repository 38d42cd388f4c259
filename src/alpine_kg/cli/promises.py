"""`alpine-kg promises`."""

import json
import sys
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from alpine_kg.cli.options import AsOfOption, LanguageOption, RootOption
from alpine_kg.cli.table import print_table
from alpine_kg.errors import BadParameterError
from alpine_kg.formats import FORMATS

_SHOWN: Final = ("statement", "madeBy", "announced", "due", "status", "outcomeDay", "delayDays", "newDue")
"""The columns of the table on a terminal; the other forms have all."""
_FORMS: Final = ("table", "json", "csv")
Filter = Annotated[str | None, typer.Option(help="Slug or IRI.")]
Day = Annotated[str | None, typer.Option(help="YYYY-MM-DD.")]


def promises(  # one option a filter of the query
    root: RootOption = None,
    as_of: AsOfOption = None,
    status: Annotated[str | None, typer.Option(help="open, due-soon, overdue, kept, kept-late, …")] = None,
    organization: Filter = None,
    plant: Filter = None,
    vehicle: Filter = None,
    plan: Filter = None,
    announced_from: Day = None,
    announced_until: Day = None,
    due_from: Day = None,
    due_until: Day = None,
    undated: Annotated[bool, typer.Option("--undated", help="With what is planned without a due date, too.")] = False,
    soon: Annotated[int | None, typer.Option(help="Days before the due date from which it is soon.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"{', '.join(_FORMS)}.")] = "table",
    language: LanguageOption = "en",
) -> None:
    """List the promises known on a day, today by default, and what became of each."""
    if form not in _FORMS:
        raise BadParameterError(f"Promises cannot be listed in {form!r}.", f"Choose {', '.join(_FORMS)}.")
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    given = {
        "as_of": as_of or datetime.now(UTC).date().isoformat(),
        "status": status,
        "organization": organization,
        "plant": plant,
        "vehicle": vehicle,
        "plan": plan,
        "announced_from": announced_from,
        "announced_until": announced_until,
        "due_from": due_from,
        "due_until": due_until,
        "undated": "yes" if undated else None,
        "soon": None if soon is None else str(soon),
        "language": language,
    }
    values = {name: text for name, text in given.items() if text is not None}
    graph = KnowledgeGraph.open(root)
    if form == "csv":
        named = graph.query("promises")
        sys.stdout.buffer.write(graph.answer(named.bind(named.terms(values)), results=FORMATS["csv"]).body)
        return
    rows = [{name: term.value for name, term in row.items()} for row in graph.run("promises", values)]
    if form == "json":
        typer.echo(json.dumps({"parameters": values, "rows": rows}, ensure_ascii=False, indent=2))
    else:
        print_table([*_SHOWN], [[row.get(name, "") for name in _SHOWN] for row in rows])
