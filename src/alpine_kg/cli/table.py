"""Tables on a terminal, and the same rows, one a line, in a pipe."""

import sys
from collections.abc import Sequence


def print_table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headings."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    # A pipe has no width: there each cell keeps its line, as programs that read lines expect.
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    table = Table(*names, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
