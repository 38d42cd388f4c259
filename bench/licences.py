"""Writes docs/licences.md: every package that requirements.lock installs, its version and licence, from its own metadata."""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences

What the service is made of: each package that `requirements.lock` installs, with the licence that its metadata names. Written by
`make licences`; those for other systems, and those that only build the package, are left out. The code of alpine-kg is under
Apache-2.0 (`LICENSE`), its data under the licence in `LICENSE-DATA`.

| package | version | licence |
|---|---|---|
"""
LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)( ; .*)? \\$", re.MULTILINE)
BUILD = {"editables", "hatchling", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
LONGEST = 60


def licence(name: str) -> str:
    """Return the licence of an installed package: its expression, else its classifiers, else its short field."""
    metadata = distribution(name).metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classified = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier") or () if line.startswith("License ::")
    ]
    named = [text for text in classified if text != "OSI Approved"]
    field = "".join(metadata.get_all("License") or ()).strip().splitlines()
    return ", ".join(named) or (field[0] if field and len(field[0]) < LONGEST else "see the package")


def page() -> str:
    """Return the page."""
    rows = []
    for name, version, _ in LOCKED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")):
        if name in BUILD:
            continue
        try:
            rows.append(f"| {name} | {version} | {licence(name)} |\n")
        except PackageNotFoundError:
            continue
    return HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
