"""Records are looked at before they are sent again; nothing goes before somebody says so."""

from __future__ import annotations

from collections.abc import Callable

from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]


def test_what_would_be_sent_is_shown_and_nothing_is_sent(site: Site, logged_in: LoggedIn) -> None:
    site.articles.rows[0] = ("VIT-1", "Vite 4x45")
    browser = logged_in("operator")
    shown = browser.get("/resync?flow=articles&keys=VIT-1%0A VIT-2 %0AGONE&first=&last=").text
    assert "<del>Vite 4x40</del>" in shown
    assert "unchanged, sent all the same" in shown
    assert "Found in the source: 2" in shown
    assert "Not in the source; what was sent of it before is deleted there:</strong> GONE" in shown
    assert len(site.shop.requests) == 1
    assert site.ask("messages", key="VIT-1", state="pending")["messages"] == []


def test_after_a_look_they_are_sent_and_the_progress_is_shown(
    site: Site, logged_in: LoggedIn
) -> None:
    browser = logged_in("operator")
    page = "/resync?flow=articles&keys=VIT-2"
    answer = browser.press(page, "/resync", flow="articles", keys="VIT-2")
    assert "The sync that you asked for" in answer.text
    until(lambda: len(site.ask("messages", key="VIT-2", state="delivered")["messages"]) == 2)
    assert ("operator", "request") in site.deeds()


def test_a_range_is_all_that_is_known_between_two_keys(logged_in: LoggedIn) -> None:
    shown = logged_in("operator").get("/resync?flow=articles&first=VIT-1&last=VIT-2").text
    assert "Found in the source: 2" in shown
    assert "TAS-1" not in shown


def test_what_cannot_be_looked_at_says_why(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    assert "Name at least one record" in browser.get("/resync?flow=articles&keys=").text
    many = "%0A".join(f"K{number}" for number in range(201))
    shown = browser.get(f"/resync?flow=articles&keys={many}").text
    assert "Here it is 200 records at most." in shown
    assert "Send now" not in shown
    assert "SA-7104" in browser.get("/resync?flow=nowhere&keys=A").text
    assert len(site.shop.requests) == 1


def test_thousands_of_pasted_records_get_an_answer(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    page = browser.get("/resync")
    assert 'action="/resync/look"' in page.text
    few = browser.post("/resync/look", page.token, flow="articles", keys="VIT-1\r\nGONE")
    assert (few.status, "Found in the source: 1" in few.text) == (200, True)
    keys = "\r\n".join(f"VIT-{number:08}" for number in range(9_000))
    many = browser.post("/resync/look", page.token, flow="articles", keys=keys)
    assert (many.status, "Here it is 200 records at most" in many.text) == (200, True)
    assert len(site.shop.requests) == 1
