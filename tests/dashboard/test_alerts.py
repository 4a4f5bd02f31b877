"""The page of the alerts: what is open, who takes care of it, what is over, and a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.alerts.pulse import Pulse
from agent.api.operations import OPERATIONS
from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.dashboard.server import DashboardServer
from agent.errors import Misconfigured
from agent.secrets import Secret
from agent.store import Alert
from tests.alerts.world import World, world
from tests.dashboard.site import Browser, Site, free_port

LoggedIn = Callable[..., Browser]


@pytest.fixture
def troubled(tmp_path: Path, password_hash: str) -> Iterator[World]:
    """A site whose flow is halted, which is told to `it`."""
    with world(tmp_path) as found:
        for role in ("viewer", "operator", "admin"):
            found.agent.store.users.add(role, role, password_hash)
        found.table.breaks = Misconfigured("SA-2102", "the log-in was refused")
        found.run()
        found.look()
        yield found


@pytest.fixture
def browse(troubled: World) -> Iterator[LoggedIn]:
    port = free_port()
    server = DashboardServer(
        troubled.agent, DashboardSettings(port=port, session=600), SystemClock()
    )
    server.start()

    def as_role(role: str, language: str = "en") -> Browser:
        browser = Browser(port, language)
        assert browser.log_in(role).status == 303
        return browser

    yield as_role
    server.stop()


def test_open_alert_says_what_why_since_when_to_whom_and_what_to_do(browse: LoggedIn) -> None:
    shown = browse("viewer").get("/alerts").text
    assert "<h2>products is halted until somebody acts</h2>" in shown
    assert "the log-in was refused" in shown
    assert "What to do:" in shown
    assert "2026-03-02 11:00" in shown
    assert re.search(r"<dt>Told to</dt><dd>it, last <time", shown)
    assert "<dd>nobody yet</dd>" in shown
    assert 'href="/flows/products"' in shown
    assert "acknowledge" not in shown, "a viewer decides nothing"


def test_operator_takes_care_of_an_alert_and_nobody_is_reminded(
    troubled: World, browse: LoggedIn
) -> None:
    troubled.told()
    browser = browse("operator")
    shown = browser.press("/alerts", "/alerts/1/acknowledge")
    assert "You take care of it: no more reminders." in shown.text
    assert "<dd>operator</dd>" in shown.text
    assert "/alerts/1/acknowledge" not in shown.text
    troubled.pass_time(86_400, every=600)
    assert troubled.told() == []
    (deed, *_) = OPERATIONS["audit"].call(troubled.agent, {})["deeds"]
    assert (deed["by"], deed["did"], deed["about"]) == ("operator", "acknowledge", {"alert": 1})


def test_alert_that_is_over_by_now_cannot_be_taken_care_of(browse: LoggedIn) -> None:
    browser = browse("operator")
    token = browser.get("/alerts").token
    assert browser.post("/alerts/99/acknowledge", token).status == 409


def test_what_is_over_stands_below_with_its_end(troubled: World, browse: LoggedIn) -> None:
    troubled.agent.store.flows.update("products", halted="")
    troubled.run()
    troubled.pass_time(600)
    shown = browse("viewer", "it").get("/alerts").text
    assert "Nessun avviso aperto." in shown
    assert "products è fermo finché qualcuno non interviene" in shown
    assert "02/03/2026 11:01" in shown


def test_history_is_read_a_page_at_a_time(troubled: World, browse: LoggedIn) -> None:
    (facts,) = [alert.facts for alert in troubled.agent.store.alerts.open()]
    for number in range(60):
        told = {**facts, "where": f"flow-{number}"}
        closed = replace(Alert(0, f"x{number}", "halted", told, 1), gone_at=2, closed_at=3)
        troubled.agent.store.alerts.put(closed)
    browser = browse("viewer")
    first = browser.get("/alerts").text
    (older,) = re.findall(r'href="(\?before=\d+)"', first)
    second = browser.get(f"/alerts{older}").text
    assert first.count('<th scope="row">') == 50
    assert second.count('<th scope="row">') == 10
    assert "flow-0 " in second


def test_admin_sends_a_test_and_sees_which_addresses_work(
    troubled: World, browse: LoggedIn
) -> None:
    troubled.told()
    troubled.mails.answer_to_recipient = "550 No such user"
    browser = browse("admin")
    page = browser.get("/alerts")
    shown = browser.post("/alerts/test", page.token)
    assert shown.status == 200
    assert shown.text.count("not taken") == 2
    assert "550 No such user" in shown.text
    troubled.mails.answer_to_recipient = "250 OK"
    assert "not taken" not in browser.post("/alerts/test", page.token).text
    assert sorted(troubled.told()) == [("boss", "Test"), ("it", "Test")]


def test_dead_mans_switch_that_hears_nothing_is_shown(
    troubled: World, browse: LoggedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "hears nothing" not in browse("viewer").get("/alerts").text
    monkeypatch.setenv("PING", f"http://127.0.0.1:{free_port()}/a-secret-of-its-own")
    troubled.agent.alerts.pulse = Pulse(Secret("env:PING"), 300, troubled.clock)
    troubled.look()
    shown = browse("viewer").get("/alerts").text
    assert "The dead man&#39;s switch hears nothing: SA-7466" in shown
    assert "a-secret-of-its-own" not in shown


def test_only_admins_send_a_test(browse: LoggedIn) -> None:
    browser = browse("operator")
    page = browser.get("/alerts")
    assert "/alerts/test" not in page.text
    assert browser.post("/alerts/test", page.token).status == 403


def test_site_that_tells_nobody_says_so(site: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("admin").get("/alerts").text
    assert "Nobody is told: the configuration names no recipients" in shown
    assert "No alert is open." in shown
    assert "/alerts/test" not in shown
    del site
