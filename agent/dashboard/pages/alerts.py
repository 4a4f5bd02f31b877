"""Alerts: what is open, who takes care of it, what is over, and whether they arrive."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from agent.alerts.wording import sentence
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit

SHOWN = 50


def alerts(visit: Visit) -> Response:
    """What is open, and what is over."""
    over = visit.ask("alert_history", limit=SHOWN, before=visit.number("before"))["alerts"]
    found = visit.ask("alerts")
    return visit.page(
        "alerts.html",
        status=visit.ask("status"),
        alerts=_told(visit, found["alerts"]),
        no_ping=found["no_ping"],
        over=_told(visit, over),
        older=over[-1]["alert"] if len(over) == SHOWN else None,
        nobody=not visit.engine.config.alerts.tell,
    )


def acknowledge(visit: Visit) -> Response:
    """I take care of it: no more reminders, no escalation."""
    visit.tell("acknowledge", alert=visit.parts["alert"])
    return visit.back_to("/alerts", done="acknowledged")


def test(visit: Visit) -> Response:
    """Send a test to every address, and show which of them work."""
    return visit.page(
        "alert_test.html",
        addresses=visit.tell("test_alerts")["addresses"],
        status=visit.ask("status"),
    )


def _told(visit: Visit, alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**each, "sentence": sentence(visit.language, each["kind"], each["where"], each["count"])}
        for each in alerts
    ]


PAGES = (
    Page("GET", "/alerts", Role.VIEWER, alerts),
    Page("POST", "/alerts/test", Role.ADMIN, test),
    Page("POST", "/alerts/{alert:number}/acknowledge", Role.OPERATOR, acknowledge),
)
