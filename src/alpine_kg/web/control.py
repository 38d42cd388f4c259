"""What the application may ask of the service that runs it."""

from typing import Any, Protocol


class Front(Protocol):
    """Runs the application, and can replace the graph that it serves."""

    refusal: str
    """Why the last new generation was refused; empty when it was not."""

    async def renew(self, change: dict[str, Any]) -> str:
        """Return the version of a new generation once it is served here; raises why it is refused.

        `change` has an `id` and, for files that are written over the root's, the folder that holds them under `files`.
        """
