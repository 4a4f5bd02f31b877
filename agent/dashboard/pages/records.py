"""A record: why it is, or is not, on the other side, and every state of it that is kept."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import IN_DOUBT, Page
from agent.dashboard.places import record_place
from agent.dashboard.visit import Role, Visit

SHOWN = 10
"""States on one page."""
WAITING = frozenset(
    {
        "not.sending", "not.queued", "not.behind", "not.again_later", "not.unreachable",
        "not.looked_at", "not.deleted_yet",
    }
)  # fmt: skip
"""Verdicts of what goes by itself."""
PLACES = {
    "not.conflict": "/conflicts",
    "not.held": "/flows",
    "not.flow_halted": "/flows",
    "not.target_halted": "/flows",
    "not.unreachable": "/flows",
    "not.never_seen": "/flows",
}
"""Where a person acts, where it is not on the record's own page."""


def record(visit: Visit) -> Response:
    """The states of a record at once. Its explanation asks other systems and comes after."""
    found = visit.ask(
        "record",
        flow=visit.parts["flow"],
        key=_key(visit),
        limit=SHOWN,
        before=visit.number("before"),
    )
    return visit.page(
        "record.html",
        status=visit.ask("status"),
        record=found,
        in_doubt=IN_DOUBT,
        explanation=_explained(visit) if visit.query.get("explain") else None,
        waiting=WAITING,
        places=PLACES,
    )


def explanation(visit: Visit) -> Response:
    """The part of the page that may be slow."""
    return visit.page(
        "explanation.html",
        status=visit.ask("status"),
        explanation=_explained(visit),
        waiting=WAITING,
        places=PLACES,
    )


def message(visit: Visit) -> Response:
    """One message: the state of its record that it carries."""
    found = visit.ask("whereabouts", message=visit.parts["message"])
    version = found["version"]
    place = record_place(found["flow"], found["key"], before=version + 1)
    return visit.back_to(f"{place}#v{version}")


def _explained(visit: Visit) -> dict[str, object]:
    return visit.ask("explain", flow=visit.parts["flow"], key=_key(visit), language=visit.language)


def _key(visit: Visit) -> str:
    return visit.parts["key"] or visit.query.get("key", "")


PAGES = (
    Page("GET", "/records/{flow}/{key:key}", Role.VIEWER, record),
    Page("GET", "/explanations/{flow}/{key:key}", Role.VIEWER, explanation),
    Page("GET", "/messages/{message}", Role.VIEWER, message),
)
