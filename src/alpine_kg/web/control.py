"""What the application may ask of the service that runs it."""

from pathlib import Path
from typing import Any, Protocol

from alpine_kg.web.metrics import Family


class Front(Protocol):
    """Runs the application, and can replace the graph that it serves."""

    refusal: dict[str, Any]
    """Why the last reload was refused, and when; empty when it was not."""
    pending: Path
    """The folder for bodies that wait to be written."""
    place: int
    """Which of the serving processes this one is."""
    spawner: int
    """The number of the process from which query workers are forked."""

    async def renew(self, change: dict[str, Any]) -> dict[str, Any]:
        """Return what became of a change, once every serving process serves the generation with it; raises why it is refused.

        `change` is empty for a reload, and has the fields of a `Write` under `write` for a write. The result has the
        `version` that is served, and for a write its `graph` and whether it is `created`.
        """

    async def measurements(self) -> dict[str, list[Family]]:
        """Return the measurements of every serving process, by its place."""
