"""The timeline, without JavaScript, on a running agent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.store import Alert
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]


@pytest.fixture
def eventful(site: Site, logged_in: LoggedIn) -> Site:
    """Runs, the first configuration and a changed one, an alert and a deed."""
    until(lambda: site.ask("runs")["runs"])
    store, now = site.agent.store, site.agent.clock.now_ms()
    store.configurations.enter("another", {"flows.articles": "new"}, "")
    facts = {"where": "articles", "code": "SA-5201", "reason": "no category", "count": 3}
    store.alerts.put(Alert(0, "x", "parked", facts, now, closed_at=now + 1))
    logged_in("operator").press("/flows", "/flows/articles/run")
    return site


def test_everything_that_happened_stands_in_one_list(eventful: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("admin").get("/timeline").text
    assert re.search(r'<a href="/runs/\d+">Run</a>: done', shown)
    assert '<span class="code">flows.articles</span> changed' in shown
    assert "put in force" in shown
    assert "SA-5201" in shown
    assert ">Alert over</a>" in shown
    assert "operator asked for a run" in shown
    assert "logged in" not in shown
    del eventful


def test_list_is_cut_to_a_flow_and_to_a_day(eventful: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    today = f"{datetime.now(ZoneInfo('Europe/Rome')):%Y-%m-%d}"
    of_articles = browser.get(f"/timeline?flow=articles&day={today}").text
    assert "flows.articles" in of_articles
    assert "<option selected>articles</option>" in of_articles
    assert "SA-5201" not in browser.get("/timeline?flow=orders").text
    assert "Nothing happened." in browser.get("/timeline?day=2020-01-01").text
    assert browser.get("/timeline?day=yesterday").status == 400
    del eventful


def test_only_admins_see_who_it_was(eventful: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("operator").get("/timeline").text
    assert "Somebody asked for a run" in shown
    assert "operator asked" not in shown
    del eventful


def test_older_ones_are_on_the_next_page(site: Site, logged_in: LoggedIn) -> None:
    for number in range(120):
        site.agent.store.runs.start(0, "articles", "full", "schedule", 1_700_000_000_000 + number)
    browser = logged_in("viewer")
    older = re.search(r'href="(/timeline\?[^"]+)"', browser.get("/timeline?flow=articles").text)
    assert older
    assert "flow=articles" in older[1]
    assert "2023-11-14" in browser.get(older[1].replace("&amp;", "&")).text


def test_timeline_is_told_in_italian(eventful: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("admin", "it").get("/timeline").text
    assert "Che cosa è successo" in shown
    assert "Avviso rientrato" in shown
    del eventful
