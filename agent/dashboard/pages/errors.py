"""What did not go through, by cause; sent again or set aside."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from agent.dashboard.pages.page import IN_DOUBT, Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected

SHOWN = 50
LOOKED_AT_AGAIN = 500
"""Rows that the mapping refused which one click has read anew."""


def causes(visit: Visit) -> Response:
    """Open: groups of one flow and code, the largest first. Resolved: what is over, by whom."""
    resolved = visit.query.get("tab") == "resolved"
    groups = [] if resolved else visit.ask("causes")["causes"]
    return visit.page(
        "errors.html",
        status=visit.ask("status"),
        groups=sorted(groups, key=lambda group: -group["count"]),
        messages=visit.ask("resolved", limit=SHOWN)["messages"] if resolved else [],
        resolved=resolved,
        in_doubt=IN_DOUBT,
    )


def group(visit: Visit) -> Response:
    """The records of one flow that one code keeps from the other side."""
    found = _parked(visit, SHOWN, visit.number("before"))
    return visit.page(
        "error_group.html",
        status=visit.ask("status"),
        flow=visit.parts["flow"],
        code=visit.parts["code"],
        in_doubt=IN_DOUBT,
        messages=found,
        older=found[-1]["version"] if len(found) == SHOWN else None,
    )


def retry_group(visit: Visit) -> Response:
    """All of a group once more: sent again, or read again where the mapping refused them."""
    flow, code = visit.parts["flow"], visit.parts["code"]
    if code == IN_DOUBT:
        raise Rejected(
            "SA-7519", "what is in doubt is decided one by one", hint="look whether each is there"
        )
    rows = _refused_rows(_parked(visit, LOOKED_AT_AGAIN))
    count = visit.tell("retry", flow=flow, code=code)["messages"]
    if rows:
        visit.tell("request", flow=flow, scope="keys", keys=rows)
    return visit.back_to("/errors", done="retried", count=count + len(rows))


def retry_chosen(visit: Visit) -> Response:
    """The chosen ones of a group once more; see `retry_group`."""
    chosen = [visit.ask("message", message=each) for each in visit.form.get("message", ())]
    found = [each for each in chosen if each["state"] == "parked"]
    rows = _refused_rows(found)
    sent = [each["id"] for each in found if each["stage"] != "mapping"]
    if sent:
        visit.tell("retry", messages=sent)
    if rows:
        visit.tell("request", flow=visit.parts["flow"], scope="keys", keys=rows)
    return visit.back_to(_place(visit), done="retried", count=len(found))


def ignore_chosen(visit: Visit) -> Response:
    """The chosen ones of a group are set aside with a reason, until a day or for good."""
    reason, chosen = visit.given("reason"), list(visit.form.get("message", ()))
    until = visit.form.get("until", [""])[0]
    count = 0
    if chosen:
        count = visit.tell("ignore", messages=chosen, reason=reason, until=until)["messages"]
    return visit.back_to(_place(visit), done="ignored", count=count)


def retry_all(visit: Visit) -> Response:
    """Everything that was refused in delivery is sent again; what is in doubt is not."""
    count = sum(
        visit.tell("retry", flow=each["flow"], code=each["code"])["messages"]
        for each in visit.ask("causes")["causes"]
        if each["code"] != IN_DOUBT
    )
    return visit.back_to("/errors", done="retried", count=count)


def _parked(visit: Visit, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    flow, code = visit.parts["flow"], visit.parts["code"]
    found: list[dict[str, Any]] = visit.ask(
        "messages", flow=flow, code=code, state="parked", limit=limit, before=before
    )["messages"]
    return found


def _refused_rows(messages: list[dict[str, Any]]) -> list[str]:
    return [each["key"] for each in messages if each["stage"] == "mapping"]


def _place(visit: Visit) -> str:
    return f"/errors/{visit.parts['flow']}/{visit.parts['code']}"


PAGES = (
    Page("GET", "/errors", Role.VIEWER, causes),
    Page("POST", "/errors/retry", Role.OPERATOR, retry_all),
    Page("GET", "/errors/{flow}/{code}", Role.VIEWER, group),
    Page("POST", "/errors/{flow}/{code}/retry", Role.OPERATOR, retry_group),
    Page("POST", "/errors/{flow}/{code}/retry-chosen", Role.OPERATOR, retry_chosen),
    Page("POST", "/errors/{flow}/{code}/ignore-chosen", Role.OPERATOR, ignore_chosen),
)
