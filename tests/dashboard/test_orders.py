"""Orders as customer service sees them: one line each, found by any of their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.dashboard.site import LINES, Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]


def deliver(site: Site, number: str, net: str = "15.00") -> None:
    site.place_order(number, net)
    until(lambda: site.ask("messages", key=number, state="delivered")["messages"])


def lines(shown: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/records/orders/[^"]+">([^<]+)</a>', shown)


def test_an_order_is_one_line_however_often_it_was_sent(site: Site, logged_in: LoggedIn) -> None:
    deliver(site, "W-1")
    site.orders.rows[0] = ("W-1", "C1", "2026-11-22T11:00:00Z", LINES, "15.00")
    site.orders.wake()
    until(lambda: len(site.ask("messages", key="W-1", state="delivered")["messages"]) == 2)
    shown = logged_in("viewer").get("/orders?show=all").text
    assert lines(shown) == ["W-1"]
    assert "order/W-1" in shown
    assert re.search(r'<td class="number">15.00\s*</td>', shown)
    assert ">in the ERP<" in shown
    assert len(site.ask("orders", key="W-1", open_only=False)["orders"]) == 2


def test_an_order_is_found_by_the_number_of_the_shop_or_of_the_erp(
    site: Site, logged_in: LoggedIn
) -> None:
    deliver(site, "W-17")
    deliver(site, "W-2")
    browser = logged_in("viewer")
    for number in ("w-17", "W-1", "order/W-17"):
        assert lines(browser.get(f"/orders?number={number}").text) == ["W-17"], number
    assert lines(browser.get("/orders?number=W").text) == ["W-2", "W-17"]
    assert "No such order." in browser.get("/orders?number=VIT-1").text


def test_what_holds_an_order_up_is_shown_and_not_what_waits_behind(
    site: Site, logged_in: LoggedIn
) -> None:
    site.place_order("W-4", "99.00")
    until(lambda: site.parked("W-4"))
    shown = logged_in("operator", "it").get("/orders").text
    assert "trattenuto da un controllo" in shown
    assert "totale senza IVA: c&#39;è scritto 99,00, le righe danno 15,00: 84,00 di troppo" in shown
    assert "<dd>99,00" in shown
    assert "Correggi" in shown
    assert "<dd>C1</dd>" in shown
