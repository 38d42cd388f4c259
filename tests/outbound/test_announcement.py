"""What the service says of federation is what it does."""

import pytest
from starlette.testclient import TestClient

from alpine_kg.errors import BadParameterError, StoreError
from alpine_kg.graph import KnowledgeGraph
from alpine_kg.server import federating
from alpine_kg.settings import Settings
from alpine_kg.store.federation.forwarder import Federation
from alpine_kg.web import create_app
from alpine_kg.web.answers import InProcess

FEATURE = "http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery"
ALLOWED = "https://query.wikidata.org/,https://dbpedia.org/sparql"


@pytest.fixture
def federated(graph: KnowledgeGraph) -> TestClient:
    answers = InProcess(graph.store)
    answers.federated = True
    return TestClient(create_app(graph, Settings(service_allow=ALLOWED), answers=answers))


def described(client: TestClient) -> str:
    return str(client.get("/sparql", headers={"Accept": "application/n-triples"}).text)


def test_off_it_is_not_announced(client: TestClient) -> None:
    assert FEATURE not in described(client)
    assert "SERVICE is answered with 403" in client.get("/docs").text


def test_on_it_is(federated: TestClient) -> None:
    description = described(federated)
    assert f"#feature> <{FEATURE}> ." in description
    assert description.count("\n") < 50
    assert "https://query.wikidata.org/, https://dbpedia.org/sparql" in federated.get("/docs").text


def test_allowed_but_impossible_here_it_is_not_announced(graph: KnowledgeGraph) -> None:
    """A store in this very process never asks others."""
    client = TestClient(create_app(graph, Settings(service_allow=ALLOWED)))
    assert FEATURE not in described(client)
    query = "ASK { SERVICE <https://query.wikidata.org/sparql> {} }"
    assert client.get("/sparql", params={"query": query}).status_code == 403


def test_the_settings_are_what_the_federation_keeps_to() -> None:
    settings = Settings(
        service_allow=ALLOWED, service_seconds=1.5, service_bytes=7, service_redirects=0, service_requests=3
    )
    federation = Federation.of(settings)
    assert federation
    assert federation.prefixes == ALLOWED.split(",")
    limits = federation.limits
    assert (limits.seconds, limits.bytes, limits.redirects, limits.requests) == (1.5, 7, 0, 3)
    assert Federation.of(Settings()) is None
    defaults = Federation.of(Settings(service_allow=ALLOWED))
    assert defaults
    assert (defaults.limits.seconds, defaults.limits.redirects) == (5.0, 1)


def test_the_service_does_not_start_with_what_it_cannot_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    federating.check_federation(Settings())
    with pytest.raises(BadParameterError, match="ALPINE_KG_SERVICE_ALLOW"):
        federating.check_federation(Settings(service_allow="wikidata"))
    monkeypatch.setattr(federating, "can_isolate", lambda: False)
    federating.check_federation(Settings())
    with pytest.raises(StoreError, match="namespaces"):
        federating.check_federation(Settings(service_allow=ALLOWED))


def test_a_failed_endpoint_is_a_problem_of_its_own(federated: TestClient) -> None:
    rows = federated.get("/problems", headers={"Accept": "application/json"}).json()["problems"]
    (row,) = [row for row in rows if row["type"].endswith("#service-failed")]
    assert row["status"] == 502
