"""A client that takes more than its share is told to wait, and how long; nobody else notices."""

import time
from collections.abc import Callable

import pytest

from hostile import RUNAWAYS
from running import Reply, Service

GREEDY = {"User-Agent": "greedy", "Content-Type": "application/sparql-query"}


@pytest.fixture
def service(start: Callable[..., Service]) -> Service:
    """A server with little to give, two seconds of work and five errors, and which gives it back more slowly than it is spent.

    A query that hangs about costs a quarter of its time, even on a machine that is too busy to run it.
    """
    return start(client_work_seconds=2, client_work_refill=8, client_errors=5, client_errors_refill=12, query_seconds=1)


def ask(service: Service, text: str, **headers: str) -> Reply:
    return service.ask("POST", "/sparql", GREEDY | headers, text.encode())


def throttled(reply: Reply) -> bool:
    if reply.status != 429:
        return False
    assert reply.media_type == "application/problem+json"
    assert int(reply.headers["retry-after"]) >= 1
    return True


def test_work_is_used_up_and_comes_back(service: Service) -> None:
    replies = (ask(service, RUNAWAYS["cross product counted"]) for _ in range(30))
    refused = next(filter(throttled, replies))
    assert service.query("ASK {}").status == 200
    assert service.ask("GET", "/healthz", {"User-Agent": "greedy"}).status == 200
    time.sleep(int(refused.headers["retry-after"]) + 0.1)
    assert ask(service, "ASK {}").status == 200


def test_errors_are_used_up(service: Service) -> None:
    assert any(throttled(ask(service, "nonsense")) for _ in range(15))
    assert service.query("ASK {}").status == 200


def test_nobody_is_believed_about_their_address(service: Service) -> None:
    """Without a trusted proxy each X-Forwarded-For would be a new client."""
    replies = [ask(service, "nonsense", **{"X-Forwarded-For": f"203.0.113.{number}"}) for number in range(15)]
    assert any(throttled(reply) for reply in replies)
