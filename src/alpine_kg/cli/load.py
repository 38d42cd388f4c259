"""`alpine-kg load`."""

import sys
import time
from typing import Annotated

import typer

from alpine_kg.cli.options import RootOption

_PAUSE = 0.2


def load(
    arguments: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILES|FOLDERS|-]...",
            help="Files of RDF, also in .gz or .zst; folders with such files; - for standard input.",
            show_default=False,
        ),
    ] = None,
    store: Annotated[str | None, typer.Option(help="Folder of the on-disk store.")] = None,
    root: RootOption = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="Format of the files, where names do not tell: nq, nt, trig, ttl, rdf, jsonld."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Without --root: keep named graphs out of the default graph.")
    ] = False,
) -> None:
    """Load any amount of RDF into an on-disk store, for `alpine-kg serve --store DIR`.

    With --root the graph root's data, vocabulary, queries and derivations are loaded as well; nothing is validated. When a load
    was cut short, the same command goes on with it.
    """
    from alpine_kg.errors import BadParameterError  # noqa: PLC0415
    from alpine_kg.graph.bulk import Load  # noqa: PLC0415
    from alpine_kg.graph.sources import find  # noqa: PLC0415
    from alpine_kg.root import GraphRoot  # noqa: PLC0415
    from alpine_kg.settings import Settings  # noqa: PLC0415
    from alpine_kg.trust import Trust  # noqa: PLC0415

    settings = Settings.of_process(store=store)
    if settings.store_folder is None:
        wrong = "not a folder" if settings.store else "missing"
        raise BadParameterError(f"The store to load into is {wrong}.", "Name one: --store DIR")
    if not arguments and root is None:
        raise BadParameterError("There is nothing to load.", "Name files, folders, - or --root DIR.")
    chosen = GraphRoot.open(root) if root else None
    progress = _Progress()
    summary = Load(find(arguments or [], form), chosen, strict).run(
        settings.store_folder, trust=Trust(settings.cache_folder), standard_input=sys.stdin.buffer, tell=progress
    )
    progress.end()
    typer.echo(
        f"{summary.triples:,} triples in {len(summary.sizes):,} named graphs, in {progress.seconds:.0f} s. "
        f"Serve them: alpine-kg serve --store {settings.store}"
    )


class _Progress:
    """A line on a terminal that says how far the load is; nothing in a pipe."""

    def __init__(self) -> None:
        self._begun = self._stage_begun = time.monotonic()
        self._stage = ""
        self._next = 0.0
        self._shown = sys.stderr.isatty()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage, self._stage_begun = stage, now
        elif now < self._next:
            return
        self._next = now + _PAUSE
        if self._shown:
            sys.stderr.write("\r\033[K" + line(stage, done, total, now - self._stage_begun))
            sys.stderr.flush()

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")


def line(stage: str, done: int, total: int, seconds: float) -> str:
    """Return what is said of a stage: how much of it is done, how fast, and how long it will take yet.

    >>> line("load", 50_000_000, 100_000_000, 10)
    'load  50 %  5.0 MB/s  0:10 left'
    """
    if not done or not seconds:
        return stage
    rate = done / seconds
    speed = f"{rate / 1e6:.1f} MB/s" if stage == "load" else f"{rate:,.0f} a second"
    if not total:
        return f"{stage}  {done / 1e6:,.0f} MB  {speed}"
    left = int((total - done) / rate)
    return f"{stage}  {100 * done // total} %  {speed}  {left // 60}:{left % 60:02} left"
