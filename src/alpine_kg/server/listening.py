"""The listening socket, the address under which people find it, and the line that tells them."""

import logging
import resource
import socket
from typing import Any, Final

from alpine_kg.errors import StoreError
from alpine_kg.settings import Settings

_LOG: Final = logging.getLogger("alpine_kg.supervisor")
_BACKLOG: Final = 2048
_DESCRIPTORS: Final = 65_536
"""Open files that a process may have, as far as the system permits: each connection is one, and each query two."""


def listen(settings: Settings) -> socket.socket:
    """Return the listening socket; raises StoreError with the reason when the address cannot be used."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except (OSError, OverflowError) as error:
        raise StoreError(
            f"{settings.host}:{settings.port} cannot be listened on: {error}.", "Choose another with --host and --port."
        ) from error
    listener.listen(_BACKLOG)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = _DESCRIPTORS if most == resource.RLIM_INFINITY else min(most, _DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address of a listening socket as a browser takes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(settings: Settings, address: str, info: dict[str, Any]) -> None:
    """Say in one line what is served, and where."""
    if settings.files:
        served = f"{info['triples']:,} triples of {', '.join(path.name for path in settings.files)}"
    else:
        served = f"{info['claims']:,} claims of {settings.root or 'the shipped graph'}"
    fields = {"address": address, "version": info["version"], "processes": settings.workers, "valid": info["valid"]}
    _LOG.info("Serving %s at %s", served, address, extra={"fields": fields})
