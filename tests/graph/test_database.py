"""The catalogue's database: asked by many threads, and by one that cannot wait."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from alpine_kg.graph.database import Database, NotBriefError

_ENDLESS = (
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT {}) SELECT MAX(n) FROM counted"
)


@pytest.fixture(params=["in memory", "in a file"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    path = None if request.param == "in memory" else _file(tmp_path)
    made = Database(path)
    yield made
    made.close()


def _file(folder: Path) -> Path:
    path = folder / "some.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE something (x)")
    return path


@contextmanager
def _meanwhile(ask: Callable[[], object]) -> Iterator[None]:
    """Have another thread ask something, and wait for its end."""
    other = threading.Thread(target=ask)
    other.start()
    yield
    other.join()


def test_what_is_brief_is_answered(database: Database) -> None:
    with database.briefly(60):
        assert database.rows(_ENDLESS.format(100_000), []) == [(100_000,)]


def test_what_takes_longer_is_given_up_and_can_be_asked_again(database: Database) -> None:
    with pytest.raises(NotBriefError), database.briefly(0.01):
        database.rows(_ENDLESS.format(10**12), [])
    assert database.rows(_ENDLESS.format(100_000), []) == [(100_000,)]
    with database.briefly(60):
        assert database.rows("SELECT 1", []) == [(1,)]


def test_nobody_waits_for_another_thread_to_be_brief(database: Database) -> None:
    asking, done = threading.Event(), threading.Event()

    def ask() -> None:
        with database.briefly(60):
            asking.set()
            done.wait(60)

    other = threading.Thread(target=ask)
    other.start()
    asking.wait(60)
    with pytest.raises(NotBriefError), database.briefly(60):
        pytest.fail("two asked at once")
    done.set()
    other.join()
    with database.briefly(60):
        assert database.rows("SELECT 1", []) == [(1,)]


def test_in_a_file_a_long_question_does_not_send_a_brief_one_away(tmp_path: Path) -> None:
    database, begun, found = Database(_file(tmp_path)), threading.Event(), list[int]()
    database.connection.create_function("begun", 0, begun.set)

    def ask() -> None:
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            database.rows(f"SELECT begun(), ({_ENDLESS.format(10**12)})", [])

    with _meanwhile(ask):
        begun.wait(60)
        with database.briefly(60):
            found += database.rows("SELECT 1", [])[0]
        database.connection.interrupt()
    assert found == [1]
    database.close()


def test_in_a_file_others_are_not_limited_while_one_is_brief(tmp_path: Path) -> None:
    database, found = Database(_file(tmp_path)), list[int]()
    with database.briefly(0.0), _meanwhile(lambda: found.extend(database.rows(_ENDLESS.format(300_000), [])[0])):
        pass
    assert found == [300_000]
    database.close()


def test_what_is_wrong_is_not_taken_for_long(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), database.briefly(60):
        database.rows("SELECT * FROM nowhere", [])
