"""The failures that a caller can act on; none of them knows of HTTP or of exit codes."""

from dataclasses import dataclass, field


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


class ForbiddenQueryError(AlpineKGError):
    """The SPARQL text asks for something that this service does not do for strangers."""


class NotAcceptableError(AlpineKGError):
    """None of the formats that the caller accepts can carry the answer."""


class UnsupportedMediaTypeError(AlpineKGError):
    """The body is in a format that this service does not read."""


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
