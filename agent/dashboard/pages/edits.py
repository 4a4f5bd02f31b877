"""Correct a refused record by hand: a field for each of its fields, what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from agent.api.edits import WHOLE, EditRefused
from agent.dashboard.pages.page import Page
from agent.dashboard.places import record_place
from agent.dashboard.visit import Role, Visit

FIELD = "field."
"""Before the names of the record's fields in the form."""


def form(visit: Visit) -> Response:
    """The record as it was refused."""
    return _form(visit, {}, "", {}, 200)


def send(visit: Visit) -> Response:
    """Send what was written, or show what is wrong with it."""
    message = visit.parts["message"]
    values = {
        name.removeprefix(FIELD): given[0]
        for name, given in visit.form.items()
        if name.startswith(FIELD)
    }
    reason = visit.form.get("reason", [""])[0]
    found = visit.ask("whereabouts", message=message)
    try:
        visit.tell("edit", message=message, values=values, reason=reason)
    except EditRefused as refusal:
        return _form(visit, values, reason, refusal.problems, 400)
    return visit.back_to(record_place(found["flow"], found["key"], done="record_edited"))


def _form(
    visit: Visit, values: Mapping[str, str], reason: str, problems: Mapping[str, str], status: int
) -> Response:
    record = visit.ask("edit_form", message=visit.parts["message"])
    fields = [
        {
            **field,
            "text": values.get(field["name"], field["text"]),
            "problem": problems.get(field["name"], ""),
        }
        for field in record.pop("fields")
    ]
    shown = {field["name"] for field in fields} | {"reason"}
    whereabouts = visit.ask("whereabouts", message=record["id"])
    return visit.page(
        "edit.html",
        http_status=status,
        status=visit.ask("status"),
        record=record,
        place=record_place(whereabouts["flow"], whereabouts["key"]),
        filled=[each for each in fields if each["filled"] or each["required"] or each["problem"]],
        empty=[
            each for each in fields if not (each["filled"] or each["required"] or each["problem"])
        ],
        reason=reason,
        reason_problem=problems.get("reason", ""),
        others=[
            text if name == WHOLE else f"{name}: {text}"
            for name, text in problems.items()
            if name not in shown
        ],
    )


PAGES = (
    Page("GET", "/messages/{message}/edit", Role.OPERATOR, form),
    Page("POST", "/messages/{message}/edit", Role.OPERATOR, send),
)
