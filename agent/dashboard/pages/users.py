"""Who may log in, for admins; and everybody's own password."""

from __future__ import annotations

from starlette.responses import Response

from agent.dashboard.entrance import CHANGED
from agent.dashboard.pages.page import Page
from agent.dashboard.visit import Role, Visit
from agent.errors import Rejected
from agent.passwords import hashed

ROLES = ("viewer", "operator", "admin")


def users(visit: Visit) -> Response:
    """Everybody, and what can be done about them."""
    return visit.page(
        "users.html", status=visit.ask("status"), users=visit.ask("users")["users"], roles=ROLES
    )


def add(visit: Visit) -> Response:
    """Let somebody in."""
    name, role = visit.given("name"), visit.given("role")
    visit.tell("add_user", name=name, role=role, password_hash=_new_password(visit))
    return visit.back_to("/users", done="user_added")


def change_role(visit: Visit) -> Response:
    """Let somebody do more or less."""
    visit.tell("set_role", name=visit.parts["name"], role=visit.given("role"))
    return visit.back_to("/users", done="role_changed")


def set_password(visit: Visit) -> Response:
    """Give somebody another password, who forgot the old one."""
    visit.tell("set_password", name=visit.parts["name"], password_hash=_new_password(visit))
    return visit.back_to("/users", done="password_set")


def remove(visit: Visit) -> Response:
    """Shut somebody out."""
    visit.tell("remove_user", name=visit.parts["name"])
    return visit.back_to("/users", done="user_removed")


def account(visit: Visit) -> Response:
    """Who one is here, and the form for another password."""
    return visit.page("account.html", status=visit.ask("status"))


def change_own_password(visit: Visit) -> Response:
    """Another password for oneself; then everybody under this name logs in again."""
    name = visit.person.name
    new = _new_password(visit)
    if visit.attempts.begin(name, visit.address):
        raise Rejected("SA-7513", "too many attempts", hint="wait a quarter of an hour")
    visit.tell("change_password", password=visit.given("old_password"), password_hash=new)
    visit.attempts.succeeded(name, visit.address)
    return visit.back_to("/log-in", done=CHANGED)


def _new_password(visit: Visit) -> str:
    """As it is kept; typed twice, and not trimmed: blanks may be part of it."""
    password, again = (visit.form.get(name, [""])[0] for name in ("password", "again"))
    if password != again:
        raise Rejected("SA-7521", "the two passwords differ", hint="type it again, in both fields")
    return hashed(password)


PAGES = (
    Page("GET", "/users", Role.ADMIN, users),
    Page("POST", "/users/add", Role.ADMIN, add),
    Page("POST", "/users/{name}/role", Role.ADMIN, change_role),
    Page("POST", "/users/{name}/password", Role.ADMIN, set_password),
    Page("POST", "/users/{name}/remove", Role.ADMIN, remove),
    Page("GET", "/account", Role.VIEWER, account),
    Page("POST", "/account/password", Role.VIEWER, change_own_password),
)
