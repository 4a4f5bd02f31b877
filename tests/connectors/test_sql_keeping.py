"""Sessions between two runs: one login serves many, on real servers and in many threads."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Options
from agent.errors import Unavailable
from connectors._sql_dialect import Dialect
from connectors._sql_keeping import KEPT_AT_MOST, KEPT_SECONDS, Keeping
from connectors._sql_session import Session
from tests.connectors.databases import Database, rows
from tests.peers.firebird import Firebird

ROOT = Path(__file__).parents[2]
NUMBER = {
    "postgresql": "SELECT pg_backend_pid() AS n",
    "mariadb": "SELECT connection_id() AS n",
    "firebird": "SELECT CURRENT_CONNECTION AS N FROM RDB$DATABASE",
    "oracle": "SELECT SESSION_ID() AS N FROM DUAL",
}
"""Server → the query that tells the number of the session that asks."""
END = {
    "postgresql": "SELECT pg_terminate_backend({})",
    "mariadb": "KILL {}",
    "firebird": "DELETE FROM MON$ATTACHMENTS WHERE MON$ATTACHMENT_ID = {}",
    "oracle": "CALL ABORT_SESSION({})",
}
"""Server → how its administrator ends a session."""

SERVERS = pytest.mark.parametrize(
    "name",
    [
        pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql")),
        pytest.param("mariadb", marks=pytest.mark.xdist_group("mariadb")),
        pytest.param("firebird", marks=pytest.mark.xdist_group("firebird")),
        pytest.param("oracle", marks=pytest.mark.xdist_group("h2")),
    ],
)


@pytest.fixture
def server(request: pytest.FixtureRequest, name: str) -> Database:
    found: Database = request.getfixturevalue(name)
    return found


def session_number(server: Database, name: str) -> int:
    """One whole run, which tells by which session it read."""
    with closing(server.source(query=NUMBER[name], key=["n"])) as source:
        [row] = rows(source.read(""))
    return int(row["n"])


@SERVERS
def test_second_run_does_not_log_in_again(server: Database, name: str) -> None:
    assert session_number(server, name) == session_number(server, name)


@SERVERS
def test_session_that_was_ended_meanwhile_is_replaced_without_a_word(
    server: Database, name: str
) -> None:
    ended = session_number(server, name)
    server.sql(END[name].format(ended))
    assert session_number(server, name) != ended


@SERVERS
def test_runs_at_the_same_time_have_a_session_each(server: Database, name: str) -> None:
    with closing(server.source(query=NUMBER[name], key=["n"])) as source:
        [row] = rows(source.read(""))
        assert session_number(server, name) != row["n"]


@SERVERS
def test_table_that_an_earlier_run_read_can_be_changed_and_dropped(server: Database) -> None:
    server.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (1)")
    options: dict[str, Any] = {"table": "t", "key": ["k"]}
    with closing(server.source(**options)) as source:
        assert rows(source.read("")) == [{"k": 1}]
    server.sql("ALTER TABLE t ADD v INTEGER")
    with closing(server.source(**options)) as source:
        assert rows(source.read("")) == [{"k": 1, "v": None}]
    server.sql("DROP TABLE t")


@pytest.mark.xdist_group("firebird")
@pytest.mark.parametrize("changed", [{"role": "NOBODY"}, {"none_charset": "WIN1252"}])
def test_changed_option_of_the_connection_logs_in_anew(
    firebird: Database, changed: dict[str, str]
) -> None:
    before = session_number(firebird, "firebird")
    other = replace(firebird, connection=firebird.connection | changed)
    assert session_number(other, "firebird") != before
    assert session_number(firebird, "firebird") == before


@pytest.mark.xdist_group("firebird")
def test_run_that_is_broken_off_leaves_no_transaction_open(
    firebird: Database, firebird_database: Firebird
) -> None:
    firebird.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)")
    firebird.many("INSERT INTO t VALUES (?)", [(number,) for number in range(30)])
    with closing(firebird.source(table="t", key=["k"], page_size=10)) as source:
        reading = source.read("")
        next(reading)
        number = source.session.fetch("SELECT CURRENT_CONNECTION FROM RDB$DATABASE")[0][0]
    asked = f"SELECT COUNT(*) FROM MON$TRANSACTIONS WHERE MON$ATTACHMENT_ID = {number}"
    with closing(firebird_database.connect()) as plain, closing(plain.execute(asked)) as answer:
        assert answer.fetchone() == (0,)
    reading.close()  # type: ignore[attr-defined]  # every `read` is a generator
    assert session_number(firebird, "firebird") == number


END_OF_PROCESS = """
import sys
from contextlib import closing
from connectors._sql_keeping import Keeping
Keeping()  # another driver was there first
from connectors.firebird import KIND

connection = KIND.connection.model_validate_json(sys.argv[1])
options = KIND.source_options.model_validate({"table": "RDB$DATABASE", "key": ["RDB$RELATION_ID"]})
with closing(KIND.source(connection, options)) as source:
    print(sum(len(batch.rows) for batch in source.read("")))
"""


@pytest.mark.xdist_group("firebird")
def test_reading_that_ends_late_leaves_the_next_run_its_moment(firebird: Database) -> None:
    firebird.sql("CREATE TABLE t (k INTEGER NOT NULL PRIMARY KEY)")
    firebird.many("INSERT INTO t VALUES (?)", [(number,) for number in range(30)])
    options: dict[str, Any] = {"table": "t", "key": ["k"], "page_size": 10}
    with closing(firebird.source(**options)) as source:
        broken_off = source.read("")
        next(broken_off)
    with closing(firebird.source(**options)) as source:
        reading = source.read("")
        next(reading)
        broken_off.close()  # type: ignore[attr-defined]  # every `read` is a generator
        assert len(rows(reading)) == 20


@pytest.mark.xdist_group("firebird")
def test_process_ends_well_while_a_session_waits(firebird: Database) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "always::ResourceWarning",
            "-c",
            END_OF_PROCESS,
            json.dumps(firebird.connection),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


# The keeping itself


class Server(Options):
    """A connection whose options can differ."""

    port: int


HERE, ELSEWHERE = Server(port=1), Server(port=2)


def log_in() -> Session:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    return Session(connection, Dialect(), sqlite3.Error, lambda e: Unavailable("SA-2104", str(e)))


def is_open(session: Session) -> bool:
    try:
        return session.fetch("SELECT 1") == [(1,)]
    except Unavailable:
        return False


@pytest.fixture
def clock() -> list[float]:
    """The time, for a test to set."""
    return [0.0]


@pytest.fixture
def kept(clock: list[float]) -> Iterator[Keeping]:
    keeping = Keeping(lambda: clock[0])
    yield keeping
    keeping.close()


def test_newest_session_serves_first(kept: Keeping) -> None:
    older, newer = log_in(), log_in()
    kept.give_back(HERE, older)
    kept.give_back(HERE, newer)
    assert kept.session(HERE, log_in) is newer
    assert kept.session(HERE, log_in) is older
    kept.give_back(HERE, newer)
    kept.give_back(HERE, older)


def test_session_of_other_options_is_left_alone(kept: Keeping) -> None:
    kept.give_back(HERE, here := log_in())
    elsewhere = kept.session(ELSEWHERE, log_in)
    assert elsewhere is not here
    kept.give_back(ELSEWHERE, elsewhere)
    assert kept.session(Server(port=1), log_in) is here
    kept.give_back(HERE, here)


def test_session_that_failed_is_not_kept(kept: Keeping) -> None:
    failed = log_in()
    failed.sound = False
    kept.give_back(HERE, failed)
    assert not is_open(failed)


def test_session_that_waited_too_long_is_closed_by_whoever_comes(
    kept: Keeping, clock: list[float]
) -> None:
    kept.give_back(HERE, old := log_in())
    clock[0] = KEPT_SECONDS + 1
    kept.give_back(ELSEWHERE, kept.session(ELSEWHERE, log_in))
    assert not is_open(old)


def test_oldest_of_too_many_is_closed(kept: Keeping) -> None:
    sessions = [log_in() for _ in range(KEPT_AT_MOST + 1)]
    for session in sessions:
        kept.give_back(HERE, session)
    assert [is_open(session) for session in sessions] == [False, *[True] * KEPT_AT_MOST]


def test_session_is_never_given_to_two_at_once(kept: Keeping) -> None:
    used: set[int] = set()

    def run(_: int) -> None:
        session = kept.session(HERE, log_in)
        assert id(session) not in used
        used.add(id(session))
        session.fetch("SELECT 1")
        used.remove(id(session))
        kept.give_back(HERE, session)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, range(2_000)))


def test_nothing_waits_once_the_process_ends(kept: Keeping) -> None:
    kept.give_back(HERE, waiting := log_in())
    late = kept.session(ELSEWHERE, log_in)
    kept.end()
    kept.give_back(ELSEWHERE, late)
    assert not is_open(waiting)
    assert not is_open(late)
