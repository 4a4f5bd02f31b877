"""Admins manage users; nobody can be locked out for good; everybody changes their own password."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agent.passwords import matches
from tests.dashboard.site import PASSWORD, Browser, Site

LoggedIn = Callable[..., Browser]
NEW = "cinque parole del tutto nuove"


def test_an_admin_lets_somebody_in(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    shown = browser.press(
        "/users", "/users/add", name="carla", role="operator", password=NEW, again=NEW
    )
    assert "The user may log in now." in shown.text
    assert "<h2>carla</h2>" in shown.text
    carla = Browser(site.port)
    assert carla.log_in("carla", NEW).status == 303
    assert carla.get("/users").status == 403
    assert ("admin", "add_user") in site.deeds()


def test_a_role_is_changed_from_the_next_click_on(site: Site, logged_in: LoggedIn) -> None:
    viewer, admin = logged_in("viewer"), logged_in("admin")
    admin.press("/users", "/users/viewer/role", role="operator")
    assert viewer.get("/").headers["location"] == "/log-in"
    found = site.agent.store.users.get("viewer")
    assert found
    assert found.role == "operator"


def test_an_admin_sets_a_forgotten_password(site: Site, logged_in: LoggedIn) -> None:
    logged_in("admin").press("/users", "/users/viewer/password", password=NEW, again=NEW)
    assert Browser(site.port).log_in("viewer").status == 401
    assert Browser(site.port).log_in("viewer", NEW).status == 303


def test_somebody_is_shut_out(logged_in: LoggedIn) -> None:
    viewer, admin = logged_in("viewer"), logged_in("admin")
    assert "may not log in any more" in admin.press("/users", "/users/viewer/remove").text
    assert viewer.get("/").headers["location"] == "/log-in"


@pytest.mark.parametrize(("press", "form"), [("role", {"role": "viewer"}), ("remove", {})])
def test_the_last_admin_stays(
    site: Site, logged_in: LoggedIn, press: str, form: dict[str, str]
) -> None:
    browser = logged_in("admin")
    answer = browser.post(f"/users/admin/{press}", browser.get("/users").token, None, **form)
    assert (answer.status, "SA-7520" in answer.text) == (409, True)
    browser.press("/users", "/users/operator/role", role="admin")
    answer = browser.post(f"/users/admin/{press}", browser.get("/users").token, None, **form)
    assert answer.status == 303
    assert [each.name for each in site.agent.store.users.list() if each.role == "admin"] == [
        "operator"
    ]


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_only_admins_manage_users(logged_in: LoggedIn, role: str) -> None:
    browser = logged_in(role)
    assert browser.get("/users").status == 403
    assert 'href="/users"' not in browser.get("/").text
    token = browser.get("/account").token
    for action in ("/users/add", "/users/admin/remove", "/users/admin/password"):
        assert browser.post(action, token).status == 403


def test_a_slip_of_the_finger_changes_no_password(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    token = browser.get("/users").token
    answer = browser.post("/users/viewer/password", token, password=NEW, again=NEW + "x")
    assert (answer.status, "SA-7521" in answer.text) == (409, True)
    answer = browser.post("/users/viewer/password", token, password="short", again="short")
    assert (answer.status, "SA-7511" in answer.text) == (409, True)
    assert Browser(site.port).log_in("viewer").status == 303


def test_everybody_changes_their_own_password(site: Site, logged_in: LoggedIn) -> None:
    browser, elsewhere = logged_in("viewer"), logged_in("viewer")
    shown = browser.press(
        "/account", "/account/password", old_password=PASSWORD, password=NEW, again=NEW
    )
    assert "Log in with the new one" in shown.text
    assert elsewhere.get("/").headers["location"] == "/log-in"
    found = site.agent.store.users.get("viewer")
    assert found
    assert matches(NEW, found.password)
    assert ("viewer", "change_password") in site.deeds()
    assert NEW not in str(site.ask("audit"))


def test_the_old_password_is_asked_for_and_not_to_be_guessed(
    site: Site, logged_in: LoggedIn
) -> None:
    browser = logged_in("viewer")
    token = browser.get("/account").token
    for _ in range(5):
        answer = browser.post(
            "/account/password", token, old_password="wrong", password=NEW, again=NEW
        )
        assert "SA-7510" in answer.text
    answer = browser.post(
        "/account/password", token, old_password=PASSWORD, password=NEW, again=NEW
    )
    assert "SA-7513" in answer.text
    assert ("viewer", "password refused") in site.deeds()


def test_what_one_person_did_is_found(logged_in: LoggedIn) -> None:
    logged_in("operator")
    browser = logged_in("admin")
    assert '<th scope="row">operator</th>' in browser.get("/audit").text
    shown = browser.get("/audit?person=admin").text
    assert '<th scope="row">operator</th>' not in shown
    assert "<option selected>admin</option>" in shown
    assert "Nobody did anything yet." in browser.get("/audit?person=nobody").text


@pytest.mark.parametrize("name", [".", "..", "a/b", "<b>", "a b", "\u202eb", "a\0", "x" * 65])
def test_nobody_is_called_what_has_no_place_in_an_address(
    site: Site, logged_in: LoggedIn, name: str
) -> None:
    browser = logged_in("admin")
    token = browser.get("/users").token
    answer = browser.post(
        "/users/add", token, name=name, role="viewer", password=PASSWORD, again=PASSWORD
    )
    assert answer.status in {400, 409}
    assert len(site.ask("users")["users"]) == 3
