"""What a driver's error means for a flow.

SQLSTATE decides. Where a driver reports a refused login as a mere connection error, its native
number or the server's own words do: a wrong password must never be tried again.
"""

from __future__ import annotations

import re

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_table import NO_SUCH_TABLE

# MariaDB and MySQL: access denied, no such database, host blocked, password expired.
_LOGIN_REFUSED = {1044, 1045, 1049, 1129, 1130, 1698, 1862}
_CONNECTION_LOST = {2002, 2003, 2005, 2006, 2013, 1927}
_TIMED_OUT = {1969, 3024, 1205}
_NO_PERMISSION = {1142, 1143, 1227, 1370}
# A PostgreSQL server that answers FATAL has refused us, except when it says one of these.
_PASSING = ("starting up", "shutting down", "too many", "remaining connection slots", "terminating")


def explain(error: Exception, where: str, secret: str) -> SyncError:
    """Our error for a `pyodbc.Error`; `where` names the database, `secret` never appears."""
    state = str(error.args[0]) if error.args else ""
    text = _words(str(error.args[-1]) if error.args else str(error))
    if secret:
        text = text.replace(secret, "***")
    return _sorted(state, _native_number(error), f"{where}: {text}", text)


def _sorted(state: str, native: int, line: str, text: str) -> SyncError:
    if state in {"IM002", "IM003", "IM004", "IM014"} or "Can't open lib" in text:
        return Misconfigured(
            "SA-2102",
            line,
            hint="install the ODBC driver in the same bitness as Python, and name it as `odbcinst "
            "-q -d` lists it",
        )
    if state.startswith("28") or native in _LOGIN_REFUSED or _refused(state, text):
        return Misconfigured(
            "SA-2101", line, hint="check user, password and database; no second attempt is made"
        )
    if state in {"HYT00", "HYT01", "57014"} or native in _TIMED_OUT or "S1T00" in state:
        return Unavailable("SA-2105", line, hint="raise query_timeout, or give the key an index")
    if state.startswith(("08", "57P")) or native in _CONNECTION_LOST:
        return Unavailable("SA-2104", line, hint="the database does not answer; it is tried again")
    if state in {"42P01", "42S02"} or "no such table" in text:  # SQLite's driver: HY000 for all
        return Misconfigured(NO_SUCH_TABLE, line, hint="check table and query against the database")
    if state in {"42703", "42S22"} or "no such column" in text:
        return Misconfigured("SA-2111", line, hint="check columns and query against the database")
    if state == "42501" or native in _NO_PERMISSION:
        return Misconfigured("SA-2113", line, hint="grant SELECT to the user of this connection")
    if state.startswith("22"):
        return Rejected("SA-2115", line, hint="a value does not fit the column's type")
    if state.startswith("42") or state in {"0A000", "25006"}:  # it would write, or cannot be nested
        return Misconfigured("SA-2112", line, hint="check the query against the database")
    return Unavailable("SA-2114", line)


def _refused(state: str, text: str) -> bool:
    """The server itself said no while we connected: FATAL is the same in nearly every language."""
    return state.startswith("08") and "FATAL" in text and not any(word in text for word in _PASSING)


def _native_number(error: Exception) -> int:
    found = re.findall(r"\((-?\d+)\) \(SQL\w+\)", str(error.args[-1]) if error.args else "")
    return int(found[-1]) if found else 0


def _words(text: str) -> str:
    """One line: without the brackets of the layers it came through and the driver's call."""
    text = re.sub(r"^(\[[^\]]*\]\s*)+", "", text)
    text = re.sub(r"\s*\(-?\d+\) \(SQL\w+\).*$", "", text, flags=re.DOTALL)
    text = re.sub(r";\s*Error while (executing the query|preparing parameters)", "", text)
    return " ".join(text.split())
