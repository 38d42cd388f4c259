"""The JSON-LD context, read once: which plain key stands for which property, and how its values are written.

Source: JSON-LD 1.1, https://www.w3.org/TR/json-ld11/.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from alpine_kg.errors import RootError
from alpine_kg.namespaces import RDF, XSD, expand
from alpine_kg.streams import Output

_UNLABELLED: Final = "any"
"""The key of a text that is in no language, an alias of `@none`."""
_EXACT: Final = 2**53
"""The largest whole number that every JSON reader keeps exactly (RFC 8259, section 6)."""


@dataclass(frozen=True)
class Term:
    """How one key of the context writes the values of its property."""

    key: str
    coercion: str
    container: str


class Context:
    """A JSON-LD context whose keys are used to write compact documents."""

    def __init__(self, document: dict[str, Any]) -> None:
        """Index a context document by the IRIs that its keys stand for."""
        self.body: dict[str, Any] = document["@context"]
        self._terms: dict[str, Term] = {}
        self._names: dict[str, str] = {}
        self._iris: dict[str, str] = {}
        for key, value in self.body.items():
            definition = {"@id": value} if isinstance(value, str) else value
            if not isinstance(definition, dict) or "@id" not in definition or definition["@id"].startswith("@"):
                continue
            iri = expand(definition["@id"])
            self._names.setdefault(iri, key)
            self._iris[key] = iri
            self._terms.setdefault(
                iri, Term(key, expand(definition.get("@type", "")), definition.get("@container", ""))
            )

    @classmethod
    def read(cls, path: Path) -> "Context":
        """Return the context in a file; raises RootError when there is none or it is not one."""
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RootError(
                f"{path} is not a JSON-LD context: {error}.", 'It should hold {"@context": {…}}.'
            ) from error

    def name(self, iri: str) -> str:
        """Return the plain name of a class, property or individual, or its IRI when the context has none."""
        return self._names.get(iri, iri)

    def iri(self, name: str) -> str:
        """Return the IRI that a plain name stands for, or the name itself when it is one already."""
        return self._iris.get(name, name)

    def links(self, key: str) -> bool:
        """Tell whether the plain texts under a key are IRIs."""
        definition = self.body.get(key)
        return isinstance(definition, dict) and definition.get("@type") == "@id"

    def entries(self, predicate: str, values: list[Any]) -> dict[str, Any]:
        """Return the JSON members that carry a property's values: one, or two when some do not fit the key's coercion."""
        term = self._terms.get(predicate)
        members: dict[str, Any] = defaultdict(list)
        for value in values:
            if predicate == RDF + "type" and isinstance(value, ox.NamedNode):
                members["type"] = sorted([*members["type"], self.name(value.value)])
            elif term and term.container == "@language" and isinstance(value, ox.Literal) and _is_text(value):
                members.setdefault(term.key, defaultdict(list))[value.language or _UNLABELLED].append(value.value)
            elif term and (fitting := self._coerced(term, value)) is not None:
                members[term.key].append(fitting)
            else:
                members[predicate].append(_explicit(value))
        return {
            key: {language: _unwrap(texts) for language, texts in sorted(held.items())}
            if isinstance(held, dict)
            else _unwrap(held)
            for key, held in members.items()
        }

    def _coerced(self, term: Term, value: Any) -> Any:
        """Return a value as the key's coercion lets it be written, or None when the key cannot carry it."""
        if term.container == "@language":
            return None
        if isinstance(value, ox.NamedNode):
            if term.coercion == "@vocab":
                return self.name(value.value)
            return value.value if term.coercion == "@id" else {"id": value.value}
        if isinstance(value, ox.Literal) and term.coercion == value.datatype.value:
            return value.value
        return _explicit(value, native=not term.coercion)

    def write(self, triples: Iterable[ox.Triple], output: Output) -> None:
        """Write triples, which are in order of subjects and objects, as a flattened JSON-LD document with this context inline."""
        output.write(b'{"@context":%b,"@graph":[' % _written(self.body))
        between = b""
        for subject, rows in groupby(triples, lambda triple: _identifier(triple.subject)):
            members: dict[str, list[Any]] = defaultdict(list)
            for triple in rows:
                members[triple.predicate.value].append(triple.object)
            node: dict[str, Any] = {"id": subject}
            for predicate in sorted(members):
                node |= self.entries(predicate, members[predicate])
            output.write(between + _written(node))
            between = b","
        output.write(b"]}")


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _identifier(term: Any) -> str:
    return str(term) if isinstance(term, ox.BlankNode) else str(term.value)


def _is_text(value: ox.Literal) -> bool:
    # `any` is a language too, whose tag as a key would mean "no language".
    return value.language not in {None, _UNLABELLED} or value.datatype.value == XSD + "string"


def _explicit(value: Any, *, native: bool = True) -> Any:
    """Return a value in a form that says its type; JSON's own numbers and texts only where no coercion would touch them."""
    if not isinstance(value, ox.Literal):
        return {"id": _identifier(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if native and datatype == XSD + "integer" and value.value == str(_integer(value.value)):
        return _integer(value.value)
    if native and datatype == XSD + "boolean" and value.value in {"true", "false"}:
        return value.value == "true"
    if datatype == XSD + "string":
        return value.value if native else {"@value": value.value}
    return {"@value": value.value, "@type": datatype}


def _integer(text: str) -> int | None:
    """Return a whole number that JSON readers keep exactly, else None."""
    try:
        number = int(text)
    except ValueError:
        return None
    return number if abs(number) <= _EXACT else None


def _unwrap(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
