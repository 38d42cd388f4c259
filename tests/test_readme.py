"""The README's examples give the output that stands below them, against a real server."""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = re.findall(r"```console\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


def split_example(example: str) -> tuple[str, str]:
    """Return the command of an example, which may span lines inside quotes, and its expected output."""
    lines = example.removeprefix("$ ").splitlines(keepends=True)
    for count in range(1, len(lines) + 1):
        command = "".join(lines[:count])
        try:
            shlex.split(command)
        except ValueError:
            continue
        return command, "".join(lines[count:])
    raise AssertionError(f"the quotes of this example do not close: {example}")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    command = [str(Path(sys.executable).parent / "alpine-kg"), "serve", "--port", str(number)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{number}/readyz", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield number
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_the_readme_has_three_examples() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_the_output_below_it(example: str, port: int) -> None:
    command, expected = split_example(example)
    here = command.replace("localhost:8000", f"127.0.0.1:{port}")
    ran = subprocess.run(  # noqa: S602 - the examples are shell commands
        here, shell=True, check=True, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C.UTF-8"}
    )
    assert ran.stdout.replace("\r\n", "\n") == expected
