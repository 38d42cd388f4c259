"""What the service is made of: listed with licences, and compared with advisories where there are some."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from licences import PAGE, page

ROOT = Path(__file__).parents[2]


def test_the_page_of_licences_is_what_make_licences_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
    assert page().count("\n| ") > 30
    assert "see the package" not in page()


@pytest.mark.parametrize(
    ("events", "versions", "status"),
    [
        ([{"introduced": "0"}], [], 1),
        ([{"introduced": "0"}, {"fixed": "1.2"}], [], 0),
        ([{"introduced": "2.0"}], [], 0),
        ([{"introduced": "0"}, {"last_affected": "1.5"}], [], 1),
        ([], ["1.5"], 1),
    ],
)
def test_the_audit_finds_what_an_advisory_names(
    tmp_path: Path, events: list[dict[str, str]], versions: list[str], status: int
) -> None:
    (tmp_path / "lock").write_text("some-package==1.5 \\\n    --hash=sha256:00\n", encoding="utf-8")
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Some_Package"},
        "versions": versions,
        "ranges": [{"type": "ECOSYSTEM", "events": events}] if events else [],
    }
    (tmp_path / "advisories").mkdir()
    advisory = {"id": "X-1", "affected": [affected], "details": "a defect of some-package"}
    (tmp_path / "advisories" / "X-1.json").write_text(json.dumps(advisory), encoding="utf-8")
    command = [sys.executable, str(ROOT / "bench" / "audit.py"), str(tmp_path / "lock")]
    ended = subprocess.run([*command, str(tmp_path / "advisories")], capture_output=True, text=True, check=False)
    assert ended.returncode == status, ended
    assert ("X-1" in ended.stdout) == bool(status)
    assert subprocess.run(command, capture_output=True, check=False).returncode == 77
