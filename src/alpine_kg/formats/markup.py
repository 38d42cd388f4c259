"""XML as it leaves: with carriage returns that survive, and never ill-formed.

RDF can hold what XML 1.0 cannot: control characters in texts, and properties whose names end in nothing that an element can be
called. The engine writes them all the same, so that a reader would reject the whole answer, sent as a good one.
"""

from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from alpine_kg.errors import NotAcceptableError
from alpine_kg.streams import Output

EXTENSIONS: Final = {"rdf", "srx"}
"""The formats that are XML."""


class Markup:
    """A stream to which XML is written: it goes on to another stream, checked and ready to be sent."""

    def __init__(self, output: Output) -> None:
        """Begin a document."""
        self._output = output
        # With namespaces, by which a prefix with no name behind it is no name.
        self._reader = ParserCreate("UTF-8", " ")

    def write(self, data: bytes) -> int:
        """Write the next part of the document; raises NotAcceptableError where it is not XML."""
        # XML readers take a bare carriage return for a line feed.
        ready = bytes(data).replace(b"\r", b"&#13;")
        self._read(ready, final=False)
        self._output.write(ready)
        return len(data)

    def flush(self) -> None:
        """Have the other stream pass on what it holds."""
        self._output.flush()

    def finish(self) -> None:
        """Tell that the document is whole; raises NotAcceptableError when it is not."""
        self._read(b"", final=True)

    def _read(self, data: bytes, *, final: bool) -> None:
        try:
            self._reader.Parse(data, final)
        except ExpatError as error:
            raise NotAcceptableError(
                "The answer holds what XML cannot: a control character, or a property or class whose name ends in none that"
                " an element can have.",
                "Accept another format.",
            ) from error
