"""What no mending on our side can make the same on an engine, test by test: each fails there, for a reason in docs/engines.md."""

from typing import Final

DIFFERENCES: Final[dict[str, dict[str, str]]] = {}
"""For each kind of engine, the beginnings of tests' names with the reason; a test that passes all the same is a failure."""
