"""Tables of PostgreSQL, MariaDB and SQLite → shop over HTTPS."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pyodbc

from agent.daemon import Agent
from agent.errors import SyncError
from agent.intake import Task
from tests.bench.course import Course, Step
from tests.bench.csv_courses import GONE
from tests.bench.measuring import Measured, run_bare, stretch
from tests.bench.rows import rows, write_csv
from tests.bench.site import Site
from tests.peers import mariadb, postgresql

TABLE = """CREATE TABLE article (id integer PRIMARY KEY, code varchar(20) NOT NULL,
 name varchar(100) NOT NULL, description varchar(200) NOT NULL, price decimal(12,2) NOT NULL,
 cost decimal(14,4) NOT NULL, stock integer NOT NULL, active char(1) NOT NULL,
 created date NOT NULL, updated timestamp NOT NULL, category varchar(10) NOT NULL,
 note varchar(50))"""
INDEX = "CREATE INDEX article_updated ON article (updated)"
ALL = "SELECT * FROM article"
MOVE = "UPDATE article SET stock = stock + 1 WHERE id % 1000 = {0}"
REMOVE = "DELETE FROM article WHERE id % {0} = {1}"
POLLS = 50
POLLED = 100_000
"""Rows that polls are tried on."""
Execute = Callable[[str], object]


def on_postgresql(course: Course) -> Iterator[Step]:
    """Every way to read a table of PostgreSQL; the peer on such a table is another course."""
    with postgresql.running() as server, closing(server.connect()) as connection:
        fill_postgresql(server, course)
        connect = (
            f"Driver={server.driver};Server=127.0.0.1;Port={server.port};UID={server.user};"
            f"Database={server.database};BoolsAsChar=0;UseDeclareFetch=1;Fetch=1000"
        )
        yield "bare: pyodbc fetch, PostgreSQL", _bare(course, connect)
        place = _odbc("postgresql", server.driver, server.port, server.user, server.database)
        yield from _ways(course, "PostgreSQL", place, connection.execute, digests=True)
        yield from _polls(course, "PostgreSQL", place, lambda: pyodbc.connect(connect))


def fill_postgresql(server: postgresql.PostgreSQL, course: Course) -> None:
    """The rows as a table, copied by the server's own tool."""
    with closing(server.connect()) as connection:
        connection.execute(TABLE)
        copy = f"\\copy article FROM '{_file(course)}' CSV HEADER DELIMITER ';'"
        place = ["-h", "127.0.0.1", "-p", str(server.port), "-U", server.user, server.database]
        subprocess.run(["psql", "-q", "-c", copy, *place], check=True)
        connection.execute(INDEX)
        connection.execute("VACUUM ANALYZE article")


def on_mariadb(course: Course) -> Iterator[Step]:
    """The same on MariaDB, with a tenth of the rows."""
    small = _tenth(course)
    with mariadb.running() as server, closing(server.connect()) as connection:
        connection.execute(TABLE)
        load = (
            f"LOAD DATA LOCAL INFILE '{_file(small)}' INTO TABLE article CHARACTER SET utf8mb4"
            " FIELDS TERMINATED BY ';' IGNORE 1 LINES (id, code, name, description, price, cost,"
            " stock, active, created, updated, category, @note) SET note = NULLIF(@note, '')"
        )
        place = ["-h127.0.0.1", f"-P{server.port}", f"-u{server.user}", f"-p{server.password}"]
        command = ["mariadb", "--local-infile=1", *place, server.database, "-e", load]
        subprocess.run(command, check=True)
        connect = (
            f"Driver={server.driver};Server=127.0.0.1;Port={server.port};UID={server.user};"
            f"PWD={server.password};Database={server.database};CHARSET=utf8mb4"
        )
        yield "bare: pyodbc fetch, MariaDB, a tenth", _bare(small, connect)
        place_text = _odbc("mariadb", server.driver, server.port, server.user, server.database)
        place_text = place_text[:-1] + ", password: file:password}"
        yield from _ways(
            small, "MariaDB, a tenth", place_text, connection.execute, digests=True,
            password=server.password,
        )  # fmt: skip


def on_sqlite(course: Course) -> Iterator[Step]:
    """A SQLite file, read directly, with a tenth of the rows."""
    small = _tenth(course)
    file = course.folder / "articles.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(TABLE)
        connection.execute("BEGIN")
        marks = ",".join("?" * 12)
        connection.executemany(f"INSERT INTO article VALUES ({marks})", rows(small.count))
        connection.execute("COMMIT")
        connection.execute(INDEX)
        log = course.folder / "bare.log"
        bare = run_bare("fetch_sqlite", str(file), ALL, log=log)
        yield "bare: fetch, SQLite, a tenth", bare
        place = f"{{kind: sqlite, file: {file}}}"
        yield from _ways(small, "SQLite, a tenth", place, connection.execute, digests=False)
        yield from _polls(small, "SQLite", place, lambda: sqlite3.connect(file))


def _ways(
    course: Course, name: str, place: str, execute: Execute, *, digests: bool, password: str = ""
) -> Iterator[Step]:
    """First load; 0.1 % changed and some gone without a cursor; the same by block digests."""
    off = ", block_digests: off" if digests else ""
    source = f"{{connection: erp, table: article, key: [id]{off}}}"
    with Site(course.folder / "site", f"erp: {place}", {"articles": source}) as site:
        site.keep_secret("password", password)
        yield f"{name}: first load", site.sync("articles")
        _disturb(course, execute, 1)
        yield f"{name}: 0.1 % changed", site.sync("articles")
        if digests:
            site.configure({"articles": source.replace(off, "")})
            site.sync("articles")
            _disturb(course, execute, 2)
            yield f"{name}: 0.1 % changed, block digests", site.sync("articles")
            yield f"{name}: nothing changed, block digests", site.sync("articles")


def _disturb(course: Course, execute: Execute, number: int) -> None:
    execute(MOVE.format(number))
    execute(REMOVE.format(max(2, course.count // GONE), number + 10))


def _polls(
    course: Course, name: str, place: str, connect: Callable[[], AbstractContextManager[object]]
) -> Iterator[Step]:
    """One poll of a cursor column that finds nothing new, beside the question itself."""
    query = f"SELECT * FROM article WHERE id <= {POLLED}"
    source = f"{{connection: erp, query: {query}, key: [id], cursor: {{columns: [updated]}}}}"
    with Site(course.folder / "site", f"erp: {place}", {"products": source}) as site:
        site.sync("products")
        agent = Agent.open(site.config)
        try:
            plan = agent.plans["products"]

            def poll() -> None:
                result = agent.intake.run(plan, Task(), _no_run, lambda _rows, _changes: None)
                if result.outcome != "ok" or result.counts["inserts"]:
                    raise RuntimeError(result)

            yield f"{name}: poll that finds nothing", _each(poll)
        finally:
            agent.close()
    with closing(connect()) as connection:  # type: ignore[type-var]  # both kinds of driver close
        execute: Execute = connection.execute  # type: ignore[attr-defined]
        newest = execute("SELECT max(updated) FROM article").fetchone()[0]  # type: ignore[attr-defined]
        question = f"SELECT * FROM article WHERE updated >= '{newest}'"
        yield (
            f"bare: the poll's question, {name}",
            _each(lambda: execute(question).fetchall()),  # type: ignore[attr-defined]
        )


def _no_run() -> int:
    raise SyncError("SA-7102", "a poll that finds nothing must not ask for a run")


def _each(work: Callable[[], object]) -> Measured:
    """One of many."""
    work()
    many = stretch(lambda: [work() for _ in range(POLLS)])
    return Measured(many.seconds / POLLS, many.cpu / POLLS)


def _bare(course: Course, connect: str) -> Measured:
    return run_bare("fetch", connect, ALL, log=course.folder / "bare.log")


def _odbc(dialect: str, driver: Path, port: int, user: str, database: str) -> str:
    return (
        f"{{kind: odbc, dialect: {dialect}, driver: {driver}, server: 127.0.0.1, port: {port},"
        f" user: {user}, database: {database}}}"
    )


def _tenth(course: Course) -> Course:
    return Course(
        course.folder, course.files, course.results, max(1000, course.count // 10),
        course.peer_count, course.quick,
    )  # fmt: skip


def _file(course: Course) -> Path:
    """A file that the servers' own users may read."""
    file = course.files / f"first-{course.count}.csv"
    if not file.exists():
        write_csv(file, course.count)
    return file
