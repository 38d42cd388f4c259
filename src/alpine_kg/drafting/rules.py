"""Rules that propose claims from sentences: which mentions stand together with which words.

Every rule is general: a property, the kinds at its two ends, and a cue of the lexicon between or beside them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from alpine_kg.drafting.events import events, posts
from alpine_kg.drafting.measures import measures
from alpine_kg.drafting.qualities import firsts, names, qualities, successions
from alpine_kg.drafting.scenes import Found, Scene, covering, gap
from alpine_kg.namespaces import EDTF


@dataclass(frozen=True)
class Pair:
    """A rule about two mentions in a sentence: the cues that must stand there, and whether a date is the due date."""

    predicate: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    cues: tuple[str, ...]
    dated: bool = False
    modality: str = ""

    def apply(self, scene: Scene) -> Iterator[Found]:
        """Yield the proposal about the subject and object that stand nearest to the cue."""
        subjects, objects = scene.of(*self.subject), scene.of(*self.object)
        if not all(map(scene.has, self.cues)):
            return
        for at in scene.cues(self.cues[0])[:1]:
            pairs = [(gap(a, at) + gap(b, at), a, b) for a in subjects for b in objects if a.iri != b.iri]
            if pairs:
                _, subject, target = min(pairs, key=lambda pair: pair[0])
                yield scene.found(subject, self.predicate, target, at, dated=self.dated, modality=self.modality)


PAIRS: Final = (
    Pair("producedAt", ("vehicle",), ("plant",), ("produce",), dated=True),
    Pair("builtOn", ("vehicle",), ("platform",), ("base",), dated=True),
    Pair("builtOn", ("vehicle",), ("platform",), ("host",)),
    Pair("hostsPlatform", ("plant",), ("platform",), ("host",), dated=True),
    Pair("bringsInvestmentTo", ("vehicle",), ("plant", "site"), ("invest",)),
    Pair("newInstallationsFor", ("plant", "site"), ("vehicle",), ("install",)),
    Pair("partOfPlan", ("vehicle",), ("plan",), ("within_plan",)),
    Pair("preparesSite", ("plan",), ("plant", "site"), ("prepare",)),
    Pair("preparesFor", ("plan",), ("vehicle",), ("prepare",)),
    Pair("historicSiteOf", ("plant", "site"), ("organization",), ("historic",), modality="Confirmed"),
    Pair("uniqueWithin", ("plant", "site"), ("organization",), ("unique",), modality="Confirmed"),
    Pair("assignsModelsTo", ("plan",), ("place",), ("assign",)),
    Pair("acquiredBy", ("organization",), ("organization",), ("acquire",)),
)
"""The rules about two entities."""


@dataclass(frozen=True)
class Milestone:
    """A rule about a mention and a date: the property, its subjects, the cue beside the date."""

    predicate: str
    subject: tuple[str, ...]
    cue: str
    not_cue: str = ""
    ahead: bool = False
    """Whether the date that lies ahead is meant, wherever it stands in the sentence."""

    def apply(self, scene: Scene) -> Iterator[Found]:
        """Yield the milestone of the mention nearest to the cue, at the date nearest to it; the past was delivered."""
        if self.not_cue and scene.has(self.not_cue):
            return
        for at in scene.cues(self.cue)[:1]:
            subjects, dates = scene.of(*self.subject), scene.dates
            if subjects and dates:
                near = min(dates, key=lambda held: gap(held, at))
                date = scene.due or near if self.ahead else near
                # What a plan foresees are all the vehicles that the sentence counts up.
                nearest = min(subjects, key=lambda held: gap(held, at))
                several = (
                    [*{held.iri: held for held in subjects}.values()] if self.predicate == "marketLaunch" else [nearest]
                )
                for subject in several:
                    modality = "Planned" if date.year >= scene.year and not scene.has("done") else "Delivered"
                    if (
                        modality == "Delivered"
                        and self.predicate in {"productionStart", "marketLaunch"}
                        and not scene.has("done")
                    ):
                        continue
                    spans = covering([(subject.start, subject.end), at, (date.start, date.end)])
                    yield Found(
                        subject.iri, self.predicate, date.edtf, EDTF, spans, modality=modality, mark=self.predicate
                    )


MILESTONES: Final = (
    Milestone("productionStart", ("vehicle",), "produce", "end_production", ahead=True),
    Milestone("productionEnd", ("vehicle",), "end_production", ahead=True),
    Milestone("marketLaunch", ("vehicle",), "launch", ahead=True),
    Milestone("presented", ("plan",), "present"),
    Milestone("signed", ("plan",), "sign"),
    Milestone("opened", ("plant", "site"), "open"),
)
"""The rules about dates."""


def made_in(scene: Scene) -> Iterator[Found]:
    """Yield where a product is made when a place is named and no plant: at the only plant there, else in the place."""
    vehicles, places = scene.of("vehicle"), scene.of("place")
    if scene.of("plant") or not vehicles or not places:
        return
    for at in scene.cues("produce")[:1]:
        vehicle = min(vehicles, key=lambda held: gap(held, at))
        place = min(places, key=lambda held: gap(held, at))
        plant = scene.cast.resolve("plant", scene.cast.label(place.iri))
        if plant:
            yield replace(scene.found(vehicle, "producedAt", place, at, dated=True), object=plant)
        elif not scene.has("first"):
            yield scene.found(vehicle, "producedIn", place, at, dated=True)


RULES: Final[tuple[Callable[[Scene], Iterator[Found]], ...]] = (
    *(pair.apply for pair in PAIRS),
    *(milestone.apply for milestone in MILESTONES),
    made_in, measures, events, posts, qualities, names, firsts, successions,
)  # fmt: skip
"""Every rule, in order: of two proposals of one statement the first gives modality and due date, all give passages."""
