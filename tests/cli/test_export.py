"""`alpine-kg export`."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.formats import FORMATS, RDF_FORMATS
from alpine_kg.graph import KnowledgeGraph

Run = Callable[..., Any]


@pytest.mark.parametrize("extension", [row.extension for row in RDF_FORMATS])
@pytest.mark.parametrize("name", ["places", "plant:dieppe"])
def test_standard_output_has_the_bytes(run: Run, graph: KnowledgeGraph, name: str, extension: str) -> None:
    outcome = run("export", name, "--format", extension)
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.body == graph.export(name, FORMATS[extension])


def test_everything_in_turtle_is_the_default(run: Run, graph: KnowledgeGraph) -> None:
    assert run("export").body == graph.export("all", FORMATS["ttl"])


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_file_gets_its_digest_beside_it(run: Run, graph: KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"places.nt{suffix}"
    outcome = run("export", "places", "--format", "nt", "--output", target)
    assert (outcome.status, outcome.body) == (0, b"")
    body = target.read_bytes()
    assert (gzip.decompress(body) if suffix else body) == graph.export("places", FORMATS["nt"])
    digest = target.with_name(target.name + ".sha256").read_text(encoding="ascii")
    assert digest == f"{hashlib.sha256(body).hexdigest()}  {target.name}\n"


def test_compressed_files_are_the_same_each_time(run: Run, tmp_path: Path) -> None:
    for name in ("one.gz", "two.gz"):
        run("export", "places", "-o", tmp_path / name)
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()


def test_another_root(run: Run, shipped_copy: Path) -> None:
    (shipped_copy / "data" / "extra.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    assert run("export", "extra", "--root", shipped_copy, "--format", "nt").text == "<urn:a> <urn:b> <urn:c> .\n"
