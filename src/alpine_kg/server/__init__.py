"""The running service: a supervisor, one spawner of query workers a generation, and the processes that speak HTTP."""

import socket

from alpine_kg.server import logs
from alpine_kg.server.board import Board
from alpine_kg.server.children import Children, Run
from alpine_kg.server.federating import check_federation
from alpine_kg.server.listening import address_of, announce, listen
from alpine_kg.server.loading import Loader
from alpine_kg.server.supervisor import Supervisor
from alpine_kg.server.tally import Tally
from alpine_kg.settings import Settings
from alpine_kg.store.remote import check_engine


def serve(settings: Settings) -> int:
    """Serve until a signal ends it; return the exit status: 0, or 1 when the graph may not be served."""
    logs.set_up(settings.log_level)
    check_engine(settings)
    check_federation(settings)
    listener = listen(settings)
    address = address_of(listener)
    loader = Loader(settings)
    children = Children(settings, _speaker(settings), listener)
    try:
        return Supervisor(settings, children, loader, lambda info: announce(settings, address, info)).run()
    finally:
        loader.clean_up()


def _speaker(settings: Settings) -> Run:
    """Return what a serving process runs."""
    several = settings.workers > 1
    board = Board(settings.workers) if several else None
    tally = Tally(settings.workers) if several else None

    def run(listener: socket.socket, connection: socket.socket, settings: Settings, place: int) -> None:
        if tally:
            tally.leave(place)  # where the number of one that has died may still stand
        # The web framework takes half a second to load: only the serving processes do, while the data are being loaded.
        from alpine_kg.server.http import run as speak  # noqa: PLC0415

        speak(listener, connection, settings, place, board=board, tally=tally)

    return run
