"""What a refusal of a database says about the record being written: SQLSTATE, or its own number."""

from __future__ import annotations

from connectors._sql_writing import Verdict
from connectors.odbc.failures import native_numbers

_TAKEN = {
    1062,  # MariaDB, MySQL
    2601,  # SQL Server: unique index
    2627,  # SQL Server: unique or primary key
    -803,  # Db2, Db2 for i
}
_BUSY_NUMBERS = {
    1204,  # SQL Server: out of locks
    1205,  # SQL Server: deadlock; MySQL: lock wait
    1213,  # MariaDB, MySQL: deadlock
    1222,  # SQL Server: lock time-out
    9002,  # SQL Server: the log is full
    1021,  # MariaDB, MySQL: disk full
    1114,
    -911,  # Db2, Db2 for i: deadlock, time-out
    -913,
    -964,  # Db2: the log is full
}
_BUSY = ("40000", "40001", "40P01", "53", "55006", "55P03", "57", "58", "61000")
"""How the SQLSTATEs of deadlocks, locks, full disks and lacking memory begin."""
_NOT_BUSY = ("57014", "57P")
"""Our own time-out, and a server that goes away."""
_RAISED = {
    "40002",  # a constraint that is looked at when all is kept
    "45000",  # SIGNAL
    "P0001",  # RAISE EXCEPTION
    "44000",  # WITH CHECK OPTION
    "09000",  # a trigger's own failure
    "38000",  # a procedure's own failure
}
_RAISED_FROM = 50_000  # SQL Server: THROW, RAISERROR
_RAISED_BY_ORACLE = range(20_000, 21_000)
_ORACLE_TAKEN = 1
_REFUSED_NUMBERS = {
    515,  # SQL Server: no value for a column that wants one
    547,  # SQL Server: foreign key or check
    2628,  # SQL Server: longer than the column
    8152,
}
_UNIQUE_WORDS = ("UNIQUE constraint failed", "PRIMARY KEY must be unique")
_RULE_WORDS = ("constraint failed", "datatype mismatch")
"""Of SQLite's driver, which gives HY000 to everything."""


def verdict(error: Exception) -> Verdict | None:
    """What a `pyodbc.Error` says about the record; None: nothing."""
    state = str(error.args[0]) if error.args else ""
    text = str(error.args[-1]) if error.args else str(error)
    numbers = set(native_numbers(error))
    if state == "23505" or numbers & _TAKEN or any(words in text for words in _UNIQUE_WORDS):
        return Verdict.TAKEN
    if state == "23000" and _ORACLE_TAKEN in numbers and "ORA-00001" in text:
        return Verdict.TAKEN
    busy = state.startswith(_BUSY) and not state.startswith(_NOT_BUSY)
    if busy or numbers & _BUSY_NUMBERS or "ORA-00060" in text:
        return Verdict.BUSY
    if state[:2] in {"22", "23"} or state in _RAISED or any(words in text for words in _RULE_WORDS):
        return Verdict.REFUSED
    if numbers & _REFUSED_NUMBERS or any(_raised_by_hand(each, text) for each in numbers):
        return Verdict.REFUSED
    return None


def _raised_by_hand(number: int, text: str) -> bool:
    if "ORA-" in text:
        return number in _RAISED_BY_ORACLE
    return number >= _RAISED_FROM and "SQL Server" in text
