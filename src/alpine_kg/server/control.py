"""What the supervisor and a serving process say to each other: JSON over a socket pair, with descriptors where needed."""

import json
import socket
from typing import Any, Final

_LONGEST: Final = 1 << 17
LONGEST_ERROR: Final = 100_000
"""Bytes of an error that a message has room for."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a new control connection."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def say(connection: socket.socket, message: dict[str, Any], *descriptors: int) -> bool:
    """Send a message; return whether the other side was there to get it."""
    try:
        socket.send_fds(connection, [json.dumps(message).encode()], descriptors)
    except OSError:
        return False
    return True


def hear(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """Return the next message with its descriptors, or None when the other side has gone."""
    try:
        data, descriptors, _, _ = socket.recv_fds(connection, _LONGEST, 1)
    except OSError:
        return None
    return (json.loads(data), descriptors) if data else None
