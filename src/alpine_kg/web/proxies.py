"""Who sent a request and under which address: read from the headers of proxies only where the settings trust the proxy.

Source of the headers: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-For.
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from alpine_kg.errors import BadParameterError

_FORWARDED: Final = (b"forwarded", b"via", b"x-forwarded-for", b"x-real-ip")
"""Headers that a proxy adds: with one of them, the address at the other end is a proxy's."""
_SCHEMES: Final = {"http", "https"}


class Proxies:
    """The proxies whose word is taken."""

    def __init__(self, addresses: str) -> None:
        """Trust these addresses and networks, parted by commas; raises BadParameterError for one that is none."""
        try:
            self._networks: list[IPv4Network | IPv6Network] = [
                ip_network(part.strip()) for part in addresses.split(",") if part.strip()
            ]
        except ValueError as error:
            raise BadParameterError(
                f"The trusted proxies are not addresses: {error}.", "Write for example 10.0.0.0/8, ::1."
            ) from None

    def address(self, scope: Scope) -> str:
        """Return the address of the client that a request comes from in the end."""
        address = _peer(scope)
        hops = [hop.strip() for hop in _joined(scope, "x-forwarded-for").split(",") if hop.strip()]
        # The last address that no trusted proxy has: whatever stands before it, anyone can have written.
        while hops and self.trusts(address):
            address = hops.pop()
        return address

    def origin(self, scope: Scope) -> tuple[str, str]:
        """Return the scheme and the host that the client asked for."""
        headers = Headers(scope=scope)
        scheme, host = str(scope["scheme"]), headers.get("host", "")
        if self.trusts(_peer(scope)):
            told = _joined(scope, "x-forwarded-proto").rpartition(",")[2].strip().lower()
            scheme = told if told in _SCHEMES else scheme
            host = _joined(scope, "x-forwarded-host").rpartition(",")[2].strip() or host
        return scheme, host

    def is_local(self, scope: Scope) -> bool:
        """Tell whether a request comes from this very machine, and not through a proxy on it."""
        told = any(name in _FORWARDED for name, _ in scope["headers"])
        if told and not self.trusts(_peer(scope)):
            return False
        try:
            return ip_address(self.address(scope)).is_loopback
        except ValueError:
            return False

    def trusts(self, address: str) -> bool:
        """Tell whether an address is a trusted proxy's."""
        if not self._networks:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


@lru_cache(maxsize=8)
def proxies_of(addresses: str) -> Proxies:
    """Return the proxies of a setting."""
    return Proxies(addresses)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _joined(scope: Scope, name: str) -> str:
    return ",".join(Headers(scope=scope).getlist(name))
