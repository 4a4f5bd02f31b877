"""Whoever reads Italian meets no English sentence of ours; what a shop said stays as it said it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.dashboard.site import Browser, Site, tell_of_an_outage
from tests.waiting import until

LoggedIn = Callable[..., Browser]
ENGLISH = {"and", "are", "has", "is", "of", "required", "was", "which", "with"}
EMPTY = 'campo "Nome": è vuoto, serve un valore'
PAGES = {
    "/errors": EMPTY,
    "/errors/articles/SA-3101": EMPTY,
    "/errors/articles/refused": "no such category",
    "/records/articles/VIT-0?explain=yes": EMPTY,
    "/search?key=VIT-0": EMPTY,
    "/resync?flow=articles&keys=VIT-0": EMPTY,
    "/orders": "le righe danno 15,00: 84,00 di troppo",
    "/records/orders/W-4?explain=yes": "le righe danno 15,00: 84,00 di troppo",
    "/flows": "2 record su 4 verrebbero cancellati",
    "/timeline": "2 record su 4 verrebbero cancellati",
    "/records/articles/VIT-1?explain=yes": "2 record su 4 verrebbero cancellati",
    "/alerts": "dati di 52 minuti fa, ne sono ammessi 30",
}


@pytest.fixture
def troubled(site: Site) -> Site:
    """Whatever customer service may meet in a morning."""
    site.refuse_article("VIT-7", "no such category")
    site.articles.rows.append(("VIT-0", ""))
    site.articles.wake()
    until(lambda: site.parked("VIT-0"))
    site.place_order("W-4", "99.00")
    until(lambda: site.parked("W-4"))
    tell_of_an_outage(site)
    del site.articles.rows[:2]
    site.articles.wake()
    until(lambda: site.ask("held")["runs"])
    return site


def test_every_page_tells_reasons_in_italian(troubled: Site, logged_in: LoggedIn) -> None:
    del troubled
    browser = logged_in("operator", "it")
    for path, reason in PAGES.items():
        page = browser.get(path).text
        shown = unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))
        assert reason in shown, path
        words = set(re.findall(r"\w+", re.sub(r"\S*/\S+", "", shown)))
        assert words & ENGLISH == set(), path


def test_what_is_wrong_with_an_edited_order_is_told_in_italian(
    troubled: Site, logged_in: LoggedIn
) -> None:
    (order,) = troubled.parked("W-4")
    form = f"/messages/{order['id']}/edit"
    browser = logged_in("operator", "it")
    written = {"field.placed_at": "ieri", "field.total_net": "dodici", "field.customer": ""}
    answer = browser.post(form, browser.get(form).token, None, **written)
    assert answer.status == 400
    shown = unescape(answer.text)
    assert "non è una data con ora (ISO 8601)" in shown
    assert "non è un numero (separatore dei decimali" in shown
    assert "è vuoto, serve un valore" in shown
    assert "is not" not in shown
