"""Texts of others stay texts: nothing that a source, a shop or a visitor writes becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote

from tests.dashboard.site import LINES, Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
MARKUP = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'`{{7*7}}{% x %}{0}\u202e"
PAGES = (
    "/", "/orders", "/orders?show=all", "/errors", "/errors?tab=resolved", "/search?key=%22%3E",
    f"/search?key={quote(MARKUP)}", "/flows", "/flows/articles", "/alerts", "/jobs", "/timeline",
    "/kpis", f"/kpis?of={quote(MARKUP)}", "/configuration", "/logs", f"/logs?text={quote(MARKUP)}",
    "/users", f"/audit?person={quote(MARKUP)}", f"/resync?flow=articles&keys={quote(MARKUP)}",
    f"/flows/{quote(MARKUP, safe='')}", f"/errors/{quote(MARKUP, safe='')}/x",
    f"/orders?number={quote(MARKUP)}", f"/timeline?day={quote(MARKUP)}",
)  # fmt: skip
PLACES = ("/", "#", "?")
OWN = {"script": ("/static/",), "img": ("/static/",), "link": ("/static/",)}
MOST = 150
"""Pages that are looked at, links followed."""


class Found(HTMLParser):
    """What a browser would act on, and where it would go."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, given in attrs:
            value = given or ""
            leads = name in {"href", "action", "src"}
            if leads and (value.startswith("//") or not value.startswith(OWN.get(tag, PLACES))):
                self.bad.append(f"{tag} {name}={value}")
            if name.startswith("on") or name == "style":
                self.bad.append(f"{tag} {name}={value}")
            if tag == "a" and name == "href":
                self.links.add(value.partition("#")[0])
        if tag == "script" and "src" not in dict(attrs):
            self.bad.append("script")


def test_nothing_that_others_write_becomes_markup(site: Site, logged_in: LoggedIn) -> None:
    site.shop.refuses[MARKUP] = f"no: {MARKUP}"
    site.articles.rows += [(MARKUP, MARKUP), ("javascript:alert(1)", "Vite")]
    site.articles.wake()
    site.orders.rows.append((MARKUP, MARKUP, "2026-11-22T10:00:00Z", LINES, "99.00"))
    site.orders.rows.append((f"{MARKUP}2", MARKUP, MARKUP, LINES, "15.00"))
    site.orders.wake()
    until(lambda: len(site.ask("messages", state="parked")["messages"]) == 3)
    Browser(site.port).log_in(MARKUP, MARKUP)
    site.ask("pause", flow="orders", by=MARKUP, lasts="1h", reason=MARKUP)
    browser = logged_in("admin")
    parked = site.ask("messages", state="parked")["messages"]
    to_see = {*PAGES, *(f"/messages/{each['id']}/edit" for each in parked)}
    seen: set[str] = set()
    while to_see - seen and len(seen) < MOST:
        place = min(to_see - seen)
        seen.add(place)
        answer = browser.get(place)
        assert answer.status in {200, 303, 400, 404, 409}, place
        found = Found()
        found.feed(answer.text)
        assert found.bad == [], place
        assert not re.search(r"\b49\b.*\{%|onerror=[^&]*>'", answer.text)
        to_see |= {link for link in found.links if link.startswith("/")}
    assert any(place.startswith("/records/articles/%22%3E%3Cscript") for place in seen)
