"""What no mending on our side can make the same on an engine, test by test: each fails there, for a reason in docs/engines.md."""

from typing import Final

DIFFERENCES: Final[dict[str, dict[str, str]]] = {
    "virtuoso": {
        "tests/w3c/test_protocol.py::test_updates_are_refused": (
            "ASK of a named graph that is not there, with nothing else in the pattern, is true"
        ),
        "tests/queries/test_named_queries.py::test_rows[plans-touching {}]": "distinct rows of one plan come in another order",
        "tests/queries/test_named_queries.py::test_rows[plans-touching {'entity': 'plant:dieppe'}]": (
            "distinct rows of one plan come in another order"
        ),
    }
}
"""For each kind of engine, the beginnings of tests' names with the reason; a test that passes all the same is a failure."""
