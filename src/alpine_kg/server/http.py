"""The HTTP server of a serving process."""

import gc
import socket

import uvicorn

from alpine_kg.server import logs
from alpine_kg.server.board import Board
from alpine_kg.server.connections import Config, Connection
from alpine_kg.server.limits import Limits
from alpine_kg.server.serving import Front
from alpine_kg.settings import Settings
from alpine_kg.web.observation import current


def run(
    listener: socket.socket, connection: socket.socket, settings: Settings, place: int, board: Board | None
) -> None:
    """Serve HTTP on a listening socket until a signal ends it."""
    logs.set_up(settings.log_level, request=_request_id)
    # What is there for good need not be looked through whenever a generation of the graph has gone.
    gc.collect()
    gc.freeze()
    front = Front(connection, settings, place, board)
    config = Config(
        front,
        http=Connection,
        ws="none",
        log_config=None,
        log_level=None,
        access_log=False,
        server_header=False,
        # Which proxies are trusted is a setting of ours, not a variable that uvicorn reads.
        proxy_headers=False,
        lifespan="on",
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_keep_alive=settings.keep_alive_seconds,
    )
    config.limits = Limits.of(settings)
    config.recall = front.recall
    uvicorn.Server(config).run(sockets=[listener])


def _request_id() -> str:
    observation = current()
    return observation.identifier.decode() if observation else ""
