"""The running service: a supervisor, one spawner of query workers a generation, and the processes that speak HTTP."""

import socket

from alpine_kg.server import logs
from alpine_kg.server.board import Board
from alpine_kg.server.supervisor import supervise
from alpine_kg.settings import Settings


def serve(settings: Settings) -> int:
    """Serve until a signal ends it; return the exit status."""
    logs.set_up(settings.log_level)
    board = Board(settings.workers) if settings.workers > 1 else None

    def run(listener: socket.socket, connection: socket.socket, settings: Settings, place: int) -> None:
        # The web framework takes half a second to load: only the serving processes do, while the data are being loaded.
        from alpine_kg.server.http import run as speak  # noqa: PLC0415

        speak(listener, connection, settings, place, board)

    return supervise(settings, run)
