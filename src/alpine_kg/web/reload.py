"""`POST /-/reload`: the files of the root are read again, and the new graph takes the place of the old one if it is valid."""

import json
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from alpine_kg.errors import AlpineKGError, InvalidGraphError, StoreError
from alpine_kg.web.authorization import demand_token
from alpine_kg.web.documents import JSON, plain
from alpine_kg.web.openapi import operation
from alpine_kg.web.service import Service

PATH = "/-/reload"


def register(app: FastAPI, service: Service) -> None:
    """Add the path."""

    async def reload(request: Request) -> Response:
        demand_token(request, service)
        renewed = await renewed_by(service, {})
        return plain(json.dumps({"version": renewed["version"]}), JSON.media_type, seconds=0)

    described = operation(
        "Read the files again, and serve them once they are found valid",
        "operations",
        (JSON,),
        description="Asks for the token. When the new graph is refused the old one stays, and the answer says why.",
    )
    app.post(PATH, operation_id="reload", **described)(reload)


async def renewed_by(service: Service, change: dict[str, Any]) -> dict[str, Any]:
    """Return what became of a change; see `Front.renew`.

    Raises InvalidGraphError for whatever is wrong with the files, and StoreError when nobody can load them.
    """
    if service.front is None:
        raise StoreError("This application runs by itself, and cannot load anything.", "Run `alpine-kg serve`.")
    try:
        return await service.front.renew(change)
    except (InvalidGraphError, StoreError):
        raise
    except AlpineKGError as error:
        if change:
            raise
        raise InvalidGraphError(error.message, error.remedy, error.details) from error
