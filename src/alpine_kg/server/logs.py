"""The log: one line an event on standard error, JSON for programs, and short words where a person reads a terminal."""

import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any, Final

_LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_QUIET: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio")
"""Loggers of libraries, whose ordinary messages are of no use to an operator."""


def set_up(level: str, *, request: Callable[[], str] = lambda: "") -> None:
    """Write all that is at least as serious as a level to standard error; `request` gives the id of the current request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((Words if sys.stderr.isatty() else Lines)(request))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("alpine_kg").setLevel(_LEVELS.get(level, logging.INFO))
    for name in _QUIET:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.DEBUG if level == "debug" else logging.WARNING)


class Lines(logging.Formatter):
    """Writes a record as a line of JSON."""

    def __init__(self, request: Callable[[], str]) -> None:
        """Name the request that `request` gives the id of, if any."""
        super().__init__()
        self._request = request

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, event, and what else is known; no query, token or query string is ever part of it."""
        return json.dumps(self.fields(record), ensure_ascii=False, default=str)

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """Return the fields of a record, those that every record has first."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        fields: dict[str, Any] = {
            "time": f"{moment}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
            "pid": record.process,
        }
        if identifier := self._request():
            fields["request"] = identifier
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return fields


class Words(Lines):
    """Writes a record for a person: the moment, the event, then what else is known as key=value."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows on lines of its own."""
        fields = self.fields(record)
        exception = fields.pop("exception", "")
        shown = [
            f"{key}={_word(value)}"
            for key, value in fields.items()
            if key not in {"time", "level", "event", "logger", "pid"}
        ]
        level = "" if record.levelno == logging.INFO else f"{record.levelname.lower()}: "
        return " ".join([fields["time"][11:19], level + fields["event"], *shown]) + (
            f"\n{exception}" if exception else ""
        )


def _word(value: object) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(c.isspace() or c in '"=' for c in text) else text
