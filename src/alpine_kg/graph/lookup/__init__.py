"""The application's own questions to its store, one `.rq` file each; `queries/` holds the ones that people ask."""

from pathlib import Path
from typing import Final

from alpine_kg.queries import QueryFile

LOOKUPS: Final = {path.stem: QueryFile.read(path) for path in Path(__file__).parent.glob("*.rq")}
"""Every query of this folder by name."""
UPDATES: Final = {path.stem: QueryFile.read(path) for path in Path(__file__).parent.glob("*.ru")}
"""What is changed in a store that is being made, one `.ru` file each, by name."""
