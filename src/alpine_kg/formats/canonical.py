"""The canonical form of a file of `data/`: what `alpine-kg fmt` writes and what the tests demand."""

from collections import defaultdict
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import RdfSyntaxError
from alpine_kg.formats.serialise import is_bare, used_prefixes
from alpine_kg.namespaces import RDF, RDFS, SKOS, XSD, shorten, split_entity

_FIRST: Final = [RDF + "type", RDFS + "label", SKOS + "altLabel", RDF + "subject", RDF + "predicate", RDF + "object"]
_ESCAPES: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def canonical_turtle(source: bytes, name: str) -> str:
    """Return a Turtle file in canonical form: prefixes in use, one subject a paragraph, one statement a line.

    Subjects are ordered by kind and slug, and a quote follows the first claim that uses it. Raises RdfSyntaxError for a
    file that is not Turtle, and for one with blank nodes, which `data/` does not have.
    """
    try:
        triples = [quad.triple for quad in ox.parse(source, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        raise RdfSyntaxError(
            f"{name} is not well-formed Turtle: {error}.", "Mend the line that the message names."
        ) from error
    if any(isinstance(term, ox.BlankNode) for triple in triples for term in triple):
        raise RdfSyntaxError(
            f"{name} has a blank node.", "Give the thing an IRI of its own, for example `quote:my-quote`."
        )
    if any(isinstance(term, ox.Triple) or getattr(term, "direction", None) for triple in triples for term in triple):
        raise RdfSyntaxError(
            f"{name} has a triple term or a text direction.", "Write a claim, and texts with a language only."
        )
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in used_prefixes(triples).items())
    return head + "".join(_paragraph(subject, rows) for subject, rows in _ordered(triples))


def _ordered(triples: list[ox.Triple]) -> list[tuple[str, list[ox.Triple]]]:
    """Return each subject with its triples, claims followed by the quotes that they are the first to use."""
    subjects: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        subjects[str(getattr(triple.subject, "value", ""))].append(triple)
    placed: dict[str, None] = {}
    for subject in sorted(subjects, key=_rank):
        placed.setdefault(subject)
        if (split_entity(subject) or ("", ""))[0] == "claim":
            quotes = {str(getattr(row.object, "value", "")) for row in subjects[subject]}
            placed.update(
                dict.fromkeys(
                    sorted(quote for quote in quotes if _is_quote(quote) and quote in subjects and quote not in placed)
                )
            )
    return [(subject, subjects[subject]) for subject in placed]


def _is_quote(iri: str) -> bool:
    return (split_entity(iri) or ("", ""))[0] == "quote"


def _rank(subject: str) -> tuple[int, str]:
    """Order announcements before their claims and quotes last; everything else by IRI."""
    kind = (split_entity(subject) or ("", ""))[0]
    return {"claim": 1, "quote": 2}.get(kind, 0), subject


def _paragraph(subject: str, rows: list[ox.Triple]) -> str:
    objects: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        objects[row.predicate.value].append(_term(row.object))
    order = sorted(objects, key=lambda iri: (_FIRST.index(iri) if iri in _FIRST else len(_FIRST), shorten(iri)))
    lines = [
        f"    {'a' if predicate == RDF + 'type' else _iri(predicate)} {value} ;"
        for predicate in order
        for value in sorted(set(objects[predicate]))
    ]
    return f"\n{_iri(subject)}\n" + "\n".join(lines).removesuffix(";") + ".\n"


def _iri(iri: str) -> str:
    name = shorten(iri)
    return name if name != iri else f"<{iri}>"


def _term(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return _iri(term.value)
    assert isinstance(term, ox.Literal)
    if is_bare(term):
        return term.value
    datatype = term.datatype.value
    text = f'"{term.value.translate(_ESCAPES)}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if datatype == XSD + "string" else f"{text}^^{_iri(datatype)}"
