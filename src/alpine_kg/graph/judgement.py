"""Whether a root is valid, found out in a process beside this one, which meanwhile loads the graph."""

import os
import pickle
import traceback
from typing import Final, NoReturn, Self

from alpine_kg.errors import StoreError
from alpine_kg.root import GraphRoot, PlainRoot
from alpine_kg.store.workers.confinement import seal
from alpine_kg.store.workers.parentage import die_with
from alpine_kg.trust import Trust

REFERENCE: Final = "reference"
"""The engine of validation that is used where none is chosen."""


class Judgement:
    """The validation of one root; one that was found valid before is not read again.

    The validator's libraries are large, so they are loaded in a child process, which ends with them.
    """

    def __init__(self, root: GraphRoot, trust: Trust, pid: int = 0, reading: int = -1) -> None:
        """Hold on to a child that judges, or to none where nothing is to be judged; most callers want `begin`."""
        self._root = root
        self._trust = trust
        self._pid = pid
        self._reading = reading

    @classmethod
    def begin(cls, root: GraphRoot, trust: Trust, engine: str = REFERENCE) -> Self:
        """Begin to validate a root. The calling process must have one thread only."""
        if isinstance(root, PlainRoot) or trust.has(root.digest):
            return cls(root, trust)
        reading, writing = os.pipe()
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            die_with(parent)
            os.close(reading)
            _report_and_exit(root, engine, writing)
        os.close(writing)
        return cls(root, trust, pid, reading)

    def wait(self) -> str:
        """Return the report of a root that is not valid, or nothing for one that is; raises StoreError without a result."""
        if not self._pid:
            return ""
        with os.fdopen(self._reading, "rb") as pipe:
            data = pipe.read()
        os.waitpid(self._pid, 0)
        self._pid = 0
        if not data:
            raise StoreError("The validation ended without a result.", "See the log above this line.")
        conforms, report = pickle.loads(data)  # noqa: S301 - written by our own child
        if not conforms:
            return str(report)
        self._trust.add(self._root.digest)
        return ""


def _validate(root: GraphRoot, engine: str) -> tuple[bool, str]:
    from alpine_kg.validation import validate  # noqa: PLC0415

    report = validate(root, engine=engine)
    return report.conforms, report.to_text("en")


def _report_and_exit(root: GraphRoot, engine: str, writing: int) -> NoReturn:
    # The rules of a root may hold SPARQL, which the validator's engine would let contact anyone.
    seal()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(pickle.dumps(_validate(root, engine)))
    except Exception:  # noqa: BLE001 - the last place that can say what happened
        traceback.print_exc()
    finally:
        os._exit(0)
