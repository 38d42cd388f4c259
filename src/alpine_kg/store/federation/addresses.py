"""Which addresses of the internet a request may go to: those that anyone on it can reach, and no others.

Sources: the special-purpose address registries, https://www.iana.org/assignments/iana-ipv4-special-registry and
https://www.iana.org/assignments/iana-ipv6-special-registry (RFC 6890).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_CLOSED_4: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network, and this host
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # between a provider and its customers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, where clouds keep their secrets
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays to IPv6
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_OPEN_6: Final = IPv6Network("2000::/3")
"""All that is given out as global unicast: loopback, link-local, unique local, multicast and the unassigned lie outside."""
_CLOSED_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_6TO4: Final = IPv6Network("2002::/16")
_6TO4_SHIFT: Final = 80
_LAST_32_BITS: Final = 0xFFFFFFFF


def is_public(address: str) -> bool:
    """Tell whether an address is one of the public internet, also when it stands for another of IPv4.

    >>> is_public("8.8.8.8"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1"), is_public("fe80::1%eth0")
    (True, False, False, False)
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.scope_id is None:
        parsed = _embedded(parsed) or parsed
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _CLOSED_4)
    return parsed.scope_id is None and parsed in _OPEN_6 and not any(parsed in network for network in _CLOSED_6)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Return the address of IPv4 that traffic to an address of IPv6 ends up at, if there is one."""
    if address in _MAPPED or address in _NAT64:
        return IPv4Address(int(address) & _LAST_32_BITS)
    if address in _6TO4:
        return IPv4Address(int(address) >> _6TO4_SHIFT & _LAST_32_BITS)
    return None
