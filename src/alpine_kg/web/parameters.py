"""The parameters of a request, decoded strictly and exactly once, from a query string or a form."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import quote_plus, unquote_to_bytes

from starlette.requests import Request

from alpine_kg.errors import BadParameterError

LONGEST_TEXT: Final = 200
"""Characters of a search text; its words become one expression of the search engine, which has a limit of its own."""


_REMEMBERED: Final = 16
"""Query strings that stay read: each step towards an answer looks into that of its request."""


@dataclass(frozen=True)
class Parameters:
    """Names with values, in the order in which they were given.

    Source: https://url.spec.whatwg.org/#application/x-www-form-urlencoded, but bytes that are not UTF-8 are an error here.
    """

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    @lru_cache(maxsize=_REMEMBERED)
    def read(cls, encoded: bytes) -> "Parameters":
        """Return the parameters in an encoded text; raises BadParameterError for a NUL and for what is not UTF-8."""
        fields = (field.partition(b"=") for field in encoded.split(b"&") if field)
        return cls(tuple((_decoded(name), _decoded(value)) for name, _, value in fields))

    @classmethod
    def of(cls, request: Request, known: Collection[str] | None = None) -> "Parameters":
        """Return the parameters of a request's address; raises BadParameterError for one that is not among the known."""
        parameters = cls.read(request.scope["query_string"])
        if known is not None:
            parameters.refuse_others(known)
        return parameters

    def refuse_others(self, known: Collection[str]) -> None:
        """Raise BadParameterError when there is a parameter that is not among the known."""
        for name, _ in self.pairs:
            if name not in known:
                raise BadParameterError(
                    f"There is no parameter {name!r} here.", f"The parameters are: {', '.join(known) or 'none'}."
                )

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a parameter."""
        return tuple(self._values.get(name, ()))

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that is given at most once; raises BadParameterError for more."""
        values = self.all(name)
        if len(values) > 1:
            raise BadParameterError(f"The parameter {name!r} is given {len(values)} times.", "Give it once.")
        return values[0] if values else None

    def singles(self) -> dict[str, str]:
        """Return all parameters, each of which is given at most once; raises BadParameterError for more."""
        return {name: self.one(name) or "" for name, _ in self.pairs}

    def text(self, name: str) -> str:
        """Return a search text, empty when it is missing; raises BadParameterError for one that is too long."""
        value = self.one(name) or ""
        if len(value) > LONGEST_TEXT:
            raise BadParameterError(
                f"The text of {name!r} has {len(value)} characters.", f"At most {LONGEST_TEXT} can be searched for."
            )
        return value

    def count(self, name: str, *, default: int, most: int) -> int:
        """Return a whole number from 1 to `most`; raises BadParameterError for anything else."""
        value = self.one(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 1 <= int(value) <= most):
            raise BadParameterError(
                f"{name}={value!r} is not a whole number from 1 to {most}.", f"Write for example {name}={default}."
            )
        return int(value)

    def encoded(self, **changes: str | None) -> str:
        """Return a query string with its question mark, with some parameters replaced, or left out where None."""
        kept = [written for (name, _), written in zip(self.pairs, self._written, strict=True) if name not in changes]
        added = [_encoded(name, value) for name, value in changes.items() if value is not None]
        return f"?{'&'.join(kept + added)}" if kept or added else ""

    @cached_property
    def _values(self) -> dict[str, list[str]]:
        """The values of each name; there may be thousands."""
        found: dict[str, list[str]] = {}
        for name, value in self.pairs:
            found.setdefault(name, []).append(value)
        return found

    @cached_property
    def _written(self) -> list[str]:
        """Each name with its value as an address has them, which several links of an answer have in common."""
        return [_encoded(name, value) for name, value in self.pairs]


def _encoded(name: str, value: str) -> str:
    return f"{quote_plus(name)}={quote_plus(value)}"


def _decoded(encoded: bytes) -> str:
    try:
        text = unquote_to_bytes(encoded.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise BadParameterError("A parameter is not in UTF-8.", "Encode the parameters in UTF-8.") from None
    if "\0" in text:
        raise BadParameterError("A parameter holds a NUL character.", "Leave it out.")
    return text
