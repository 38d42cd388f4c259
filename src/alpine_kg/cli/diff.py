"""`alpine-kg diff`."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from alpine_kg.cli.options import LanguageOption, RootOption
from alpine_kg.errors import BadParameterError
from alpine_kg.namespaces import AK, EDTF, KINDS, RDF, local_name, shorten
from alpine_kg.root import GraphRoot
from alpine_kg.spelling import spell_date, spell_number

if TYPE_CHECKING:
    from alpine_kg.graph.differences import Change, Differences, Version

_FORMS: Final = ("text", "json")
_ORDER: Final = (
    "announcement",
    "claim",
    *(kind for kind in KINDS if kind not in {"announcement", "claim", "quote"}),
    "quote",
)
_WORDS: Final = {
    "none": {"fr": "Les deux versions disent la même chose.", "en": "Both versions say the same."},
    "added": {"fr": "Ajouté", "en": "Added"},
    "withdrawn": {"fr": "Retiré", "en": "Withdrawn"},
    "changed": {"fr": "Changé", "en": "Changed"},
    "was": {"fr": "s'appelait", "en": "was"},
    "due": {"fr": "échéance {}", "en": "due {}"},
    "vocabulary": {
        "fr": "Vocabulaire\N{NO-BREAK SPACE}: {} énoncés ajoutés, {} retirés",
        "en": "Vocabulary: {} statements added, {} withdrawn",
    },
}


def diff(
    old: Annotated[str, typer.Argument(help="The earlier version: a folder with a graph root, or a git revision.")],
    new: Annotated[
        str | None, typer.Argument(help="The later version; by default the files of the root as they are.")
    ] = None,
    root: RootOption = None,
    form: Annotated[str, typer.Option("--format", help=f"Form of the answer: {', '.join(_FORMS)}.")] = "text",
    language: LanguageOption = "en",
) -> None:
    """Tell in words what differs between two versions of the graph: statements added, withdrawn and changed."""
    if form not in _FORMS:
        raise BadParameterError(f"There is no form {form!r}.", f"The forms are: {', '.join(_FORMS)}.")
    from alpine_kg.graph.differences import Differences, Version, version_of  # noqa: PLC0415

    here = GraphRoot.open(root)
    found = Differences(version_of(old, here), version_of(new, here) if new else Version.read(here))
    teller = _Teller(found, language if language in _WORDS["none"] else "en")
    if form == "json":
        typer.echo(json.dumps(teller.document(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(teller.lines()) or _WORDS["none"][teller.language])


class _Teller:
    """Tells differences in words."""

    def __init__(self, found: "Differences", language: str) -> None:
        self._found = found
        self.language = language

    def document(self) -> dict[str, Any]:
        """Return the differences for programs, with the same words."""
        found, added = self._found, self._found.vocabulary
        return {
            "added": [self._row(found.new, iri) for kind in _ORDER for iri in found.added(kind)],
            "withdrawn": [self._row(found.old, iri) for kind in _ORDER for iri in found.withdrawn(kind)],
            "changed": [
                {
                    **self._row(found.new, change.after),
                    **({"was": change.before} if change.before != change.after else {}),
                    "changes": {
                        shorten(name): {
                            "withdrawn": sorted(self._value(found.old, value) for value in gone),
                            "added": sorted(self._value(found.new, value) for value in come),
                        }
                        for name, (gone, come) in change.properties.items()
                    },
                }
                for kind in _ORDER
                for change in found.changed(kind)
            ],
            "vocabulary": {"added": added[0], "withdrawn": added[1]},
        }

    def lines(self) -> Iterator[str]:
        """Yield the differences as lines."""
        found = self._found
        for name, mark, version, subjects in (
            ("added", "+", found.new, [iri for kind in _ORDER for iri in found.added(kind)]),
            ("withdrawn", "-", found.old, [iri for kind in _ORDER for iri in found.withdrawn(kind)]),
        ):
            if subjects:
                yield f"{_WORDS[name][self.language]} ({len(subjects)})"
                yield from (f"{mark} {self._said(version, iri)}  <{shorten(iri)}>" for iri in subjects)
        changes = [change for kind in _ORDER for change in found.changed(kind)]
        if changes:
            yield f"{_WORDS['changed'][self.language]} ({len(changes)})"
            for change in changes:
                yield f"~ {self._said(found.new, change.after)}  <{shorten(change.after)}>"
                yield from (f"    {line}" for line in self._changes(change))
        if any(found.vocabulary):
            yield _WORDS["vocabulary"][self.language].format(*found.vocabulary)

    def _changes(self, change: "Change") -> Iterator[str]:
        """Yield what changed under one subject: one value that took another's place in one line, else a line a value."""
        if change.before != change.after:
            yield f"{_WORDS['was'][self.language]} {shorten(change.before)}"
        for name, (gone, come) in change.properties.items():
            heading = self._label(self._found.new, name)
            withdrawn = sorted(self._value(self._found.old, value) for value in gone)
            added = sorted(self._value(self._found.new, value) for value in come)
            if len(withdrawn) == len(added) == 1:
                yield f"{heading}: {withdrawn[0]} → {added[0]}"
            else:
                yield from (f"{heading}: - {text}" for text in withdrawn)
                yield from (f"{heading}: + {text}" for text in added)

    def _row(self, version: "Version", iri: str) -> dict[str, str]:
        return {"id": iri, "statement": self._said(version, iri)}

    def _said(self, version: "Version", iri: str) -> str:
        """Return a claim as a sentence with its modality and due date, anything else by its name."""
        held = version.records[iri]
        said = [held.get(RDF + part) for part in ("subject", "predicate", "object")]
        if not all(said):
            return self._label(version, iri)
        parts = " – ".join(self._value(version, next(iter(values))) for values in said if values)
        units = [self._value(version, unit) for unit in held.get(AK + "unit", ()) if not unit.value.endswith("/NUM")]
        marks = [self._value(version, modality) for modality in held.get(AK + "modality", ())]
        marks += [_WORDS["due"][self.language].format(self._value(version, due)) for due in held.get(AK + "due", ())]
        return " ".join([parts, *units, *([f"({', '.join(marks)})"] if marks else [])])

    def _value(self, version: "Version", value: Any) -> str:
        datatype = getattr(getattr(value, "datatype", None), "value", None)
        if datatype is None:
            return self._label(version, str(value.value))
        if datatype == EDTF:
            return spell_date(value.value, self.language)
        tag = f" ({value.language})" if value.language else ""
        return f"{spell_number(value.value, self.language)}{tag}"

    def _label(self, version: "Version", iri: str) -> str:
        labels = version.labels(iri) or self._found.old.labels(iri)
        languages = (self.language, "", "fr", "en")
        return next((labels[name] for name in languages if name in labels), "") or (
            shorten(iri) if "#" not in iri else local_name(iri)
        )
