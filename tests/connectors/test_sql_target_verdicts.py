"""Errors of databases that no test machine has, as their drivers tell them."""

from __future__ import annotations

import pyodbc
import pytest

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_writing import Verdict
from connectors._sql_writing.session import Locked, Taken, judged
from connectors.odbc.failures import explain
from connectors.odbc.verdicts import verdict
from connectors.oracle.failures import verdict as of_oracle

MICROSOFT = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"
IBM_I = "[IBM][System i Access ODBC Driver][DB2 for i5/OS]"


@pytest.mark.parametrize(
    ("state", "text", "kind"),
    [
        ("23000", f"[23000] {MICROSOFT}Cannot insert duplicate key (2601) (SQLExecDirectW)", Taken),
        ("23000", f"[23000] {MICROSOFT}Violation of UNIQUE KEY (2627) (SQLExecDirectW)", Taken),
        ("23000", f"[23000] {MICROSOFT}conflicted with FOREIGN KEY (547) (SQLExecute)", Rejected),
        ("42000", f"[42000] {MICROSOFT}String would be truncated (2628) (SQLExecute)", Rejected),
        ("42000", f"[42000] {MICROSOFT}Cliente bloccato (50000) (SQLExecDirectW)", Rejected),
        ("42000", f"[42000] {MICROSOFT}Invalid column name (207) (SQLExecDirectW)", Misconfigured),
        ("40001", f"[40001] {MICROSOFT}deadlock victim (1205) (SQLExecute)", Locked),
        ("42000", f"[42000] {MICROSOFT}Lock request time out (1222) (SQLExecute)", Locked),
        ("42000", f"[42000] {MICROSOFT}The transaction log is full (9002) (SQLEx)", Unavailable),
        ("23505", f"[23505] {IBM_I}SQL0803 - Duplicate key value. (-803) (SQLExecute)", Taken),
        ("57033", f"[57033] {IBM_I}SQL0913 - Row in use. (-913) (SQLExecute)", Locked),
        (
            "55019",
            f"[55019] {IBM_I}SQL7008 - not journaled. (-7008) (SQL)",
            Misconfigured,
        ),
        ("38501", f"[38501] {IBM_I}SQL0443 - Trigger program said no. (-443) (SQL)", Rejected),
        ("23000", "[23000] [Oracle][ODBC][Ora]ORA-00001: unique constraint (1) (SQL)", Taken),
        ("HY000", "[HY000] [Oracle][ODBC][Ora]ORA-20001: fido superato (20001) (SQL)", Rejected),
        ("HY000", "[HY000] [Oracle][ODBC][Ora]ORA-00060: deadlock (60) (SQLExecute)", Locked),
        ("HY000", "[HY000] [ma-3.1.15]running with --read-only (1290) (SQLExecute)", Unavailable),
        ("HY000", "[HY000] [SQLite]database is locked (5) (SQLExecDirectW)", Locked),
        ("HY000", "[HY000] [SQLite]UNIQUE constraint failed: t.k (19) (SQLExec)", Taken),
        ("HY000", "[HY000] [SQLite]database or disk is full (13) (SQLExec)", Unavailable),
        ("57P01", "[57P01] terminating connection due to administrator (1) (SQL)", Unavailable),
        ("57014", "[57014] canceling statement due to statement timeout (1) (SQL)", Unavailable),
        ("08S01", "[08S01] Communication link failure (0) (SQLExecute)", Unavailable),
    ],
)
def test_refusals_are_told_apart(state: str, text: str, kind: type[SyncError]) -> None:
    error = pyodbc.Error(state, text)
    assert type(judged(explain(error, "erp", ""), verdict(error))) is kind


class _Said:
    def __init__(self, code: int) -> None:
        self.code = code


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, Verdict.TAKEN),
        (1400, Verdict.REFUSED),
        (12899, Verdict.REFUSED),
        (20999, Verdict.REFUSED),
        (60, Verdict.LOCKED),
        (1653, Verdict.BUSY),
        (942, None),
        (3113, None),
    ],
)
def test_numbers_of_oracle_are_told_apart(number: int, expected: Verdict | None) -> None:
    assert of_oracle(Exception(_Said(number))) is expected
