"""Validation: whether a graph root keeps its own rules, with file, line, label and remedy for each thing that does not.

Five kinds of rules run over the authored files, and all that they find is reported at once: syntax, the shapes of
`ontology/shapes/`, the checks of `queries/checks/`, the quotes, where the sources' texts are at hand, and names too much alike.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from alpine_kg.root import GraphRoot
from alpine_kg.validation.findings import Counts, Finding, Severity
from alpine_kg.validation.report import Report
from alpine_kg.validation.reporting import report_whole

if TYPE_CHECKING:
    from alpine_kg.validation.runners import Runner

__all__ = ["REFERENCE", "Counts", "Finding", "Report", "Severity", "validate", "validate_split"]

REFERENCE = "reference"
"""The engine that decides what is right."""


def validate(root: GraphRoot, *, texts: Path | None = None, engine: str = REFERENCE) -> Report:
    """Return everything that is wrong in a graph root, with quotes compared to the texts in a folder when one is given.

    Raises RootError when the rules themselves cannot run: two files for one graph, a broken shape or check, no such folder.
    """
    return report_whole(root, texts) if engine == REFERENCE else validate_split(root, texts=texts, engine=engine)


def validate_split(
    root: GraphRoot,
    *,
    texts: Path | None = None,
    engine: str = REFERENCE,
    runner: "Runner | None" = None,
    state: Path | None = None,
) -> Report:
    """Return the same report, made of parts: in this process or wherever a runner works, and only of what changed.

    `state` is a file that remembers the records and what was found, for the next time.
    """
    from alpine_kg.validation.recorded import report_recorded  # noqa: PLC0415 - SQLite, for those who split
    from alpine_kg.validation.runners import Serial  # noqa: PLC0415
    from alpine_kg.validation.splitting import Splitting  # noqa: PLC0415

    splitting = Splitting(root, engine, runner or Serial())
    return report_recorded(root, splitting.run(state), texts, splitting.shapes)
