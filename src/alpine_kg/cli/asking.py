"""Asking: what a command needs and has not been given is asked for on a terminal, and is an error elsewhere."""

import sys
from collections.abc import Mapping

import typer

from alpine_kg.errors import BadParameterError


def complete(given: Mapping[str, str | None], questions: Mapping[str, str]) -> dict[str, str]:
    """Return what was given with what was missing asked for, each by its question; the name of an option is its key.

    Raises BadParameterError naming all that is missing where nobody can be asked.
    """
    missing = [name for name in questions if not given.get(name)]
    if missing and not sys.stdin.isatty():
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in missing)
        raise BadParameterError(f"This is missing: {listed}.", "Give it, or run the command on a terminal to be asked.")
    answers = {name: str(typer.prompt(questions[name])).strip() for name in missing}
    return {**{name: value or "" for name, value in given.items()}, **answers}
