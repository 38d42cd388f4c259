"""Who may do what not everybody may: the bearer of the token, and for reading measurements this machine too.

Source: RFC 6750, https://www.rfc-editor.org/rfc/rfc6750.
"""

import hmac
from typing import Final

from starlette.requests import Request

from alpine_kg.errors import UnauthorizedError
from alpine_kg.web.problems import OperationsOffError
from alpine_kg.web.proxies import proxies_of
from alpine_kg.web.service import Service

_SCHEME: Final = "bearer"


def demand_token(request: Request, service: Service) -> None:
    """Raise unless the request shows the token of the settings.

    OperationsOffError when there is none, UnauthorizedError for a missing or wrong one, ThrottledError for who guesses.
    """
    token = service.settings.token
    if not token:
        raise OperationsOffError("This service takes no reloads and no writes.", "Its operator can set a token.")
    client = service.fairness.client(request)
    service.fairness.admit(client)
    if not _shown(request, token):
        service.fairness.charge(client, errors=1)
        raise UnauthorizedError("The token is missing or wrong.", "Send it as Authorization: Bearer TOKEN.")


def demand_operator(request: Request, service: Service) -> None:
    """Raise as `demand_token` does, unless the request comes from this machine."""
    if not proxies_of(service.settings.trusted_proxies).is_local(request.scope):
        demand_token(request, service)


def _shown(request: Request, token: str) -> bool:
    """Tell whether the header has the token, in a time that does not tell how much of it is right."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == _SCHEME and hmac.compare_digest(shown.strip().encode(), token.encode())
