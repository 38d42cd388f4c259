"""Bulk load: what is in the store in the end, what an interruption leaves, and what is never to be seen."""

import gzip
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

from alpine_kg.errors import RdfSyntaxError, RootError, StoreError
from alpine_kg.graph import parts
from alpine_kg.graph.bulk import LOADED, Load
from alpine_kg.graph.catalogue import Catalogue
from alpine_kg.graph.generation import INDEX, QUADS, SUMMARY
from alpine_kg.graph.loading import fill
from alpine_kg.graph.sources import find
from alpine_kg.graph.summary import Summary
from alpine_kg.root import GraphRoot
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.lines import merged_lines, whole_lines
from alpine_kg.trust import Trust

LINES = "".join(f'<urn:s{n}> <urn:p> "{n} \\"_ . <urn:x> .\\n"@fr <urn:g{n % 3}> .\n' for n in range(200))
ODD = "_:a <urn:p> _:b <urn:g> .\n<urn:s> <urn:p> _:b .\n<urn:s>\t<urn:p><urn:o><urn:g>.# no space\n"


def quiet(stage: str, done: int, total: int) -> None:
    del stage, done, total


def load(
    folder: Path, *arguments: object, form: str | None = None, data: bytes = b"", **options: object
) -> EmbeddedStore:
    chosen = Load(find(map(str, arguments), form), **options)  # type: ignore[arg-type]
    chosen.run(folder, trust=Trust(folder / "trust"), standard_input=io.BytesIO(data), tell=quiet)
    return opened(folder)


def opened(folder: Path) -> EmbeddedStore:
    return EmbeddedStore(current(folder) / QUADS, read_only=True)


def current(folder: Path) -> Path:
    return folder / "generations" / (folder / LOADED).read_text(encoding="ascii")


def quads(store: EmbeddedStore) -> set[tuple[str, ...]]:
    """The quads of named graphs, then the triples of the default graph; blank nodes are all alike."""
    found = {tuple(map(plain, quad)) for quad in store.quads()}
    return found | {tuple(map(plain, row.values())) for row in store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")}


def plain(term: object) -> str:
    return "_" if isinstance(term, ox.BlankNode) else str(term)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 1)


@pytest.fixture
def expected() -> set[tuple[str, ...]]:
    store = EmbeddedStore()
    store.load_quads(ox.parse(LINES + ODD, format=ox.RdfFormat.N_QUADS), merge=True)
    return quads(store)


def test_files_folders_archives_and_standard_input_give_the_same(
    tmp_path: Path, expected: set[tuple[str, ...]]
) -> None:
    text = (LINES + ODD).encode()
    folder = tmp_path / "folder" / "deep"
    folder.mkdir(parents=True)
    (folder / "a.nq").write_text(LINES, encoding="utf-8")
    (folder / "b.nq.gz").write_bytes(gzip.compress(ODD.encode()))
    (folder / "read.me").write_text("not RDF", encoding="utf-8")
    (tmp_path / "c.nq.zst").write_bytes(zstandard.compress(text[:1000]) + zstandard.compress(text[1000:]))
    (tmp_path / "d.trig").write_bytes(
        ox.serialize(ox.parse(text, format=ox.RdfFormat.N_QUADS), format=ox.RdfFormat.TRIG) or b""
    )
    assert quads(load(tmp_path / "1", tmp_path / "folder")) == expected
    assert quads(load(tmp_path / "2", tmp_path / "c.nq.zst")) == expected
    assert quads(load(tmp_path / "3", tmp_path / "d.trig")) == expected
    assert quads(load(tmp_path / "4", "-", form="nq", data=text)) == expected


def test_strict_keeps_named_graphs_apart(tmp_path: Path) -> None:
    store = load(tmp_path / "store", "-", form="nq", data=LINES.encode(), strict=True)
    assert store.size() == 0
    assert sum(store.sizes().values()) == 200


def test_a_blank_node_is_one_in_its_file_and_another_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "whole_lines", lambda stream: whole_lines(stream, block=20))
    for name in "xy":
        (tmp_path / f"{name}.nt").write_text(
            "_:same <urn:p> <urn:a> .\n" * 2 + "_:same <urn:q> <urn:b> .\n", encoding="ascii"
        )
    store = load(tmp_path / "store", tmp_path / "x.nt", tmp_path / "y.nt")
    rows = store.select("SELECT ?s WHERE { ?s <urn:p> <urn:a> ; <urn:q> <urn:b> }")
    assert len(rows) == len({row["s"] for row in rows}) == 2


def test_a_root_is_loaded_as_it_is_opened_elsewhere(tmp_path: Path) -> None:
    root = GraphRoot.open()
    memory = EmbeddedStore()
    fill(memory, root)
    store = load(tmp_path / "store", root=root)
    assert quads(store) == quads(memory)
    folder = current(tmp_path / "store")
    summary = Summary.read(folder / SUMMARY)
    assert summary == Summary.of(memory, root.digest, valid=False)
    assert summary.sizes == store.sizes()
    assert Catalogue(folder / INDEX).counts() == Catalogue.build(memory).counts()


def test_files_go_with_the_rules_of_a_root(tmp_path: Path) -> None:
    record = "<https://w3id.org/alpine-kg/id/plant/new> a <https://w3id.org/alpine-kg/ontology#Plant> ."
    (tmp_path / "new.ttl").write_text(record, encoding="utf-8")
    store = load(tmp_path / "store", tmp_path / "new.ttl", root=GraphRoot.open())
    types = store.select("SELECT ?type WHERE { <https://w3id.org/alpine-kg/id/plant/new> a ?type }")
    assert len(types) > 3


def test_an_interrupted_load_goes_on_and_nothing_of_it_is_seen_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: set[tuple[str, ...]]
) -> None:
    monkeypatch.setattr(parts, "whole_lines", lambda stream: whole_lines(stream, block=2000))
    (tmp_path / "data.nq").write_text(LINES + ODD, encoding="utf-8")
    loaded: list[int] = []
    real = EmbeddedStore.load_stream

    def interrupted(store: EmbeddedStore, *given: object) -> None:
        real(store, *given)  # type: ignore[arg-type]
        loaded.append(1)
        if len(loaded) == 3:  # the part is in the store, and not yet kept
            raise KeyboardInterrupt

    monkeypatch.setattr(EmbeddedStore, "load_stream", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(tmp_path / "store", tmp_path / "data.nq")
    assert not (tmp_path / "store" / LOADED).exists()
    assert not (tmp_path / "store" / "generations").exists()
    store = load(tmp_path / "store", tmp_path / "data.nq")
    assert quads(store) == expected
    assert len(store.select("SELECT ?s WHERE { GRAPH <urn:g> { ?s <urn:p> ?o FILTER(ISBLANK(?s)) } }")) == 1
    total = -(-len(LINES + ODD) // 2000)
    assert len(loaded) in {total + 1, total + 2}, "two parts were kept, the third is loaded again"


def test_another_load_begins_anew_and_the_newest_counts(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:p> <urn:o> .\n", encoding="ascii")
    (tmp_path / "b.nt").write_text("<urn:b> <urn:p> <urn:o> .\n<urn:broken>\n", encoding="ascii")
    load(tmp_path / "store", tmp_path / "a.nt")
    with pytest.raises(RdfSyntaxError, match=r"b\.nt is not well-formed N-Triples"):
        load(tmp_path / "store", tmp_path / "b.nt")
    assert opened(tmp_path / "store").size() == 1
    (tmp_path / "b.nt").write_text("<urn:b> <urn:p> <urn:o> .\n<urn:c> <urn:p> <urn:o> .", encoding="ascii")
    assert load(tmp_path / "store", tmp_path / "b.nt").size() == 2


def test_a_load_into_a_folder_that_another_load_uses_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:p> <urn:o> .\n", encoding="ascii")

    def meanwhile(stage: str, done: int, total: int) -> None:
        del stage, done, total
        with pytest.raises(StoreError, match="Another load"):
            load(tmp_path / "store", tmp_path / "a.nt")

    Load(find([str(tmp_path / "a.nt")], None)).run(tmp_path / "store", trust=Trust(tmp_path), tell=meanwhile)
    assert opened(tmp_path / "store").size() == 1


@pytest.mark.parametrize(
    ("argument", "form", "words"),
    [
        ("missing.nq", None, "not a file or folder"),
        ("-", None, "no name to tell its format"),
        ("-", "csv", "no format of RDF named"),
        ("empty", None, "holds no file of RDF"),
        ("a.txt", None, "known by its name"),
        ("root", None, "is a graph root"),
    ],
)
def test_what_cannot_be_loaded_is_named(tmp_path: Path, argument: str, form: str | None, words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").touch()
    for part in ("ontology", "data", "queries"):
        (tmp_path / "root" / part).mkdir(parents=True)
    with pytest.raises(RootError, match=words):
        find([argument if argument == "-" else str(tmp_path / argument)], form)


def test_lines_are_merged_as_text_only_where_that_is_certain() -> None:
    line = b'<urn:s> <urn:p> "a \\" <urn:x> ."^^<urn:t> <urn:g> .\n'
    assert merged_lines(line) == line + b'<urn:s> <urn:p> "a \\" <urn:x> ."^^<urn:t> .\n'
    for odd in (
        b"<urn:s> <urn:p> <urn:o> .\n",
        b"_:s <urn:p> <urn:o> <urn:g> .\n",
        b"<urn:s> <urn:p> <urn:o> <urn:g> . # said\n",
        b"\n",
    ):
        assert merged_lines(line + odd) is None
