"""Pages that are derived from the code must be what the code says."""

from pathlib import Path

from alpine_kg.settings import table

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_settings_holds_the_table_that_the_code_gives() -> None:
    assert (DOCS / "settings.md").read_text(encoding="utf-8").endswith("\n\n" + table()), (
        f"replace its table by:\n{table()}"
    )
