"""The SPARQL 1.1 Protocol's query operation: from a request to the query text, the graphs it names and the formats it takes.

Source: https://www.w3.org/TR/sparql11-protocol/#query-operation.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Final

from alpine_kg.errors import BadParameterError, BadQueryError, ForbiddenQueryError, UnsupportedMediaTypeError
from alpine_kg.formats import FORMATS, Format, negotiate
from alpine_kg.store import DatasetChoice
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.problems import BodyTooLongError

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
_REMEMBERED: Final = 64
"""Accept headers that stay read: programs send the same few with every query."""
_NUMBER: Final = re.compile(r"\d{1,6}(\.\d{1,6})?")
UPDATE: Final = "application/sparql-update"

RESULTS: Final = tuple(FORMATS[name] for name in ("srj", "srx", "csv", "tsv", "html"))
"""What SELECT and ASK are answered in, preferred first."""
GRAPHS: Final = tuple(FORMATS[name] for name in ("ttl", "nt", "rdf", "jsonld", "html"))
"""What CONSTRUCT and DESCRIBE are answered in, preferred first."""
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "json": ("srj", "jsonld"),
    "xml": ("srx", "rdf"),
    "turtle": ("ttl",),
    "n3": ("ttl",),
    "rdf+xml": ("rdf",),
    "json-ld": ("jsonld",),
    "ntriples": ("nt",),
    "n-triples": ("nt",),
}
"""Names that clients give to formats in `format=`, beside our extensions and the media types."""


@dataclass(frozen=True)
class Question:
    """A query as it was asked: its text, the graphs it is asked of, and the format for each kind of answer."""

    text: str
    dataset: DatasetChoice
    results: Format | None
    graphs: Format | None
    seconds: float | None = None


def read_question(parameters: Parameters, accepted: str, direct: str | None = None) -> Question:
    """Return the question in the parameters of a request, or in a body of its own when `direct` is given.

    Raises BadParameterError unless there is exactly one query, and ForbiddenQueryError for an update.
    """
    if parameters.all("update"):
        raise ForbiddenQueryError("This endpoint takes no updates.", "Send a query.")
    texts = [*parameters.all("query"), *([direct] if direct is not None else [])]
    if len(texts) != 1:
        raise BadParameterError(
            f"The request has {len(texts)} queries.", "Give one, in the parameter `query` or as the body of a POST."
        )
    # SPARQLWrapper names a format twice, by a short name and by its media type: the first counts.
    named = next(iter(parameters.all("format")), "")
    seconds = _seconds(parameters.one("timeout"))
    results, graphs = (_by_name(named, RESULTS), _by_name(named, GRAPHS)) if named else _accepted(accepted)
    dataset = DatasetChoice(parameters.all("default-graph-uri"), parameters.all("named-graph-uri"))
    return Question(texts[0], dataset, results, graphs, seconds)


def _seconds(text: str | None) -> float | None:
    """Return a time limit; raises BadParameterError for anything but a positive number."""
    if text is None:
        return None
    if not _NUMBER.fullmatch(text) or not float(text):
        raise BadParameterError(f"timeout={text!r} is not a number of seconds.", "Write for example timeout=5.")
    return float(text)


def _by_name(name: str, offers: Sequence[Format]) -> Format | None:
    """Return the offer with this name; raises BadParameterError for a name that no format has."""
    extensions = _NAMES.get(name, (name,))
    if not any(name == row.media_type or row.extension in extensions for row in (*RESULTS, *GRAPHS)):
        known = dict.fromkeys([*(row.extension for row in (*RESULTS, *GRAPHS)), *_NAMES])
        raise BadParameterError(f"There is no format {name!r}.", f"The formats are: {', '.join(known)}.")
    return next((row for row in offers if row.extension in extensions or row.media_type == name), None)


@lru_cache(maxsize=_REMEMBERED)
def _accepted(header: str) -> tuple[Format | None, Format | None]:
    """Return the formats for a table and for a graph that are accepted; who takes nothing but JSON gets a graph as JSON-LD."""
    results, graphs = negotiate(header, RESULTS), negotiate(header, GRAPHS)
    if graphs is None and negotiate(header, [FORMATS["json"]]):
        graphs = FORMATS["jsonld"]
    return results, graphs


def read_post(content_type: str, address: Parameters, body: bytes, accepted: str) -> Question:
    """Return the question in a POST, as a form or as the query itself; graphs may be named in the address too.

    Raises UnsupportedMediaTypeError for any other body, and for one in another encoding than UTF-8.
    """
    media_type, charset = content_of(content_type)
    if media_type == UPDATE:
        raise ForbiddenQueryError("This endpoint takes no updates.", f"Send a query as {DIRECT}.")
    if media_type not in {FORM, DIRECT}:
        raise UnsupportedMediaTypeError(
            f"A body of type {media_type or 'unknown'} is not read here.", f"Send {DIRECT} or {FORM}."
        )
    if charset not in {"", "utf-8", "utf8"}:
        raise UnsupportedMediaTypeError(f"A body in {charset} is not read here.", "Send it in UTF-8.")
    if media_type == FORM:
        return read_question(Parameters(address.pairs + Parameters.read(body).pairs), accepted)
    try:
        return read_question(address, accepted, body.decode())
    except UnicodeDecodeError:
        raise BadQueryError("The query is not in UTF-8.", "Encode it in UTF-8.") from None


def content_of(header: str) -> tuple[str, str]:
    """Return the media type and the charset in a Content-Type header, both in lower case."""
    parsed = Message()
    parsed["Content-Type"] = header.replace("\r", " ").replace("\n", " ")
    given = parsed.get_content_type() if header else ""
    return given.lower(), str(parsed.get_param("charset") or "").lower()


async def read_body(stream: AsyncIterator[bytes], announced: str | None, most: int) -> bytes:
    """Return the body of a request; raises BodyTooLongError as soon as it is longer than `most` bytes."""
    too_long = BodyTooLongError(f"The body is longer than {most} bytes.", "Send a shorter query.")
    if announced and announced.isdigit() and int(announced[:_DIGITS]) > most:
        raise too_long
    parts, size = [], 0
    async for part in stream:
        parts.append(part)
        size += len(part)
        if size > most:
            raise too_long
    return b"".join(parts)


_DIGITS: Final = 18
"""Digits of a Content-Length that are looked at: any number as long is too long."""
