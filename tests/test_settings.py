"""Settings: one table, read from the environment and from arguments, refusing what it does not know."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.errors import BadParameterError
from alpine_kg.settings import PREFIX, Settings

FIELDS = dataclasses.fields(Settings)
SAMPLES: dict[Any, tuple[str, Any]] = {
    int: ("7", 7),
    float: ("1.5", 1.5),
    bool: ("yes", True),
    str: ("text", "text"),
    Path | None: ("/somewhere", Path("/somewhere")),
    tuple[Path, ...]: ("/a.ttl:/b.nt", (Path("/a.ttl"), Path("/b.nt"))),
}
CHOICES = {"default_graph": ("strict", "strict"), "store_auth": ("digest", "digest")}


@pytest.mark.parametrize("setting", FIELDS, ids=lambda setting: str(setting.name))
def test_each_setting_has_help_a_default_and_a_variable(setting: dataclasses.Field[Any]) -> None:
    text, value = CHOICES.get(setting.name, SAMPLES[setting.type])
    assert setting.metadata["help"].strip() == setting.metadata["help"] != ""
    assert getattr(Settings.read({}), setting.name) == setting.default
    assert getattr(Settings.read({PREFIX + setting.name.upper(): text}), setting.name) == value


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "yes", "Yes"])
def test_true(text: str) -> None:
    assert Settings.read({"ALPINE_KG_ALLOW_INVALID": text}).allow_invalid is True


@pytest.mark.parametrize("text", ["0", "false", "No"])
def test_false(text: str) -> None:
    assert Settings.read({"ALPINE_KG_ALLOW_INVALID": text}).allow_invalid is False


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("ALPINE_KG_PORT", "80a", "whole number"),
        ("ALPINE_KG_PORT", "1.5", "whole number"),
        ("ALPINE_KG_CACHE_BYTES", "64M", "whole number"),
        ("ALPINE_KG_QUERY_SECONDS", "soon", "a number"),
        ("ALPINE_KG_DEFAULT_GRAPH", "text", "union or strict"),
        ("ALPINE_KG_ALLOW_INVALID", "maybe", "neither true nor false"),
        ("ALPINE_KG_PRT", "8000", "is not a setting"),
        ("ALPINE_KG_", "8000", "is not a setting"),
    ],
)
def test_refused(variable: str, text: str, words: str) -> None:
    with pytest.raises(BadParameterError, match=words) as caught:
        Settings.read({variable: text})
    assert caught.value.remedy


def test_an_unknown_setting_is_answered_with_those_that_exist() -> None:
    with pytest.raises(BadParameterError) as caught:
        Settings.read({"ALPINE_KG_PRT": "8000"})
    assert all(PREFIX + field.name.upper() in caught.value.remedy for field in FIELDS)


def test_arguments_win_unless_they_are_none() -> None:
    environment = {"ALPINE_KG_PORT": "1", "ALPINE_KG_HOST": "a", "HOME": "/root", "PORT": "3"}
    settings = Settings.read(environment, port=2, host=None)
    assert (settings.port, settings.host) == (2, "a")


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Settings.read({"ALPINE_KG_STORE": "", "ALPINE_KG_PORT": ""}) == Settings.read({})


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.read({}).port = 1  # type: ignore[misc]


def test_of_process_reads_the_environment_when_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALPINE_KG_PORT", "1234")
    assert Settings.of_process().port == 1234
    assert Settings.of_process(port=5).port == 5


@pytest.mark.parametrize(
    ("cache", "xdg", "folder"),
    [("/a", "/b", "/a"), (None, "/b", "/b/alpine-kg"), (None, "", "/home/me/.cache/alpine-kg")],
)
def test_cache_folder(monkeypatch: pytest.MonkeyPatch, cache: str | None, xdg: str, folder: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    monkeypatch.setenv("HOME", "/home/me")
    assert Settings.read({}, cache=Path(cache) if cache else None).cache_folder == Path(folder)
