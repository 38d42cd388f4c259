"""Writes of the Graph Store Protocol: the body goes to the disk, and from there through validation into the graph.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/, sections 5.3 to 5.5.
"""

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, BinaryIO, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import BadParameterError, ForbiddenWriteError, UnsupportedMediaTypeError
from alpine_kg.formats import RDF_FORMATS, Format
from alpine_kg.graph.writing import refuse_unwritable
from alpine_kg.namespaces import GRAPH
from alpine_kg.web.authorization import demand_token
from alpine_kg.web.documents import JSON, plain
from alpine_kg.web.problems import BodyTooLongError
from alpine_kg.web.protocol import content_of
from alpine_kg.web.reload import renewed_by
from alpine_kg.web.service import Service

READ: Final = RDF_FORMATS
"""The formats that a body may be in."""
_PART: Final = 2**20
"""Bytes that are collected before they are written, in another thread."""
_TAGS: Final = re.compile(r'"([0-9a-f]{32})-[a-z]+"')


async def write(service: Service, request: Request, graph: str) -> Response:
    """Carry out PUT, POST or DELETE on a graph, and answer once everybody sees it.

    An empty IRI is the default graph, or with POST to the store itself a graph that is still to be named. Raises what
    `demand_token`, `refuse_unwritable` and `Front.renew` do.
    """
    demand_token(request, service)
    new = request.method == "POST" and not graph and not request.scope["query_string"]
    if not graph and not new:
        raise ForbiddenWriteError(
            "The default graph is the merge of the others, and follows from them.", f"Write to a graph of {GRAPH}."
        )
    refuse_unwritable(service.graph.root, graph or f"{GRAPH}new")
    change: dict[str, Any] = {"method": request.method, "graph": graph, "tag": _condition(request)}
    if request.method == "DELETE" or service.front is None:
        renewed = await renewed_by(service, {"write": change})
        return plain(json.dumps(renewed), JSON.media_type, seconds=0)
    held = await _received(service, request, service.front.pending)
    try:
        change |= {"body": str(held), "format": _format(request).extension}
        renewed = await renewed_by(service, {"write": change})
    finally:
        held.unlink(missing_ok=True)
    return _answer(request.method, renewed)


def _answer(method: str, renewed: dict[str, Any]) -> Response:
    if renewed["created"]:
        headers = {"Location": f"/graph/{renewed['graph'].removeprefix(GRAPH)}", "Cache-Control": "no-store"}
        return Response(json.dumps(renewed), 201, headers, media_type=JSON.media_type)
    if method == "PUT":
        return Response(status_code=204, headers={"Cache-Control": "no-store"})
    return plain(json.dumps(renewed), JSON.media_type, seconds=0)


def _format(request: Request) -> Format:
    """Return the format of a body; raises UnsupportedMediaTypeError for one that is not read here."""
    media_type, charset = content_of(", ".join(request.headers.getlist("content-type")))
    encoding = request.headers.get("content-encoding", "identity").lower()
    found = next((row for row in READ if media_type == row.media_type or media_type in row.aliases), None)
    if found is None or charset not in {"", "utf-8", "utf8"} or encoding != "identity":
        shown = " ".join(filter(None, [media_type or "unknown", charset, encoding.replace("identity", "")]))
        raise UnsupportedMediaTypeError(
            f"A body of type {shown} is not read here.", f"Send {', '.join(row.media_type for row in READ)} in UTF-8."
        )
    return found


async def _received(service: Service, request: Request, folder: Path) -> Path:
    """Return a file with the body of a request; raises UnsupportedMediaTypeError and BodyTooLongError."""
    _format(request)
    most = service.settings.upload_bytes
    too_long = BodyTooLongError(f"The body is longer than {most} bytes.", "Send the graph in parts, by POST.")
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > len(str(most)) + 1 or int(announced) > most:
        raise too_long
    descriptor, name = await run_in_threadpool(tempfile.mkstemp, dir=folder)
    size, held = 0, bytearray()
    try:
        with os.fdopen(descriptor, "wb") as file:
            async for part in request.stream():
                size += len(part)
                held += part
                if size > most:
                    raise too_long  # noqa: TRY301 - the file goes with the request
                if len(held) >= _PART:
                    await _put(file, held)
            await _put(file, held)
    except BaseException:
        os.unlink(name)  # noqa: PTH108 - a short call, of which no library knows that it must not block
        raise
    return Path(name)


async def _put(file: BinaryIO, held: bytearray) -> None:
    await run_in_threadpool(file.write, bytes(held))
    held.clear()


def _condition(request: Request) -> str | None:
    """Return the digest that the graph's file must have by If-Match, `*` for any, empty for none, or None for no condition.

    Raises BadParameterError for a condition that is not one tag of ours.
    """
    match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
    if match is None and none_match is None:
        return None
    if match is None and (none_match or "").strip() == "*":
        return ""
    if match is not None and none_match is None:
        if match.strip() == "*":
            return "*"
        if tag := _TAGS.fullmatch(match.strip()):
            return tag[1]
    raise BadParameterError(
        "The condition cannot be met by a write here.", "Send If-Match with one ETag of the graph, or If-None-Match: *."
    )
