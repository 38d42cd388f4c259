"""Results of SHACL as a curator wants them: with each of the values that are too many together."""

from collections import Counter
from collections.abc import Sequence

from rdflib.term import Literal, Node

from alpine_kg.validation.findings import Failure


def values_of(failure: Failure, values: Sequence[Node]) -> list[Node | None]:
    """Return the values to report, of those that the focus node has: SHACL names none of those that are too many together."""
    if failure.rule.endswith("/MaxCount"):
        return [*values]
    if failure.rule.endswith("/UniqueLang"):
        languages = Counter(getattr(value, "language", None) for value in values)
        return [
            value for value in values if isinstance(value, Literal) and value.language and languages[value.language] > 1
        ]
    return [failure.value]
