"""What an answer of the Mapepire server means for a flow."""

from __future__ import annotations

import re

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._db2 import CODES
from connectors.mapepire.driver import MapepireError

_REFUSED = re.compile(
    r"password|user id|rejected the connection|not authorized to sign|disabled|expired",
    re.IGNORECASE,
)
_BY_STATE = {
    "28": "SA-2101",
    "42501": "SA-2113",
    "42703": "SA-2111",
    "42704": "SA-2110",
    "57014": "SA-2105",
    "HYT00": "SA-2105",
    "08": "SA-2104",
    "22": "SA-2115",
    "42": "SA-2112",
}
_MEANINGS: dict[str, tuple[type[SyncError], str]] = {
    "SA-2101": (
        Misconfigured,
        "check user and password; no second attempt is made: a few disable the user profile",
    ),
    "SA-2104": (Unavailable, "is Mapepire's server running? It is tried again"),
    "SA-2105": (Unavailable, "raise query_timeout, or give the key an index"),
    "SA-2110": (Misconfigured, "check library, file and query"),
    "SA-2111": (Misconfigured, "check columns and query"),
    "SA-2112": (Misconfigured, "check the query"),
    "SA-2113": (Misconfigured, "grant *USE on the object to the user of this connection"),
    "SA-2114": (Unavailable, ""),
    "SA-2115": (Rejected, "a value does not fit the column's type"),
    "SA-2121": (Unavailable, "another program holds the rows; they are asked for again"),
}


def explain(error: Exception, where: str, secret: str, *, connecting: bool = False) -> SyncError:
    """Our error; while connecting, a refusal is one for good: it must never be tried again."""
    state, number, text = "", 0, str(error)
    if isinstance(error, MapepireError):
        state, number, text = error.state, error.number, error.text
    if secret:
        text = text.replace(secret, "***")
    code = CODES.get(number) or _by_state(state)
    if connecting and not state:
        code = "SA-2101" if _REFUSED.search(text) else "SA-2104"
    kind, hint = _MEANINGS[code]
    return kind(code, f"{where}: {' '.join(text.split())}", hint=hint)


def _by_state(state: str) -> str:
    return next((code for begin, code in _BY_STATE.items() if state.startswith(begin)), "SA-2114")
