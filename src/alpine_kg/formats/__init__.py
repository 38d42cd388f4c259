"""Formats: which there are, which one a caller accepts, and how triples are written in each."""

from alpine_kg.formats.canonical import canonical_turtle
from alpine_kg.formats.context import Context
from alpine_kg.formats.media import FEED_FORMATS, FORMATS, GRAPH_FORMATS, RDF_FORMATS, RESULT_FORMATS, Format, format_of
from alpine_kg.formats.negotiation import negotiate, ranking
from alpine_kg.formats.results import Results
from alpine_kg.formats.serialise import serialise, write

__all__ = [
    "FEED_FORMATS",
    "FORMATS",
    "GRAPH_FORMATS",
    "RDF_FORMATS",
    "RESULT_FORMATS",
    "Context",
    "Format",
    "Results",
    "canonical_turtle",
    "format_of",
    "negotiate",
    "ranking",
    "serialise",
    "write",
]
