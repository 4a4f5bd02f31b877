"""Correct a refused record by hand: a field for each of its fields, what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from agent.api.edits import EditRefused, Problem
from agent.dashboard.pages.page import Page
from agent.dashboard.places import record_place
from agent.dashboard.visit import Role, Visit

FIELD = "field."
"""Before the names of the record's fields in the form."""


def form(visit: Visit) -> Response:
    """The record as it was refused."""
    return _form(visit, {}, None)


def send(visit: Visit) -> Response:
    """Send what was written, or show what is wrong with it."""
    message = visit.parts["message"]
    written = {
        name.removeprefix(FIELD): given[0]
        for name, given in visit.form.items()
        if name.startswith(FIELD)
    }
    reason = visit.form.get("reason", [""])[0]
    try:
        visit.tell("edit", message=message, values=written, reason=reason)
    except EditRefused as refusal:
        return _form(visit, written, refusal.problems, reason)
    found = visit.ask("whereabouts", message=message)
    return visit.back_to(record_place(found["flow"], found["key"], done="record_edited"))


def _form(
    visit: Visit,
    written: Mapping[str, str],
    problems: Mapping[str, Problem] | None,
    reason: str = "",
) -> Response:
    """`problems`: None before anything was sent, empty where nothing was changed."""
    record = visit.ask("edit_form", message=visit.parts["message"])
    wrong = problems or {}
    fields = {
        each["name"]: {**each, "text": written.get(each["name"], each["text"])}
        for each in record.pop("fields")
    }
    shown = {
        name for name, each in fields.items() if each["filled"] or each["required"] or name in wrong
    }
    found = visit.ask("whereabouts", message=record["id"])
    return visit.page(
        "edit.html",
        http_status=200 if problems is None else 400,
        status=visit.ask("status"),
        record=record,
        place=record_place(found["flow"], found["key"]),
        fields=[each for name, each in fields.items() if name in shown],
        empty=[each for name, each in fields.items() if name not in shown],
        problems=problems,
        reason=reason,
    )


PAGES = (
    Page("GET", "/messages/{message}/edit", Role.OPERATOR, form),
    Page("POST", "/messages/{message}/edit", Role.OPERATOR, send),
)
