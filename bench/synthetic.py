"""Synthetic announcements with the shape and the skew of real ones: each a pure function of its number, so that none is kept.

An announcement has a press release with its digest, claims with exact quotes from it, and now and then an article, an outcome of
an earlier promise, and a figure on which the article differs. Things come in at fixed intervals; those that came early are
spoken of most, by Zipf's law. Terms are written as in Turtle, with the prefixes of `alpine_kg.namespaces`.
"""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, NamedTuple

EVERY: Final = {
    "vehicle": 4,
    "person": 8,
    "organization": 16,
    "plant": 24,
    "plan": 40,
    "place": 48,
    "platform": 60,
}
"""How many announcements pass from one new thing of a kind to the next; a post comes with each person."""
_START: Final = date(1998, 1, 5)
_DAYS: Final = 10_000
_LONGEST_LAG: Final = 400
_SYLLABLES: Final = tuple(consonant + vowel for consonant in "bcdfghjklmnprstvz" for vowel in "aeiou")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_POWERTRAINS: Final = ("ak:BatteryElectric", "ak:Hybrid", "ak:Combustion")
_PLAIN: Final = str.maketrans("é", "e")
_OUTCOMES: Final = (
    ("ak:fulfils", "ak:Delivered"),
    ("ak:revises", "ak:Planned"),
    ("ak:cancels", "ak:Cancelled"),
    ("ak:fulfilsInPart", "ak:Delivered"),
)

Pairs = list[tuple[str, str]]


class Record(NamedTuple):
    """All that is said of one thing: the named graph that says it, the thing, and its properties with their values."""

    graph: str
    subject: str
    pairs: Pairs


def word(number: int) -> str:
    """Return a name that no other number has, and no number one that is a slip away from it.

    The last syllable follows from the others, so that two names of one length differ in two syllables.

    >>> word(0), word(1), word(1000)
    ('Bebabe', 'Bebebi', 'Disavi')
    """
    digits, rest = [], number + len(_SYLLABLES)
    while rest:
        rest, digit = divmod(rest, len(_SYLLABLES))
        digits.append(digit)
    checked = (*reversed(digits), sum(digits) % len(_SYLLABLES))
    return "".join(_SYLLABLES[digit] for digit in checked).replace("re", "ré").capitalize()


def slug(number: int) -> str:
    """Return the same name as the end of an IRI."""
    return word(number).lower().translate(_PLAIN)


def edtf(text: str) -> str:
    """Return an imprecise date as a term."""
    return f'"{text}"^^edtf:EDTF'


@dataclass
class Release:
    """A press release: its sentences in order, each of which can be quoted."""

    graph: str
    source: str
    sentences: list[str] = field(default_factory=list)
    quotes: list[Record] = field(default_factory=list)
    length: int = 0

    def quote(self, sentence: str) -> str:
        """Add a sentence; return the quote of it."""
        name = f"quote:{self.graph.removeprefix('akg:')}-s{len(self.quotes) + 1:02}"
        start = self.length + 1 if self.sentences else 0
        self.length = start + len(sentence)
        self.sentences.append(sentence)
        pairs = [
            ("a", "ak:Quote"),
            ("ak:quotedFrom", self.source),
            ("oa:end", str(self.length)),
            ("oa:exact", f'"{sentence}"'),
            ("oa:start", str(start)),
        ]
        self.quotes.append(Record(self.graph, name, pairs))
        return name

    @property
    def digest(self) -> str:
        """The SHA-256 of the text."""
        return hashlib.sha256(" ".join(self.sentences).encode()).hexdigest()


@dataclass(frozen=True)
class Synthetic:
    """A graph of so many announcements; another seed gives another graph of the same size."""

    announcements: int
    seed: int = 0

    def records(self, number: int) -> Iterator[Record]:
        """Yield what one announcement brings: new things, the event, its claims, quotes and sources."""
        yield from self._new_things(number)
        yield from _Announcement(self, number).records()

    def day(self, number: int) -> date:
        """Return the day of an announcement; later ones have later days."""
        return _START + timedelta(days=number * _DAYS // max(self.announcements, _DAYS // 10))

    def name(self, number: int) -> str:
        """Return the slug of an announcement."""
        return f"{self.day(number).isoformat()}-{slug(number)}"

    def draw(self, kind: str, number: int, purpose: str) -> int:
        """Return the thing of a kind that an announcement speaks of: the one that is new in it, or by Zipf's law an older one."""
        fresh, rest = divmod(number, EVERY[kind])
        return fresh if rest == 0 else self._zipf(fresh + 1, f"{self.seed}/{number}/{kind}/{purpose}")

    def brand(self, vehicle: int) -> int:
        """Return the brand of a vehicle; one organization in four is none."""
        found = self.draw("organization", vehicle * EVERY["vehicle"], "brand")
        return found - (found % 4 == 3)

    def of_vehicle(self, kind: str, vehicle: int) -> int:
        """Return the platform or plan of a vehicle."""
        return self.draw(kind, vehicle * EVERY["vehicle"], "vehicle")

    def of_plant(self, kind: str, plant: int) -> int:
        """Return the place or operator of a plant."""
        return self.draw(kind, plant * EVERY["plant"], "plant")

    def lag(self, number: int) -> int:
        """Return how many announcements back the promise stands on which an announcement reports."""
        return self._zipf(min(number, _LONGEST_LAG), f"{self.seed}/{number}/lag") + 1

    def _zipf(self, count: int, purpose: str) -> int:
        chance = random.Random(purpose).random()  # noqa: S311 - the same numbers each time are the point
        return min(int((count + 1) ** chance), count) - 1

    def _new_things(self, number: int) -> Iterator[Record]:
        for kind, every in EVERY.items():
            index, rest = divmod(number, every)
            if rest == 0:
                yield Record(f"akg:{PLURALS[kind]}", f"{kind}:{slug(index)}", _THINGS[kind](index))
                if kind == "person":
                    yield self._post(index)

    def _post(self, person: int) -> Record:
        organization = self.draw("organization", person * EVERY["person"], "post")
        pairs = [
            ("a", "ak:Post"),
            ("rdfs:label", f'"Director {word(person)} of {word(organization)}"@en'),
            ("rdfs:label", f'"Directeur {word(person)} de {word(organization)}"@fr'),
            ("ak:postIn", f"organization:{slug(organization)}"),
        ]
        return Record("akg:posts", f"post:{slug(person)}", pairs)


@dataclass
class _Announcement:
    """One announcement while it is being written."""

    world: Synthetic
    number: int
    claims: list[Record] = field(default_factory=list)

    @cached_property
    def name(self) -> str:
        return self.world.name(self.number)

    @cached_property
    def release(self) -> Release:
        return Release(f"akg:{self.name}", f"source:{self.name}-release")

    @cached_property
    def article(self) -> str:
        """The article on it, if there is one."""
        return f"source:{self.name}-article" if self.number % 3 == 0 or self.disputed else ""

    @property
    def disputed(self) -> bool:
        return self.number % 20 == 9

    @cached_property
    def promise(self) -> tuple[int, int]:
        """The vehicle and the plant that are promised to each other."""
        return self.world.draw("vehicle", self.number, "made"), self.world.draw("plant", self.number, "made")

    @cached_property
    def year(self) -> int:
        return self.world.day(self.number).year

    def records(self) -> Iterator[Record]:
        self._event()
        self._made()
        if self.number % 2 == 0:
            self._person()
        if self.number % EVERY["vehicle"] == 0:
            self._vehicle()
        if self.number % EVERY["plant"] == 0:
            self._plant()
        (self._nothing, self._investment, self._launch, self._hiring)[self.number % 4]()
        if self.number % 5 == 4:
            self._outcome()
        yield self._announcement()
        yield from self.claims
        yield from self.release.quotes
        yield from self._sources()

    def _claim(
        self, end: str, statement: tuple[str, str, str], modality: str, quote: str = "", *more: tuple[str, str]
    ) -> str:
        subject, predicate, target = statement
        claim = f"claim:{self.name}-{end}"
        pairs = [
            ("a", "ak:Claim"),
            ("rdf:subject", subject),
            ("rdf:predicate", predicate),
            ("rdf:object", target),
            ("ak:announcedIn", f"announcement:{self.name}"),
            ("ak:modality", modality),
            *more,
        ]
        if quote:
            pairs += [("ak:quote", quote), ("ak:statedIn", self.release.source)]
        if end == "by" and self.article:
            pairs.append(("ak:statedIn", self.article))
        if not any(predicate == "ak:basis" for predicate, _ in more):
            pairs.append(("ak:basis", "ak:Stated"))
        self.claims.append(Record(self.release.graph, claim, pairs))
        return claim

    def _event(self) -> None:
        day = self.world.day(self.number)
        event = f"announcement:{self.name}"
        organization = self.world.draw("organization", self.number, "by")
        dated = self.release.quote(f"Paris, le {day.day} {_MONTHS[day.month - 1]} {day.year}")
        self._claim("date", (event, "ak:date", edtf(day.isoformat())), "ak:Delivered", dated)
        said = self.release.quote(f"{word(organization)} annonce de nouveaux projets")
        self._claim("by", (event, "ak:announcedBy", f"organization:{slug(organization)}"), "ak:Delivered", said)

    def _made(self) -> None:
        vehicle, plant = self.promise
        due = self.year + 2 + self.number % 3
        quote = self.release.quote(f"la production à {word(plant)} de la future {word(vehicle)}, à horizon {due}")
        mark = "~" if self.number % 2 else ""
        self._claim("made-at", self._promised(self.promise), "ak:Planned", quote, ("ak:due", edtf(f"{due}{mark}")))

    def _promised(self, promise: tuple[int, int]) -> tuple[str, str, str]:
        return f"vehicle:{slug(promise[0])}", "ak:producedAt", f"plant:{slug(promise[1])}"

    def _person(self) -> None:
        person = self.world.draw("person", self.number, "by")
        quote = self.release.quote(f"selon {word(person)}, à la direction de l'entreprise")
        names = f"person:{slug(person)}"
        self._claim("said-by", (f"announcement:{self.name}", "ak:announcedBy", names), "ak:Delivered", quote)
        self._claim("holds-post", (names, "ak:holdsPost", f"post:{slug(person)}"), "ak:Confirmed", quote)

    def _vehicle(self) -> None:
        number = self.promise[0]
        vehicle, brand = f"vehicle:{slug(number)}", self.world.brand(number)
        platform, plan = self.world.of_vehicle("platform", number), self.world.of_vehicle("plan", number)
        quote = self.release.quote(f"{word(number)}, nouveau modèle de {word(brand)} dans le plan {word(plan)}")
        self._claim("brand", (vehicle, "ak:brand", f"organization:{slug(brand)}"), "ak:Confirmed", quote)
        self._claim("in-plan", (vehicle, "ak:partOfPlan", f"plan:{slug(plan)}"), "ak:Planned", quote)
        self._claim("powertrain", (vehicle, "ak:powertrain", _POWERTRAINS[number % 3]), "ak:Planned", quote)
        reasons = (
            ("ak:basis", "ak:Inferred"),
            ("ak:reason", '"Les modèles de ce plan sont sur cette plateforme."@fr'),
            ("ak:reason", '"The models of this plan stand on this platform."@en'),
        )
        self._claim("built-on", (vehicle, "ak:builtOn", f"platform:{slug(platform)}"), "ak:Planned", quote, *reasons)

    def _plant(self) -> None:
        number = self.promise[1]
        place, operator = self.world.of_plant("place", number), self.world.of_plant("organization", number)
        quote = self.release.quote(f"l'usine de {word(number)}, qu'exploite {word(operator)} à {word(place)}")
        self._claim("place", (f"plant:{slug(number)}", "ak:locatedIn", f"place:{slug(place)}"), "ak:Confirmed", quote)
        operated = (f"plant:{slug(number)}", "ak:operatedBy", f"organization:{slug(operator)}")
        self._claim("operator", operated, "ak:Confirmed", quote)

    def _nothing(self) -> None:
        """Leave the room that figures take to the facts of a new vehicle."""

    def _investment(self) -> None:
        plant, millions, due = f"plant:{slug(self.promise[1])}", 5 + self.number % 500, self.year + 3
        quote = self.release.quote(f"un investissement de {millions} millions d'euros d'ici {due}")
        more = [("ak:unit", "cur:EUR"), ("ak:due", edtf(f"../{due}"))]
        if self.disputed:
            more.append(("ak:disputedIn", self.article))
        statement = (plant, "ak:investment", str(millions * 1_000_000))
        said = self._claim("investment", statement, "ak:Planned", quote, *more)
        if self.disputed:
            other = (plant, "ak:investment", str((millions + 7) * 1_000_000))
            against = (("ak:contradicts", said), ("ak:disputedIn", self.release.source), ("ak:statedIn", self.article))
            self._claim("investment-otherwise", other, "ak:Planned", "", ("ak:unit", "cur:EUR"), *against)

    def _launch(self) -> None:
        due = self.year + 2
        quote = self.release.quote(f"une commercialisation d'ici {due}")
        statement = (f"vehicle:{slug(self.promise[0])}", "ak:marketLaunch", edtf(f"../{due}"))
        self._claim("launch", statement, "ak:Planned", quote)

    def _hiring(self) -> None:
        people, due = 20 + self.number % 900, self.year + 1
        quote = self.release.quote(f"{people} embauches en {due}")
        statement = (f"plant:{slug(self.promise[1])}", "ak:hires", str(people))
        self._claim("hires", statement, "ak:Planned", quote, ("ak:unit", "unit:NUM"), ("ak:due", edtf(str(due))))

    def _outcome(self) -> None:
        earlier = _Announcement(self.world, self.number - self.world.lag(self.number))
        if earlier.promise == self.promise:  # it would say twice what this announcement says anyway
            return
        link, modality = _OUTCOMES[self.number // 5 % len(_OUTCOMES)]
        due = self.year + 5
        end = f", désormais à horizon {due}" if modality == "ak:Planned" else ""
        vehicle, plant = earlier.promise
        quote = self.release.quote(f"le point sur le projet de {word(vehicle)} à {word(plant)}{end}")
        more = [(link, f"claim:{earlier.name}-made-at"), *([("ak:due", edtf(str(due)))] if end else [])]
        self._claim("outcome", self._promised(earlier.promise), modality, quote, *more)

    def _announcement(self) -> Record:
        vehicle, plant = map(word, self.promise)
        name = f"{word(self.number)}"
        pairs = [
            ("a", "ak:Announcement"),
            ("rdfs:label", f'"{name}: {vehicle} to be made at {plant}"@en'),
            ("rdfs:label", f'"{name} : {vehicle} sera produite à {plant}"@fr'),
            ("ak:summary", f'"In {self.year} it is announced that {vehicle} will be made at {plant}."@en'),
            ("ak:summary", f'"En {self.year}, il est annoncé que {vehicle} sera produite à {plant}."@fr'),
        ]
        return Record(self.release.graph, f"announcement:{self.name}", pairs)

    def _sources(self) -> Iterator[Record]:
        day, publisher = self.world.day(self.number), word(self.world.draw("organization", self.number, "by"))
        for kind, names in (("release", ("Press release", "Communiqué")), ("article", ("Article", "Article"))):
            source = f"source:{self.name}-{kind}"
            if source not in {self.release.source, self.article}:
                continue
            pairs = [
                ("a", "ak:Source"),
                ("rdfs:label", f'"{names[0]} {word(self.number)} of {publisher}"@en'),
                ("rdfs:label", f'"{names[1]} {word(self.number)} de {publisher}"@fr'),
                ("ak:language", '"fr"'),
                ("ak:published", edtf(day.isoformat())),
                ("ak:publisher", f'"{publisher}"' if kind == "release" else f'"Gazette de {publisher}"'),
                ("ak:reports", f"announcement:{self.name}"),
                ("ak:url", f'"https://press.example/{self.name}/{kind}"^^xsd:anyURI'),
            ]
            if kind == "release":
                pairs += [
                    ("ak:textDigest", f'"{self.release.digest}"'),
                    ("ak:textLength", str(self.release.length)),
                ]
            yield Record("akg:sources", source, pairs)


def _organization(number: int) -> Pairs:
    kind = "ak:PublicBody" if number % 4 == 3 else "ak:Brand"
    return [("a", kind), ("rdfs:label", f'"{word(number)}"'), ("skos:altLabel", f'"Groupe {word(number)}"')]


def _plant(number: int) -> Pairs:
    return [
        ("a", "ak:Plant"),
        ("rdfs:label", f'"{word(number)} plant"@en'),
        ("rdfs:label", f'"Usine de {word(number)}"@fr'),
        ("skos:altLabel", f'"site de {word(number)}"@fr'),
    ]


def _plan(number: int) -> Pairs:
    return [
        ("a", "ak:StrategicPlan"),
        ("rdfs:label", f'"{word(number)} plan"@en'),
        ("rdfs:label", f'"Plan {word(number)}"@fr'),
    ]


def _place(number: int) -> Pairs:
    latitude, longitude = 43 + number * 7 % 600 / 100, number * 13 % 700 / 100
    return [
        ("a", "ak:Municipality"),
        ("rdfs:label", f'"{word(number)}"'),
        ("geo:lat", f"{latitude:.2f}"),
        ("geo:long", f"{longitude:.2f}"),
    ]


_THINGS: Final[dict[str, Callable[[int], Pairs]]] = {
    "vehicle": lambda number: [
        ("a", "ak:Vehicle"),
        ("rdfs:label", f'"{word(number)}"'),
        ("skos:altLabel", f'"modèle {word(number)}"@fr'),
    ],
    "person": lambda number: [("a", "ak:Person"), ("rdfs:label", f'"{word(number)} {word(number * 31 % 997)}"')],
    "organization": _organization,
    "plant": _plant,
    "plan": _plan,
    "place": _place,
    "platform": lambda number: [
        ("a", "ak:Platform"),
        ("rdfs:label", f'"{word(number)[:3].upper()}-{number}"'),
        ("skos:altLabel", f'"plateforme {word(number)}"@fr'),
    ],
}
PLURALS: Final = {
    "vehicle": "vehicles",
    "person": "people",
    "organization": "organizations",
    "plant": "plants",
    "plan": "plans",
    "place": "places",
    "platform": "platforms",
}
"""The file of `data/` in which each kind of thing stands."""
