"""What the tests of operations do to a running service: write to it, speak to its socket, and wait for what must come about."""

import contextlib
import json
import socket
import time
from collections.abc import Callable
from typing import Any

from running import TOKEN, Service

BEARER = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = BEARER | {"Content-Type": "text/turtle"}
PLACES = "/graph/places"
_NAME = '<https://w3id.org/alpine-kg/id/place/dieppe> <http://www.w3.org/2004/02/skos/core#altLabel> "{name}"@fr .'


def version(service: Service) -> str:
    """Return the version of the graph that a service says it serves."""
    return str(json.loads(service.ask("GET", "/readyz").body)["version"])


def name(text: str) -> bytes:
    """Return a statement that may be added to the graph `places`, which stays valid with it."""
    return _NAME.format(name=text).encode()


def has_name(service: Service, text: str) -> bool:
    """Tell whether queries find that statement."""
    query = f'ASK {{ ?place <http://www.w3.org/2004/02/skos/core#altLabel> "{text}"@fr }}'
    return bool(json.loads(service.query(query).body)["boolean"])


def raw(service: Service, *parts: bytes, pause: float = 0.0, limit: float = 20.0) -> bytes:
    """Return all that the service sends on a connection to which these bytes are written, until it closes it."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", service.port), timeout=limit) as connection:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        with contextlib.suppress(ConnectionError):
            while data := connection.recv(1 << 20):
                received += data
    return bytes(received)


def problem(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Return the status and the members of a problem document, from the bytes of the answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head.lower(), answer[:300]
    return int(head.split()[1]), json.loads(body)


def eventually(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """Return what a condition gives once it is true of anything."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := condition():
                return found
        except OSError:
            pass
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.05)


def total(service: Service) -> int:
    """Return how many triples there are, by the query that is answered from what is known."""
    return _number(service, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")


def counted_total(service: Service) -> int:
    """Return how many triples there are, by a query that the engine has to count for."""
    return _number(service, "SELECT (COUNT(?s) AS ?n) WHERE { ?s ?p ?o }")


def _number(service: Service, query: str) -> int:
    return int(json.loads(service.query(query).body)["results"]["bindings"][0]["n"]["value"])
