"""Records: found by what people have in hand, explained, every state with what it changed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from agent.api.differences import differences
from agent.dashboard.pages.records import WAITING
from agent.dashboard.places import record_place
from agent.dashboard.texts import TEXTS
from agent.explain.sentences import VERDICTS
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
ODD_KEYS = ("a/../b", "..", "50% di sconto?", "#1001", "é|x y", "a&b=c+d", "<b>", "\\n")


def sent(site: Site, key: str) -> bool:
    return bool(site.ask("messages", key=key, state="delivered")["messages"])


def change(site: Site, sku: str, title: str) -> None:
    """The article is called otherwise, and the shop has it so."""
    others = [row for row in site.articles.rows if isinstance(row, tuple) and row[0] != sku]
    site.articles.rows[:] = [*others, (sku, title)]
    site.articles.wake()
    until(lambda: (site.shop.record("product", sku) or {}).get("name") == title)
    until(lambda: not site.ask("messages", key=sku, state="pending")["messages"])


@pytest.mark.parametrize("text", ["vit-1", "VIT-1", "product/VIT-1", " Vit-1 "])
def test_a_record_is_found_and_leads_to_its_page(logged_in: LoggedIn, text: str) -> None:
    browser = logged_in("viewer")
    shown = browser.get(f"/search?key={text}").text
    place = re.search(r'href="(/records/articles/[^"]+)">VIT-1<', shown)
    assert place
    assert "product/VIT-1" in shown
    assert "VIT-2" not in shown
    assert "What was sent, newest first" in browser.get(place[1]).text


def test_the_beginning_of_a_key_finds_all_that_begin_so(logged_in: LoggedIn) -> None:
    shown = logged_in("viewer").get("/search?key=vi").text
    assert re.findall(r'">(\S+)</a></th>', shown) == ["VIT-1", "VIT-2"]
    assert "Nothing is known of “nothing”" in logged_in("viewer").get("/search?key=nothing").text


def test_what_is_known_and_has_no_message_any_more_is_found(
    site: Site, logged_in: LoggedIn
) -> None:
    site.agent.store.known.put("articles", [("OLD-1", b"r" * 16, b"d" * 16, None)])
    browser = logged_in("viewer")
    assert "taken over" in browser.get("/search?key=old").text
    shown = browser.get("/records/articles/OLD-1").text
    assert "what was sent is longer ago than messages are kept" in shown


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_key_may_hold_any_character(site: Site, logged_in: LoggedIn, key: str) -> None:
    change(site, key, "Vite strana")
    shown = logged_in("viewer").get(record_place("articles", key))
    assert shown.status == 200
    assert "Vite strana" in shown.text
    part = logged_in("viewer").get(record_place("articles", key, "explanations")).text
    assert "is at shop as the source has it" in part


def test_a_record_shows_what_each_state_changed(site: Site, logged_in: LoggedIn) -> None:
    change(site, "VIT-1", "Vite 4x45")
    shown = logged_in("viewer").get("/records/articles/VIT-1").text
    assert re.search(r"<del>Vite 4x40</del></td>\s*<td><ins>Vite 4x45</ins>", shown)
    assert shown.count('<section class="card"') == 2


def test_differences_reach_into_what_is_nested() -> None:
    before = {"lines": [{"sku": "A", "quantity": "1"}], "note": "x", "total": "9"}
    now = {"lines": [{"sku": "A", "quantity": "2"}, {"sku": "B"}], "total": "9"}
    assert [each[:3] for each in differences(before, now)] == [
        ("lines[1].quantity", "1", "2"),
        ("lines[2]", None, {"sku": "B"}),
        ("note", "x", None),
    ]


def test_the_explanation_comes_without_javascript_too(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer", "it")
    shown = browser.get("/records/articles/VIT-1").text
    assert 'hx-get="/explanations/articles/VIT-1"' in shown
    assert "nella sorgente" not in shown
    told = browser.get("/records/articles/VIT-1?explain=yes").text
    assert "VIT-1 è su shop così come nella sorgente" in told
    assert "Vite 4x40" in told


def test_a_refused_record_says_what_to_do_and_is_sent_again(
    site: Site, logged_in: LoggedIn
) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (parked,) = site.parked("VIT-7")
    browser, place = logged_in("operator"), "/records/articles/VIT-7"
    told = browser.get("/explanations/articles/VIT-7").text
    assert "which refused it" in told
    assert "Mend the reason and press “Send again”" in told
    site.shop.refuses.clear()
    shown = browser.press(place, f"/messages/{parked['id']}/retry", to="record")
    assert "It is sent again." in shown.text
    until(lambda: sent(site, "VIT-7"))


def test_a_record_is_set_aside_on_its_page(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (parked,) = site.parked("VIT-7")
    action = f"/messages/{parked['id']}/ignore"
    browser, place = logged_in("operator"), "/records/articles/VIT-7"
    day = re.search(r'type="date" value="(\d{4}-\d\d-\d\d)"', browser.get(place).text)
    assert day
    shown = browser.press(place, action, reason="sold out", until=day[1])
    assert "It is set aside." in shown.text
    assert "sold out" in shown.text
    assert not site.parked("VIT-7")
    assert site.ask("messages", key="VIT-7")["messages"][0]["aside_until"]


def test_a_refused_row_is_read_again_on_its_page(site: Site, logged_in: LoggedIn) -> None:
    site.articles.rows.append(("VIT-7", None))
    site.articles.wake()
    until(lambda: site.parked("VIT-7"))
    (row,) = site.parked("VIT-7")
    site.articles.rows[-1] = ("VIT-7", "Vite 6x80")
    logged_in("operator").press("/records/articles/VIT-7", f"/messages/{row['id']}/read")
    until(lambda: sent(site, "VIT-7"))


def test_a_message_leads_to_the_state_of_its_record(site: Site, logged_in: LoggedIn) -> None:
    first = site.ask("messages", key="VIT-1")["messages"][0]
    change(site, "VIT-1", "Vite 4x45")
    answer = logged_in("viewer").get(f"/messages/{first['id']}")
    place = answer.headers["location"]
    assert place.endswith(f"#v{first['version']}")
    shown = logged_in("viewer").get(place.partition("#")[0]).text
    assert f'id="v{first["version"]}"' in shown
    assert "Vite 4x45" not in shown
    assert "To the newest" in shown


def test_a_viewer_decides_nothing(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (parked,) = site.parked("VIT-7")
    browser = logged_in("viewer")
    shown = browser.get("/records/articles/VIT-7")
    assert "/messages/" not in shown.text
    for action in ("retry", "ignore", "read", "accept", "confirm", "edit"):
        answer = browser.post(f"/messages/{parked['id']}/{action}", shown.token, reason="x")
        assert answer.status == 403
    for place in ("/resync", f"/messages/{parked['id']}/edit"):
        assert browser.get(place).status == 403


def test_every_verdict_of_what_is_not_there_says_what_to_press() -> None:
    for name in VERDICTS:
        assert (f"todo_{name.replace('.', '_')}" in TEXTS) is name.startswith("not."), name
    assert VERDICTS.keys() >= WAITING
