"""`alpine-kg validate`: statuses and forms; what it finds is proven in tests/validation."""

import functools
import hashlib
import json
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from alpine_kg import validation
from alpine_kg.root import FOLDERS, GraphRoot, shipped_root
from alpine_kg.trust import Trust

Run = Callable[..., Any]


validate = functools.cache(validation.validate)


@pytest.fixture(autouse=True)
def validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same root gives the same report, whatever form it is then written in."""
    monkeypatch.setattr(validation, "validate", validate)


@pytest.fixture(scope="module")
def invalid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose plant has a misspelt class."""
    root = tmp_path_factory.mktemp("invalid")
    for folder in FOLDERS:
        shutil.copytree(shipped_root() / folder, root / folder)
    plants = root / "data" / "plants.ttl"
    plants.write_text(plants.read_text(encoding="utf-8").replace("ak:Plant", "ak:Plnt", 1), encoding="utf-8")
    return root


def test_the_shipped_graph_is_valid_and_remembered(run: Run, tmp_path: Path) -> None:
    outcome = run("validate")
    assert outcome.status == 0
    *warnings, summary = outcome.text.splitlines()
    assert summary.startswith("0 violations, ")
    assert all(" warning: " in line for line in warnings)
    assert f" {len(warnings)} warnings" in summary
    assert Trust(tmp_path / "cache" / "alpine-kg").has(GraphRoot.open().digest)


def test_an_invalid_graph_ends_with_status_1_and_is_not_remembered(run: Run, invalid: Path, tmp_path: Path) -> None:
    outcome = run("validate", "--root", invalid)
    assert outcome.status == 1
    assert "data/plants.ttl:" in outcome.text
    assert "ak:Plant" in outcome.text
    assert not Trust(tmp_path / "cache" / "alpine-kg").has(GraphRoot.open(invalid).digest)


def test_forms_for_machines(run: Run, invalid: Path, tmp_path: Path) -> None:
    report = json.loads(run("validate", "--root", invalid, "--format", "json").body)
    assert report["conforms"] is False
    assert report["findings"]
    sarif = json.loads(run("validate", "--root", invalid, "--format", "sarif").body)
    assert sarif["version"] == "2.1.0"
    assert len(sarif["runs"][0]["results"]) == len(report["findings"])
    outcome = run("validate", "--root", invalid, "--format", "ttl", "--output", tmp_path / "report.ttl")
    assert (outcome.status, outcome.body) == (1, b"")
    assert len(list(ox.parse(path=str(tmp_path / "report.ttl"), base_iri="https://example.org/report"))) > 1


def test_messages_in_french(run: Run, invalid: Path) -> None:
    assert "n'est pas déclaré" in run("validate", "--root", invalid, "--lang", "fr").text


def test_quotes_are_verified_where_the_texts_are_at_hand(run: Run, shipped_copy: Path, tmp_path: Path) -> None:
    """A text of our own, since the source's is not here: the digest no longer fits, and is reported."""
    (tmp_path / "texts").mkdir()
    text = unicodedata.normalize("NFC", "Nothing of the kind.\n")
    (tmp_path / "texts" / "alpine-release-crossover-gt.txt").write_text(text, encoding="utf-8")
    outcome = run("validate", "--root", shipped_copy, "--texts", tmp_path / "texts")
    sources = (shipped_copy / "data" / "sources.ttl").read_text(encoding="utf-8")
    assert hashlib.sha256(text.encode()).hexdigest() not in sources
    assert outcome.status == 1
    assert "data/sources.ttl:" in outcome.text


def test_engines_jobs_and_what_is_remembered_do_not_show_in_the_report(run: Run, invalid: Path, tmp_path: Path) -> None:
    whole = json.loads(run("validate", "--root", invalid, "--format", "json").body)
    state = tmp_path / "state.sqlite"
    for options in (["--engine", "fast"], ["--jobs", "2", "--engine", "fast"], ["--since", state], ["--since", state]):
        outcome = run("validate", "--root", invalid, "--format", "json", *options)
        assert (outcome.status, json.loads(outcome.body)) == (1, whole), options
    assert state.is_file()


def test_the_engine_is_a_setting_and_an_unknown_one_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALPINE_KG_ENGINE", "quick")
    outcome = run("validate")
    assert outcome.status == 2
    assert "no engine 'quick'" in outcome.errors
