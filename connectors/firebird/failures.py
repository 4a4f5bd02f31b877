"""What an error of Firebird means for a flow. Its own number decides, then the SQLSTATE."""

from __future__ import annotations

from firebird.driver import DatabaseError

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._sql_table import NO_SUCH_TABLE
from connectors._sql_writing import Verdict

_LOGIN_REFUSED = {335544472, 335545106}
_NO_SUCH_COLUMN = {335544578}
_NO_SUCH_TABLE = {335544580, 335544395}
_NO_PERMISSION = {335544352}
_NOT_OPENED = {335544344, 335544734}  # the server's own input/output error: no such file
_MALFORMED_TEXT = {335544849, 335544565}
_CONVERSION = {335544334, 335544321}
_TAKEN = {335544665, 335544349}
_RULES = {
    335544347,  # not valid: NULL, or a domain's check
    335544466,  # foreign key
    335544517,  # an exception of the database's own
    335544558,  # check constraint
    335544848,
}
_LOCKED = {335544336, 335544345, 335544451, 335544510, 335544878}  # deadlock, lock, changed since
_CANNOT_KEEP = {335544765, 335544344}  # read-only for now, an error of its file (disk full)
# Shut down for maintenance, network lost, session ended by the administrator.
_AWAY = {335544528, 335544721, 335544722, 335544726, 335544727, 335544741, 335544856}


def explain(error: Exception, where: str, secret: str) -> SyncError:
    """Our error for the driver's; `where` names the database, `secret` never appears."""
    text = " ".join(str(error).replace("\n-", ": ").split())
    if secret:
        text = text.replace(secret, "***")
    codes = set(getattr(error, "gds_codes", None) or ())
    state = str(getattr(error, "sqlstate", None) or "")
    return _sorted(codes, state, f"{where}: {text}")


def _sorted(codes: set[int], state: str, line: str) -> SyncError:
    if codes & _LOGIN_REFUSED or state.startswith("28000"):
        if codes & _NO_PERMISSION:
            return Misconfigured("SA-2113", line, hint="grant SELECT to this user")
        return Misconfigured(
            "SA-2101", line, hint="check user and password; no second attempt is made"
        )
    if codes & _AWAY:
        return Unavailable("SA-2104", line, hint="the database does not answer; it is tried again")
    if codes & _NOT_OPENED:
        return Misconfigured(
            "SA-2212", line, hint="check the path or alias as the server itself sees it"
        )
    if codes & _MALFORMED_TEXT:
        return Misconfigured(
            "SA-2213", line, hint="set none_charset of the connection, most often WIN1252"
        )
    if codes & _NO_PERMISSION:
        return Misconfigured("SA-2113", line, hint="grant SELECT to the user of this connection")
    if codes & _NO_SUCH_TABLE:
        return Misconfigured(NO_SUCH_TABLE, line, hint="check table and query against the database")
    if codes & _NO_SUCH_COLUMN:
        return Misconfigured("SA-2111", line, hint="check columns and query against the database")
    if codes & _CONVERSION or state.startswith("22"):
        return Rejected("SA-2115", line, hint="a value does not fit the column's type")
    if state.startswith("42"):
        return Misconfigured("SA-2112", line, hint="check the query against the database")
    return Unavailable("SA-2114", line)


def verdict(error: Exception) -> Verdict | None:
    """What an error says about the record being written; None: nothing."""
    codes = set(getattr(error, "gds_codes", None) or ())
    state = str(getattr(error, "sqlstate", None) or "")
    if codes & _TAKEN:
        return Verdict.TAKEN
    if codes & _LOCKED:
        return Verdict.LOCKED
    if codes & _CANNOT_KEEP:
        return Verdict.BUSY
    if codes & (_RULES | _CONVERSION) or state.startswith(("22", "23")):
        return Verdict.REFUSED
    return None


FAILURE: type[Exception] = DatabaseError
