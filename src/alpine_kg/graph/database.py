"""The SQLite database that the catalogue is read from: for threads that take turns, and for one that cannot wait."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

_MAPPED: Final = 1 << 34
"""Bytes of a file that are read where the system holds them; as far as SQLite was built to allow it."""
_STEPS: Final = 1_000
"""Steps of SQLite's machine, some tens of microseconds, after which it is looked whether there is time for more."""


class NotBriefError(Exception):
    """What was asked takes longer than the caller can wait."""


class _Connection:
    """A connection, and whose turn it is."""

    def __init__(self, path: Path | None) -> None:
        # Nothing locks or watches a file that never changes, and its pages are not copied out of the system's memory.
        source = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1" if path else ":memory:"
        self.sqlite = sqlite3.connect(source, uri=True, check_same_thread=False, isolation_level=None)
        self.sqlite.execute(f"PRAGMA mmap_size = {_MAPPED}")
        self.turn = threading.RLock()


class Database:
    """A database that is only read."""

    def __init__(self, path: Path | None) -> None:
        """Open a file, which must not change any more, or make an empty database in memory."""
        self._usual = _Connection(path)
        # Of its own, so that who cannot wait need not stand aside for who takes long; a database in memory has but one.
        self._hasty = _Connection(path) if path else self._usual
        self._hurried: int | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """What an empty database is filled through."""
        return self._usual.sqlite

    def rows(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """Return the rows that a statement gives."""
        connection = self._hasty if self._hurried == threading.get_ident() else self._usual
        with connection.turn:
            return connection.sqlite.execute(statement, values).fetchall()

    @contextmanager
    def briefly(self, seconds: float) -> Iterator[None]:
        """Have what is asked within, by this thread, given up after so long.

        Raises NotBriefError then, and when another thread is in the way. What SQLite does in a single step is not given up: the
        index of words gathers all matches of a beginning that it does not hold, and what many words have in common, in one.
        """
        connection = self._hasty
        if not connection.turn.acquire(blocking=False):
            raise NotBriefError
        end = time.monotonic() + seconds
        connection.sqlite.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        self._hurried = threading.get_ident()
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise NotBriefError from error
            raise
        finally:
            self._hurried = None
            connection.sqlite.set_progress_handler(None, 0)
            connection.turn.release()

    def close(self) -> None:
        """Let go of the file."""
        self._usual.sqlite.close()
        self._hasty.sqlite.close()
