"""Drafts: what they propose from a text, in both languages, with names known and unknown, and with exact quotes."""

from pathlib import Path

import pytest

from alpine_kg.curation import Desk
from alpine_kg.drafting import Draft, draft, recognition
from alpine_kg.drafting.recognition import Recognised
from alpine_kg.errors import BadParameterError, RootError
from alpine_kg.namespaces import local_name, split_entity
from alpine_kg.root import GraphRoot

TEXTS = Path(__file__).parent / "texts"


def drafted(name: str, language: str, *, trained: bool = False) -> Draft:
    desk = Desk(GraphRoot.open(None))
    return draft(desk, TEXTS / name, language, stem="2026-05-12-tatran", year=2026, trained=trained)


def said(made: Draft) -> set[tuple[str, str, str]]:
    return {(local_name(claim.subject), claim.predicate, local_name(claim.object)) for claim in made.claims}


ENGLISH = {
    ("tatran-suv", "producedAt", "kvasiny-plant"),
    ("tatran-suv", "productionStart", ".."),
    ("tatran-suv", "builtOn", "orlice"),
    ("tatran-suv", "bodyStyle", "Suv"),
    ("tatran-suv", "drivingRange", "540"),
    ("tatran-suv", "price", "25000"),
    ("kvasiny-plant", "locatedIn", "kvasiny"),
    ("kvasiny-plant", "investment", "450000000"),
    ("kvasiny-plant", "jobsCreated", "1200"),
    ("jana-novakova", "holdsPost", "ceo-of-moravan-motors"),
    ("petr-dvorak", "holdsPost", "head-of-production"),
    ("karel-novak", "holdsPost", "mayor-of-kvasiny"),
    ("2026-05-12-tatran", "announcedBy", "moravan-motors"),
    ("2026-05-12-tatran", "announcedBy", "jana-novakova"),
    ("2026-05-12-tatran", "attendedBy", "karel-novak"),
    ("forward-2030", "newModels", "5"),
}
FRENCH = {
    ("suv-tatran", "bodyStyle", "Suv"),
    ("suv-tatran", "powertrain", "BatteryElectric"),
    ("suv-tatran", "builtOn", "orlice"),
    ("suv-tatran", "drivingRange", "540"),
    ("suv-tatran", "marketLaunch", "2029~"),
    ("suv-tatran", "partOfPlan", "vpred-2030"),
    ("kvasiny-plant", "locatedIn", "kvasiny"),
    ("kvasiny-plant", "investment", "450000000"),
    ("kvasiny-plant", "jobsCreated", "1200"),
    ("vpred-2030", "presented", "2025-21"),
    ("jana-novakova", "holdsPost", "directrice-generale-de-moravan"),
    ("2026-05-12-tatran", "announcedBy", "moravan"),
    ("2026-05-12-tatran", "announcedBy", "jana-novakova"),
    ("2026-05-12-tatran", "attendedBy", "karel-novak"),
}


@pytest.mark.parametrize(
    ("name", "language", "expected"), [("tatran.en.txt", "en", ENGLISH), ("tatran.fr.txt", "fr", FRENCH)]
)
def test_claims_about_what_nobody_knows_yet(name: str, language: str, expected: set[tuple[str, str, str]]) -> None:
    made = drafted(name, language)
    assert expected - said(made) == set()
    assert made.cast.type_of("https://w3id.org/alpine-kg/id/plant/kvasiny-plant").endswith("#Plant")


@pytest.mark.parametrize(("name", "language"), [("tatran.en.txt", "en"), ("tatran.fr.txt", "fr")])
def test_every_claim_has_words_that_a_quote_can_hold(name: str, language: str) -> None:
    made = drafted(name, language)
    for claim in made.claims:
        assert claim.spans
        for start, end in claim.spans:
            words = made.text.text[start:end]
            assert words == words.strip()
            assert 0 < len(words.split()) <= 24
    for mention in made.mentions:
        assert split_entity(mention.iri)


def test_circumstances(tmp_path: Path) -> None:
    del tmp_path
    claims = {claim.predicate: claim for claim in drafted("tatran.en.txt", "en").claims}
    investment = claims["investment"]
    assert (investment.unit.rpartition("/")[2], local_name(investment.bound)) == ("EUR", "AtLeast")
    assert claims["jobsCreated"].due == "../2027"
    assert claims["producedAt"].due == "2028/.."
    assert claims["holdsPost"].modality == "Confirmed"
    assert claims["presented"].modality == "Delivered"


KNOWN = """\
Luca De Meo, CEO de Renault Group, a annoncé que le CROSSOVER GT ALPINE sera produit sur le site de Dieppe en 2026.
L’usine alpine de Dieppe accueillera la plateforme CMF‑EV. Le GT X‑Over remplace une compacte. La vue alpine est belle.
"""


def test_known_entities_are_found_by_all_their_names(tmp_path: Path) -> None:
    file = tmp_path / "known.txt"
    file.write_text(KNOWN, encoding="utf-8")
    made = draft(Desk(GraphRoot.open(None)), file, "fr", stem="2022-01-28-x", year=2022, trained=False)
    found = {(made.text.text[m.start : m.end], local_name(m.iri)) for m in made.mentions}
    assert {
        ("Luca De Meo", "luca-de-meo"),
        ("CEO de Renault Group", "ceo-renault-group"),
        ("CROSSOVER GT ALPINE", "alpine-crossover-gt"),
        ("site de Dieppe", "dieppe"),
        ("usine alpine de Dieppe", "dieppe"),
        ("plateforme CMF‑EV", "cmf-ev"),
        ("GT X‑Over", "alpine-crossover-gt"),
        ("compacte", "alpine-compact"),
    } <= found
    assert ("alpine", "alpine") not in found, "a common noun is no name"
    assert made.cast.proposals == {}
    assert ("alpine-crossover-gt", "producedAt", "dieppe") in said(made)
    assert ("dieppe", "hostsPlatform", "cmf-ev") in said(made)


def test_texts_are_read_in_normal_form(tmp_path: Path) -> None:
    file = tmp_path / "decomposed.txt"
    file.write_bytes("Le site de l'usine.\r\nBe\u0301atrice Dupont, maire de Dieppe, est la\u0300.\r\n".encode())
    made = draft(Desk(GraphRoot.open(None)), file, "fr", stem="2022-01-28-x", year=2022, trained=False)
    person = next(m for m in made.mentions if m.kind == "person")
    assert made.text.text[person.start : person.end] == "Béatrice Dupont"
    assert "\r" not in made.text.text


def test_names_of_a_trained_pipeline_are_proposed_where_no_rule_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (TEXTS / "tatran.fr.txt").read_text(encoding="utf-8")
    place = text.index("Vpřed")
    names = (Recognised(0, 7, "ORG"), Recognised(place, place + 5, "LOC"), Recognised(0, 3, "MISC"))
    monkeypatch.setattr("alpine_kg.drafting.drafts.recognise", lambda *_: names)
    made = drafted("tatran.fr.txt", "fr", trained=True)
    assert made.trained
    assert not any(mention.mark == "spaCy MISC" for mention in made.mentions)
    assert not drafted("tatran.fr.txt", "fr").trained


def test_without_the_extra_there_are_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    assert recognition.recognise("Un texte.", "fr") is None
    assert recognition.recognise("A text.", "en") is None
    assert said(drafted("tatran.fr.txt", "fr", trained=True)) == said(drafted("tatran.fr.txt", "fr"))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadParameterError, match="no drafting in 'cs'"):
        drafted("tatran.en.txt", "cs")
    (tmp_path / "latin.txt").write_bytes(b"\xe9")
    with pytest.raises(RootError, match="not UTF-8"):
        draft(Desk(GraphRoot.open(None)), tmp_path / "latin.txt", "fr", stem="2022-x", year=2022)


def test_an_empty_text_proposes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n\n", encoding="utf-8")
    made = draft(Desk(GraphRoot.open(None)), tmp_path / "empty.txt", "en", stem="2022-x", year=2022)
    assert (made.mentions, made.claims, made.cast.proposals) == ((), (), {})
