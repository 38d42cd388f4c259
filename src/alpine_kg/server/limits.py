"""How much a client may send, and how slowly; see the settings of the same names."""

from collections.abc import Sequence
from dataclasses import dataclass

from alpine_kg.errors import AlpineKGError
from alpine_kg.settings import Settings
from alpine_kg.web.problems import AddressTooLongError, HeadersTooLongError, OverloadedError
from alpine_kg.web.wire import Header


@dataclass(frozen=True)
class Limits:
    """How much and how fast."""

    url_characters: int
    header_bytes: int
    headers: int
    head_seconds: float
    body_seconds: float
    body_rate: int
    send_seconds: float
    connections: int

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """Return the limits of the settings."""
        return cls(**{name: getattr(settings, name) for name in cls.__dataclass_fields__})

    def objection(self, url: bytes, headers: Sequence[Header], connections: int) -> AlpineKGError | None:
        """Return why a request is not answered whose head has come, on one of so many connections, or None when it is."""
        if connections > self.connections:
            return OverloadedError("There are more connections than this process may have.", "Try again later.")
        if len(url) > self.url_characters:
            return self.too_long(address=True)
        size = sum(len(name) + len(value) for name, value in headers)
        return self.too_long() if len(headers) > self.headers or size > self.header_bytes else None

    def too_long(self, *, address: bool = False) -> AlpineKGError:
        """Return what to say of a head that is too long, for its address or for its headers."""
        if address:
            return AddressTooLongError(
                f"The address is longer than {self.url_characters} characters.",
                "Send a long query in the body of a POST.",
            )
        return HeadersTooLongError(
            f"A request may have {self.headers} headers of {self.header_bytes} bytes in all.", "Send fewer of them."
        )
