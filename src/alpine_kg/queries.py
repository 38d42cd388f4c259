"""Query files: SPARQL that runs as it stands, with a YAML header and parameters that are bound as terms.

A parameter is a `VALUES ?_name { … }` block that holds its default. Binding replaces what the block holds by terms in their
N-Triples form, so a value can never become syntax; `UNDEF` is the value of a parameter that restricts nothing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import yaml

from alpine_kg.errors import BadParameterError, RootError
from alpine_kg.namespaces import AK, KINDS, SLUG, XSD, entity_iri, expand, split_entity

Term = ox.NamedNode | ox.Literal
Text = dict[str, str]
"""A text by language: `{"fr": …, "en": …}`."""

_BLOCK: Final = re.compile(r"VALUES\s+\?_(\w+)\s*\{([^{}]*)\}")
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LONGEST_VALUE: Final = 2_000
_YAML: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times faster where the library was built with its C part."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query: its type, what it means, and its default as it stands in the query."""

    name: str
    type: str
    summary: Text
    default: str
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether the query runs over everything when the parameter is left out."""
        return self.default == "UNDEF"

    def term(self, text: str) -> Term:
        """Return a caller's text as a term of the parameter's type; raises BadParameterError when it cannot be one."""
        if len(text) > _LONGEST_VALUE or "\0" in text:
            raise BadParameterError(
                f"The value of {self.name} is too long or holds a NUL.", f"At most {_LONGEST_VALUE} characters."
            )
        if self.choices and text not in self.choices:
            raise BadParameterError(
                f"{self.name}={text!r} is not one of {', '.join(self.choices)}.", "Choose one of these."
            )
        try:
            return _TYPES[self.type](text, self.kinds)
        except ValueError as error:
            raise BadParameterError(
                f"{self.name}={text!r} is not {self.expectation}.", f"For example {self.name}={self.example}."
            ) from error

    @property
    def expectation(self) -> str:
        """What a value looks like, in words."""
        words = {
            "iri": f"the slug or IRI of a {' or '.join(self.kinds) or 'thing'}",
            "date": "a day (YYYY-MM-DD)",
            "integer": "a whole number",
        }
        return words.get(self.type, "a language tag such as fr" if self.type == "language" else "a text")

    @property
    def example(self) -> str:
        """A value that the parameter takes."""
        if not self.optional:
            return self.default.strip('"').partition('"')[0]
        if self.choices:
            return self.choices[0]
        return {
            "iri": {(): "plant:dieppe", ("term",): "producedAt"}.get(self.kinds, f"{(*self.kinds, '')[0]}:its-slug"),
            "date": "2022-01-28",
            "integer": "3",
            "language": "fr",
        }.get(self.type, "text")


@dataclass(frozen=True)
class QueryFile:
    """A query with its header; `read` raises RootError for a file whose header and text disagree."""

    name: str
    header: dict[str, Any]
    text: str

    @classmethod
    def read(cls, path: Path) -> "QueryFile":
        """Return the query in a file, whose name stands in addresses and IRIs."""
        if not _NAME.fullmatch(path.stem):
            raise RootError(f"{path} cannot name a query.", "Rename it: letters, digits, hyphens and underscores.")
        try:
            text = path.read_text(encoding="utf-8")
            written = "\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ "))
            header = yaml.load(written, Loader=_YAML) or {}  # noqa: S506 - safe in either form
            declared = {
                row["name"]
                for row in header.get("parameters", ())
                if row["summary"] and _TYPES[row["type"]] is not None
            }
        except (UnicodeDecodeError, yaml.YAMLError) as error:
            raise RootError(f"The header of {path} is not YAML: {error}.", "Its lines start with `#+ `.") from error
        except (AttributeError, KeyError, TypeError) as error:
            raise RootError(
                f"The header of {path} lacks or misspells something: {error}.",
                f"Each parameter has a name, a summary and a type: {', '.join(_TYPES)}.",
            ) from error
        query = cls(path.stem, header, text)
        if declared != query.defaults.keys():
            raise RootError(
                f"{path} declares the parameters {sorted(declared)} but has VALUES blocks for {sorted(query.defaults)}.",
                "Give each parameter one `VALUES ?_name { default }` block and one entry in the header.",
            )
        return query

    @property
    def summary(self) -> Text:
        """What the query answers, by language."""
        return dict(self.header.get("summary", {}))

    @cached_property
    def defaults(self) -> dict[str, str]:
        """What each parameter's block holds in the file."""
        return {name: held.strip() for name, held in _BLOCK.findall(self.text)}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The query's parameters, in the order of its header."""
        return tuple(
            Parameter(
                row["name"],
                row["type"],
                row["summary"],
                self.defaults[row["name"]],
                tuple(row.get("kinds", ())),
                tuple(row.get("choices", ())),
            )
            for row in self.header.get("parameters", ())
        )

    def terms(self, values: Mapping[str, str]) -> dict[str, Term]:
        """Return callers' texts as terms; raises BadParameterError for unknown names and wrong values."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise BadParameterError(
                    f"The query {self.name} has no parameter {name!r}.", f"It has: {', '.join(known) or 'none'}."
                )
        return {name: known[name].term(text) for name, text in values.items()}

    def bind(self, terms: Mapping[str, Term | list[Term]]) -> str:
        """Return the query's text with parameters bound; the others keep their defaults."""

        def block(match: re.Match[str]) -> str:
            bound = terms.get(match[1])
            if bound is None:
                return match[0]
            return f"VALUES ?_{match[1]} {{ {' '.join(map(str, bound)) if isinstance(bound, list) else bound} }}"

        # One pass: a value that looks like another parameter's block must not be bound in its turn.
        return _BLOCK.sub(block, self.text)


def _iri(text: str, kinds: tuple[str, ...]) -> ox.NamedNode:
    """Return the node of a full IRI, a prefixed name, or a bare slug or term's name where the parameter's kinds allow it."""
    if kinds and kinds[0] in KINDS and SLUG.fullmatch(text):
        return ox.NamedNode(entity_iri(kinds[0], text))
    if kinds == ("term",) and text.isalnum():
        return ox.NamedNode(AK + text)
    iri = expand(text)
    entity = split_entity(iri)
    if ":" not in iri or (entity and kinds and entity[0] not in kinds):
        raise ValueError(iri)
    return ox.NamedNode(iri)


def _date(text: str, _: tuple[str, ...]) -> ox.Literal:
    return ox.Literal(date.fromisoformat(text).isoformat(), datatype=ox.NamedNode(XSD + "date"))


def _integer(text: str, _: tuple[str, ...]) -> ox.Literal:
    return ox.Literal(str(int(text)), datatype=ox.NamedNode(XSD + "integer"))


def _language(text: str, _: tuple[str, ...]) -> ox.Literal:
    if not _LANGUAGE.fullmatch(text):
        raise ValueError(text)
    return ox.Literal(text.lower())


def _string(text: str, _: tuple[str, ...]) -> ox.Literal:
    return ox.Literal(text)


_TYPES: Final[dict[str, Callable[[str, tuple[str, ...]], Term]]] = {
    "iri": _iri,
    "date": _date,
    "integer": _integer,
    "language": _language,
    "string": _string,
}
