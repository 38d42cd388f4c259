"""Write synthetic announcements: a graph root, or one stream of N-Quads, N-Triples or TriG.

    python bench/generate.py --triples 1_000_000 --root FOLDER [--per-file 100] [--errors 50]
    python bench/generate.py --triples 10_000_000 --stream nq > FILE

The same numbers give the same bytes. Memory does not grow with the size. What was written is counted exactly, with no triple
twice, in `counts.json` beside the root's folders, or on standard error; `errors.json` lists each fault with the rule that must
find it and the record that it is in. Without --errors the root is valid.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, Final

from alpine_kg.namespaces import PREFIXES, RDF, XSD
from alpine_kg.root import shipped_root
from faults import FAULTS, spoil
from synthetic import PLURALS, Record, Synthetic

EACH: Final = 100
"""Triples of an announcement, with its share of the things that it speaks of, on the average."""
_FIXED: Final = {*(f"akg:{name}" for name in PLURALS.values()), "akg:posts", "akg:sources"}
"""The graphs that all announcements add to."""
_HEAD: Final = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
_KINDS: Final = {"claim": "claims", "quote": "quotes", "source": "sources", "announcement": "announcements"}


def main() -> None:
    """Write what the arguments ask for."""
    options = _arguments()
    world = Synthetic(max(1, round(options.triples / EACH)), options.seed)
    writing = Writing(world, options.errors)
    if options.root:
        writing.root(options.root, options.per_file)
        (options.root / "counts.json").write_text(json.dumps(writing.counts, indent=1), encoding="ascii")
        if writing.faults:
            (options.root / "errors.json").write_text(json.dumps(writing.faults, indent=1), encoding="ascii")
    else:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        writing.stream(sys.stdout, options.stream)
    print(json.dumps(writing.counts), file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--triples", type=lambda text: int(float(text)), default=10_000, help="about so many")
    parser.add_argument("--seed", type=int, default=0, help="another number gives another graph")
    parser.add_argument("--errors", type=int, default=0, help=f"faults to put in, of {len(FAULTS)} kinds in turn")
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--root", type=Path, help="folder to make: ontology/ and queries/ are the shipped ones")
    target.add_argument("--stream", choices=sorted(_WRITERS), help="format of one stream on standard output")
    parser.add_argument("--per-file", type=int, default=1, help="announcements in a file of data/announcements/")
    return parser.parse_args()


class Writing:
    """Writes one graph, and counts what is in it."""

    def __init__(self, world: Synthetic, errors: int = 0) -> None:
        """Write this graph with so many faults, spread evenly."""
        self._world = world
        self._errors = min(errors, world.announcements)
        self._counts: Counter[str] = Counter()
        self.faults: list[dict[str, str]] = []

    @property
    def counts(self) -> dict[str, int]:
        """How many triples, named graphs and things of each kind were written."""
        return dict(sorted(self._counts.items()))

    def root(self, folder: Path, per_file: int = 1) -> None:
        """Write a graph root; with more than one announcement a file, files are named by number."""
        for part in ("ontology", "queries"):
            shutil.copytree(shipped_root() / part, folder / part)
        (folder / "data" / "announcements").mkdir(parents=True)
        with ExitStack() as stack:
            shared = {
                graph: stack.enter_context(_turtle(folder / "data" / f"{graph.removeprefix('akg:')}.ttl"))
                for graph in sorted(_FIXED)
            }
            self._counts["graphs"] = len(shared)
            own: IO[str] | None = None
            for number in range(self._world.announcements):
                if number % per_file == 0:
                    if own:
                        own.close()
                    stem = self._world.name(number) if per_file == 1 else f"announcements-{number // per_file:06}"
                    own = _turtle(folder / "data" / "announcements" / f"{stem}.ttl")
                    self._counts["graphs"] += 1
                assert own is not None
                for record in self._records(number):
                    shared.get(record.graph, own).write(paragraph(record))
            if own:
                own.close()

    def stream(self, output: IO[str], form: str) -> None:
        """Write the graph's quads in a format, each announcement in a named graph of its own."""
        write = _WRITERS[form]
        if form == "trig":
            output.write(_HEAD + "\n")
        for number in range(self._world.announcements):
            output.write("".join(write(record) for record in self._records(number)))
        self._counts["graphs"] = len(_FIXED) + self._world.announcements if form != "nt" else 0

    def _records(self, number: int) -> Iterator[Record]:
        records = list(self._world.records(number))
        before, after = (place * self._errors // self._world.announcements for place in (number, number + 1))
        if after > before:
            kind = list(FAULTS)[before % len(FAULTS)]
            records, focus = spoil(records, kind)
            self.faults.append({"kind": kind, "rule": FAULTS[kind][1], "focus": expand(focus).strip("<>")})
        for record in records:
            self._counts["triples"] += len(record.pairs)
            self._counts["things" if (kind := record.subject.partition(":")[0]) not in _KINDS else _KINDS[kind]] += 1
        return iter(records)


def written(size: int, folder: Path) -> Path:
    """Return a file of N-Triples with about so many triples, made when it is not there."""
    path = folder / f"{size}.nt"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8") as file:
            Writing(Synthetic(max(1, size // EACH))).stream(file, "nt")
        unfinished.rename(path)
    return path


def paragraph(record: Record) -> str:
    """Return a record as a paragraph of Turtle."""
    return f"{record.subject}\n    {f' ;{chr(10)}    '.join(f'{name} {value}' for name, value in record.pairs)} .\n\n"


def _lines(record: Record, graph: str) -> str:
    subject = expand(record.subject)
    return "".join(f"{subject} {expand(name)} {expand(value)} {graph}.\n" for name, value in record.pairs)


_WRITERS: Final[dict[str, Callable[[Record], str]]] = {
    "nq": lambda record: _lines(record, expand(record.graph) + " "),
    "nt": lambda record: _lines(record, ""),
    "trig": lambda record: f"GRAPH {record.graph} {{\n{paragraph(record)}}}\n",
}


def expand(term: str) -> str:
    """Return a term of Turtle as N-Quads write it."""
    if term[0] == '"':
        text, mark, datatype = term.rpartition('"^^')
        return f'{text}"^^{_name(datatype)}' if mark else term
    if term[0].isdigit():
        return f'"{term}"^^<{XSD}{"decimal" if "." in term else "integer"}>'
    return f"<{RDF}type>" if term == "a" else _name(term)


def _name(term: str) -> str:
    prefix, _, local = term.partition(":")
    return f"<{_namespace(prefix)}{local}>"


@cache
def _namespace(prefix: str) -> str:
    return PREFIXES[prefix]


def _turtle(path: Path) -> IO[str]:
    file = path.open("w", encoding="utf-8")
    file.write(_HEAD + "\n")
    return file


if __name__ == "__main__":
    main()
