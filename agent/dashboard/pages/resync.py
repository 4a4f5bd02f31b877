"""Read chosen records again and send them, after a look at what would be sent."""

from __future__ import annotations

from starlette.responses import Response

from agent.api.differences import differences
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected, SyncError

MOST = 200
"""Records of one request: what a person can look through."""


def choose(visit: Visit) -> Response:
    """Which records; with keys, what would be sent. Nothing is sent."""
    flow = visit.query.get("flow", "")
    error = None
    rows: list[dict[str, object]] = []
    keys: list[str] = []
    if flow:
        try:
            keys = _keys(visit)
            rows = _looked_at(visit, flow, keys) if keys else []
        except SyncError as problem:
            error = problem
    found = {str(row["key"]) for row in rows}
    return visit.page(
        "resync.html",
        status=visit.ask("status"),
        flow=flow,
        keys=keys,
        written=visit.query.get("keys", ""),
        first=visit.query.get("first", ""),
        last=visit.query.get("last", ""),
        rows=rows,
        missing=[key for key in keys if key not in found] if not error else [],
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


def _keys(visit: Visit) -> list[str]:
    """The keys that were written or pasted, one a line, and those of a range that are known."""
    keys = _lines(visit.query.get("keys", ""))
    first, last = visit.query.get("first", "").strip(), visit.query.get("last", "").strip()
    if first or last:
        known = visit.ask(
            "keys_between",
            flow=visit.query["flow"],
            first=first,
            last=last,
            limit=MOST + 1,
        )
        keys += known["keys"]
    keys = list(dict.fromkeys(keys))
    if len(keys) > MOST:
        raise Rejected(
            "SA-7003",
            f"more than {MOST} records",
            hint="`syncagent resync` takes any number of them",
        )
    return keys


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


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
    Page("POST", "/resync", Role.OPERATOR, send),
)
