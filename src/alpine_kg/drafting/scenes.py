"""Scenes: a sentence with what was found in it, and the claims that rules propose from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from alpine_kg.drafting.amounts import Amount
from alpine_kg.drafting.cast import Appointment, Cast, Mention
from alpine_kg.drafting.lexicon import cue
from alpine_kg.drafting.sentences import Sentence
from alpine_kg.drafting.timing import Dated

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """A claim as a rule proposes it: `object` is an IRI, or a text with a datatype; `spans` are the passages that say so."""

    subject: str
    predicate: str
    object: str
    datatype: str = ""
    spans: tuple[Span, ...] = ()
    due: str = ""
    modality: str = "Planned"
    unit: str = ""
    bound: str = ""
    mark: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two proposals the same statement."""
        return self.subject, self.predicate, self.object


@dataclass
class Scene:
    """A sentence with all that was found in it."""

    sentence: Sentence
    text: str
    language: str
    cast: Cast
    announcement: str
    year: int
    mentions: list[Mention]
    dates: list[Dated]
    amounts: list[Amount]
    appointments: list[Appointment]

    def of(self, *kinds: str) -> list[Mention]:
        """Return the mentions of some kinds."""
        return [mention for mention in self.mentions if mention.kind in kinds]

    def cues(self, name: str) -> list[Span]:
        """Return the places of a cue."""
        pattern = cue(name, self.language)
        return [match.span() for match in pattern.finditer(self.text, self.sentence.start, self.sentence.end)]

    def has(self, name: str) -> bool:
        """Tell whether a cue stands in the sentence."""
        return bool(self.cues(name))

    @property
    def due(self) -> Dated | None:
        """The date of the sentence that lies ahead of the announcement, if there is one."""
        return next((date for date in self.dates if date.year >= self.year), None)

    @property
    def modality(self) -> str:
        """What the sentence says of its statements: done, or planned."""
        return "Delivered" if self.has("done") and not self.due else "Planned"

    def found(
        self, subject: Mention, predicate: str, target: Mention, at: Span, *, dated: bool = False, modality: str = ""
    ) -> Found:
        """Return a proposal about two mentions that a cue brings together; `dated` takes the sentence's date as its due date."""
        due = self.due if dated else None
        spans = [(subject.start, subject.end), at, (target.start, target.end)]
        spans += [(due.start, due.end)] if due else []
        chosen = modality or self.modality
        edtf = due.edtf if due and chosen == "Planned" else ""
        return Found(
            subject.iri, predicate, target.iri, spans=covering(spans), due=edtf, modality=chosen, mark=predicate
        )


def covering(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the passage from the first to the last of some places."""
    held = list(spans)
    return ((min(start for start, _ in held), max(end for _, end in held)),)


def gap(held: Mention | Dated | Amount, at: Span) -> int:
    """Return how many characters lie between a mention and a place."""
    return max(at[0] - held.end, held.start - at[1], 0)
