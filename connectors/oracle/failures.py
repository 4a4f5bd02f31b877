"""What an error of Oracle's driver means for a flow: Oracle's number decides, or the driver's."""

from __future__ import annotations

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_oracle import CODES
from connectors._sql_table import NO_SUCH_TABLE
from connectors._sql_writing import Verdict

_OF_DRIVER = {
    "DPY-4011": "SA-2104",  # the connection was closed by the server or the network
    "DPY-6000": "SA-2104",
    "DPY-6001": "SA-2104",  # the listener does not know the service: perhaps not yet
    "DPY-6003": "SA-2104",
    "DPY-6005": "SA-2104",
    "DPY-4024": "SA-2105",
    "DPY-3010": "SA-2222",
    "DPY-3015": "SA-2222",
    "DPY-4010": "SA-2112",  # a colon in the query: it would be a parameter
}
"""The driver's own code → ours."""

_MEANINGS: dict[str, tuple[type[SyncError], str]] = {
    "SA-2101": (Misconfigured, "check user and password; no second attempt is made"),
    "SA-2104": (
        Unavailable,
        "the database does not answer; it is tried again (check server, port and service)",
    ),
    "SA-2105": (Unavailable, "raise query_timeout, or give the key an index"),
    NO_SUCH_TABLE: (Misconfigured, "check the name, and that the user may see it"),
    "SA-2111": (Misconfigured, "check columns and query (ORA_ROWSCN: tables only, no views)"),
    "SA-2112": (Misconfigured, "check the query against the database"),
    "SA-2113": (Misconfigured, "grant SELECT to the user of this connection"),
    "SA-2114": (Unavailable, ""),
    "SA-2115": (Rejected, "a value does not fit the column's type"),
    "SA-2222": (Misconfigured, "use the kind odbc with `dialect: oracle` and Oracle's client"),
    "SA-2223": (Unavailable, "the pass starts over; give the database a longer undo retention"),
}


_TAKEN = {1}
_LOCKED = {54, 60, 4021, 8177, 30006}
_CANNOT_KEEP = {1536, 1652, 1653, 1654, 1688, 1691, 19502, 16000}  # no space, read-only for now
_RULES = {
    1400,  # NULL into a column that wants a value
    1407,
    1438,  # a number larger than the column
    1461,
    2091,  # a constraint that is looked at when all is kept
    2290,  # check constraint
    2291,  # no parent
    2292,  # children
    12899,  # a text longer than the column
}
_RAISED = range(20_000, 21_000)
"""Numbers of RAISE_APPLICATION_ERROR."""


def verdict(error: Exception) -> Verdict | None:
    """What an `oracledb.Error` says about the record being written; None: nothing."""
    said = error.args[0] if error.args else error
    number = int(getattr(said, "code", 0) or 0)
    if number in _TAKEN:
        return Verdict.TAKEN
    if number in _LOCKED:
        return Verdict.LOCKED
    if number in _CANNOT_KEEP:
        return Verdict.BUSY
    return Verdict.REFUSED if number in _RULES or number in _RAISED else None


def explain(error: Exception, where: str, secret: str) -> SyncError:
    """Our error for an `oracledb.Error`; `where` names the database, `secret` never appears."""
    said = error.args[0] if error.args else error
    name, number = str(getattr(said, "full_code", "")), int(getattr(said, "code", 0) or 0)
    told, _, _ = str(getattr(said, "message", said)).partition("\nHelp: ")  # an address of Oracle's
    text = " ".join(told.split())
    if secret:
        text = text.replace(secret, "***")
    code = _OF_DRIVER.get(name) or CODES.get(number, "SA-2114")
    kind, hint = _MEANINGS[code]
    return kind(code, f"{where}: {text}", hint=hint)
