"""XML as it leaves: with carriage returns that survive, and never ill-formed.

RDF can hold what XML 1.0 cannot: control characters in texts, and properties whose names end in nothing that an element can be
called. The engine writes them all the same, so that a reader would reject the whole answer, sent as a good one.
"""

from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from alpine_kg.errors import NotAcceptableError

EXTENSIONS: Final = {"rdf", "srx"}
"""The formats that are XML."""


class Markup:
    """Checks XML as it is written, and makes it ready to be sent."""

    def __init__(self) -> None:
        """Begin a document."""
        # With namespaces, by which a prefix with no name behind it is no name.
        self._reader = ParserCreate("UTF-8", " ")

    def pass_on(self, data: bytes, *, final: bool = False) -> bytes:
        """Return the next part of the document as it is to be sent; raises NotAcceptableError where it is not XML."""
        # XML readers take a bare carriage return for a line feed.
        ready = data.replace(b"\r", b"&#13;")
        try:
            self._reader.Parse(ready, final)
        except ExpatError as error:
            raise NotAcceptableError(
                "The answer holds what XML cannot: a control character, or a property or class whose name ends in none that"
                " an element can have.",
                "Accept another format.",
            ) from error
        return ready
