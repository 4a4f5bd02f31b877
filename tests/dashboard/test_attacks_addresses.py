"""Addresses that nobody but an attacker, or a broken link, would ask for."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from agent.dashboard.places import record_place
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
NUMBERS = ("²", "-1", "9" * 20, "9" * 5000, "0x1", "1e3", "\x00", "\u0661")
PAGED = (
    "/alerts?before=", "/audit?before=", "/errors/articles/SA-1?before=", "/jobs?before=",
    "/records/articles/VIT-1?before=", "/timeline?before=", "/flows?job=", "/flows/articles?job=",
    "/logs?run=", "/logs?before=", "/jobs/", "/runs/", "/configuration/",
)  # fmt: skip
MOMENTS = ("9999-12-31", "0001-01-01", "2026-13-45", "9999-12", "0001-01", "0000-00", "\x00", "x")
DATED = ("/timeline?day=", "/report?month=", "/logs?since=")
NAMES = ("\x00", "nobody", "..", "<script>", "%2e%2e", "\u202e", "k" * 50_000, "\ufffd")
NAMED = (
    "/records/articles/", "/records/", "/explanations/articles/", "/messages/", "/flows/",
    "/errors/articles/", "/search?key=", "/orders?number=", "/kpis?of=flow:",
    "/kpis/curves?of=target:", "/kpis/table?span=", "/resync?flow=", "/resync?flow=articles&keys=",
    "/audit?person=", "/timeline?flow=", "/errors?tab=", "/errors?done=", "/logs?text=",
)  # fmt: skip


@pytest.mark.parametrize(
    ("places", "values"),
    [(PAGED, NUMBERS), (DATED, MOMENTS), (NAMED, NAMES)],
    ids=["numbers", "moments", "names"],
)
def test_no_address_makes_a_page_fail(
    logged_in: LoggedIn, places: tuple[str, ...], values: tuple[str, ...]
) -> None:
    browser = logged_in("admin")
    answers = {
        (place, value[:40]): browser.get(place + quote(value, safe=""))
        for place in places
        for value in values
    }
    assert {place: a.status for place, a in answers.items() if a.status >= 500} == {}
    assert {a.headers["x-content-type-options"] for a in answers.values()} == {"nosniff"}


@pytest.mark.parametrize(
    "path", ["/held/{}/approve", "/held/{}/drop", "/jobs/{}/cancel", "/alerts/{}/acknowledge"]
)
def test_no_number_makes_a_button_fail(site: Site, logged_in: LoggedIn, path: str) -> None:
    browser = logged_in("operator")
    token, before = browser.get("/").token, site.deeds()
    found = [browser.post(path.format(each), token).status for each in ("0", "9" * 20, "9" * 5000)]
    assert set(found) <= {400, 404, 409}
    assert site.deeds() == before


def test_no_id_of_a_message_makes_a_button_fail(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "no")
    store_id = str(site.parked("VIT-7")[0]["id"]).partition("-")[0]
    browser = logged_in("operator")
    token = browser.get("/").token
    for version in ("9" * 20, "9" * 5000, "-1", "x"):
        answer = browser.post(f"/messages/{store_id}-{version}/retry", token)
        assert (answer.status, "SA-7002" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "key", ["a/b?c#d%2fe", "..", "two\r\nlines", "\u202eltr", "\\..\\x", "//x"]
)
def test_every_key_has_its_page(site: Site, logged_in: LoggedIn, key: str) -> None:
    site.articles.rows.append((key, "Vite"))
    site.articles.wake()
    until(lambda: ("product", key) in site.shop.holds)
    browser = logged_in("viewer")
    for under in ("records", "explanations"):
        assert browser.get(record_place("articles", key, under)).status == 200


@pytest.mark.parametrize("path", ["/errors/", "/static", "//evil.example/", "/log-in/"])
def test_no_address_leads_to_a_foreign_place(site: Site, logged_in: LoggedIn, path: str) -> None:
    place = logged_in("viewer").get(path).headers.get("location", "/")
    assert place.startswith((f"{site.url}/", "/"))
    assert not place.startswith("//")
