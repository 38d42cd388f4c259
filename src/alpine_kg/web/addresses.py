"""What an address may look like, and which methods its path answers to; checked before the framework sees a request."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from alpine_kg.errors import AlpineKGError, BadParameterError, NotFoundError
from alpine_kg.web.languages import LANGUAGE, check_language
from alpine_kg.web.parameters import Parameters
from alpine_kg.web.problems import AddressTooLongError


def raw_path(scope: Scope) -> bytes:
    """Return the path of a request as it was sent, still encoded."""
    sent: bytes | None = scope.get("raw_path")
    return sent if sent is not None else str(scope["path"]).encode()


def refusal(scope: Scope, longest: int) -> AlpineKGError | None:
    """Return why the address of a request cannot be answered, whatever stands at it, or None when it can."""
    path: bytes = raw_path(scope)
    query: bytes = scope["query_string"]
    if len(path) + len(query) >= longest:
        return AddressTooLongError(
            f"The address is longer than {longest} characters.", "Send a long query in the body of a POST."
        )
    try:
        text = unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return BadParameterError("The path is not in UTF-8.", "Encode it in UTF-8.")
    if min(text, default=" ") < " ":
        return BadParameterError("The path holds a control character.", "Leave it out.")
    if text.count("/") != path.count(b"/") or "\\" in text:
        return NotFoundError("There is nothing at a path with an encoded slash.", "Write slashes as they are.")
    try:
        # Every path takes a language, for its page if it has one.
        check_language(Parameters.read(query).one(LANGUAGE))
    except BadParameterError as error:
        return error
    return None


def allowed_methods(routes: Iterable[BaseRoute], scope: Scope) -> list[str]:
    """Return the methods that the path of a request answers to, in order; none when there is nothing at it."""
    methods: set[str] = set()
    for route in routes:
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            methods |= route.methods or set()
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods | {"OPTIONS"}) if methods else []
