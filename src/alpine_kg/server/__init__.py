"""The running service: a supervisor, one spawner of query workers a generation, and the processes that speak HTTP."""

import socket

from alpine_kg.server.supervisor import supervise
from alpine_kg.settings import Settings


def serve(settings: Settings) -> int:
    """Serve until a signal ends it; return the exit status."""
    return supervise(settings, _run)


def _run(listener: socket.socket, connection: socket.socket, settings: Settings) -> None:
    # The web framework takes half a second to load: only the serving processes do, while the data are being loaded.
    from alpine_kg.server.serving import run  # noqa: PLC0415

    run(listener, connection, settings)
