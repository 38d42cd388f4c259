"""Quotes and digests are compared with the texts, wherever these are, and what cannot be compared is counted."""

import hashlib
from pathlib import Path

import pytest
from rdflib import Graph

from alpine_kg.errors import RootError
from alpine_kg.validation.quotes import Verification, verify_quotes
from alpine_kg.validation.texts import Quote, SourceText, read_texts, text_of

TEXT = "L'usine de Dieppe produira un crossover.\nL'usine de Dieppe est unique.\n"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


def verify(folder: Path | None, quote: str, *, digest: str = DIGEST, length: int = len(TEXT)) -> Verification:
    """Return what comes of one quote from one source."""
    turtle = f"""
        @prefix ak: <https://w3id.org/alpine-kg/ontology#> .
        @prefix oa: <http://www.w3.org/ns/oa#> .
        <urn:source/release> a ak:Source ; ak:textDigest "{digest}" ; ak:textLength {length} .
        <urn:quote/one> a ak:Quote ; ak:quotedFrom <urn:source/release> ; {quote} .
    """
    return verify_quotes(Graph().parse(data=turtle), folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "any-name.fr.txt").write_bytes(TEXT.encode())
    return tmp_path


GOOD = 'oa:exact "crossover" ; oa:start 30 ; oa:end 39'


def test_a_quote_that_stands_in_its_text_is_verified(folder: Path) -> None:
    assert verify(folder, GOOD) == Verification(verified=1)


@pytest.mark.parametrize(
    ("quote", "rule", "number"),
    [
        ('oa:exact "crosover" ; oa:start 30 ; oa:end 38', "quote-words", None),
        ('oa:exact "crossover" ; oa:start 31 ; oa:end 40', "quote-place", "30"),
        ('oa:exact "crossover" ; oa:start 30 ; oa:end 38', "quote-place", "39"),
        ('oa:exact "Dieppe" ; oa:start 50 ; oa:end 56', "quote-place", "52"),
        ('oa:exact "Dieppe" ; oa:start 11 ; oa:end 17 ; oa:suffix " est"', "quote-context", None),
        ('oa:exact "Dieppe" ; oa:start 11 ; oa:end 17 ; oa:prefix "à "', "quote-context", None),
        ('oa:exact "crossover"', "quote-place", "30"),
        ('oa:exact "crossover" ; oa:start "soon" ; oa:end 39', "quote-place", "30"),
        ('oa:exact "" ; oa:start 3 ; oa:end 4', "quote-words", None),
        ('oa:exact "unique" ; oa:start 5000 ; oa:end 5006', "quote-place", "63"),
    ],
)
def test_what_is_wrong_with_a_quote_is_told_apart(folder: Path, quote: str, rule: str, number: str | None) -> None:
    result = verify(folder, quote)
    assert result.verified == result.unchecked == 0
    assert [failure.rule for failure in result.failures] == [rule]
    _, remedy = result.failures[0].wording
    assert number is None or number in remedy["en"]
    assert set(remedy) == {"fr", "en"}


def test_words_beside_a_quote_tell_two_places_apart(folder: Path) -> None:
    quote = 'oa:exact "Dieppe" ; oa:start 52 ; oa:end 58 ; oa:prefix "usine de " ; oa:suffix " est"'
    assert verify(folder, quote).verified == 1


def test_a_text_is_compared_in_nfc_and_with_lf(tmp_path: Path) -> None:
    composed = "Un modèle\névident\n"
    (tmp_path / "windows.txt").write_bytes(b"\xef\xbb\xbf" + "Un mode\u0300le\r\ne\u0301vident\r".encode())
    quote = 'oa:exact "modèle\\névident" ; oa:start 3 ; oa:end 17'
    digest = hashlib.sha256(composed.encode()).hexdigest()
    assert verify(tmp_path, quote, digest=digest, length=len(composed)) == Verification(verified=1)


def test_without_a_text_a_quote_is_counted_as_unchecked(tmp_path: Path) -> None:
    assert verify(None, GOOD) == Verification(unchecked=1)
    assert verify(tmp_path, GOOD) == Verification(unchecked=1)
    (tmp_path / "other.txt").write_text("Quite another text, long enough to hold offsets.", encoding="utf-8")
    assert verify(tmp_path, GOOD) == Verification(unchecked=1)


def test_a_differing_digest_or_length_is_reported(folder: Path) -> None:
    (failure,) = verify(folder, GOOD, digest="0" * 64).failures
    assert failure.rule == "text-digest"
    assert DIGEST in failure.wording[1]["fr"]
    (failure,) = verify(folder, GOOD, length=12).failures
    assert failure.rule == "text-length"
    assert str(len(TEXT)) in failure.wording[1]["fr"]


def test_the_text_of_a_source_is_found_by_digest_then_by_name_then_by_its_quotes() -> None:
    first, second, third = (SourceText(f"{name}.fr.txt", name * 3) for name in ("one", "two", "three"))
    texts = (first, second, third)
    assert text_of(texts, "one", second.digest, []) is second
    assert text_of(texts, "one", "", []) is first
    assert text_of(texts, "on", "", []) is None
    assert text_of(texts, "four", "", [Quote("reet", 3, 7)]) is None
    assert text_of(texts, "four", "", [Quote("reet", 2, 6), Quote("nothing", 0, 7)]) is third


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RootError, match="not a folder"):
        read_texts(tmp_path / "nowhere")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(RootError, match="not UTF-8"):
        read_texts(tmp_path)
