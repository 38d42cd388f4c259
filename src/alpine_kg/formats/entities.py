"""XML entities, which the RDF/XML parser puts in place however long that makes a document: a kilobyte can become gigabytes.

Source: Extensible Markup Language, section 4.2, https://www.w3.org/TR/xml/#sec-entity-decl. The parser reads no external
entities, and reads UTF-8 alone, so that what is found here is what it finds.
"""

import mmap
import re
from collections import Counter
from pathlib import Path
from typing import Final

from alpine_kg.errors import RdfSyntaxError

_DECLARED: Final = re.compile(rb"<!ENTITY\s++([^\s\">]++)\s++\"([^\"]*+)\"")
_USED: Final = re.compile(rb"&([^;&<\s#]++);")
_GROWTH: Final = 10
_ALWAYS: Final = 2**20
"""A document may grow to this many bytes, and in any case to ten times its own size."""


def refuse_growth(path: Path) -> None:
    """Raise RdfSyntaxError for an XML file whose entities would make it many times longer."""
    size = path.stat().st_size
    if not size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(b"<!ENTITY") < 0:
            return
        lengths: dict[bytes, int] = {}
        total = 0
        for match in _DECLARED.finditer(data):
            length = len(match[2]) + sum(lengths.get(name, 0) for name in _USED.findall(match[2]))
            lengths[match[1]] = max(length, lengths.get(match[1], 0))
            total += length
        uses = Counter(match[1] for match in _USED.finditer(data))
        total += sum(lengths.get(name, 0) * count for name, count in uses.items())
    if total > max(_ALWAYS, _GROWTH * size):
        raise RdfSyntaxError(
            f"{path.name} has entities that would make it {total // size} times longer.", "Write them out."
        )
