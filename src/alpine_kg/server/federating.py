"""Whether queries may ask other endpoints: what the settings allow, where the system can keep them to that."""

from alpine_kg.errors import StoreError
from alpine_kg.settings import Settings
from alpine_kg.store.federation.endpoints import SETTING
from alpine_kg.store.federation.forwarder import Federation
from alpine_kg.store.workers.confinement import can_isolate


def check_federation(settings: Settings) -> None:
    """Raise, before anything starts, what would make every query fail: wrong prefixes, or a system without namespaces."""
    if Federation.of(settings) and not can_isolate():
        raise StoreError(
            f"{SETTING} is set, but this system grants no network namespaces to keep queries to the allowed endpoints.",
            f"Permit user namespaces to the service, or unset {SETTING}.",
        )
