"""The parts of a bulk load: each is loaded as a whole, or passed over when it was loaded before.

Lines of N-Quads and N-Triples go to the engine as text, many thousands at a time. Where a quad belongs in two graphs the text
does too; a form that only a parser can tell, such as a blank node, is parsed.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Final

import pyoxigraph as ox

from alpine_kg.errors import AlpineKGError, RdfSyntaxError
from alpine_kg.formats.entities import refuse_growth
from alpine_kg.graph.loading import derivations, each_triple
from alpine_kg.graph.sources import Opener, Source
from alpine_kg.namespaces import GRAPH
from alpine_kg.root import GraphRoot
from alpine_kg.store import EmbeddedStore
from alpine_kg.store.lines import merged_lines, whole_lines
from alpine_kg.streams import Blocks

PART_BYTES: Final = 2**30
"""Text of a part, which is what at most is loaded anew after an interruption.

At the end of a part the engine waits until all is sorted and written: four times as many parts took 13 % more work.
"""
_FILES: Final = 2_000
"""Files of a part."""
_LARGE: Final = 8 * 2**20
"""Bytes from which on a file is worth the engine's new files for it alone."""
_LINES: Final = {"nq", "nt"}


@dataclass(frozen=True)
class Part:
    """A part of a load."""

    load: Callable[[EmbeddedStore], None]
    skip: Callable[[], None] = lambda: None


def parts_of_sources(sources: Sequence[Source], opener: Opener, *, merge: bool) -> Iterator[Part]:
    """Yield the parts of sources; `merge` puts what is in named graphs into the default graph as well."""
    few: list[Source] = []
    for source in sources:
        if source.format.extension in _LINES:
            yield from _parts_of_lines(source, opener, merge=merge)
            continue
        few.append(source)
        if len(few) == _FILES or sum(held.size for held in few) > PART_BYTES:
            yield Part(partial(_load_files, sources=few, opener=opener, merge=merge))
            few = []
    if few:
        yield Part(partial(_load_files, sources=few, opener=opener, merge=merge))


def parts_of_root(root: GraphRoot, tell: Callable[[str, int, int], None]) -> Iterator[Part]:
    """Yield the parts of a root: its files, some at a time, then each derivation as of today (UTC)."""
    graphs = iter(root.graphs.items())
    total, done = len(root.graphs), 0
    while some := dict(islice(graphs, _FILES)):
        tell("files", done, total)
        yield Part(partial(_load_graphs, root=root, graphs=some))
        done += len(some)
    for name, query in derivations(root, datetime.now(UTC).date()):
        tell(f"derive {name}", 0, 0)
        yield Part(partial(EmbeddedStore.derive, graph=GRAPH + name, query=query))


def _load_graphs(store: EmbeddedStore, *, root: GraphRoot, graphs: dict[str, tuple[Path, ...]]) -> None:
    store.load({graph: each_triple(files, root) for graph, files in graphs.items()})


def _load_files(store: EmbeddedStore, *, sources: list[Source], opener: Opener, merge: bool) -> None:
    """Load large files as streams where the engine puts them where they belong, and parse all others in one go."""
    small = []
    for source in sources:
        if source.size < _LARGE or source.format.extension == "rdf" or (merge and source.format.has_graphs):
            small.append(source)
            continue
        with opener(source) as stream:
            try:
                store.load_stream(stream, source.format)
            except RdfSyntaxError as error:
                raise _broken(source, error) from error
    store.load_quads(chain.from_iterable(_parsed(source, opener) for source in small), merge=merge)


def _parsed(source: Source, opener: Opener) -> Iterator[ox.Quad]:
    with opener(source) as stream:
        try:
            # Parsed once, so that a blank node is the same in its graph and in the merge.
            yield from ox.parse(_checked(stream, source), format=source.format.rdf, rename_blank_nodes=True)
        except (SyntaxError, ValueError) as error:
            raise _broken(source, error) from error


def _checked(stream: IO[bytes], source: Source) -> IO[bytes]:
    """Return a source's stream; of RDF/XML a copy, after a look at its entities, which its parser would put in place."""
    if source.format.extension != "rdf":
        return stream
    copy = tempfile.NamedTemporaryFile()  # noqa: SIM115 - the parser closes it
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    refuse_growth(Path(copy.name))
    return copy


def _parts_of_lines(source: Source, opener: Opener, *, merge: bool) -> Iterator[Part]:
    with opener(source) as stream:
        blocks = whole_lines(stream)
        while (first := next(blocks, None)) is not None:
            part = _limited(chain([first], blocks))
            load = partial(_load_lines, source=source, lines=part, merge=merge and source.format.extension == "nq")
            yield Part(load, partial(_exhaust, part))


def _load_lines(store: EmbeddedStore, *, source: Source, lines: Iterator[bytes], merge: bool) -> None:
    parsed: list[bytes] = []

    def text() -> Iterator[bytes]:
        for block in lines:
            ready = None if b"_:" in block else merged_lines(block) if merge else block
            if ready is None:
                parsed.append(block)
            else:
                yield ready

    try:
        store.load_stream(Blocks(text()), source.format)
        store.load_quads(_quads(parsed, source), merge=merge)
    except (RdfSyntaxError, SyntaxError, ValueError) as error:
        raise _broken(source, error) from error


def _quads(blocks: list[bytes], source: Source) -> Iterator[ox.Quad]:
    """Yield the quads of some blocks; a blank node is the same in all blocks of its source, and in no other source."""
    tag = sha256(source.name.encode()).hexdigest()[:16]
    for block in blocks:
        for quad in ox.parse(block, format=source.format.rdf):
            yield ox.Quad(*(_named_apart(term, tag) for term in quad))


def _named_apart(term: Any, tag: str) -> Any:
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(f"{tag}{term.value}")
    return ox.Triple(*(_named_apart(part, tag) for part in term)) if isinstance(term, ox.Triple) else term


def _limited(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks until they make up a part."""
    size = 0
    while size < PART_BYTES and (block := next(blocks, None)) is not None:
        size += len(block)
        yield block


def _exhaust(blocks: Iterator[bytes]) -> None:
    for _ in blocks:
        pass


def _broken(source: Source, error: Exception) -> RdfSyntaxError:
    why = error.message if isinstance(error, AlpineKGError) else str(error)
    return RdfSyntaxError(
        f"{source.name} is not well-formed {source.format.label}: {why}", "Mend it, and load it again."
    )
