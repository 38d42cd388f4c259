"""The tie between a process and its parent, which the kernel keeps when nobody else can: no process outlives the service."""

import ctypes
import os
import signal
from typing import Final

_PDEATHSIG: Final = 1  # prctl(2)


def die_with(parent: int) -> None:
    """End this process at once when its parent ends, whatever ends it; `parent` is that process's number."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it has ended before the kernel knew
        os._exit(1)
