"""The agent changes while somebody looks, or presses: another configuration, another decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]


def change_before(
    monkeypatch: pytest.MonkeyPatch, owner: object, question: str, change: Callable[[], None]
) -> None:
    """Something happens just before the store is asked this."""
    asked = getattr(owner, question)

    def ask(*given: Any, **named: Any) -> Any:
        change()
        return asked(*given, **named)

    monkeypatch.setattr(owner, question, ask)


def without_articles(site: Site) -> None:
    """The flow is gone, as after a reload."""
    agent = site.agent
    agent.config = replace(agent.config, flows={"orders": agent.config.flows["orders"]})
    agent.plans = {"orders": agent.plans["orders"]}


def test_a_flow_goes_while_the_overview_is_built(
    site: Site, logged_in: LoggedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = logged_in("viewer")
    change_before(monkeypatch, site.agent.store.runs, "list", lambda: without_articles(site))
    assert browser.get("/").status == 200


def test_a_flow_goes_while_its_records_are_searched(
    site: Site, logged_in: LoggedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = logged_in("viewer")
    change_before(monkeypatch, site.agent.store.search, "keys", lambda: without_articles(site))
    answer = browser.get("/search?key=VIT-1")
    assert (answer.status, "/records/articles/VIT-1" in answer.text) == (200, True)


def test_pages_of_a_flow_that_is_gone_say_so(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "no")
    (parked,) = site.parked("VIT-7")
    path = site.agent.config.path
    text = path.read_text()
    path.write_text(text[: text.index("  articles:")] + text[text.index("  orders:") :])
    until(lambda: "articles" not in site.agent.plans)
    browser = logged_in("operator")
    token = browser.get("/").token
    for place in ("/flows/articles", "/records/articles/VIT-7", f"/messages/{parked['id']}/edit"):
        answer = browser.get(place)
        assert (answer.status, "SA-7104" in answer.text) == (404, True), place
    for place in ("/", "/flows", "/errors", "/errors/articles/refused", "/search?key=VIT", "/jobs"):
        assert browser.get(place).status == 200, place
    pressed = browser.post("/flows/articles/run", token)
    assert (pressed.status, "SA-7104" in pressed.text) == (404, True)


def test_what_is_decided_meanwhile_is_not_decided_again(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "no")
    (parked,) = site.parked("VIT-7")
    place, browser = f"/messages/{parked['id']}", logged_in("operator")
    token = browser.get(f"{place}/edit").token
    site.ask("ignore", messages=[parked["id"]], reason="not sold", by="anna")
    edited = browser.post(f"{place}/edit", token, {}, **{"field.name": "Vite", "reason": "r"})
    retried = browser.post(f"{place}/retry", token)
    ignored = browser.post(f"{place}/ignore", token, reason="me too", until="")
    for answer in (edited, retried, ignored):
        assert (answer.status, "SA-7004" in answer.text) == (409, True)
    found: Any = site.ask("message", message=parked["id"])
    assert (found["state"], found["decided_by"]) == ("ignored", "anna")
