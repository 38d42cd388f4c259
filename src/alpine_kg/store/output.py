"""Answers as bytes: the engine's writers, and what they leave to be put right.

Sources: https://www.w3.org/TR/rdf-sparql-XMLres/ and https://www.w3.org/TR/sparql11-results-csv-tsv/.
"""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Final

import pyoxigraph as ox

from alpine_kg.errors import NotAcceptableError
from alpine_kg.formats import Format
from alpine_kg.formats.markup import EXTENSIONS, Markup
from alpine_kg.store.base import Answer
from alpine_kg.streams import Output

Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples | Iterator[ox.Triple] | bool
"""What a query has found: by the engine here, or what another has told."""
_ROWS: Final = 1_000
"""Rows of CSV that are written at once."""
_SPECIAL: Final = re.compile(r'[,"\r\n]')
_QUOTE: Final = '"'


def write(found: Found, target: Format, output: Output) -> None:
    """Write an answer in a format that fits its kind; raises NotAcceptableError when it is in XML and holds what that cannot."""
    if isinstance(found, ox.QuerySolutions) and target.extension == "csv":
        _write_csv(found, output)
        return
    markup = Markup(output) if target.extension in EXTENSIONS else None
    if isinstance(found, ox.QueryTriples):
        found.serialize(markup or output, format=target.rdf)  # type: ignore[arg-type]
    elif isinstance(found, Iterator) and not isinstance(found, ox.QuerySolutions):
        try:
            ox.serialize(found, markup or output, format=target.rdf)  # type: ignore[arg-type]
        except ConnectionError:
            raise  # nobody is there to read it
        except OSError as error:
            raise NotAcceptableError(
                f"The answer holds what {target.label} cannot: {error}.", "Accept another format."
            ) from error
    else:
        found = _verdict(found) if isinstance(found, bool) else found
        found.serialize(markup or output, format=target.results)  # type: ignore[arg-type]
    if markup:
        markup.finish()


def unacceptable(*, graph: bool) -> tuple[str, str]:
    """Return what to say of an answer that is in none of the formats that its caller accepts."""
    if graph:
        return (
            "The query gives a graph, in none of the formats that you accept.",
            "Accept Turtle, N-Triples, RDF/XML or JSON-LD.",
        )
    return (
        "The query gives a table, in none of the formats that you accept.",
        "Accept JSON, XML, CSV or TSV of SPARQL results.",
    )


def _verdict(found: bool) -> ox.QueryBoolean:  # noqa: FBT001
    """Return a verdict as the engine has it."""
    held = ox.parse_query_results(json.dumps({"head": {}, "boolean": found}), ox.QueryResultsFormat.JSON)
    assert isinstance(held, ox.QueryBoolean)
    return held


def _write_csv(solutions: ox.QuerySolutions, output: Output) -> None:
    """Write solutions in CSV: the engine leaves out the quotes around an IRI with a comma, which shifts the columns."""
    lines = [",".join(variable.value for variable in solutions.variables)]
    for solution in solutions:
        lines.append(",".join(map(_field, solution)))
        if len(lines) == _ROWS:
            output.write("\r\n".join([*lines, ""]).encode())
            lines.clear()
    output.write("\r\n".join([*lines, ""]).encode() if lines else b"")


def _field(term: object) -> str:
    """Return a term as CSV has it: without type and language; blank nodes with their label."""
    if term is None:
        return ""
    if isinstance(term, ox.Triple):
        return " ".join(map(_field, term))
    text = str(term) if isinstance(term, ox.BlankNode) else str(term.value)  # type: ignore[attr-defined]
    return f'"{text.replace(_QUOTE, _QUOTE * 2)}"' if _SPECIAL.search(text) else text


def collected(write_answer: Callable[..., None]) -> Answer:
    """Return the answer that a store writes to what `start` gives it, as a whole; raises what the store does."""
    body = BytesIO()
    chosen: list[Format] = []

    def start(target: Format) -> BytesIO:
        chosen.append(target)
        return body

    write_answer(start=start)
    return Answer(chosen[0], body.getvalue())
