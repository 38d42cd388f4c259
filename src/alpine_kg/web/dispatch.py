"""The framework's application, which finds most paths without trying one after the other.

The framework tries the pattern of each route in turn, and resolves parameters and dependencies that our endpoints do not have:
they take the request alone. That costs more than an answer from the index does, so that a path which is registered letter for
letter, or with an extension alone left open, is looked up. Its endpoint is then called as the framework would call it.
"""

import inspect
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_OPEN: Final = ".{extension}"
_SAMPLE: Final = ".x"
"""Stands for every extension when it is asked which route a path has."""


class Application(FastAPI):
    """An application whose paths to read are looked up where they can be."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = self.find(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None or scope.get("root_path"):
            await super().__call__(scope, receive, send)
            return
        route, parameters = found
        scope["route"], scope["path_params"] = route, parameters
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            handle = self._handler(error)
            if handle is None:
                raise
            response = await handle(request, error)
        await response(scope, receive, send)

    def find(self, path: str) -> tuple[APIRoute, dict[str, str]] | None:
        """Return the route of a path with what its pattern leaves open, or None when it takes trying."""
        if path in self._directory:
            return self._directory[path], {}
        stem, dot, extension = path.partition(".")
        route = self._directory.get(stem + _OPEN) if dot and extension and "/" not in extension else None
        return (route, {"extension": extension}) if route else None

    @cached_property
    def _directory(self) -> dict[str, APIRoute]:
        """The routes that can be looked up, by their patterns; made at the first request, when all are registered."""
        routes = [route for route in self.routes if isinstance(route, APIRoute) and "GET" in (route.methods or ())]
        found: dict[str, APIRoute] = {}
        for route in routes:
            sample = route.path.removesuffix(_OPEN) + (_SAMPLE if route.path.endswith(_OPEN) else "")
            # The first route that fits is the one that the framework would choose.
            first = next(other for other in routes if other.path_regex.match(sample) or other is route)
            if "{" not in sample and first is route and _takes_request_alone(route.endpoint):
                found[route.path] = route
        return found

    def _handler(self, error: Exception) -> Callable[[Request, Exception], Awaitable[Response]] | None:
        """Return what turns an exception into an answer; None for a defect, which the front of all answers."""
        kinds = (kind for kind in type(error).__mro__ if kind is not Exception)
        return next((self.exception_handlers[kind] for kind in kinds if kind in self.exception_handlers), None)  # type: ignore[return-value]


def _takes_request_alone(endpoint: Callable[..., object]) -> bool:
    parameters = inspect.signature(endpoint).parameters.values()
    return inspect.iscoroutinefunction(endpoint) and [each.annotation for each in parameters] == [Request]
