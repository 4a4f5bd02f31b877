"""What a driver's error means for a flow.

SQLSTATE decides. Where a driver reports a refused login as a mere connection error, its native
number or the server's own words do: a wrong password must never be tried again.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from types import MappingProxyType

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_table import NO_SUCH_TABLE

# MariaDB and MySQL: access denied, no such database, host blocked, password expired.
_LOGIN_REFUSED = {1044, 1045, 1049, 1129, 1130, 1698, 1862}
_CONNECTION_LOST = {2002, 2003, 2005, 2006, 2013, 1927}
_TIMED_OUT = {1969, 3024, 1205}
_NO_PERMISSION = {1142, 1143, 1227, 1370}
# A PostgreSQL server that answers FATAL has refused us, except when it says one of these.
_PASSING = ("starting up", "shutting down", "too many", "remaining connection slots", "terminating")


_MEANINGS: dict[str, tuple[type[SyncError], str]] = {
    "SA-2101": (Misconfigured, "check user, password and database; no second attempt is made"),
    "SA-2102": (
        Misconfigured,
        (
            f"install the ODBC driver for {8 * struct.calcsize('P')}-bit programs, as this one is, "
            "and name it as `odbcinst -q -d` lists it"
        ),
    ),
    "SA-2104": (Unavailable, "the database does not answer; it is tried again"),
    "SA-2105": (Unavailable, "raise query_timeout, or give the key an index"),
    NO_SUCH_TABLE: (Misconfigured, "check table and query against the database"),
    "SA-2111": (Misconfigured, "check columns and query against the database"),
    "SA-2112": (Misconfigured, "check the query against the database"),
    "SA-2113": (Misconfigured, "grant SELECT to the user of this connection"),
    "SA-2114": (Unavailable, ""),
    "SA-2115": (Rejected, "a value does not fit the column's type"),
    "SA-2120": (Misconfigured, "install the licence of the database's client"),
    "SA-2223": (Unavailable, "the pass starts over; give the database a longer undo retention"),
    "SA-5311": (Misconfigured, "start journaling for the file (STRJRNPF), or set isolation: none"),
    "SA-2121": (Unavailable, "another program holds the rows; they are asked for again"),
}


def explain(
    error: Exception, where: str, secret: str, codes: Mapping[int, str] = MappingProxyType({})
) -> SyncError:
    """Our error for a `pyodbc.Error`; `where` names the database, `secret` never appears.

    `codes` are the engine's own: native number → code of ours.
    """
    state = str(error.args[0]) if error.args else ""
    text = _words(str(error.args[-1]) if error.args else str(error))
    if secret:
        text = text.replace(secret, "***")
    numbers = native_numbers(error)
    named = [codes[number] for number in numbers if number in codes]
    code = named[0] if named else _code(state, numbers[0] if numbers else 0, text)
    kind, hint = _MEANINGS[code]
    return kind(code, f"{where}: {text}", hint=hint)


def _code(state: str, native: int, text: str) -> str:
    if state in {"IM002", "IM003", "IM004", "IM014"} or "Can't open lib" in text:
        return "SA-2102"
    if state.startswith("28") or native in _LOGIN_REFUSED or _refused(state, text):
        return "SA-2101"
    if state in {"HYT00", "HYT01", "57014"} or native in _TIMED_OUT or "S1T00" in state:
        return "SA-2105"
    if state.startswith(("08", "57P")) or native in _CONNECTION_LOST:
        return "SA-2104"
    if state in {"42P01", "42S02"} or "no such table" in text:  # SQLite's driver: HY000 for all
        return NO_SUCH_TABLE
    if state in {"42703", "42S22"} or "no such column" in text:
        return "SA-2111"
    if state == "55019":  # Db2 for i, SQL7008: written inside a transaction
        return "SA-5311"
    if state == "42501" or native in _NO_PERMISSION:
        return "SA-2113"
    if state.startswith("22"):
        return "SA-2115"
    if state.startswith("42") or state in {"0A000", "25006"}:  # it would write, or cannot be nested
        return "SA-2112"
    return "SA-2114"


def _refused(state: str, text: str) -> bool:
    """The server itself said no while we connected: FATAL is the same in nearly every language."""
    return state.startswith("08") and "FATAL" in text and not any(word in text for word in _PASSING)


def native_numbers(error: Exception) -> list[int]:
    """One of each message: a refused login often says why first, and then that it was refused."""
    text = str(error.args[-1]) if error.args else ""
    return [int(number) for number in re.findall(r"\((-?\d+)\)(?= \(SQL\w+\)|; \[|$)", text)]


def _words(text: str) -> str:
    """One line: without the brackets of the layers it came through and the driver's call."""
    text = re.sub(r"^(\[[^\]]*\]\s*)+", "", text)
    text = re.sub(r"\s*\(-?\d+\) \(SQL\w+\).*$", "", text, flags=re.DOTALL)
    text = re.sub(r";\s*Error while (executing the query|preparing parameters)", "", text)
    return " ".join(text.split())
