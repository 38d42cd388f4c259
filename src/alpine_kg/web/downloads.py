"""Whole-graph downloads: plain or compressed, always the same bytes, with their SHA-256 beside them.

Source: Digest Fields, https://www.rfc-editor.org/rfc/rfc9530.
"""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import NotFoundError
from alpine_kg.formats import FORMATS, RDF_FORMATS, Format
from alpine_kg.graph import EXPORTS, KnowledgeGraph
from alpine_kg.graph.export import names
from alpine_kg.namespaces import GRAPH
from alpine_kg.web.answers import ClientGoneError
from alpine_kg.web.documents import HTML, JSON, Document, plain
from alpine_kg.web.links import header_link
from alpine_kg.web.openapi import operation, path
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

    def body(self, graph: KnowledgeGraph) -> bytes:
        """Return its bytes; raises NotFoundError when there is no graph or entity of its name."""
        body = graph.export(self.name, self.format)
        # No time stamp inside: the same graph gives the same file.
        return gzip.compress(body, mtime=0) if self.compressed else body


@dataclass(frozen=True)
class Fingerprint:
    """What can be said of a download's bytes without holding them."""

    size: int
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "Fingerprint":
        """Return the size and SHA-256 of some bytes."""
        return cls(len(body), hashlib.sha256(body).digest())


def register(app: FastAPI, service: Service) -> None:
    """Add the index of downloads and the downloads themselves."""

    def index(request: Request) -> Response:
        return _index(service, request)

    whole = frozenset(names(service.graph.root))

    async def download(request: Request) -> Response:
        entry, summed = _named(str(request.path_params["file"]))
        if entry.name not in whole:
            return await run_in_threadpool(_download, service, entry, summed=summed)
        async with service.building:
            if await request.is_disconnected():
                raise ClientGoneError
            return await run_in_threadpool(_download, service, entry, summed=summed)

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


def _download(service: Service, entry: Download, *, summed: bool) -> Response:
    body = entry.body(service.graph)
    print_ = Fingerprint.of(body)
    seconds = service.settings.cache_seconds
    if summed:
        # The form that `sha256sum --check` reads.
        return plain(f"{print_.digest.hex()}  {entry.filename}\n", "text/plain", seconds=seconds)
    address = f"{PATH}/{entry.filename}.sha256"
    headers = {
        "Content-Disposition": f'attachment; filename="alpine-kg-{entry.filename.replace(":", "-")}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(print_.digest).decode()}:",
        "Link": f'<{address}>; rel="describedby"; type="text/plain", {header_link(service.license, "license")}',
    }
    return plain(body, entry.media_type, seconds=seconds, headers=headers)
