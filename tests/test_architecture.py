"""The house rules that a syntax tree can prove: the ladder of imports, who may use which library, and the budgets of size."""

import ast
import doctest
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

import alpine_kg
from alpine_kg.root import shipped_root

PACKAGE = Path(alpine_kg.__file__).parent

LEVELS = {
    "errors": 0,
    "namespaces": 0,
    "settings": 0,
    "spelling": 0,
    "streams": 0,
    "trust": 0,
    "root": 1,
    "formats": 1,
    "queries": 1,
    "dates": 1,
    "names": 1,
    "store": 2,
    "validation": 2,
    "graph": 3,
    "curation": 3,
    "drafting": 3,
    "web": 4,
    "server": 4,
    "cli": 4,
}
"""The ladder: a room imports only from lower levels."""

SIDEWAYS = {
    ("settings", "errors"): "a wrong setting is a failure that a caller can act on",
    ("server", "web"): "the server's processes run the application",
    ("validation", "store"): "a check is a query, and is refused what every query is refused",
    ("curation", "graph"): "a curator's names are compared as a search compares them",
    ("drafting", "curation"): "a draft is written as a curator writes",
    ("drafting", "graph"): "names in a text are compared as a search compares them",
    ("cli", "server"): "`alpine-kg serve` starts the server",
}
"""Imports on one level, each with its reason."""

LIBRARIES = {
    "pyoxigraph": {"dates", "formats", "queries", "store", "validation", "graph", "curation", "drafting", "web"},
    "distributed": {"validation"},
    "edtf": {"dates"},
    "yaml": {"queries"},
    "rdflib": {"validation"},
    "pyshacl": {"validation"},
    "fastapi": {"web"},
    "jinja2": {"web"},
    "markupsafe": {"web"},
    "starlette": {"web", "server"},
    "uvicorn": {"server"},
    "httptools": {"server", "store"},
    "httpx": {"store"},
    "spacy": {"drafting"},
    "rich": {"cli"},
    "typer": {"cli"},
    "zstandard": {"graph"},
}
"""Each third-party library with the rooms that may import it."""

MODULE_LINES = 250
FUNCTION_LINES = 60
FUNCTION_LINES_P95 = 40
FUNCTION_LINES_MEDIAN = 10
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools", "core"}


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def room(self) -> str:
        return self.name.split("/")[0].removesuffix(".py")

    @property
    def dotted(self) -> str:
        return ".".join(("alpine_kg", *self.path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")

    @cached_property
    def source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    def imports(self) -> Iterator[str]:
        """Yield the dotted names that the module imports, at the top or inside a function."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} has a relative import"
                # `from alpine_kg import errors` imports a room too.
                yield from (
                    [f"alpine_kg.{alias.name}" for alias in node.names]
                    if node.module == "alpine_kg"
                    else [node.module or ""]
                )

    def functions(self) -> Iterator[tuple[str, int]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or 0) - node.lineno + 1

    def texts(self) -> Iterator[str]:
        """Yield the module's string literals, f-strings whole with `…` for their values, without docstrings."""
        inside = {part for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        docs = {node.value for node in ast.walk(self.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {node} & (inside | docs):
                yield node.value


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py"))]
ROOMS = [module for module in MODULES if module.name != "__init__.py"]

SPARQL = re.compile(
    r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE|WHERE|OPTIONAL|UNION|VALUES|GRAPH)\b[^{}]*\{\s*[^\s{}]", re.IGNORECASE
)
"""A keyword and an opened brace with something in it: messages name keywords without braces, and SQL has none."""
BINDERS = {"queries.py"}
"""Where the VALUES block of a parameter is found and written."""


def ours(module: Module) -> Iterator[str]:
    """Yield the rooms that a module imports."""
    for name in module.imports():
        if name.startswith("alpine_kg.") and name != "alpine_kg.__version__":
            yield name.split(".")[1]


def test_every_room_is_on_the_ladder() -> None:
    assert {module.room for module in ROOMS} == LEVELS.keys()


def test_imports_only_go_down() -> None:
    assert [
        (module.name, room)
        for module in ROOMS
        for room in ours(module)
        if room != module.room and LEVELS[room] >= LEVELS[module.room] and (module.room, room) not in SIDEWAYS
    ] == []


def test_no_exception_of_the_ladder_is_unused() -> None:
    assert {(module.room, room) for module in ROOMS for room in ours(module)} >= SIDEWAYS.keys()


def test_libraries_stay_in_their_rooms_and_each_is_used_where_it_may_be() -> None:
    used = {(name.split(".")[0], module.room) for module in MODULES for name in module.imports()}
    third_party = {(library, room) for library, room in used if library not in {*sys.stdlib_module_names, "alpine_kg"}}
    assert third_party == {(library, room) for library, rooms in LIBRARIES.items() for room in rooms}


def test_modules_keep_their_budget() -> None:
    lengths = {module.name: len(module.source.splitlines()) for module in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_no_function_is_long() -> None:
    assert [
        (module.name, name, lines) for module in MODULES for name, lines in module.functions() if lines > FUNCTION_LINES
    ] == []


def test_functions_are_short() -> None:
    lengths = sorted(lines for module in MODULES for _, lines in module.functions())
    assert len(lengths) > 100
    assert lengths[len(lengths) * 95 // 100] <= FUNCTION_LINES_P95
    assert lengths[len(lengths) // 2] <= FUNCTION_LINES_MEDIAN


def test_a_module_is_a_noun_of_the_field() -> None:
    assert [module.name for module in MODULES if set(module.name.removesuffix(".py").split("/")) & VAGUE] == []


def test_no_sparql_in_python() -> None:
    assert [
        (module.name, text)
        for module in MODULES
        for text in module.texts()
        if module.name not in BINDERS and SPARQL.search(text)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "select ?x where {\n ?x a ?y }",
        "VALUES ?_a { UNDEF }",
        "CONSTRUCT { … }",
        "ASK { ?s ?p ?o }",
    ],
)
def test_sparql_is_recognised(text: str) -> None:
    assert SPARQL.search(text)


def test_only_settings_reads_the_environment() -> None:
    readers = {"environ", "environb", "getenv", "getenvb"}
    assert {module.room for module in MODULES if readers & names_of(module)} == {"settings"}


def names_of(module: Module) -> set[str]:
    """Return every attribute and imported name that a module mentions."""
    attributes = {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
    return attributes | {
        alias.name for node in ast.walk(module.tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def test_only_the_command_line_prints() -> None:
    called = {
        (module.name, node.func.id)
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert [name for name, function in called if function == "print"] == []
    assert {module.room for module in MODULES if "stdout" in names_of(module)} == {"cli"}


@pytest.mark.parametrize(
    "pattern",
    [
        "ontology/*.ttl",
        "ontology/shapes/*.ttl",
        "ontology/context.jsonld",
        "ontology/meta/*.ttl",
        "data/*.ttl",
        "data/announcements/*.ttl",
        "queries/*.rq",
        "queries/checks/*.rq",
        "queries/derive/*.rq",
    ],
)
def test_no_folder_of_the_graph_is_empty(pattern: str) -> None:
    files = list(shipped_root().glob(pattern))
    assert files
    assert all(path.stat().st_size for path in files)


IMPORTER = """
import sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
for name in sys.argv[1].split():
    __import__(name)
assert not [path for path in opened if path.endswith((".ttl", ".jsonld"))]
print(*sorted(set(sys.argv[2].split()) & set(sys.modules)))
"""


LAZY = {"store/remote/connection.py"}
"""Modules that are imported only where they are used, for the time that what they import takes."""


@pytest.mark.parametrize(
    ("rooms", "loaded"),
    [
        ({"errors", "namespaces", "settings", "root", "dates", "formats"}, set()),
        ({"store"}, {"httptools", "yaml"}),
        ({"cli"}, {"typer"}),
        ({"queries", "graph"}, {"httptools", "yaml"}),
    ],
)
def test_importing_reads_no_graph_and_loads_nothing_heavy(rooms: set[str], loaded: set[str]) -> None:
    names = " ".join(module.dotted for module in ROOMS if module.room in rooms and module.name not in LAZY)
    done = subprocess.run(
        [sys.executable, "-c", IMPORTER, names, " ".join(LIBRARIES.keys() - {"pyoxigraph"})],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env={"ALPINE_KG_PORT": "not a number", "ALPINE_KG_NOPE": "1"},
    )
    assert set(done.stdout.split()) == loaded


EXAMPLES = [module for module in ROOMS if ">>>" in module.source]


def test_there_are_examples() -> None:
    assert EXAMPLES


@pytest.mark.parametrize("module", EXAMPLES, ids=lambda module: str(module.name))
def test_the_examples_in_docstrings_run(module: Module) -> None:
    failed, tried = doctest.testmod(importlib.import_module(module.dotted))
    assert tried
    assert not failed
