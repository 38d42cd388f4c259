"""N-Quads as text: put into a graph, or into the merge as well, without a step for each quad.

Source: https://www.w3.org/TR/n-quads/#sec-grammar.
"""

import re
from collections.abc import Iterator
from typing import IO, Final

from alpine_kg.streams import Blocks, Reader

_BLOCK: Final = 2**20
_IRI: Final = rb"<[^<>\"{}|^`\\\x00-\x20]*>"
_LITERAL: Final = rb'"(?:[^"\\\r\n]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^' + _IRI + rb")?"
_IN_GRAPH: Final = re.compile(
    rb"^(" + _IRI + rb" " + _IRI + rb" (?:" + _IRI + rb"|" + _LITERAL + rb")) " + _IRI + rb" \.$", re.MULTILINE
)
"""A line in the canonical form, without blank nodes, that names a graph."""


def whole_lines(file: Reader, block: int = _BLOCK) -> Iterator[bytes]:
    """Yield a stream in blocks that end with a line."""
    rest = b""
    while chunk := file.read(block):
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            rest += chunk
    if rest:
        yield rest + b"\n"


def graph_lines(triples: IO[bytes], graph: str) -> Blocks:
    """Return the engine's N-Triples as N-Quads that state each triple in a graph and in the default graph."""
    # A line break stands only at the end of a statement: inside of a literal it is escaped.
    end = f" <{graph}> .\n".encode()
    return Blocks(lines + lines.replace(b" .\n", end) for lines in whole_lines(triples))


def merged_lines(lines: bytes) -> bytes | None:
    r"""Return lines of N-Quads, and each once more without its graph; None when one is in a form that only a parser can tell.

    >>> merged_lines(b"<urn:a> <urn:b> <urn:c> <urn:g> .\n")
    b'<urn:a> <urn:b> <urn:c> <urn:g> .\n<urn:a> <urn:b> <urn:c> .\n'
    """
    bare, count = _IN_GRAPH.subn(rb"\1 .", lines)
    return lines + bare if count == lines.count(b"\n") else None
