"""`alpine-kg diff`: two versions, by folder and by git revision, told in words."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
FILE = "data/announcements/2022-01-28-dieppe-crossover-gt.ttl"


@pytest.fixture
def later(shipped_copy: Path, tmp_path: Path) -> Path:
    """A later version, in which one claim is delivered, one due later, one renamed, one gone, and a person is new."""
    folder = tmp_path / "later"
    shutil.copytree(shipped_copy, folder)
    text = (folder / FILE).read_text(encoding="utf-8")
    blocks = text.split("\n\n")
    changed = []
    for block in blocks:
        edited = block
        if block.startswith("claim:2022-01-28-a110-successor-brand\n"):
            edited = block.replace("ak:Planned", "ak:Delivered")
        elif block.startswith("claim:2022-01-28-dieppe-hosts-cmf-ev\n"):
            edited = block.replace("2025~", "2026")
        elif block.startswith("claim:2022-01-28-rossi-ceo-alpine\n"):
            edited = block.replace("rossi-ceo-alpine", "rossi-leads-alpine")
        elif block.startswith("claim:2022-01-28-ocon-driver-alpine-f1-team\n"):
            continue
        changed.append(edited)
    (folder / FILE).write_text("\n\n".join(changed), encoding="utf-8")
    people = folder / "data" / "people.ttl"
    people.write_text(
        people.read_text(encoding="utf-8")
        + '\nperson:jana-novakova\n    a ak:Person ;\n    rdfs:label "Jana Nováková" .\n',
        encoding="utf-8",
    )
    with (folder / "ontology" / "concepts.ttl").open("a", encoding="utf-8") as terms:
        terms.write('\nak:Planned skos:altLabel "to come"@en .\n')
    return folder


EXPECTED = """\
Added (1)
+ Jana Nováková  <person:jana-novakova>
Withdrawn (1)
- Esteban Ocon – holds the post – Driver, Alpine F1 Team (confirmed)  <claim:2022-01-28-ocon-driver-alpine-f1-team>
Changed (3)
~ A110 successor – brand – Alpine (delivered)  <claim:2022-01-28-a110-successor-brand>
    modality: planned → delivered
~ Alpine Dieppe plant – hosts the platform – CMF-EV (planned, due 2026)  <claim:2022-01-28-dieppe-hosts-cmf-ev>
    due: around 2025 → 2026
~ Laurent Rossi – holds the post – CEO of Alpine (confirmed)  <claim:2022-01-28-rossi-leads-alpine>
    was claim:2022-01-28-rossi-ceo-alpine
Vocabulary: 1 statements added, 0 withdrawn
"""


def test_folders_are_compared_in_words(run: Run, shipped_copy: Path, later: Path) -> None:
    outcome = run("diff", shipped_copy, later)
    assert (outcome.status, outcome.text) == (0, EXPECTED)


def test_in_french_and_for_programs(run: Run, shipped_copy: Path, later: Path) -> None:
    assert "échéance\N{NO-BREAK SPACE}" not in run("diff", shipped_copy, later, "--lang", "fr").text
    told = json.loads(run("diff", shipped_copy, later, "--lang", "fr", "--format", "json").text)
    assert [row["id"].rpartition("/")[2] for row in told["added"]] == ["jana-novakova"]
    assert told["changed"][0]["statement"] == "Remplaçante de l'A110 – marque – Alpine (réalisé)"
    assert told["changed"][0]["changes"] == {"ak:modality": {"withdrawn": ["prévu"], "added": ["réalisé"]}}
    assert told["changed"][2]["was"].endswith("claim/2022-01-28-rossi-ceo-alpine")
    assert told["vocabulary"] == {"added": 1, "withdrawn": 0}


def test_a_revision_is_compared_with_the_files_as_they_are(run: Run, shipped_copy: Path, later: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        command = [
            "git",
            *identity,
            "-C",
            str(shipped_copy.parent),
            *arguments,
        ]  # the root is a folder of the repository
        subprocess.run(command, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "root")
    git("commit", "--quiet", "--message", "first")
    for part in ("data", "ontology"):
        shutil.copytree(later / part, shipped_copy / part, dirs_exist_ok=True)
    assert run("diff", "HEAD", "--root", shipped_copy).text == EXPECTED
    git("commit", "--quiet", "--all", "--message", "second")
    assert run("diff", "HEAD~1", "HEAD", "--root", shipped_copy).text == EXPECTED
    assert run("diff", "HEAD", "--root", shipped_copy).text == "Both versions say the same.\n"


@pytest.mark.parametrize("name", ["no-such-revision", "--output=x", "HEAD:data"])
def test_what_is_no_version(run: Run, shipped_copy: Path, name: str) -> None:
    outcome = run("diff", "--root", shipped_copy, "--", name)
    assert outcome.status == 2
    assert f"{name!r} is neither a folder nor a revision" in outcome.errors


def test_an_unknown_form(run: Run, shipped_copy: Path) -> None:
    assert run("diff", shipped_copy, shipped_copy, "--format", "html").status == 2
