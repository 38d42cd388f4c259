"""What the words for a thing say of it: its body and powertrain, the names within its name, what it is the first of."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from alpine_kg.drafting.cast import Cast, Mention
from alpine_kg.drafting.lexicon import cue
from alpine_kg.drafting.scenes import Found, Scene, covering, gap
from alpine_kg.names import WORD, fold
from alpine_kg.namespaces import AK, local_name


def qualities(scene: Scene) -> Iterator[Found]:
    """Yield the body, powertrain and positioning of a vehicle whose mention, or the words right behind it, name them."""
    vehicles = scene.of("vehicle")
    for mention in vehicles:
        nearby = scene.text[mention.start : min(mention.end + _BESIDE, scene.sentence.end)]
        own = {fold(match[0]) for match in WORD.finditer(scene.text[mention.start : mention.end])}
        for word, (predicate, value) in _QUALITIES.items():
            inside = word in own
            behind = predicate == "powertrain" and fold(nearby).find(word) >= 0
            if inside or behind:
                end = mention.end + (_BESIDE if behind and not inside else 0)
                spans = ((mention.start, min(end, scene.sentence.end)),)
                yield Found(mention.iri, predicate, AK + value, spans=spans, mark=predicate)
    # "Three new sporty electric models (…)": what is said of all that the sentence counts up.
    listed = {mention.iri: mention for mention in vehicles if mention.mark != "what stands for it"}
    if len(listed) > 1:
        yield from _shared(scene, listed.values())


_BESIDE: Final = 25
_QUALITIES: Final = {
    "crossover": ("bodyStyle", "Crossover"),
    "suv": ("bodyStyle", "Suv"),
    "compacte": ("bodyStyle", "Compact"),
    "compact": ("bodyStyle", "Compact"),
    "coupe": ("bodyStyle", "Coupe"),
    "van": ("bodyStyle", "Van"),
    "fourgon": ("bodyStyle", "Van"),
    "gt": ("positioning", "GrandTourer"),
    "100 electrique": ("powertrain", "BatteryElectric"),
    "all electric": ("powertrain", "BatteryElectric"),
    "electric": ("powertrain", "BatteryElectric"),
    "electrique": ("powertrain", "BatteryElectric"),
    "hybride": ("powertrain", "Hybrid"),
    "hybrid": ("powertrain", "Hybrid"),
}
_SHARED: Final = {
    "electriques": ("powertrain", "BatteryElectric"),
    "electric": ("powertrain", "BatteryElectric"),
    "hybrides": ("powertrain", "Hybrid"),
    "hybrid": ("powertrain", "Hybrid"),
    "sportifs": ("positioning", "Sporty"),
    "sporty": ("positioning", "Sporty"),
}
"""Words for what a vehicle is, folded, with the property and value; the second table is of words said of several."""


def _shared(scene: Scene, vehicles: Iterable[Mention]) -> Iterator[Found]:
    first = min(mention.start for mention in vehicles)
    head = scene.text[scene.sentence.start : first]
    for match in WORD.finditer(head):
        if quality := _SHARED.get(fold(match[0])):
            predicate, value = quality
            at = (scene.sentence.start + match.start(), scene.sentence.start + match.end())
            for mention in vehicles:
                yield Found(
                    mention.iri,
                    predicate,
                    AK + value,
                    spans=covering([at, (mention.start, mention.end)]),
                    mark="said of all",
                )


def names(scene: Scene) -> Iterator[Found]:
    """Yield what names themselves say: the brand of a vehicle, the place and operator of a plant, the owner of a plan."""
    cast = scene.cast
    for mention in scene.mentions:
        if mention.mark == "what stands for it":
            continue
        here = {fold(match[0]) for match in WORD.finditer(scene.text[mention.start : mention.end])}
        span = ((mention.start, mention.end),)
        for predicate, kind, ends in _NAMED.get(mention.kind, ()):
            for iri in ends(cast):
                words = cast.words(iri)
                shown = any(set(fold(cast.label(iri)).split()) <= part for part in (here,)) and words
                if shown and iri != mention.iri and kind:
                    yield Found(mention.iri, predicate, iri, spans=span, modality="Confirmed", mark="said by the name")


def _entities(kind: str, type_name: str = "") -> Callable[[Cast], list[str]]:
    """Return what lists the known and proposed entities of a kind, or of one class of it."""

    def listed(cast: Cast) -> list[str]:
        everybody = [*cast.names, *cast.proposals]
        return [
            iri
            for iri in everybody
            if f"/{kind}/" in iri and (not type_name or local_name(cast.type_of(iri)) == type_name)
        ]

    return listed


_NAMED: Final[dict[str, tuple[tuple[str, str, Callable[[Cast], list[str]]], ...]]] = {
    "vehicle": (("brand", "organization", _entities("organization", "Brand")),),
    "plant": (("locatedIn", "place", _entities("place")), ("operatedBy", "organization", _entities("organization"))),
    "plan": (("planOf", "organization", _entities("organization")),),
}
"""By the kind of a mention: the property that a name within its name tells, and who can be at the other end."""


def firsts(scene: Scene) -> Iterator[Found]:
    """Yield what a vehicle is the first of: of its body by its brand, of its powertrain made in a place."""
    for at in scene.cues("first")[:1]:
        vehicles = [held for held in scene.of("vehicle") if held.mark != "what stands for it"]
        brands = [held for held in scene.of("organization") if local_name(scene.cast.type_of(held.iri)) == "Brand"]
        bodied = [held for held in vehicles if held.start - at[1] == 1]
        for vehicle in bodied[:1]:
            inside = [iri for iri in _entities("organization", "Brand")(scene.cast) if _says(scene, vehicle, iri)]
            for brand in [held.iri for held in brands][:1] or inside[:1]:
                spans = covering([at, (vehicle.start, vehicle.end)])
                yield Found(vehicle.iri, "firstOfBodyStyleOf", brand, spans=spans, mark="firstOfBodyStyleOf")
        places = [held for held in scene.of("place") if held.start > at[1]]
        powered = any(
            word in fold(scene.text[at[1] : scene.sentence.end]) for word in ("electrique", "electric", "hybrid")
        )
        for place in places[:1]:
            if powered and scene.has("produce") and scene.of("vehicle"):
                vehicle = min(scene.of("vehicle"), key=lambda held: gap(held, at))
                spans = covering([at, (place.start, place.end)])
                yield Found(
                    vehicle.iri, "firstOfPowertrainMadeIn", place.iri, spans=spans, mark="firstOfPowertrainMadeIn"
                )


def successions(scene: Scene) -> Iterator[Found]:
    """Yield which model a successor succeeds, and that the plan of the sentence comprises what it counts up."""
    for match in cue("successor", scene.language).finditer(scene.text, scene.sentence.start, scene.sentence.end):
        subject = next((held for held in scene.of("vehicle") if held.start == match.start("name")), None)
        model = scene.cast.resolve("vehicle", match["model"])
        if subject and model and model != subject.iri:
            yield Found(subject.iri, "succeeds", model, spans=(match.span("name"),), mark="succeeds")
    listed = {held.iri: held for held in scene.of("vehicle") if held.mark != "what stands for it"}
    plans = scene.of("plan")
    if plans and len(listed) > 1 and scene.has("within_plan"):
        for mention in listed.values():
            spans = covering([(plans[0].start, plans[0].end), (mention.start, mention.end)])
            yield Found(mention.iri, "partOfPlan", plans[0].iri, spans=spans, modality="Confirmed", mark="partOfPlan")


def _says(scene: Scene, mention: Mention, iri: str) -> bool:
    words = set(fold(scene.text[mention.start : mention.end]).split())
    return set(fold(scene.cast.label(iri)).split()) <= words
