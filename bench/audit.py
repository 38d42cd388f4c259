"""Compares requirements.lock with advisories in OSV format in a folder: no network, no other package.

Source of the format: https://ossf.github.io/osv-schema/. A checkout of the Python Packaging Advisory Database is such a folder.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; .*)? \\$", re.MULTILINE)
WITHOUT = 77
"""Exit status when there is nothing to compare with."""


def locked(lock: Path) -> dict[str, str]:
    """Return the locked version of each package."""
    return {_normal(name): version for name, version in LOCKED.findall(lock.read_text(encoding="utf-8"))}


def advisories(folder: Path, names: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the advisories in a folder that speak of one of these packages."""
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".json", ".yaml", ".yml"}):
        text = path.read_text(encoding="utf-8")
        if not any(name in _normal(text) for name in names):
            continue
        held = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
        if isinstance(held, dict) and "affected" in held and not held.get("withdrawn"):
            yield held


def affects(advisory: dict[str, Any], name: str, version: str) -> bool:
    """Tell whether an advisory says that a version of a package is vulnerable."""
    for affected in advisory["affected"]:
        package = affected.get("package", {})
        if package.get("ecosystem") != "PyPI" or _normal(str(package.get("name"))) != name:
            continue
        if version in affected.get("versions", ()):
            return True
        if any(
            _within(span.get("events", ()), version)
            for span in affected.get("ranges", ())
            if span["type"] == "ECOSYSTEM"
        ):
            return True
    return False


def _within(events: list[dict[str, str]], version: str) -> bool:
    """Tell whether a version lies in a span of introduced, fixed and last affected versions."""
    ours, inside = Version(version), False
    for event in events:
        (kind, text), *_ = event.items()
        try:
            theirs = Version("0" if text == "0" else text)
        except InvalidVersion:
            continue
        if kind == "introduced" and ours >= theirs:
            inside = True
        elif (kind == "fixed" and ours >= theirs) or (kind == "last_affected" and ours > theirs):
            inside = False
    return inside


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(lock: Path, folder: Path | None) -> int:
    """Print what is vulnerable; return the exit status."""
    if folder is None or not folder.is_dir():
        print("audit: no advisories are at hand; name a folder of them in ADVISORIES")
        return WITHOUT
    held = locked(lock)
    found = [
        (name, version, advisory)
        for advisory in advisories(folder, set(held))
        for name, version in held.items()
        if affects(advisory, name, version)
    ]
    for name, version, advisory in found:
        print(f"{name} {version}: {advisory['id']} {advisory.get('summary') or advisory.get('details', '')[:100]}")
    print(f"audit: {len(held)} packages, {len(found)} of them vulnerable")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
