"""IRIs and prefixes, there and back."""

import pytest

from alpine_kg.namespaces import (
    AK,
    ENTITY,
    KINDS,
    PREFIXES,
    SLUG,
    entity_iri,
    expand,
    local_name,
    shorten,
    split_entity,
)


@pytest.mark.parametrize("kind", KINDS)
def test_entity_iri_there_and_back(kind: str) -> None:
    iri = entity_iri(kind, "some-thing-2")
    assert split_entity(iri) == (kind, "some-thing-2")
    assert shorten(iri) == f"{kind}:some-thing-2"
    assert expand(f"{kind}:some-thing-2") == iri


@pytest.mark.parametrize("prefix", PREFIXES)
def test_prefixed_name_there_and_back(prefix: str) -> None:
    assert expand(shorten(f"{PREFIXES[prefix]}Name")) == f"{PREFIXES[prefix]}Name"
    assert shorten(f"{PREFIXES[prefix]}Name") == f"{prefix}:Name"


def test_no_two_prefixes_or_lists_are_the_same() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert len(set(KINDS.values())) == len(KINDS)
    assert not set(KINDS) & set(KINDS.values())


@pytest.mark.parametrize(
    ("text", "is_slug"),
    [
        ("dieppe", True),
        ("a110", True),
        ("2022-01-28-dieppe", True),
        ("", False),
        ("Dieppe", False),
        ("rédélé", False),
        ("-a", False),
        ("a-", False),
        ("a--b", False),
        ("a_b", False),
        ("a b", False),
        ("a\n", False),
        ("../a", False),
    ],
)
def test_slug(text: str, is_slug: bool) -> None:  # noqa: FBT001 - a column of the table
    assert bool(SLUG.fullmatch(text)) is is_slug
    assert (split_entity(ENTITY + "plant/" + text) is not None) is is_slug


@pytest.mark.parametrize(
    "iri", ["", AK + "producedAt", ENTITY + "boat/dieppe", ENTITY + "plant/dieppe/x", ENTITY + "plant/dieppe#x"]
)
def test_other_iris_are_no_entities(iri: str) -> None:
    assert split_entity(iri) is None


@pytest.mark.parametrize(
    "iri",
    [
        AK,
        AK + "a/b",
        AK + "a.b",
        AK + "-a",
        AK + "é",
        AK + "²",
        AK + "a%20b",
        "http://example.org/Name",
        "urn:x",
        "",
    ],
)
def test_what_has_no_prefixed_name_stays_an_iri(iri: str) -> None:
    assert shorten(iri) == iri


@pytest.mark.parametrize("text", ["", "dieppe", "boat:dieppe", "https://example.org/x", "http://x", ":x", "x:"])
def test_what_is_no_prefixed_name_stays_as_it_is(text: str) -> None:
    assert expand(text) == text


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (AK + "producedAt", "producedAt"),
        (entity_iri("plant", "dieppe"), "dieppe"),
        ("urn:x:y", "y"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_local_name(iri: str, name: str) -> None:
    assert local_name(iri) == name
