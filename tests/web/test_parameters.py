"""Parameters, languages, words for dates and numbers, and the memory of answers, each alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alpine_kg.errors import BadParameterError
from alpine_kg.spelling import spell_date, spell_number
from alpine_kg.web.cache import Answer, Cache, Key
from alpine_kg.web.languages import wanted_languages
from alpine_kg.web.links import is_web_address
from alpine_kg.web.metrics import Tally
from alpine_kg.web.parameters import Parameters

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS)))
def test_parameters_come_back_as_they_were(pairs: list[tuple[str, str]]) -> None:
    given_pairs = Parameters(tuple(pairs))
    assert Parameters.read(given_pairs.encoded().removeprefix("?").encode()) == given_pairs


@given(st.binary())
def test_any_bytes_are_read_or_refused(encoded: bytes) -> None:
    try:
        Parameters.read(encoded)
    except BadParameterError as error:
        assert error.remedy  # noqa: PT017 - either outcome is right


def test_a_parameter_can_be_replaced_or_left_out() -> None:
    parameters = Parameters.read(b"a=1&b=2&b=3")
    assert parameters.encoded(a="x y") == "?b=2&b=3&a=x+y"
    assert parameters.encoded(a=None, b=None) == ""
    assert parameters.all("b") == ("2", "3")
    assert parameters.one("c") is None
    with pytest.raises(BadParameterError):
        parameters.one("b")


@pytest.mark.parametrize(
    ("asked", "header", "languages"),
    [
        (None, "", ["fr", "en"]),
        ("en", "", ["en", "fr"]),
        (None, "en", ["en", "fr"]),
        (None, "de, en;q=0.5", ["de", "en", "fr"]),
        (None, "en;q=0.1, fr;q=0.9", ["fr", "en"]),
        (None, "en;q=0, *", ["fr", "en"]),
        (None, "fr-CA", ["fr-ca", "fr", "en"]),
        ("EN-gb", "fr", ["en-gb", "en", "fr"]),
        (None, "!!, ;q=1, en;q=2, de;q=x", ["fr", "en"]),
    ],
)
def test_languages_in_order(asked: str | None, header: str, languages: list[str]) -> None:
    assert wanted_languages(asked, header, ["fr", "en"]) == languages


@pytest.mark.parametrize(
    ("edtf", "french", "english"),
    [
        ("2025", "2025", "2025"),
        ("2025~", "vers 2025", "around 2025"),
        ("2022-01-28", "28 janvier 2022", "28 January 2022"),
        ("2022-05-01", "1er mai 2022", "1 May 2022"),
        ("2021-12", "décembre 2021", "December 2021"),
        ("2022-01-28?", "28 janvier 2022 (incertain)", "28 January 2022 (uncertain)"),
        ("2025%", "vers 2025 (incertain)", "around 2025 (uncertain)"),
        ("2026-21", "printemps 2026", "spring 2026"),
        ("../2026", "au plus tard 2026", "by 2026"),
        ("2025/..", "à partir de 2025", "from 2025"),
        ("2021/2021", "2021", "2021"),
        ("Renault/Nissan", "Renault/Nissan", "Renault/Nissan"),
        ("2021-12/2025~", "de décembre 2021 à vers 2025", "December 2021 to around 2025"),
        ("/", "à une date inconnue", "at an unknown date"),
        ("2025-99", "2025-99", "2025-99"),
        ("202X", "202X", "202X"),
        ("", "", ""),
    ],
)
def test_dates_in_words(edtf: str, french: str, english: str) -> None:
    assert (spell_date(edtf, "fr"), spell_date(edtf, "en")) == (french, english)


@given(st.text())
def test_any_text_is_spelled(text: str) -> None:
    assert isinstance(spell_date(text, "fr") + spell_number(text, "en"), str)


def test_numbers_in_words() -> None:
    assert spell_number("36000000", "fr") == "36\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000"
    assert spell_number("-1234.50", "en") == "-1,234.50"
    assert spell_number("1e6", "en") == "1e6"


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "//example.org", "http:", "", "http://[", "/plant"]
)
def test_only_web_addresses_are_linked(text: str) -> None:
    assert not is_web_address(text)


def answer(size: int) -> Answer:
    return Answer.of(200, [], b"x" * size, b'"x"', Tally())


def key(name: str) -> tuple[bytes, bytes, bytes]:
    return (name.encode(), b"", b"")


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    cache: Cache[Key, Answer] = Cache(9_000)
    for name in "abcd":
        cache.put(key(name), answer(1_000))
    assert cache.get(key("a"))
    cache.put(key("e"), answer(1_000))
    assert [bool(cache.get(key(name))) for name in "abcde"] == [True, False, True, True, True]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20_000))))
def test_the_memory_never_holds_more_than_its_limit(puts: list[tuple[int, int]]) -> None:
    cache: Cache[Key, Answer] = Cache(30_000)
    for name, size in puts:
        cache.put(key(str(name)), answer(size))
        assert 0 <= cache.size <= 30_000
    held = [(key(str(name)), cache.get(key(str(name)))) for name in range(10)]
    assert cache.size == sum(kept.cost(name) for name, kept in held if kept)
