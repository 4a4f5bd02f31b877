"""Forms as no page of ours sends them, and pressed by several people at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from agent.dashboard.pages import PAGES
from agent.errors import Rejected
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
AT_ONCE = 6
NESTED = {
    "deep lists": "[" * 10_000 + "]" * 10_000,
    "deep objects": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "half a character": '[{"name": "\\ud800", "value": "x"}]',
    "no number": "[NaN]",
    "an object": '{"__proto__": {"admin": true}}',
    "other fields": '[{"__proto__": 1, "constructor": 2}]',
    "a text": '"x"',
}


def at_once(site: Site, *calls: tuple[str, dict[str, Any]]) -> list[str]:
    """What comes of operations that begin in the same moment; "done" or the code."""
    together = Barrier(len(calls))

    def call(name: str, arguments: dict[str, Any]) -> str:
        together.wait()
        try:
            site.ask(name, **arguments)
        except Rejected as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(lambda each: call(*each), calls))


def test_no_form_does_anything_without_its_token(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    before = site.deeds()
    for page in PAGES:
        if page.method == "POST":
            answer = browser.post(re.sub(r"\{\w+(:\w+)?\}", "1", page.path), "0" * 64)
            assert (answer.status, "SA-7515" in answer.text) == (400, True), page.path
    assert site.deeds() == before


def test_empty_forms_are_answered_in_words(logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    token = browser.get("/").token
    for page in PAGES:
        if page.method == "POST" and page.path != "/logs/support":  # which answers with a file
            answer = browser.post(re.sub(r"\{\w+(:\w+)?\}", "1", page.path), token)
            assert answer.status < 500, page.path


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_what_is_no_value_of_a_field_is_shown_beside_it(
    site: Site, logged_in: LoggedIn, text: str
) -> None:
    site.refuse_article("VIT-7", "no")
    (parked,) = site.parked("VIT-7")
    place, browser = f"/messages/{parked['id']}/edit", logged_in("operator")
    form = {"field.options": text, "reason": "by phone"}
    answer = browser.post(place, browser.get(place).token, None, **form)
    assert (answer.status, 'role="alert"' in answer.text) == (400, True)
    assert site.parked("VIT-7") == [parked]


@pytest.mark.parametrize(
    "until_day", ["2020-01-01", "9999-12-31", "0001-01-01", "2026-13-45", "x" * 1000, "24:00"]
)
def test_nothing_is_set_aside_until_a_day_that_is_none(
    site: Site, logged_in: LoggedIn, until_day: str
) -> None:
    site.refuse_article("VIT-7", "no")
    (parked,) = site.parked("VIT-7")
    browser = logged_in("operator")
    place, token = f"/messages/{parked['id']}/ignore", browser.get("/").token
    answer = browser.post(place, token, None, reason="later", until=until_day)
    assert (answer.status, "SA-7003" in answer.text) == (400, True)
    assert site.parked("VIT-7") == [parked]


def test_of_people_who_correct_a_record_at_once_one_does(site: Site) -> None:
    site.refuse_article("VIT-7", "no")
    (parked,) = site.parked("VIT-7")
    site.shop.refuses.clear()
    calls = [
        ("edit", {"message": parked["id"], "values": {"name": f"V{n}"}, "reason": "r", "by": "b"})
        for n in range(AT_ONCE)
    ]
    found = at_once(site, *calls)
    assert sorted(found) == [*["SA-7004"] * (AT_ONCE - 1), "done"]


def test_a_held_run_is_decided_once(site: Site) -> None:
    del site.articles.rows[1:]
    site.articles.wake()
    until(lambda: site.ask("held")["runs"])
    run: Any = site.ask("held")["runs"][0]["run"]
    calls = [(("approve", "drop")[n % 2], {"run": run, "by": "b"}) for n in range(AT_ONCE)]
    found = at_once(site, *calls)
    assert sorted(found) == [*["SA-7106"] * (AT_ONCE - 1), "done"]
    decision = "approved" if "done" in found[::2] else "dropped"
    outcome: Any = site.ask("run", run=run)["outcome"]
    assert outcome == decision
