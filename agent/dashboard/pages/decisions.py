"""What a person decides about one message that waits: on its record's page, or that of orders."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.pages.page import Page
from agent.dashboard.places import record_place
from agent.dashboard.visit import Role, Visit


def confirm(visit: Visit) -> Response:
    """Somebody saw that the other side has it, under this number."""
    visit.tell("confirm", message=visit.parts["message"], reference=visit.given("reference"))
    return _back(visit, "confirmed")


def retry(visit: Visit) -> Response:
    """It is sent again; of what is in doubt somebody saw that it is not there."""
    visit.tell("retry", messages=[visit.parts["message"]])
    return _back(visit, "sent_again")


def read_again(visit: Visit) -> Response:
    """A row that the mapping refused is read anew."""
    found = visit.ask("whereabouts", message=visit.parts["message"])
    visit.tell("request", flow=found["flow"], scope="keys", keys=[found["key"]])
    return _back(visit, "read_again")


def accept(visit: Visit) -> Response:
    """What a check objected to is sent as it is; why is kept with it."""
    visit.tell("accept", message=visit.parts["message"], reason=visit.given("reason"))
    return _back(visit, "accepted")


def ignore(visit: Visit) -> Response:
    """It is set aside until a day or for good; why is kept with it."""
    until = visit.form.get("until", [""])[0]
    visit.tell(
        "ignore", messages=[visit.parts["message"]], reason=visit.given("reason"), until=until
    )
    return _back(visit, "set_aside")


def _back(visit: Visit, done: str) -> Response:
    """To the page on which it was decided."""
    if visit.form.get("to") == ["orders"]:
        return visit.back_to("/orders", done=f"order_{done}")
    found = visit.ask("whereabouts", message=visit.parts["message"])
    return visit.back_to(record_place(found["flow"], found["key"], done=f"record_{done}"))


PAGES = (
    Page("POST", "/messages/{message}/confirm", Role.OPERATOR, confirm),
    Page("POST", "/messages/{message}/retry", Role.OPERATOR, retry),
    Page("POST", "/messages/{message}/read", Role.OPERATOR, read_again),
    Page("POST", "/messages/{message}/accept", Role.OPERATOR, accept),
    Page("POST", "/messages/{message}/ignore", Role.OPERATOR, ignore),
)
