"""Quotes: whether the words of each quote stand in its source's text, where the text is at hand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rdflib import Graph
from rdflib.namespace import RDF
from rdflib.term import Literal, Node, URIRef

from alpine_kg.namespaces import AK, OA, local_name
from alpine_kg.queries import Text
from alpine_kg.validation.findings import Failure, worded
from alpine_kg.validation.texts import Quote, SourceText, read_texts, text_of

_QUOTED_FROM, _DIGEST, _LENGTH = (URIRef(AK + name) for name in ("quotedFrom", "textDigest", "textLength"))
_EXACT, _START, _END, _PREFIX, _SUFFIX = (URIRef(OA + name) for name in ("exact", "start", "end", "prefix", "suffix"))

_WORDING: Final[dict[str, Text]] = {
    "text-digest": {
        "fr": "L'empreinte n'est pas celle du texte {file}. Si c'est le bon texte, écrivez {held} et revoyez les citations.",
        "en": "The digest is not that of the text {file}. If this is the right text, write {held} and review the quotes.",
    },
    "text-length": {
        "fr": "La longueur n'est pas celle du texte {file}. Écrivez {held}.",
        "en": "The length is not that of the text {file}. Write {held}.",
    },
    "quote-words": {
        "fr": "Ces mots ne figurent pas dans {file}. Recopiez-les exactement, fautes comprises ; on lit là « {there} ».",
        "en": "These words do not stand in {file}. Copy them exactly, mistakes included; there it reads “{there}”.",
    },
    "quote-place": {
        "fr": "Les mots figurent dans {file}, mais pas à cet endroit. Écrivez oa:start {start} et oa:end {end}.",
        "en": "The words stand in {file}, but not at this place. Write oa:start {start} and oa:end {end}.",
    },
    "quote-context": {
        "fr": "Ce ne sont pas les mots voisins de la citation dans {file}. Recopiez ceux qui la précèdent ou la suivent.",
        "en": "These are not the words beside the quote in {file}. Copy those that stand before or after it.",
    },
}
RULES: Final = tuple(_WORDING)


@dataclass
class Verification:
    """What came of comparing quotes with texts: failures, and how many quotes agree or could not be compared."""

    failures: list[Failure] = field(default_factory=list)
    verified: int = 0
    unchecked: int = 0


def verify_quotes(graph: Graph, folder: Path | None) -> Verification:
    """Return what the texts in a folder say about sources and quotes; without a folder every quote is unchecked."""
    texts = read_texts(folder) if folder else ()
    result = Verification()
    for source, quotes in _quotes(graph).items():
        text = text_of(texts, local_name(str(source)), _text(graph, source, _DIGEST), list(quotes.values()))
        if text is None:
            result.unchecked += len(quotes)
            continue
        result.failures.extend(_source_failures(graph, source, text))
        for node, quote in quotes.items():
            failures = list(_quote_failures(node, quote, text))
            result.failures.extend(failures)
            result.verified += not failures
    return result


def _quotes(graph: Graph) -> dict[Node, dict[Node, Quote]]:
    """Return each source with its quotes; the sources that nobody quotes have none."""
    found: dict[Node, dict[Node, Quote]] = defaultdict(dict)
    for source in graph.subjects(RDF.type, URIRef(AK + "Source")):
        found[source] = {}
    for quote, source in graph.subject_objects(_QUOTED_FROM):
        found[source][quote] = Quote(
            exact=_text(graph, quote, _EXACT),
            start=_number(graph, quote, _START),
            end=_number(graph, quote, _END),
            prefix=_text(graph, quote, _PREFIX),
            suffix=_text(graph, quote, _SUFFIX),
        )
    return found


def _source_failures(graph: Graph, source: Node, text: SourceText) -> Iterator[Failure]:
    """Yield a failure for each of a source's length and digest that differs from its text's."""
    for rule, path, held in (("text-digest", _DIGEST, text.digest), ("text-length", _LENGTH, str(len(text.text)))):
        stated = graph.value(source, path)
        if stated is not None and str(stated) != held:
            wording = worded(_WORDING[rule], file=text.file, held=held)
            yield Failure(rule=rule, focus=source, path=path, value=stated, wording=wording)


def _quote_failures(node: Node, quote: Quote, text: SourceText) -> Iterator[Failure]:
    """Yield a failure for words that stand elsewhere or nowhere in the text, else for what does not stand around them."""
    if not text.has(quote):
        places = text.places(quote.exact)
        yield _elsewhere(node, quote, text, places) if places else _nowhere(node, quote, text)
        return
    before, after = text.text[: quote.start], text.text[quote.end :]
    around = (
        (_PREFIX, quote.prefix, before.endswith(quote.prefix)),
        (_SUFFIX, quote.suffix, after.startswith(quote.suffix)),
    )
    for path, words, fits in around:
        if not fits:
            wording = worded(_WORDING["quote-context"], file=text.file)
            yield Failure(rule="quote-context", focus=node, path=path, value=Literal(words), wording=wording)


def _elsewhere(node: Node, quote: Quote, text: SourceText, places: list[int]) -> Failure:
    """Blame the end where the start is right, else the start."""
    start = min(places, key=lambda place: abs(place - quote.start))
    path, number = (_END, quote.end) if start == quote.start else (_START, quote.start)
    wording = worded(_WORDING["quote-place"], file=text.file, start=str(start), end=str(start + len(quote.exact)))
    return Failure(rule="quote-place", focus=node, path=path, value=Literal(number), wording=wording)


def _nowhere(node: Node, quote: Quote, text: SourceText) -> Failure:
    there = text.text[max(quote.start, 0) :][: len(quote.exact)]
    wording = worded(_WORDING["quote-words"], file=text.file, there=there)
    return Failure(rule="quote-words", focus=node, path=_EXACT, value=Literal(quote.exact), wording=wording)


def _text(graph: Graph, node: Node, path: URIRef) -> str:
    return str(graph.value(node, path) or "")


def _number(graph: Graph, node: Node, path: URIRef) -> int:
    """Return a whole number, or -1 where there is none: the shapes complain about that."""
    term = graph.value(node, path)
    value = term.toPython() if isinstance(term, Literal) else None
    return value if isinstance(value, int) else -1
