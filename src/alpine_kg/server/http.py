"""The HTTP server of a serving process."""

import gc
import socket
from functools import partial

import uvicorn

from alpine_kg.server import logs
from alpine_kg.server.acceptance import Acceptance
from alpine_kg.server.board import Board
from alpine_kg.server.connections import Config, Connection
from alpine_kg.server.limits import Limits
from alpine_kg.server.serving import Front
from alpine_kg.server.tally import Tally
from alpine_kg.settings import Settings
from alpine_kg.web.observation import current


class _Sharing(uvicorn.Server):
    """uvicorn's server as one of several processes, which takes its share of the connections to a socket that they share."""

    config: Config

    def __init__(self, config: Config, tally: Tally, place: int) -> None:
        super().__init__(config)
        self._tally = tally
        self._place = place

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, and take connections in the way of this server instead of uvicorn's."""
        await super().startup(sockets=[])
        state = self.server_state
        # As uvicorn's own startup makes it.
        protocol = partial(Connection, config=self.config, server_state=state, app_state=self.lifespan.state)
        for listener in sockets or []:
            acceptance = Acceptance(listener, self._tally, self._place, protocol, state.connections)
            self.config.ended = acceptance.ended
            self.servers.append(acceptance)  # type: ignore[arg-type]  # uvicorn calls what it has: close and wait_closed


def run(
    listener: socket.socket,
    connection: socket.socket,
    settings: Settings,
    place: int,
    *,
    board: Board | None,
    tally: Tally | None,
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
    server = _Sharing(config, tally, place) if tally else uvicorn.Server(config)
    server.run(sockets=[listener])


def _request_id() -> str:
    observation = current()
    return observation.identifier.decode() if observation else ""
