"""Whole-graph downloads: plain or compressed, always the same bytes, with their SHA-256 beside them.

Source: Digest Fields, https://www.rfc-editor.org/rfc/rfc9530.
"""

import base64
import json
import re
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import NotFoundError, StoreError
from alpine_kg.formats import FORMATS, RDF_FORMATS, Format
from alpine_kg.graph import EXPORTS, KnowledgeGraph
from alpine_kg.graph.export import names
from alpine_kg.namespaces import GRAPH
from alpine_kg.streams import Digesting, Output, packed
from alpine_kg.web.answers import ClientGoneError
from alpine_kg.web.documents import HTML, JSON, Document, plain
from alpine_kg.web.files import Files, Made, Transfer, is_beyond
from alpine_kg.web.links import header_link
from alpine_kg.web.openapi import operation, path
from alpine_kg.web.problems import RangeError, problem_response
from alpine_kg.web.service import Service

PATH: Final = "/export"
_EXTENSIONS: Final = "|".join(row.extension for row in RDF_FORMATS)
_NAME: Final = r"[a-z0-9]+(?:[:-][a-z0-9]+)*"
_FILE: Final = re.compile(rf"(?P<name>{_NAME})\.(?P<extension>{_EXTENSIONS})(?P<gz>\.gz)?(?P<sum>\.sha256)?")
_GZIP: Final = "application/gzip"


@dataclass(frozen=True)
class Download:
    """One file to download."""

    name: str
    format: Format
    compressed: bool = False

    @property
    def filename(self) -> str:
        """The last part of its address."""
        return f"{self.name}.{self.format.extension}{'.gz' if self.compressed else ''}"

    @property
    def media_type(self) -> str:
        """The media type of its bytes."""
        return _GZIP if self.compressed else self.format.content_type

    def write(self, graph: KnowledgeGraph, output: Output) -> None:
        """Write its bytes; raises NotFoundError when there is no graph or entity of its name."""
        with packed(output) if self.compressed else nullcontext(output) as stream:
            graph.write_export(self.name, self.format, stream)

    def measure(self, graph: KnowledgeGraph) -> Digesting:
        """Return the size of its bytes and their SHA-256."""
        digesting = Digesting()
        self.write(graph, digesting)
        return digesting


def register(app: FastAPI, service: Service) -> None:
    """Add the index of downloads and the downloads themselves."""

    def index(request: Request) -> Response:
        return _index(service, request)

    whole = frozenset(names(service.graph.root))
    files = Files(service.settings.downloads_bytes)

    async def finished(request: Request, entry: Download) -> Made:
        if entry.name not in whole:
            return await run_in_threadpool(_make, files, service.graph, entry)
        async with service.building:
            if await request.is_disconnected():
                raise ClientGoneError
            # Whoever was before may have asked for the same.
            if made := files.get(entry.filename):
                return made
            return await run_in_threadpool(_make, files, service.graph, entry)

    async def download(request: Request) -> Response:
        entry, summed = _named(str(request.path_params["file"]))
        made = files.get(entry.filename) or await finished(request, entry)
        return _checksum(service, entry, made) if summed else _answer(service, request, entry, made)

    described = operation("The downloads that there are", "downloads", (JSON, HTML))
    app.get(PATH, operation_id="list_exports", **described)(index)
    app.get(f"{PATH}.{{extension}}", include_in_schema=False)(index)
    examples = ["data.ttl", "all.nq.gz", "all.nq.gz.sha256", "ontology.jsonld"]
    app.get(
        f"{PATH}/{{file}}",
        operation_id="export",
        **operation(
            "A download: a graph, or one entity or announcement, in a format",
            "downloads",
            (*(row.media_type for row in RDF_FORMATS), _GZIP, "text/plain"),
            parameters=[path("file", "Name, format, `.gz`, `.sha256`.", _FILE.pattern.replace("?P<", "?<"), examples)],
            description="`plant:dieppe.ttl` is one entity, `announcement:….ttl` one announcement with claims and quotes.",
        ),
    )(download)


def _index(service: Service, request: Request) -> Response:
    document = Document.choose(request, PATH, request.path_params.get("extension"), (JSON, HTML))
    rows = [_row(service, name) for name in names(service.graph.root)]
    if document.format is HTML:
        return service.page(request, document, "exports.html", rows=rows, formats=RDF_FORMATS)
    body = json.dumps({"exports": rows}, ensure_ascii=False, separators=(",", ":")).encode()
    return service.finish(document, body)


def _row(service: Service, name: str) -> dict[str, Any]:
    sizes = service.graph.sizes
    row: dict[str, Any] = {"name": name, "summary": EXPORTS.get(name, {"any": GRAPH + name})}
    if GRAPH + name in sizes:
        row["triples"] = sizes[GRAPH + name]
    row["files"] = [
        {"path": f"{PATH}/{file}", "sha256": f"{PATH}/{file}.sha256", "format": entry.format.label}
        for entry in (Download(name, target, gz) for target in RDF_FORMATS for gz in (False, True))
        for file in (entry.filename,)
    ]
    return row


def _named(file: str) -> tuple[Download, bool]:
    """Return which download an address names, and whether its checksum; raises NotFoundError for what names none."""
    match = _FILE.fullmatch(file)
    if not match:
        raise NotFoundError(
            f"There is no download {file!r}.",
            f"Downloads are named like all.ttl or data.nq.gz; the formats are {', '.join(_EXTENSIONS.split('|'))}.",
        )
    return Download(match["name"], FORMATS[match["extension"]], bool(match["gz"])), bool(match["sum"])


def _make(files: Files, graph: KnowledgeGraph, entry: Download) -> Made:
    try:
        return files.make(entry.filename, partial(entry.write, graph))
    except OSError as error:
        raise StoreError(
            f"The download cannot be written: {error.strerror or type(error).__name__}.", "Try again later."
        ) from error


def _checksum(service: Service, entry: Download, made: Made) -> Response:
    # The form that `sha256sum --check` reads.
    line = f"{made.digest.hex()}  {entry.filename}\n"
    return plain(line, "text/plain", seconds=service.settings.cache_seconds)


def _answer(service: Service, request: Request, entry: Download, made: Made) -> Response:
    address = f"{PATH}/{entry.filename}.sha256"
    headers = {
        "Content-Disposition": f'attachment; filename="alpine-kg-{entry.filename.replace(":", "-")}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(made.digest).decode()}:",
        "Link": f'<{address}>; rel="describedby"; type="text/plain", {header_link(service.license, "license")}',
    }
    seconds = service.settings.cache_seconds
    if not made.file:
        return plain(made.body, entry.media_type, seconds=seconds, headers=headers)
    headers["Cache-Control"] = f"public, max-age={seconds}"
    known = request.headers.get("if-none-match", "")
    if made.etag in known or known.strip() == "*":
        return Response(status_code=304, headers={**headers, "ETag": made.etag})
    if "if-range" not in request.headers and is_beyond(request.headers.get("range", ""), made.size):
        error = RangeError(f"The download has {made.size} bytes.", "Ask for a part that begins before its end.")
        return problem_response(error, {"Content-Range": f"bytes */{made.size}"})
    return Transfer(made, headers=headers, media_type=entry.media_type)
