"""What a refusal of a database says about the record being written: SQLSTATE, or its own number."""

from __future__ import annotations

import re

from connectors._sql_writing import Verdict
from connectors.odbc.failures import native_numbers

_TAKEN = {
    1062,  # MariaDB, MySQL
    2601,  # SQL Server: unique index
    2627,  # SQL Server: unique or primary key
    -803,  # Db2, Db2 for i
}
_TAKEN_WORDS = re.compile(r"ORA-00001|UNIQUE constraint failed|PRIMARY KEY must be unique")
"""Of Oracle, and of SQLite's driver, which gives HY000 to everything."""

_LOCKED_STATES = {"40000", "40001", "40P01", "55006", "55P03", "57033", "61000"}
_LOCKED = {
    1205,  # SQL Server: deadlock; MariaDB, MySQL: waited too long
    1213,  # MariaDB, MySQL: deadlock
    1222,  # SQL Server: waited too long
    -911,  # Db2, Db2 for i: deadlock, waited too long
    -913,
}
_LOCKED_WORDS = re.compile(r"ORA-000(54|60)|database (table )?is locked")

_BUSY_STATES = re.compile(r"53|57(?!P|014)|58")
"""Full disks and lacking memory; not a server that goes away (57P..), not our time-out (57014)."""
_BUSY = {
    *(701, 802, 1204, 8645),  # SQL Server: no memory, no locks left
    *(1101, 1105, 9002),  # SQL Server: no space, the log is full
    *(1021, 1114),  # MariaDB, MySQL: disk full
    *(1037, 1038, 1041, 1206, 1226),  # MariaDB, MySQL: no memory, an allowance is used up
    *(1290, 1836),  # MariaDB, MySQL: read-only for now, a replica or one that takes over
    -964,  # Db2: the log is full
}
_BUSY_WORDS = re.compile(r"ORA-(16000|0165[234]|01536)|database or disk is full")

_REFUSED_STATES = re.compile(r"09|22|23|38|40002|44|45|P0001")
"""Data, constraints, failures that triggers and procedures raise (SIGNAL, RAISE EXCEPTION)."""
_REFUSED = {
    515,  # SQL Server: no value for a column that wants one
    547,  # SQL Server: foreign key or check
    2628,  # SQL Server: longer than the column
    8152,
}
_REFUSED_WORDS = re.compile(r"ORA-20\d{3}|constraint failed|datatype mismatch")
_RAISED_FROM = 50_000
"""SQL Server: the numbers of THROW and RAISERROR begin here."""


def verdict(error: Exception) -> Verdict | None:
    """What a `pyodbc.Error` says about the record; None: nothing."""
    state = str(error.args[0]) if error.args else ""
    text = str(error.args[-1]) if error.args else str(error)
    numbers = set(native_numbers(error))
    if state == "23505" or numbers & _TAKEN or _TAKEN_WORDS.search(text):
        return Verdict.TAKEN
    if state in _LOCKED_STATES or numbers & _LOCKED or _LOCKED_WORDS.search(text):
        return Verdict.LOCKED
    if _BUSY_STATES.match(state) or numbers & _BUSY or _BUSY_WORDS.search(text):
        return Verdict.BUSY
    raised = "SQL Server" in text and any(number >= _RAISED_FROM for number in numbers)
    if raised or _REFUSED_STATES.match(state) or numbers & _REFUSED or _REFUSED_WORDS.search(text):
        return Verdict.REFUSED
    return None
