"""The catalogue's database: asked by many threads, and by one that cannot wait."""

import sqlite3
import threading
from collections.abc import Iterator

import pytest

from alpine_kg.graph.database import Database, NotBriefError

_ENDLESS = (
    "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted LIMIT {}) SELECT MAX(n) FROM counted"
)


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database(None)
    yield made
    made.close()


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


def test_what_is_wrong_is_not_taken_for_long(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), database.briefly(60):
        database.rows("SELECT * FROM nowhere", [])
