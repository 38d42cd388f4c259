"""Documents: one resource in several formats, chosen by the extension of its address or by the Accept header."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import NotAcceptableError, NotFoundError
from alpine_kg.formats import FEED_FORMATS, FORMATS, Format, negotiate

JSON, HTML, CSV = FORMATS["json"], FORMATS["html"], FORMATS["csv"]
TREE_FORMATS: Final = tuple(FORMATS[name] for name in ("json", "html", "ttl", "nt", "rdf", "jsonld"))
"""What an entity comes in, preferred first."""
LIST_FORMATS: Final = (JSON, HTML, CSV, *TREE_FORMATS[2:])
"""What a list of entities comes in, preferred first."""
GRAPH_FORMATS: Final = tuple(FORMATS[name] for name in ("ttl", "html", "jsonld", "json", "nt", "rdf"))
"""What a description in RDF comes in, preferred first."""

CONTEXT_LINK: Final = '</context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
"""What makes plain JSON readable as JSON-LD. Source: JSON-LD 1.1, section 6.1."""

FEED: Final = "/feed"
"""What stands behind the path of a page in that of its feed."""


@dataclass(frozen=True)
class Document:
    """A resource at a path, in the formats that it is offered in.

    `query` is what its address has behind the path; `negotiated` tells that the format was not named in the address, `shared`
    that the answer depends on nothing but path, query string and what it varies by, so that the front may keep it.
    """

    path: str
    offers: Sequence[Format]
    format: Format
    negotiated: bool
    query: str = ""
    shared: bool = True

    @classmethod
    def choose(
        cls, request: Request, path: str, extension: str | None, offers: Sequence[Format], query: str = ""
    ) -> "Document":
        """Return the document in the format of an extension, or without one in the format that the caller prefers.

        Raises NotFoundError for an extension that is not offered and NotAcceptableError when Accept excludes all offers.
        """
        if extension is not None:
            return cls(path, offers, _named(extension, offers, path), negotiated=False, query=query)
        chosen = negotiate(accept(request), offers)
        if chosen is None:
            raise NotAcceptableError(
                "This is not there in any format that you accept.",
                "Accept one of the offers.",
                {"offers": [offer.media_type for offer in offers]},
            )
        return cls(path, offers, chosen, negotiated=True, query=query)

    def address(self, offer: Format) -> str:
        """Return the address of the document in one format."""
        return f"{self.path}.{offer.extension}{self.query}"

    @property
    def others(self) -> list[Format]:
        """The other formats that the document is offered in."""
        return [offer for offer in self.offers if offer is not self.format]

    def response(self, body: bytes, *, seconds: int, language: str = "", links: Iterable[str] = ()) -> Response:
        """Return the finished document with the headers that say what it is and what else there is."""
        headers = {
            "Cache-Control": f"{'public, ' if self.shared else ''}max-age={seconds}",
            "Content-Location": self.address(self.format),
            "Link": ", ".join([*links, *self._alternate_links()]),
        }
        if self.negotiated or language:
            headers["Vary"] = "Accept, Accept-Language" if self.negotiated else "Accept-Language"
        if language:
            headers["Content-Language"] = language
        return Response(body, headers=headers, media_type=self.format.content_type)

    def _alternate_links(self) -> list[str]:
        return [f'<{self.address(offer)}>; rel="alternate"; type="{offer.media_type}"' for offer in self.others]


def feed_links(page: str) -> tuple[str, ...]:
    """Return the links for a Link header that lead from a page to its feeds."""
    return tuple(
        f'<{page}{FEED}.{offer.extension}>; rel="alternate"; type="{offer.media_type}"' for offer in FEED_FORMATS
    )


def accept(request: Request) -> str:
    """Return the Accept header of a request, its lines joined."""
    return ", ".join(request.headers.getlist("accept"))


def split_extension(name: str) -> tuple[str, str | None]:
    """Return the last part of a path without its extension, and the extension, or None when it has no dot.

    >>> split_extension("dieppe.ttl"), split_extension("dieppe")
    (('dieppe', 'ttl'), ('dieppe', None))
    """
    stem, dot, extension = name.partition(".")
    return stem, extension if dot else None


def _named(extension: str, offers: Sequence[Format], path: str) -> Format:
    for offer in offers:
        if offer.extension == extension:
            return offer
    names = ", ".join(f".{offer.extension}" for offer in offers)
    raise NotFoundError(f"There is no {path}.{extension}.", f"The formats of {path} are {names}.")


def plain(body: bytes | str, media_type: str, *, seconds: int, headers: dict[str, str] | None = None) -> Response:
    """Return a finished answer in the only format that it has."""
    kept = f"public, max-age={seconds}" if seconds else "no-store"
    return Response(body, headers={"Cache-Control": kept, **(headers or {})}, media_type=media_type)
