"""The address under which a caller reaches this service."""

import re
from typing import Final

from starlette.requests import Request

from alpine_kg.errors import BadParameterError
from alpine_kg.settings import Settings
from alpine_kg.web.proxies import proxies_of

_HOST: Final = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


def origin_of(request: Request, settings: Settings) -> str:
    """Return scheme, host and port without a slash at the end: the public address that is set, or what the caller wrote.

    A trusted proxy says what that was in X-Forwarded-Proto and X-Forwarded-Host.

    Raises BadParameterError for a Host header that is no host, since it would stand in the IRIs of the answer.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    scheme, host = proxies_of(settings.trusted_proxies).origin(request.scope)
    if not _HOST.fullmatch(host):
        raise BadParameterError("The Host header names no host.", "Send the name of the host that you ask.")
    return f"{scheme}://{host}"
