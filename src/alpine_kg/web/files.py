"""Finished downloads: each is made once for a version of the graph, and a large one waits in a file without a name.

So no memory is taken by the size of the graph, a transfer that broke off can go on where it was, and nothing is left on the disk
whatever becomes of the process.
"""

import re
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

from alpine_kg.streams import Digesting, Output
from alpine_kg.web.recording import METHOD

_SMALL: Final = 8 * 2**20
"""Bytes up to which a download is held in memory, and kept like any other answer."""
_MOST: Final = 64
"""Files that are kept, each of which is a descriptor."""


_PART: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-(\d{1,18}))")
"""A request for one part: first and last byte, or how many at the end. Source: RFC 9110, section 14.2."""


@dataclass(frozen=True)
class Made:
    """A download: how many bytes it has, their SHA-256, and the bytes themselves or the file that has them."""

    size: int
    digest: bytes
    body: bytes = b""
    file: IO[bytes] | None = None

    @property
    def etag(self) -> str:
        """The entity tag of the bytes."""
        return f'"{self.digest.hex()[:32]}"'


class Files:
    """The large downloads of one version of the graph; those that were not asked for longest make room for others."""

    def __init__(self, limit: int) -> None:
        """Keep so many bytes at most."""
        self._limit = limit
        self._kept: OrderedDict[str, Made] = OrderedDict()

    def get(self, name: str) -> Made | None:
        """Return the download of a name if it is kept."""
        if found := self._kept.get(name):
            self._kept.move_to_end(name)
        return found

    def make(self, name: str, write: Callable[[Output], None]) -> Made:
        """Return a new download, which `write` writes; raises what that does, and OSError when there is no room."""
        finished = _finished(write)
        if finished.file:
            self._kept[name] = finished
            while sum(each.size for each in self._kept.values()) > self._limit or len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return finished


class Transfer(FileResponse):
    """The bytes of a file without a name, or the part of them that is asked for."""

    def __init__(self, finished: Made, **details: Any) -> None:
        """Answer with a download, which stays open until it is sent."""
        assert finished.file
        # The kernel's name for it, by which each transfer opens it anew, with a place of its own.
        super().__init__(f"/proc/self/fd/{finished.file.fileno()}", **details)
        self.headers["ETag"] = finished.etag
        self._finished = finished

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what was asked for; a head alone reads nothing, and what is no request for one part is for the whole."""
        headers = [
            (name, value) for name, value in scope["headers"] if name != b"range" or _part(value.decode("latin-1"))
        ]
        asked = {**scope, "headers": headers, "method": scope.get(METHOD, scope["method"])}
        await super().__call__(asked, receive, send)


def is_beyond(wanted: str, size: int) -> bool:
    """Tell whether a Range header asks for one part, of which so many bytes have nothing."""
    part = _part(wanted)
    return part is not None and (int(part[1]) >= size if part[1] else int(part[3]) == 0)


def _part(wanted: str) -> re.Match[str] | None:
    """Return the numbers in a request for one part; None for any other, and for one that ends before it begins."""
    part = _PART.fullmatch(wanted)
    return None if part and part[2] and int(part[2]) < int(part[1]) else part


def _finished(write: Callable[[Output], None]) -> Made:
    file = SpooledTemporaryFile(max_size=_SMALL)  # noqa: SIM115 - it is closed when nobody holds it any more
    digesting = Digesting(file)
    try:
        write(digesting)
        file.flush()
        if digesting.size <= _SMALL:
            file.seek(0)
            with file:
                return Made(digesting.size, digesting.digest, file.read())
    except BaseException:
        file.close()
        raise
    finished = Made(digesting.size, digesting.digest, file=file)
    weakref.finalize(finished, file.close)
    return finished
