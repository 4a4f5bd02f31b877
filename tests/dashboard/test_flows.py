"""The pages of flows, without JavaScript, on a running agent."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.store import Verification
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
PLACE = "/flows/articles"


def compare(site: Site) -> None:
    site.ask("request", flow="articles", scope="verify")
    until(lambda: any(run["scope"] == "verify" and run["finished_at"] for run in runs(site)))


def runs(site: Site) -> list[dict[str, object]]:
    return site.ask("runs", flow="articles")["runs"]


def test_list_leads_to_each_flow(logged_in: LoggedIn) -> None:
    shown = logged_in("viewer").get("/flows").text
    assert f'<a href="{PLACE}">articles</a>' in shown
    assert '<a href="/flows/orders">orders</a>' in shown


def test_flow_tells_where_each_field_comes_from(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    shown = browser.get(PLACE).text
    assert re.search(r'class="code">name</th>\s*<td>column <code>TITLE</code>', shown)
    orders = browser.get("/flows/orders").text
    assert re.search(r'class="code">lines</th>\s*<td>rows of <code>LINES</code>', orders)
    assert re.search(r'class="code">lines.sku</th>\s*<td>column <code>SKU</code>', orders)
    assert "erp (memory)" in shown
    assert "on events and on request only" in shown
    assert browser.get("/flows/nothing").status == 404


def test_both_sides_are_counted_after_a_comparison(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    assert "never compared" in browser.get(PLACE).text
    until(lambda: site.ask("status")["flows"][0]["pending"] == 0)
    place = browser.post(f"{PLACE}/verify", browser.get(PLACE).token).headers["location"]
    until(lambda: "3 of 3 in step" in browser.get(place).text)


def test_what_is_not_in_step_is_named_and_put_right(site: Site, logged_in: LoggedIn) -> None:
    site.shop.holds["product", "VIT-1"] = b'{"sku":"VIT-1","name":"somebody changed it"}'
    compare(site)
    browser = logged_in("operator")
    shown = browser.get(PLACE).text
    assert "2 of 3 in step" in shown
    assert '<a href="/records/articles/VIT-1">VIT-1</a>' in shown
    assert "name: Vite 4x40 → somebody changed it" in shown
    assert 'name="delete_extra"' not in shown
    browser.press(PLACE, f"{PLACE}/repair")
    until(lambda: b"Vite 4x40" in site.shop.holds["product", "VIT-1"])


@pytest.mark.parametrize("wished", [True, False])
def test_what_is_too_many_is_deleted_only_where_it_is_wished(
    site: Site, logged_in: LoggedIn, wished: bool
) -> None:
    site.shop.holds["product", "OLD-1"] = b'{"sku":"OLD-1","name":"nobody knows it"}'
    extra = {"kind": "extra", "key": "OLD-1", "fields": {}}
    site.agent.store.verifications.keep(
        Verification("articles", 1, "digests", 1, {"records": 3, "in_step": 3, "extra": 1}, [extra])
    )
    browser = logged_in("operator")
    assert "3 of 3 in step, 1 too many there" in browser.get(PLACE).text
    form = {"delete_extra": "yes"} if wished else {}
    shown = browser.press(PLACE, f"{PLACE}/repair", **form).text
    assert f"Put right: {int(wished)}." in shown
    until(lambda: (("product", "OLD-1") in site.shop.holds) is not wished)


def test_flow_is_paused_with_a_reason_and_goes_on(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    shown = browser.press(PLACE, f"{PLACE}/pause", lasts="2h", reason="stock-taking").text
    assert "The flow is paused." in shown
    assert "Paused by operator until" in shown
    assert ": stock-taking." in shown
    assert "All is well; paused by a person: articles." in browser.get("/").text
    assert f'action="{PLACE}/run"' not in shown
    refused = browser.post(f"{PLACE}/run", browser.get(PLACE).token)
    assert (refused.status, "SA-7108" in refused.text) == (409, True)
    assert "It goes on." in browser.press(PLACE, f"{PLACE}/resume").text
    assert site.agent.store.pauses.in_force(site.agent.clock.now_ms()) == {}
    assert {("operator", "pause"), ("operator", "resume")} <= set(site.deeds())


def test_pause_until_tomorrow_ends_at_eight_by_the_clocks_of_the_site(
    site: Site, logged_in: LoggedIn
) -> None:
    logged_in("operator").press(PLACE, f"{PLACE}/pause", lasts="tomorrow")
    pause = site.agent.store.pauses.get("articles", site.agent.clock.now_ms())
    assert pause
    assert pause.until
    end = datetime.fromtimestamp(pause.until / 1000, ZoneInfo("Europe/Rome"))
    assert (end.hour, end.minute, end > datetime.now(ZoneInfo("Europe/Rome"))) == (8, 0, True)


def test_open_pause_has_no_end(site: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("operator").press(PLACE, f"{PLACE}/pause", lasts="open").text
    assert "Paused by operator until somebody resumes it" in shown
    pause = site.agent.store.pauses.get("articles", site.agent.clock.now_ms())
    assert pause
    assert pause.until is None


def test_halt_says_why_and_what_to_do_and_is_lifted(site: Site, logged_in: LoggedIn) -> None:
    site.agent.store.flows.update("articles", halted="SA-4001 the column TITLE is gone")
    browser = logged_in("operator")
    for place in ("/flows", PLACE):
        shown = browser.get(place).text
        assert "the column TITLE is gone" in shown
        assert "What to do:" in shown
    browser.press(PLACE, f"{PLACE}/resume")
    assert site.agent.store.flows.get("articles").halted == ""


@pytest.mark.parametrize("press", ["approve", "drop"])
def test_held_run_is_decided_on_the_page_of_its_flow(
    site: Site, logged_in: LoggedIn, press: str
) -> None:
    del site.articles.rows[1:]
    site.articles.wake()
    until(lambda: site.ask("held")["runs"])
    (run,) = site.ask("held")["runs"]
    browser = logged_in("operator")
    browser.press(PLACE, f"/held/{run['run']}/{press}")
    until(lambda: site.ask("held")["runs"] == [])
    assert "Runs that wait for you" not in browser.get("/flows/orders").text


def test_viewer_sees_and_presses_nothing(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    shown = browser.get(PLACE)
    assert f'action="{PLACE}' not in shown.text
    assert browser.post(f"{PLACE}/pause", shown.token, lasts="2h").status == 403


def test_flow_is_told_in_italian(logged_in: LoggedIn) -> None:
    shown = logged_in("operator", "it").press(PLACE, f"{PLACE}/pause", lasts="30m").text
    assert "In pausa, per volere di operator, fino a" in shown
    assert "mai confrontati" in shown
    assert "Mappatura" in shown
