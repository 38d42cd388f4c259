"""Requests to other endpoints: to the very address that was judged, within a time, a length and a number of redirections.

Nothing but the sub-query is sent: no cookie, no authorization, no header of the caller's; proxies of the environment are not
used, since they would look the name up for themselves.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from alpine_kg import __version__
from alpine_kg.errors import ForbiddenQueryError, ServiceError
from alpine_kg.store.federation.addresses import is_public
from alpine_kg.store.federation.endpoints import SETTING, AllowList, Endpoint
from alpine_kg.store.federation.messages import BrokenMessageError, LongMessageError, Message, read_answer

_LOG: Final = logging.getLogger("alpine_kg.federation")
RESULTS: Final = "application/sparql-results+json"
_READ: Final = {RESULTS, "application/json"}
_MOVED: Final = {301, 302, 307, 308}
_OK: Final = 200
_UNDO: Final = "Ask it yourself to see what is wrong, or write SERVICE SILENT to do without it."
_HEAD: Final = (
    "POST {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: alpine-kg/{version}\r\nAccept: {accept}\r\n"
    "Accept-Encoding: identity\r\nContent-Type: application/sparql-query\r\nContent-Length: {length}\r\n"
    "Connection: close\r\n\r\n"
)

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Returns all addresses of a host; raises OSError when it has none."""
Connect = Callable[[str, Endpoint], Awaitable[Stream]]
"""Returns a connection to an address, for an endpoint; raises OSError."""


@dataclass(frozen=True)
class Limits:
    """What one query may cost: seconds a request, bytes of all answers, redirections a request, and requests."""

    seconds: float = 5.0
    bytes: int = 16 * 2**20
    redirects: int = 1
    requests: int = 10


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def connect(address: str, endpoint: Endpoint) -> Stream:
    """Return a connection to an address; with TLS, to whoever can prove to be the endpoint's host."""
    if endpoint.scheme == "http":
        return await asyncio.open_connection(address, endpoint.port)
    context = ssl.create_default_context()
    return await asyncio.open_connection(address, endpoint.port, ssl=context, server_hostname=endpoint.host)


class Outbound:
    """Sends sub-queries out; how names are resolved and connections made can be given."""

    def __init__(
        self, allowed: AllowList, limits: Limits, *, resolve: Resolve = resolve, connect: Connect = connect
    ) -> None:
        """Contact the allowed endpoints only."""
        self._allowed = allowed
        self._limits = limits
        self._resolve = resolve
        self._connect = connect

    async def ask(self, endpoint: Endpoint, query: bytes, most: int) -> bytes:
        """Return an endpoint's solutions in JSON, `most` bytes at most; raises ServiceError for whatever goes wrong."""
        limits = self._limits
        try:
            async with asyncio.timeout(limits.seconds):
                answer = await self._follow(endpoint, query, most)
        except TimeoutError:
            raise failed(endpoint, f"gave no whole answer within {limits.seconds:g} seconds") from None
        except (OSError, BrokenMessageError) as error:
            raise failed(endpoint, f"cannot be reached or understood: {error}") from error
        except LongMessageError:
            raise failed(
                endpoint, f"answered with more than the {most} bytes that were left of {limits.bytes}"
            ) from None
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status != _OK:
            raise failed(endpoint, f"answered with status {answer.status}")
        if media_type not in _READ or answer.headers.get("content-encoding", "identity") != "identity":
            raise failed(endpoint, f"answered in another format than {RESULTS}")
        return bytes(answer.body)

    async def _follow(self, endpoint: Endpoint, query: bytes, most: int) -> Message:
        """Return the first answer that is no redirection; what is redirected to must be allowed like any endpoint."""
        asked = endpoint
        for _ in range(self._limits.redirects + 1):
            answer = await self._send(asked, query, most)
            if answer.status not in _MOVED:
                return answer
            try:
                asked = self._allowed.check(urljoin(str(asked), answer.headers.get("location", "")))
            except (ForbiddenQueryError, ValueError):
                raise failed(endpoint, f"redirects to an address that {SETTING} does not allow") from None
        raise failed(endpoint, f"redirects more than {self._limits.redirects} times")

    async def _send(self, endpoint: Endpoint, query: bytes, most: int) -> Message:
        reader, writer = await self._open(endpoint)
        try:
            head = _HEAD.format(
                target=endpoint.target,
                host=endpoint.authority,
                version=__version__,
                accept=RESULTS,
                length=len(query),
            )
            writer.write(head.encode("ascii") + query)
            return await read_answer(reader, most)
        finally:
            writer.transport.abort()

    async def _open(self, endpoint: Endpoint) -> Stream:
        """Return a connection to an address of the endpoint, all of which must be public; no name is looked up again."""
        addresses = await self._resolve(endpoint.host, endpoint.port)
        closed = [address for address in addresses if not is_public(address)]
        if closed or not addresses:
            _LOG.warning(
                "%s is not contacted: %s resolves to %s", endpoint, endpoint.host, ", ".join(closed) or "nothing"
            )
            raise failed(endpoint, "has a name that leads to an address that is not of the public internet")
        for address in addresses[:-1]:
            try:
                return await self._connect(address, endpoint)
            except OSError:
                continue
        return await self._connect(addresses[-1], endpoint)


def failed(endpoint: Endpoint, reason: str) -> ServiceError:
    """Return the failure of an endpoint."""
    return ServiceError(f"The endpoint {endpoint} {reason}.", _UNDO, {"endpoint": str(endpoint)})
