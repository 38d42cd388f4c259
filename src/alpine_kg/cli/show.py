"""`alpine-kg show`."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from alpine_kg.cli.options import AsOfOption, LanguageOption, RootOption, graph_as_of
from alpine_kg.namespaces import EDTF, shorten
from alpine_kg.spelling import spell_date, spell_number

if TYPE_CHECKING:
    from alpine_kg.graph import KnowledgeGraph

Node = dict[str, Any]
_WORDS: Final = {
    "also": {"fr": "aussi appelé", "en": "also called"},
    "due": {"fr": "échéance {}", "en": "due {}"},
    "period": {"fr": "période {}", "en": "period {}"},
    "disputed": {"fr": "contesté par", "en": "disputed by"},
    "announced": {"fr": "annonce", "en": "announcement"},
}
_NAMES: Final = ("prefLabel", "label", "altLabel")
"""What a thing is called, first the name of the day."""
_APART: Final = {"id", "path", "type", *_NAMES, "summary", "facts", "incoming", "backlinks", "included"}
"""Members of the tree that have places of their own."""
_MARKS: Final = ("modality", "basis")
_REMARKS: Final = ("reason", "note")
_OUTCOMES: Final = ("fulfils", "fulfilsInPart", "revises", "cancels", "contradicts")
_DATE: Final = re.compile(r"[\dXYSE~?%./-]*\d[\dXYSE~?%./-]*", re.ASCII)
"""What an EDTF date is made of: JSON-LD's plain keys carry it as a text."""
_FAR_ENDS: Final = (("facts", "object"), ("incoming", "subject"))


def show(
    name: Annotated[str, typer.Argument(help="An entity: plant:dieppe, plant/dieppe, dieppe or its IRI.")],
    root: RootOption = None,
    language: LanguageOption = "en",
    as_of: AsOfOption = None,
) -> None:
    """Show what is known of an entity in words, each fact with its announcement, its sources and the words that state it."""
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    graph = graph_as_of(KnowledgeGraph.open(root), as_of)
    tree = graph.entity(graph.resolve(name)).tree
    for line in _Account(graph, language).lines(tree):
        typer.echo(line)


class _Account:
    """Tells a tree in words, in a language."""

    def __init__(self, graph: "KnowledgeGraph", language: str) -> None:
        self._graph = graph
        self._languages = list(dict.fromkeys([language, "fr", "en"]))
        self._tongue = next(tag for tag in self._languages if tag in {"fr", "en"})
        self._colon = "\N{NO-BREAK SPACE}:" if self._tongue == "fr" else ":"

    def lines(self, tree: Node) -> Iterator[str]:
        yield f"{self._label(tree)}  <{tree['id']}>"
        yield from self._head(tree)
        for group, far_end in _FAR_ENDS:
            for key, claims in tree.get(group, {}).items():
                iri = self._graph.context.iri(key)
                vocabulary = self._graph.vocabulary
                heading = vocabulary.label if group == "facts" else vocabulary.inverse_label
                yield f"\n{heading(iri, self._languages)}"
                for claim in claims:
                    yield f"  {self._value(claim.get(far_end), claim)}{self._circumstances(claim)}"
                    yield from (f"    {line}" for line in self._proof(claim))
        for key, nodes in tree.get("backlinks", {}).items():
            yield f"\n{self._graph.vocabulary.inverse_label(self._graph.context.iri(key), self._languages)}"
            yield from (f"  {self._value(node)}" for node in nodes)

    def _head(self, tree: Node) -> Iterator[str]:
        """Yield names, summary, and what is written of the entity without a claim."""
        labels = self._graph.vocabulary.labels
        classes = [self._graph.context.iri(name) for name in _many(tree.get("type"))]
        yield ", ".join(self._term(iri) for iri in classes if iri in labels)
        if names := self._other_names(tree):
            yield f"{self._word('also')}{self._colon} {', '.join(names)}"
        if summary := tree.get("summary"):
            yield self._text(summary)
        claimed = tree.get("facts", {}).keys() | tree.get("incoming", {}).keys()
        for key, value in tree.items():
            if key not in _APART | claimed and not key.endswith(("Earliest", "Latest")):
                told = ", ".join(self._value(item) for item in _many(value))
                yield f"{self._term(self._graph.context.iri(key))}{self._colon} {told}"

    def _other_names(self, tree: Node) -> list[str]:
        """Return the names that are not at the head: the labels too, where the name of the day stands there."""
        keys = _NAMES[1:] if "prefLabel" in tree else _NAMES[2:]
        names = {name for key in keys for held in tree.get(key, {}).values() for name in _many(held)}
        return sorted(names - {self._label(tree)})

    def _circumstances(self, claim: Node) -> str:
        words = [self._term(self._graph.context.iri(claim[key])) for key in _MARKS if key in claim]
        if due := claim.get("due"):
            words.append(self._word("due").format(spell_date(due, self._tongue)))
        start, end = (claim.get(key, "..") for key in ("validFrom", "validUntil"))
        if (start, end) != ("..", ".."):
            words.append(self._word("period").format(spell_date(f"{start}/{end}", self._tongue)))
        return f" ({', '.join(words)})" if words else ""

    def _proof(self, claim: Node) -> Iterator[str]:
        """Yield the words that state a claim, what the curator remarks, the earlier claims, the announcement and the sources."""
        yield from (f"“{quote.get('exact', quote['id'])}”" for quote in _nodes(claim.get("quote")))
        for key in (*_REMARKS, *_OUTCOMES):
            for value in _many(claim.get(key)):
                told = self._text(value) if key in _REMARKS else self._value(value)
                yield f"{self._term(self._graph.context.iri(key))}{self._colon} {told}"
        for announcement in _nodes(claim.get("announcedIn")):
            day = spell_date(str(announcement.get("date", "")), self._tongue)
            yield f"{self._word('announced')}{self._colon} {self._label(announcement)}{f' ({day})' if day else ''}"
        yield from (f"— {self._source(source)}" for source in _nodes(claim.get("statedIn")))
        yield from (f"— {self._word('disputed')} {self._source(source)}" for source in _nodes(claim.get("disputedIn")))
        yield shorten(claim["id"])

    def _source(self, source: Node) -> str:
        published = spell_date(str(source.get("published", "")), self._tongue)
        said = ", ".join(filter(None, (source.get("publisher", ""), published)))
        return " ".join(filter(None, (self._label(source), f"({said})" if said else "", str(source.get("url", "")))))

    def _value(self, value: Any, claim: Node | None = None) -> str:
        """Return a thing's label, or a number with its unit, a date or a text."""
        if isinstance(value, dict) and "id" in value:
            return self._label(value) + self._amount(claim or {}, "amount")
        if isinstance(value, dict) and "@value" in value:
            value = spell_date(value["@value"], self._tongue) if value.get("@type") == EDTF else value["@value"]
        elif isinstance(value, dict):
            return self._text(value)
        text = str(value)
        iri = self._graph.context.iri(text)
        if iri in self._graph.vocabulary.labels:
            return self._term(iri)
        if isinstance(value, int | float) or (claim and claim.get("unit")):
            return self._amount({**(claim or {}), "value": text}, "value").removeprefix(" (").removesuffix(")")
        return spell_date(text, self._tongue) if _DATE.fullmatch(text) else shorten(text)

    def _amount(self, claim: Node, key: str) -> str:
        """Return an amount in brackets with what bounds it and its unit, or nothing when there is none."""
        if key not in claim:
            return ""
        held = claim[key]
        number = spell_number(str(held.get("@value", "") if isinstance(held, dict) else held), self._tongue)
        unit = claim.get("unit", "")
        iri = unit["id"] if isinstance(unit, dict) else self._graph.context.iri(unit)
        measure = "" if not iri or iri.endswith("/NUM") else self._term(iri)
        bound = self._term(self._graph.context.iri(claim["bound"])) if "bound" in claim else ""
        return f" ({' '.join(filter(None, (bound, number, measure)))})"

    def _term(self, iri: str) -> str:
        return self._graph.vocabulary.label(iri, self._languages)

    def _word(self, name: str) -> str:
        return _WORDS[name][self._tongue]

    def _text(self, texts: Any) -> str:
        """Return a text by language in the reader's."""
        if not isinstance(texts, dict):
            return str(texts)
        chosen = next((texts[language] for language in (*self._languages, "any") if language in texts), None)
        return str(_many(chosen if chosen is not None else next(iter(texts.values()), ""))[0])

    def _label(self, node: Node) -> str:
        named = node.get("prefLabel") or node.get("label")
        return self._text(named) if named else str(node.get("exact", shorten(node["id"])))


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _nodes(value: Any) -> list[Node]:
    return [item if isinstance(item, dict) else {"id": item} for item in _many(value)]
