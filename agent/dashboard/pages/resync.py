"""Read chosen records again and send them, after a look at what would be sent."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from agent.api.differences import differences
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected, SyncError

MOST = 200
"""Records of one request: what a person can look through."""


def choose(visit: Visit) -> Response:
    """Which records; with keys, what would be sent. Nothing is sent."""
    return _choice(visit, visit.query)


def look(visit: Visit) -> Response:
    """The same, with more keys than an address takes."""
    return _choice(visit, {name: given[0] for name, given in visit.form.items()})


def _choice(visit: Visit, asked: Mapping[str, str]) -> Response:
    flow = asked.get("flow", "")
    keys: list[str] = []
    rows: list[dict[str, object]] = []
    error = None
    try:
        keys = _keys(visit, flow, asked) if flow else []
        rows = _looked_at(visit, flow, keys) if 0 < len(keys) <= MOST else []
    except SyncError as problem:
        error = problem
    found = {row["key"] for row in rows}
    return visit.page(
        "resync.html",
        status=visit.ask("status"),
        flow=flow,
        keys=keys,
        most=MOST,
        written=asked.get("keys", ""),
        first=asked.get("first", ""),
        last=asked.get("last", ""),
        rows=rows,
        missing=[key for key in keys if key not in found],
        error=error,
    )


def send(visit: Visit) -> Response:
    """What was looked at is read again and sent; on to the job."""
    keys = list(visit.form.get("keys", ()))
    if not keys:
        raise Rejected("SA-7003", "no record is named")
    flow = visit.given("flow")
    job = visit.tell("request", flow=flow, scope="keys", keys=keys)["job"]
    return visit.back_to(f"/flows/{flow}", job=job)


def _keys(visit: Visit, flow: str, asked: Mapping[str, str]) -> list[str]:
    """The keys that were written or pasted, one a line, and those of a range that are known."""
    keys = [line.strip() for line in asked.get("keys", "").splitlines() if line.strip()]
    first, last = asked.get("first", "").strip(), asked.get("last", "").strip()
    if first or last:
        keys += visit.ask("keys_between", flow=flow, first=first, last=last, limit=MOST + 1)["keys"]
    return list(dict.fromkeys(keys))


def _looked_at(visit: Visit, flow: str, keys: list[str]) -> list[dict[str, object]]:
    rows = visit.ask("preview", flow=flow, keys=keys, limit=len(keys))["rows"]
    return [
        {**row, "differences": differences(row["before"], row["record"])}
        if row["fate"] == "changed" and row["before"] is not None
        else {**row, "differences": []}
        for row in rows
    ]


PAGES = (
    Page("GET", "/resync", Role.OPERATOR, choose),
    Page("POST", "/resync/look", Role.OPERATOR, look),
    Page("POST", "/resync", Role.OPERATOR, send),
)
