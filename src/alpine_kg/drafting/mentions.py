"""Mentions: every passage of a text that speaks of an entity, by its name, by a pattern, or by what stands for it."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from alpine_kg.drafting.cast import Appointment, Cast, Mention
from alpine_kg.drafting.lexicon import appositions, cue
from alpine_kg.drafting.recognition import Recognised
from alpine_kg.drafting.timing import MONTHS
from alpine_kg.names import fold

_TEAM: Final = {"team", "racing", "f1", "ecurie"}
_PLAN_WORDS: Final = {"accord": "Agreement", "agreement": "Agreement", "convention": "Agreement"}
_PUBLIC: Final = re.compile(r"[Mm](?:inist|ayor|aire)")
"""What offices begin with that are in no company."""
_KIND_OF_LABEL: Final = {"PER": "person", "PERSON": "person", "ORG": "organization", "LOC": "place", "GPE": "place"}


class Reader:
    """Reads one text: finds its mentions, and proposes what nobody knows."""

    def __init__(self, text: str, language: str, cast: Cast, recognised: Iterable[Recognised] = ()) -> None:
        """Read a text; `recognised` are the names that a trained pipeline has found in it, if one was asked."""
        self._text = text
        self._language = language
        self._cast = cast
        self._recognised = tuple(recognised)
        self.appointments: list[Appointment] = []
        self.mentions: list[Mention] = []

    def read(self) -> list[Mention]:
        """Return the mentions in order, none inside another; what is known by name first, then the patterns."""
        self.mentions = list(self._cast.known(self._text))
        spoken_of = [*self.mentions]
        for find in (
            self._people, self._announcers, self._organizations, self._repeated, self._plants, self._platforms, self._plans,
            self._successors,
            self._vehicles, self._places, self._trained,
        ):  # fmt: skip
            found = list(find())
            spoken_of += found
            self._take(found)
        self._take(list(self._again(spoken_of)))
        self._place_posts(spoken_of)
        return self.mentions

    def _take(self, found: Iterable[Mention]) -> None:
        """Add mentions; one that holds earlier ones takes their place, one inside another is left out."""
        for mention in found:
            over = [held for held in self.mentions if held.start < mention.end and mention.start < held.end]
            longer = all(mention.start <= held.start and held.end <= mention.end for held in over)
            if longer and not any((held.start, held.end) == (mention.start, mention.end) for held in over):
                self.mentions = [held for held in self.mentions if held not in over] + [mention]
        self.mentions.sort(key=lambda mention: mention.start)

    def _matches(self, name: str) -> Iterator[re.Match[str]]:
        return cue(name, self._language).finditer(self._text)

    def _known_at(self, start: int, end: int, kind: str = "") -> str | None:
        """Return what is mentioned at exactly this passage."""
        return next((m.iri for m in self.mentions if (m.start, m.end) == (start, end) and kind in {"", m.kind}), None)

    def _people(self) -> Iterator[Mention]:
        """Yield people with a post or a form of address beside their names, and note the posts."""
        for match in self._matches("honorific"):
            yield from self._person(match.start("name"), match.end("name"))
        for match in appositions(self._language).finditer(self._text):
            yield from self._person(match.start("person"), match.end("person"))
            person = self._person_at(match.start("person"), match.end("person"))
            post = person and self._post(match)
            if person and post:
                self.appointments.append(Appointment(match.start("person"), match.end("post"), person, post))
                yield Mention(match.start("post"), match.end("post"), post, "post beside a name")

    def _person(self, start: int, end: int) -> Iterator[Mention]:
        if not any(m.start < end and start < m.end for m in self.mentions):
            iri = self._cast.propose("person", {"": self._text[start:end]}, "name with a post or form of address")
            if iri:
                yield Mention(start, end, iri, "name with a post or form of address")

    def _person_at(self, start: int, end: int) -> str | None:
        inside = [m.iri for m in self.mentions if m.kind == "person" and start <= m.start and m.end <= end]
        return inside[-1] if inside else self._cast.resolve("person", self._text[start:end])

    def _post(self, match: re.Match[str]) -> str | None:
        """Return the post that a match names: one that is known, or a new one in the organization that its words end with."""
        said = match["post"]
        if known := self._cast.resolve("post", said):
            return known
        inside = [
            m.iri
            for m in self.mentions
            if m.kind == "organization" and match.start("post") <= m.start < match.end("post")
        ]
        rest = cue("organization_name", self._language).search(said, len(match["title"]))
        organization = inside[-1] if inside else ""
        if not organization and rest and not _PUBLIC.match(said):
            name = rest["name"]
            organization = (
                self._cast.propose("organization", {"": name}, "organization of a post", class_name=_class_of(name))
                or ""
            )
        return self._cast.propose("post", {"": said}, "post beside a name", organization=organization)

    def _place_posts(self, spoken_of: list[Mention]) -> None:
        """Put new posts whose words name no organization into the first one of the text, but for public offices."""
        first = next((m.iri for m in sorted(spoken_of, key=lambda m: m.start) if m.kind == "organization"), "")
        for proposal in self._cast.proposals.values():
            if "/post/" in proposal.iri and not proposal.organization and not _PUBLIC.match(proposal.labels[""]):
                proposal.organization = first

    def _announcers(self) -> Iterator[Mention]:
        """Yield the name that begins a line and is followed by a verb of announcing."""
        for match in self._matches("announcer"):
            yield from self._organization(match.start("name"), match.end("name"), "announcer")

    def _organizations(self) -> Iterator[Mention]:
        for pattern in ("company", "organization"):
            for match in self._matches(pattern):
                head = match.groupdict().get("head") or ""
                yield from self._organization(match.start("name"), match.end("name"), pattern, brand=head == "marque")

    def _organization(self, start: int, end: int, mark: str, *, brand: bool = False) -> Iterator[Mention]:
        name = self._text[start:end]
        known = self._cast.resolve("organization", name) if brand or len(name.split()) > 1 else None
        if known and brand:
            self._cast.rename_class(known, "Brand")
        if known or not any(m.start < end and start < m.end for m in self.mentions):
            class_name = "Brand" if brand else _class_of(name)
            if iri := known or self._cast.propose("organization", {"": name}, mark, class_name=class_name):
                yield Mention(start, end, iri, mark)

    def _repeated(self) -> Iterator[Mention]:
        """Yield the other passages that have the proper name of a proposed person or organization."""
        for iri, proposal in list(self._cast.proposals.items()):
            name = proposal.labels.get("", "")
            if name and ("/organization/" in iri or "/person/" in iri):
                for match in re.finditer(rf"\b{re.escape(name)}\b", self._text):
                    if not any(m.start < match.end() and match.start() < m.end for m in self.mentions):
                        yield Mention(match.start(), match.end(), iri, proposal.mark)

    def _plants(self) -> Iterator[Mention]:
        for match in self._matches("plant"):
            groups = match.groupdict()
            place = groups.get("place") or groups.get("before") or ""
            organization = groups.get("organization") or ""
            known = self._cast.resolve("plant", place, [m.iri for m in self.mentions if m.kind == "organization"])
            labels = {
                "fr": f"Usine {organization + ' ' if organization else ''}{_of(place)}",
                "en": f"{organization + ' ' if organization else ''}{place} plant",
            }
            iri = known or self._cast.propose("plant", labels, "plant by its place")
            if iri:
                self._place_of(match, "place" if groups.get("place") else "before")
                yield Mention(match.start(), match.end(), iri, "plant by its place")

    def _place_of(self, match: re.Match[str], group: str) -> None:
        if not self._cast.resolve("place", match[group]) and self._known_at(*match.span(group)) is None:
            self._cast.propose("place", {"": match[group]}, "place of a plant")

    def _platforms(self, kind: str = "platform") -> Iterator[Mention]:
        for match in self._matches(kind):
            # Half of a known name, up to a hyphen, is no name of its own.
            if any(m.kind == kind and m.start <= match.start() and match.end() <= m.end for m in self.mentions):
                continue
            group = next(name for name in ("name", "before") if match.groupdict().get(name))
            known = self._known_at(*match.span(group), kind) or self._cast.resolve(kind, match[group])
            iri = known or self._cast.propose(kind, {"": match[group]}, f"{kind} by its kind")
            if iri:
                yield Mention(match.start(), match.end(), iri, f"{kind} by its kind")

    def _plans(self) -> Iterator[Mention]:
        """Yield plans by the word before or behind their names; one that is named after an organization keeps the word."""
        for match in self._matches("plan"):
            group = next(name for name in ("quoted", "name", "before") if match.groupdict().get(name))
            name, head = match[group].strip(), (match.groupdict().get("head") or "").lower()
            organization = self._cast.resolve("organization", name)
            whole = match[0][:1].upper() + match[0][1:] if organization else name
            known = self._known_at(match.start(), match.end(), "plan") or self._cast.resolve("plan", whole)
            type_name = _PLAN_WORDS.get(head, "StrategicPlan")
            iri = known or self._cast.propose("plan", {"": whole}, "plan by its kind", class_name=type_name)
            if iri:
                yield Mention(match.start(), match.end(), iri, "plan by its kind")

    def _successors(self) -> Iterator[Mention]:
        for match in self._matches("successor"):
            known = self._cast.resolve("vehicle", match["name"])
            model = self._cast.resolve("vehicle", match["model"])
            if not model:
                self._cast.propose("vehicle", {"": match["model"]}, "model that is succeeded")
            labels = {"fr": f"Remplaçante de {match['model']}", "en": f"{match['model']} successor"}
            if iri := known or self._cast.propose("vehicle", labels, "successor of a model"):
                yield Mention(match.start("name"), match.end("name"), iri, "successor of a model")

    def _vehicles(self) -> Iterator[Mention]:
        """Yield vehicles by the word for their body; the word alone means one that is known or proposed, or nothing."""
        near = [m.iri for m in self.mentions if m.kind == "organization"]
        found = sorted(self._matches("vehicle"), key=lambda match: -len(match["name"]))
        for match in found:
            iri = self._cast.resolve("vehicle", match["name"], near)
            if iri is None and len(match["name"].split()) > 1:
                iri = self._cast.propose("vehicle", {"": _headed(match["name"])}, "vehicle by its body")
            if iri:
                yield Mention(match.start("name"), match.end("name"), iri, "vehicle by its body")

    def _places(self) -> Iterator[Mention]:
        for match in self._matches("place"):
            if fold(match["name"]) in MONTHS:
                continue
            free = not any(m.start < match.end("name") and match.start("name") < m.end for m in self.mentions)
            if free and (iri := self._cast.propose("place", {"": match["name"]}, "place behind a preposition")):
                yield Mention(match.start("name"), match.end("name"), iri, "place behind a preposition")

    def _trained(self) -> Iterator[Mention]:
        """Yield what a trained pipeline has recognised and no rule has."""
        for entity in self._recognised:
            kind = _KIND_OF_LABEL.get(entity.label)
            if kind and not any(m.start < entity.end and entity.start < m.end for m in self.mentions):
                name = self._text[entity.start : entity.end]
                near = self._cast.resolve(kind, name)
                if iri := near or self._cast.propose(kind, {"": name}, f"spaCy {entity.label}"):
                    yield Mention(entity.start, entity.end, iri, f"spaCy {entity.label}")

    def _again(self, spoken_of: list[Mention]) -> Iterator[Mention]:
        """Yield what stands for something named before: "this model", "the site", "the group", "the brand"."""
        for kind in ("vehicle", "plant"):
            for match in self._matches(f"again_{kind}"):
                before = [m.iri for m in self.mentions if m.kind == kind and m.end <= match.start()]
                if before:
                    yield Mention(match.start(), match.end(), before[-1], "what stands for it")
        for word, brand in (("group", False), ("brand", True)):
            iri = self._cast.company(spoken_of, brand=brand)
            if iri:
                yield from (
                    Mention(m.start(), m.end(), iri, "what stands for it") for m in self._matches(f"again_{word}")
                )


def _class_of(name: str) -> str:
    return "SportsTeam" if _TEAM & {*fold(name).split()} else "Company"


def _of(place: str) -> str:
    return f"d'{place}" if fold(place)[:1] in "aeiouy" else f"de {place}"


def _headed(name: str) -> str:
    return name[:1].upper() + name[1:]
