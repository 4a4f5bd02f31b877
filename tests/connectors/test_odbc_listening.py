"""PostgreSQL tells: a NOTIFY wakes the flow, also after the connection was lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from agent.errors import Misconfigured
from connectors import odbc
from connectors.odbc import listening
from tests.connectors.databases import Database

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("postgresql")]

NOTIFYING = (
    "CREATE TABLE t (id INT PRIMARY KEY, name TEXT)",
    (
        "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NOTIFY articles; RETURN NULL; END $$"
    ),
    (
        "CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON t"
        " FOR EACH STATEMENT EXECUTE FUNCTION tell()"
    ),
)


class Sleeper:
    """Counts how often it was woken."""

    def __init__(self) -> None:
        self.count = 0
        self.woken = threading.Condition()

    def wake(self) -> None:
        with self.woken:
            self.count += 1
            self.woken.notify_all()

    def until(self, count: int) -> None:
        with self.woken:
            assert self.woken.wait_for(lambda: self.count >= count, timeout=20)


@pytest.fixture
def sleeper(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Sleeper, Database]]:
    monkeypatch.setattr(listening, "FIRST_PAUSE", 0.05)
    postgresql.sql(*NOTIFYING)
    sleeper = Sleeper()
    source: Any = postgresql.source(table="t", key=["id"], listen="articles")
    with closing(source), closing(source.watch(sleeper.wake)):
        sleeper.until(1)  # it listens from here on
        yield sleeper, postgresql


def test_change_wakes_the_flow(sleeper: tuple[Sleeper, Database]) -> None:
    woken, database = sleeper
    database.sql("INSERT INTO t VALUES (1, 'Vite')")
    woken.until(2)


def test_lost_connection_is_opened_again_and_wakes_once_for_what_was_not_heard(
    sleeper: tuple[Sleeper, Database],
) -> None:
    woken, database = sleeper
    database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    woken.until(2)
    database.sql("INSERT INTO t VALUES (1, 'Vite')")
    woken.until(3)


def test_flow_that_listens_to_nothing_is_not_woken(postgresql: Database) -> None:
    postgresql.sql("CREATE TABLE t (id INT PRIMARY KEY)")
    source: Any = postgresql.source(table="t", key=["id"])
    with closing(source), closing(source.watch(pytest.fail)):
        postgresql.sql("INSERT INTO t VALUES (1)")


def test_other_engines_say_that_they_do_not_tell() -> None:
    kind = odbc.KIND
    connection = kind.connection.model_validate({"dialect": "sqlite", "database": "x.db"})
    options = kind.source_options.model_validate({"table": "t", "key": ["id"], "listen": "t"})
    assert kind.source
    with (
        closing(kind.source(connection, options)) as source,
        pytest.raises(Misconfigured, match="SA-2141"),
    ):
        source.watch(pytest.fail)
