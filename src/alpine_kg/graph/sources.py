"""What is loaded in bulk: files of RDF, plain or compressed, folders of them, and standard input."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from alpine_kg.errors import RootError
from alpine_kg.formats import FORMATS, Format
from alpine_kg.graph.loading import file_format, known_format
from alpine_kg.root import FOLDERS

_STANDARD_INPUT: Final = "-"


def _zstandard(file: IO[bytes]) -> IO[bytes]:
    import zstandard  # noqa: PLC0415

    # Archives that were made in parts, or by several processes, have several frames.
    return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)


_ARCHIVES: Final[dict[str, Callable[[IO[bytes]], Any]]] = {".gz": gzip.open, ".zst": _zstandard}
"""Endings of compressed files, each with what opens them."""


@dataclass(frozen=True)
class Source:
    """One file, or standard input where there is no path; what it holds, and how many bytes it has, 0 where unknown."""

    path: Path | None
    format: Format
    size: int = 0

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path) if self.path else "standard input"

    @property
    def state(self) -> str:
        """What changes when the file does."""
        if not self.path:
            return ""
        known = self.path.stat()
        return f"{self.path.resolve()}\0{known.st_size}\0{known.st_mtime_ns}"

    @contextmanager
    def open(self, standard_input: IO[bytes] | None, tell: Callable[[int], None]) -> Iterator[IO[bytes]]:
        """Open it for reading, uncompressed; `tell` hears how many bytes of the file were read."""
        if self.path is None:
            assert standard_input is not None
            yield io.BufferedReader(_Counted(standard_input, tell), 2**20)
            return
        with self.path.open("rb") as file:
            counted = io.BufferedReader(_Counted(file, tell), 2**20)
            archive = _ARCHIVES.get(self.path.suffix)
            yield archive(counted) if archive else counted


class _Counted(io.RawIOBase):
    """A stream that tells how much of it was read."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]) -> None:
        super().__init__()
        self._file = file
        self._tell = tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._tell(len(data))
        return len(data)


Opener = Callable[[Source], AbstractContextManager[IO[bytes]]]
"""What opens a source for reading."""


def find(arguments: Iterable[str], extension: str | None) -> list[Source]:
    """Return the files that arguments name: files, folders with all that is RDF below them, and `-` for standard input.

    A format that is given holds for all. Raises RootError for what is not there, is a graph root, or is in no known format.
    """
    found = []
    for argument in arguments:
        path = Path(argument)
        if argument == _STANDARD_INPUT:
            if extension is None:
                raise RootError("Standard input has no name to tell its format.", "Write for example --format nq.")
            found.append(Source(None, _named(extension)))
        elif path.is_dir():
            found += _below(path, extension)
        elif path.is_file():
            found.append(_source(path, extension))
        else:
            raise RootError(
                f"{path} is not a file or folder.", "Name files or folders of RDF, or - for standard input."
            )
    return found


def _below(folder: Path, extension: str | None) -> list[Source]:
    if all((folder / part).is_dir() for part in FOLDERS):
        raise RootError(f"{folder} is a graph root.", f"Load it with its rules and derivations: --root {folder}")
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and known_format(_bare(path)))
    if not paths:
        raise RootError(f"{folder} holds no file of RDF.", "Name a folder with files such as data.nq.gz.")
    return [_source(path, extension) for path in paths]


def _source(path: Path, extension: str | None) -> Source:
    return Source(path, _named(extension) if extension else file_format(Path(_bare(path))), path.stat().st_size)


def _bare(path: Path) -> str:
    """Return a file's name without the ending that says that it is compressed."""
    return path.stem if path.suffix in _ARCHIVES else path.name


def _named(extension: str) -> Format:
    chosen = FORMATS.get(extension)
    if chosen is None or chosen.rdf is None:
        names = ", ".join(name for name, row in FORMATS.items() if row.rdf)
        raise RootError(f"There is no format of RDF named {extension!r}.", f"The formats are: {names}.")
    return chosen
