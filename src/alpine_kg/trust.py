"""Which graphs were found valid, by digest, so that an unchanged graph is validated once."""

from pathlib import Path


class Trust:
    """A folder with one empty file for each digest that passed validation."""

    def __init__(self, folder: Path) -> None:
        """Remember in this folder, which is made when it is first written to."""
        self._folder = folder / "valid"

    def has(self, digest: str) -> bool:
        """Tell whether the graph with this digest passed."""
        return (self._folder / digest).is_file()

    def add(self, digest: str) -> None:
        """Remember that it passed; a folder that cannot be written to costs time at the next start, and nothing else."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / digest).touch()
        except OSError:
            return
