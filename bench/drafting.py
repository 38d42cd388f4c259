"""Precision and recall of `alpine-kg draft` against the encoded first announcement, with and without its entities known.

    python bench/drafting.py [TEXT]

TEXT is the announcement's text, which is not in the repository: ../shared/sources/alpine-crossover-gt-dieppe.fr.txt by default.
The rules were written with this text at hand, beside invented ones: take the figures as an upper bound.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from alpine_kg.curation import Desk
from alpine_kg.drafting import Draft, draft
from alpine_kg.drafting.recognition import recognise
from alpine_kg.names import fold
from alpine_kg.namespaces import AK, RDF, local_name, split_entity
from alpine_kg.root import GraphRoot, shipped_root

STEM = "2022-01-28-dieppe-crossover-gt"
TEXT = shipped_root().parent / "shared" / "sources" / "alpine-crossover-gt-dieppe.fr.txt"
GIVEN = {AK + "date", AK + "venue"}
"""What the curator gives on the command line, or no sentence of the text says."""
LIKENESS = 0.5
"""Share of words that the names of a proposed and of an encoded entity of one kind have in common, at least."""
Statement = tuple[str, str, str]


class HeldOut(Desk):
    """A desk that does not know some entities."""

    def __init__(self, root: GraphRoot, hidden: Iterable[str]) -> None:
        """Work on a root without what is hidden."""
        super().__init__(root)
        held = {*hidden}
        self.triples = [row for row in Desk(root).triples if getattr(row.subject, "value", "") not in held]


@dataclass(frozen=True)
class Score:
    """How many were proposed, how many of them are right, and how many are encoded."""

    proposed: int
    right: int
    encoded: int

    def line(self) -> str:
        """Return precision, recall and their harmonic mean."""
        precision, recall = self.right / max(self.proposed, 1), self.right / max(self.encoded, 1)
        mean = 2 * precision * recall / max(precision + recall, 1e-9)
        return f"{precision:9.2f} {recall:7.2f} {mean:5.2f}   {self.right} of {self.proposed} proposed, {self.encoded} encoded"


def encoded(desk: Desk) -> set[Statement]:
    """Return the statements of the encoded announcement."""
    claims = {iri for iri in desk.names.entities if (split_entity(iri) or ("",))[0] == "claim"}
    found = {
        tuple(desk.values(claim, RDF + part)[0] for part in ("subject", "predicate", "object"))
        for claim in claims
        if desk.values(claim, "ak:announcedIn")[0].endswith(f"/{STEM}")
    }
    return {(s, p, o) for s, p, o in found if p not in GIVEN}


def entities(statements: Iterable[Statement]) -> set[str]:
    """Return the entities that statements are about, but for the announcement itself."""
    named = {end for s, _, o in statements for end in (s, o)}
    return {iri for iri in named if (split_entity(iri) or ("announcement",))[0] != "announcement"}


def likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the largest share of words that two things' names have in common."""
    pairs = [(set(fold(a).split()), set(fold(b).split())) for a in one for b in other]
    return max((len(a & b) / len(a | b) for a, b in pairs if a and b), default=0.0)


def translated(made: Draft, desk: Desk, gold: set[str]) -> dict[str, str]:
    """Return which encoded entity each proposed one is: of its kind, and named most alike."""
    found = {}
    for iri, proposal in made.cast.proposals.items():
        kind = (split_entity(iri) or ("",))[0]
        same = [
            (likeness(proposal.labels.values(), desk.names.entities[known]), known)
            for known in gold
            if (split_entity(known) or ("",))[0] == kind
        ]
        best = max(same, default=(0.0, ""))
        if best[0] >= LIKENESS:
            found[iri] = best[1]
    return found


def measure(text: Path, *, held_out: bool, trained: bool) -> tuple[Score, Score]:
    """Return the scores of entities and of claims under one condition."""
    whole = Desk(GraphRoot.open(None))
    gold = encoded(whole)
    gold_entities = entities(gold)
    desk = HeldOut(whole.root, gold_entities) if held_out else whole
    made = draft(desk, text, "fr", stem=STEM, year=2022, trained=trained)
    same = translated(made, whole, gold_entities)
    proposed = {(same.get(c.subject, c.subject), AK + c.predicate, same.get(c.object, c.object)) for c in made.claims}
    offices = [
        held
        for iri in {mention.iri for mention in made.mentions if mention.kind == "post"}
        for held in whole.values(iri, "ak:postIn")
    ]
    spoken = {same.get(iri, iri) for iri in (*(m.iri for m in made.mentions), *made.cast.proposals, *offices)}
    spoken |= entities(proposed)
    right = Score(len(spoken), len(spoken & gold_entities), len(gold_entities))
    if "--show" in sys.argv:
        print(
            "entities missed",
            sorted(map(shown, gold_entities - spoken)),
            "\nentities wrong",
            sorted(map(shown, spoken - gold_entities)),
        )
        for name, statements in (("missed", gold - proposed), ("wrong", proposed - gold)):
            print(name, *sorted(" ".join(map(shown, row)) for row in statements), sep="\n  ")
    return right, Score(len(proposed), len(proposed & gold), len(gold))


def shown(iri: str) -> str:
    """Return the end of an IRI."""
    return "/".join(iri.rsplit("/", 2)[-2:]) if "/id/" in iri else local_name(iri)


def main() -> None:
    """Print the table."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    text = Path(given[0]) if given else TEXT
    if not text.is_file():
        sys.exit(f"{text} is not a file; name the text of the first announcement.")
    has_pipeline = recognise("", "fr") is not None
    print(f"{'':40} precision recall  mean")
    for held_out in (False, True):
        for trained in (False, True) if has_pipeline else (False,):
            condition = (
                f"{'entities held out' if held_out else 'entities known'}, {'spaCy' if trained else 'rules alone'}"
            )
            for what, score in zip(
                ("entities", "claims"), measure(text, held_out=held_out, trained=trained), strict=True
            ):
                print(f"{condition + ': ' + what:40} {score.line()}")
    if not has_pipeline:
        print("spaCy's French pipeline is not installed: see the extra `draft`.")


if __name__ == "__main__":
    main()
