"""`alpine-kg show`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alpine_kg.cli.options import LanguageOption, RootOption

if TYPE_CHECKING:
    from alpine_kg.graph import KnowledgeGraph


def show(
    name: Annotated[str, typer.Argument(help="An entity: plant:dieppe, plant/dieppe, dieppe or its IRI.")],
    root: RootOption = None,
    language: LanguageOption = "en",
) -> None:
    """Show what is known of an entity, each fact with the words that state it."""
    from alpine_kg.graph import KnowledgeGraph  # noqa: PLC0415

    graph = KnowledgeGraph.open(root)
    tree = graph.entity(graph.resolve(name)).tree
    typer.echo(f"{_label(tree, language)}  <{tree['id']}>")
    for line in _lines(graph, tree, language):
        typer.echo(line)


def _lines(graph: "KnowledgeGraph", tree: dict[str, Any], language: str) -> Iterator[str]:
    languages = [language, "fr", "en"]
    for group, far_end, heading in (
        ("facts", "object", graph.vocabulary.label),
        ("incoming", "subject", graph.vocabulary.inverse_label),
    ):
        for key, claims in tree.get(group, {}).items():
            yield f"\n{heading(graph.context.iri(key), languages)}"
            for claim in claims:
                yield f"  {_value(claim.get(far_end), language)}{_circumstances(graph, claim, languages)}"
                for quote in _many(claim.get("quote")):
                    yield f"    “{quote['exact']}”"
                for source in _many(claim.get("statedIn")):
                    yield f"    — {_label(source, language)}"


def _circumstances(graph: "KnowledgeGraph", claim: dict[str, Any], languages: list[str]) -> str:
    words = [
        graph.vocabulary.label(graph.context.iri(claim[key]), languages)
        for key in ("modality", "basis")
        if key in claim
    ]
    words += [f"{key} {claim[key]}" for key in ("due", "validFrom", "validUntil") if key in claim]
    return f" ({', '.join(words)})" if words else ""


def _value(value: Any, language: str) -> str:
    if isinstance(value, dict):
        return _label(value, language) if "id" in value else str(value.get("@value", ""))
    return str(value)


def _label(node: dict[str, Any], language: str) -> str:
    labels = node.get("label", {})
    chosen = labels.get(language) or labels.get("any") or next(iter(labels.values()), node["id"])
    return chosen if isinstance(chosen, str) else chosen[0]


def _many(value: Any) -> list[dict[str, Any]]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
