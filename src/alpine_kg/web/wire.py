"""The head of an answer as the bytes of HTTP/1.1: status line and header lines, each with its end, without the empty line.

Source: RFC 9112, https://www.rfc-editor.org/rfc/rfc9112.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final

Header = tuple[bytes, bytes]
END: Final = b"\r\n"
_WRITABLE: Final = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*\r\n)*")
_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}


def write_head(status: int, headers: Iterable[Header]) -> bytes:
    """Return the head of an answer; raises ValueError for a header that would be read as something else."""
    lines = [b"%b: %b\r\n" % header for header in headers]
    written = b"".join(lines)
    # A header that held an end of line, and then what looks like a header, would be two lines that can be written.
    if written.count(END) != len(lines) or not _WRITABLE.fullmatch(written):
        raise ValueError("a header holds what ends it")
    return _LINES[status] + written


def read_head(head: bytes) -> tuple[int, list[Header]]:
    """Return the status and the headers of a head that was written here.

    >>> read_head(write_head(303, [(b"location", b"/plant/dieppe.ttl")]))
    (303, [(b'location', b'/plant/dieppe.ttl')])
    """
    first, *lines = head.removesuffix(END).split(END)
    parts = [line.partition(b": ") for line in lines]
    return int(first.split(b" ")[1]), [(name, value) for name, _, value in parts]
