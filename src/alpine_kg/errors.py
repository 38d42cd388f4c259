"""The failures that a caller can act on; none of them knows of HTTP or of exit codes."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class AlpineKGError(Exception):
    """What went wrong, and what the caller can do about it."""

    message: str
    remedy: str = ""
    details: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the message with its remedy, as a person reads it."""
        return f"{self.message} {self.remedy}".strip()


class RootError(AlpineKGError):
    """The folder is not a graph root, or one of its files cannot be used."""


class RdfSyntaxError(AlpineKGError):
    """A file is not well-formed RDF."""


class InvalidGraphError(AlpineKGError):
    """The graph does not satisfy its own shapes and checks."""


class NotFoundError(AlpineKGError):
    """There is no entity, query, export or graph of that name."""


class BadParameterError(AlpineKGError):
    """A parameter has a value that it cannot take."""


class BadQueryError(AlpineKGError):
    """The SPARQL text cannot be parsed or evaluated."""


class UnsupportedQueryError(AlpineKGError):
    """The SPARQL text is right, but the engine that holds the graph cannot evaluate it."""


class ForbiddenQueryError(AlpineKGError):
    """The SPARQL text asks for something that this service does not do for strangers."""


class ForbiddenWriteError(AlpineKGError):
    """The graph cannot be written to."""


class ConflictError(AlpineKGError):
    """The graph is not in the state that the caller takes it to be in."""


class UnauthorizedError(AlpineKGError):
    """The caller has not shown the secret that the operation asks for."""


class ServiceError(AlpineKGError):
    """Another endpoint, which the query asks, gave no answer that can be used."""


class NotAcceptableError(AlpineKGError):
    """None of the formats that the caller accepts can carry the answer."""


class UnsupportedMediaTypeError(AlpineKGError):
    """The body is in a format that this service does not read."""


class PastError(AlpineKGError):
    """The past states of the graph cannot be looked at: it is too large, or nothing in it has a day."""


class StoreError(AlpineKGError):
    """The store cannot be opened, read or written."""


class BusyError(AlpineKGError):
    """More is being asked than can be answered now."""


class ThrottledError(AlpineKGError):
    """The client has used up its share; `details` has the seconds after which it can go on."""


class TimeLimitError(AlpineKGError):
    """The query was ended because it ran for longer than it may."""


class ResourceLimitError(AlpineKGError):
    """The query was ended because it took more memory, or nested deeper, than the engine can bear."""


def packed(error: AlpineKGError, most: int) -> dict[str, Any]:
    """Return an error as another process can be told of it in so many bytes; a report in its details is cut to fit."""
    details = error.details
    while True:
        held = {
            "class": type(error).__name__,
            "message": error.message[: most // 24],
            "remedy": error.remedy[: most // 24],
            "details": details,
        }
        if not details or len(json.dumps(held)) <= most:
            return held
        report = str(details.get("report", ""))
        details = {"report": report[: len(report) // 2] + "…"} if len(report) > 1 else {}


def unpacked(held: dict[str, Any]) -> AlpineKGError:
    """Return the error that another process has told of, of the class that it had there."""
    kind: type[AlpineKGError] = globals().get(held["class"], StoreError)
    return kind(held["message"], held["remedy"], held["details"])
