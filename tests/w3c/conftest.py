"""Runs the service on data whose named graphs have the IRIs that the W3C's test descriptions use."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from running import Service, running

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def service() -> Iterator[Service]:
    """The protocol suite's three graphs, and a default graph that holds none of them."""
    with running(HERE / "protocol.trig", "--default-graph", "strict") as service:
        yield service
