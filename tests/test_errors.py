"""Failures: what a person reads, and what a program catches."""

import pytest

from alpine_kg import errors
from alpine_kg.errors import AlpineKGError

ERRORS = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, AlpineKGError)]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (AlpineKGError("It is gone."), "It is gone."),
        (AlpineKGError("It is gone.", "Look elsewhere."), "It is gone. Look elsewhere."),
    ],
)
def test_text_is_message_and_remedy(error: AlpineKGError, text: str) -> None:
    assert str(error) == text


def test_there_are_errors() -> None:
    assert len(ERRORS) >= 10


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_caught_as_one_of_ours(error: type[AlpineKGError]) -> None:
    with pytest.raises(AlpineKGError) as caught:
        raise error("message", "remedy", {"line": 1})
    assert (caught.value.message, caught.value.remedy, caught.value.details) == ("message", "remedy", {"line": 1})


def test_details_are_not_shared() -> None:
    first, second = AlpineKGError("a"), AlpineKGError("b")
    first.details["line"] = 1
    assert second.details == {}
