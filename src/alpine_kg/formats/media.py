"""The table of formats: a new one is a row here."""

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import NotFoundError


@dataclass(frozen=True)
class Format:
    """One format: its file extension, its media type, other names it is asked for by, and the engine's name for it."""

    extension: str
    media_type: str
    label: str
    aliases: tuple[str, ...] = ()
    rdf: ox.RdfFormat | None = None
    results: ox.QueryResultsFormat | None = None

    @property
    def content_type(self) -> str:
        """The value of a Content-Type header: text types name their encoding, which is always UTF-8."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def has_graphs(self) -> bool:
        """Whether the format can say which named graph a triple is in."""
        return self.rdf is not None and self.rdf.supports_datasets and self.extension != "jsonld"

    @property
    def has_prefixes(self) -> bool:
        """Whether the format abbreviates IRIs by prefixes that the engine is given."""
        return self.extension in {"ttl", "trig", "rdf"}


_TABLE: Final = (
    Format("json", "application/json", "JSON"),
    Format("html", "text/html", "HTML", ("application/xhtml+xml",)),
    Format("ttl", "text/turtle", "Turtle", ("application/x-turtle", "application/turtle"), rdf=ox.RdfFormat.TURTLE),
    Format("nt", "application/n-triples", "N-Triples", ("text/plain",), rdf=ox.RdfFormat.N_TRIPLES),
    Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml"), rdf=ox.RdfFormat.RDF_XML),
    Format("jsonld", "application/ld+json", "JSON-LD", rdf=ox.RdfFormat.JSON_LD),
    Format("nq", "application/n-quads", "N-Quads", ("text/x-nquads",), rdf=ox.RdfFormat.N_QUADS),
    Format("trig", "application/trig", "TriG", ("application/x-trig",), rdf=ox.RdfFormat.TRIG),
    Format(
        "srj",
        "application/sparql-results+json",
        "SPARQL results in JSON",
        ("application/json",),
        results=ox.QueryResultsFormat.JSON,
    ),
    Format(
        "srx",
        "application/sparql-results+xml",
        "SPARQL results in XML",
        ("application/xml", "text/xml"),
        results=ox.QueryResultsFormat.XML,
    ),
    Format("csv", "text/csv", "CSV", results=ox.QueryResultsFormat.CSV),
    Format("tsv", "text/tab-separated-values", "TSV", results=ox.QueryResultsFormat.TSV),
)

FORMATS: Final = {row.extension: row for row in _TABLE}
"""Every format by extension."""
RDF_FORMATS: Final = tuple(row for row in _TABLE if row.rdf)
"""The formats of RDF, preferred first."""
GRAPH_FORMATS: Final = tuple(row for row in RDF_FORMATS if not row.has_graphs)
"""The formats that carry one graph, preferred first."""
RESULT_FORMATS: Final = tuple(row for row in _TABLE if row.results)
"""The formats of SELECT and ASK results, preferred first."""

FEED_FORMATS: Final = (
    Format("atom", "application/atom+xml", "Atom", ("application/xml", "text/xml")),
    Format("json", "application/feed+json", "JSON Feed", ("application/json",)),
)
"""The formats of feeds, preferred first; they carry news, and so are not among the others."""


def format_of(extension: str) -> Format:
    """Return the format with this file extension; raises NotFoundError for one that is not in the table."""
    try:
        return FORMATS[extension]
    except KeyError:
        raise NotFoundError(f"There is no format .{extension}.", f"The formats are {', '.join(FORMATS)}.") from None
