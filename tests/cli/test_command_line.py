"""What all commands share: help, exit statuses, and errors in one line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alpine_kg.cli import app

Run = Callable[..., Any]
COMMANDS = [
    "serve",
    "load",
    "validate",
    "query",
    "promises",
    "conflicts",
    "show",
    "diff",
    "export",
    "draft",
    "accept",
    "fmt",
    "init",
]
START = "from alpine_kg.cli import main; main()"
HEAVY = {"rdflib", "pyshacl", "fastapi", "starlette", "jinja2", "uvicorn", "rich", "edtf", "yaml"}


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell line in which `kg` is the command line."""
    return subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; kg() {{ '{sys.executable}' -c '{START}' \"$@\"; }}; {line}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.defpath, "HOME": "/nonexistent", **environment},
    )


def test_help_lists_every_command(run: Run) -> None:
    outcome = run("--help")
    assert outcome.status == 0
    assert [command.callback.__name__ for command in app.registered_commands if command.callback] == COMMANDS
    assert all(f"\n  {command} " in outcome.text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.status == 0
    assert f"alpine-kg {command}" in outcome.text
    # Every option has words behind its name.
    options = [line.split(maxsplit=1) for line in outcome.text.splitlines() if line.startswith("  --")]
    assert options
    assert all(len(option) == 2 for option in options)


def test_help_loads_nothing_heavy() -> None:
    program = f"""
import sys
sys.argv = ["alpine-kg", "--help"]
try:
    from alpine_kg.cli import main
    main()
except SystemExit:
    pass
print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nope"],
        ["show"],
        ["--nope"],
        ["export", "--nope"],
        ["fmt", "--check=maybe"],
        ["init"],
        ["serve", "--port", "x"],
        ["query", "--root"],
    ],
)
def test_wrong_usage_ends_with_status_2(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert outcome.errors.startswith(("Usage: ", "Error: "))


FAILURES = [
    (["show", "nowhere"], "no entity has that slug"),
    (["show", "dieppe"], "more than one entity has that slug"),
    (["show", "plant:nowhere"], "There is no plant nowhere"),
    (["show", "plant:a b"], "is not an IRI"),
    (["show", "http://a b"], "is not an IRI"),
    (["show", ""], "no entity has that slug"),
    (["show", "\udcff"], "no entity has that slug"),
    (["export", "nowhere"], "There is no export 'nowhere'"),
    (["export", "plant:nowhere"], "No file of data/ says anything"),
    (["export", "plant:a b"], "is not an IRI"),
    (["export", "--format", "pdf"], "There is no format .pdf"),
    (["export", "--format", "csv"], "CSV cannot carry a graph"),
    (["export", "ontology", "-o", "/nonexistent/x.ttl"], "/nonexistent/x.ttl"),
    (["query", "nowhere"], "There is no query 'nowhere'"),
    (["query", "timeline", "from"], "'from' is not a parameter"),
    (["query", "timeline", "since=2022-01-28"], "no parameter 'since'"),
    (["query", "timeline", "from=soon"], "from='soon' is not a day"),
    (["query", "timeline", "language=de"], "is not one of fr, en"),
    (["query", "--sparql", "SELECT * {"], "at line 1, column 11"),
    (["query", "--sparql", "no-such-file.rq"], "cannot be parsed"),
    (["query", "--sparql", "DELETE WHERE { ?s ?p ?o }"], "answers queries only"),
    (["query", "--sparql", "ASK { SERVICE <http://127.0.0.1:9/> {} }"], "SERVICE is off"),
    (
        ["query", "--sparql", "PREFIX a: <urn:" + "a" * 5000 + "> DESCRIBE a:b", "--format", "csv"],
        "none of the formats",
    ),
    (["query", "--sparql", "ASK {}", "--format", "ttl"], "none of the formats"),
    (["query", "--sparql", "ASK {}", "--format", "html"], "cannot be answered in 'html'"),
    (["validate", "--format", "html"], "no report format 'html'"),
    (["validate", "--texts", "/nonexistent"], "/nonexistent"),
    (["validate", "--root", "/nonexistent"], "is not a graph root"),
    (["export", "--root", "/nonexistent"], "is not a graph root"),
    (["fmt", "/nonexistent/x.ttl"], "/nonexistent/x.ttl is not a file"),
    (["fmt", "--root", "/nonexistent"], "is not a graph root"),
    (["init", "/dev/null"], "/dev/null"),
    (["init", "/dev/null/x"], "/dev/null/x"),
]


@pytest.mark.parametrize(("arguments", "words"), FAILURES, ids=lambda value: str(value)[:60])
def test_a_failure_is_one_line_and_status_2(run: Run, arguments: list[str], words: str) -> None:
    outcome = run(*arguments)
    assert outcome.status == 2
    assert outcome.body == b""
    assert outcome.errors.startswith("alpine-kg: ")
    assert outcome.errors.count("\n") == 1
    assert words in outcome.errors


SPOILED = [
    ("data/people.ttl", b"<urn:a> <urn:b> .", "data/people.ttl is not well-formed"),
    ("data/people.ttl", b"<urn:a> <urn:b> '\xff' .", "UTF-8"),
    ("data/my people.ttl", b"", "cannot name a graph"),
    ("data/x/people.ttl", b"", "would both be the graph"),
    ("ontology/context.jsonld", b"{", "is not a JSON-LD context"),
    ("ontology/context.jsonld", b"\xff", "is not a JSON-LD context"),
    ("queries/timeline.rq", b"#+ - x\nASK {}", "timeline.rq"),
    ("queries/timeline.rq", b"#+ \xff\nASK {}", "timeline.rq"),
    ("queries/derive/labels.rq", b"#+ after: [nothing]\nCONSTRUCT WHERE { ?s ?p ?o }", "wait for each other"),
]


@pytest.mark.parametrize(("file", "body", "words"), SPOILED)
def test_a_root_that_cannot_be_read_is_one_line_too(
    run: Run, shipped_copy: Path, file: str, body: bytes, words: str
) -> None:
    (shipped_copy / file).parent.mkdir(exist_ok=True)
    (shipped_copy / file).write_bytes(body)
    outcome = run("export", "--root", shipped_copy)
    assert outcome.status == 2
    assert outcome.errors.count("\n") == 1
    assert words in outcome.errors


# In a process of its own: serving forks, which a test runner with threads must not.
SERVE = [
    ({}, "--root /nonexistent", "is not a graph root"),
    ({"ALPINE_KG_PRT": "1"}, "", "ALPINE_KG_PRT is not a setting"),
    ({"ALPINE_KG_PORT": "x"}, "", "is not a whole number"),
    ({}, "--default-graph both", "Choose union or strict"),
    ({}, "/nonexistent.ttl", "/nonexistent.ttl"),
]


@pytest.mark.parametrize(("environment", "arguments", "words"), SERVE)
def test_a_server_that_cannot_start_says_so(environment: dict[str, str], arguments: str, words: str) -> None:
    done = shell(f"kg serve {arguments}", **environment)
    assert done.returncode in {1, 2}
    assert words in done.stderr.splitlines()[0]
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_early_gets_no_complaint() -> None:
    done = shell("kg export all | head -n 1")
    assert done.stderr == ""
    assert done.stdout.startswith("@prefix")


def test_the_installed_command_runs() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("alpine-kg"), "query", "--sparql", "ASK {}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "yes\n"
