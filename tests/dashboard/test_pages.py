"""The pages without JavaScript, on a running agent: what they show, and what their buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from agent.dashboard.texts import TEXTS
from agent.errors import Unavailable
from connectors.memory import fails
from tests.dashboard.site import Browser, Site
from tests.waiting import until

PAGES = ("/", "/orders", "/orders?show=all", "/errors", "/errors?tab=resolved", "/flows", "/search")
LoggedIn = Callable[..., Browser]


def test_overview_says_in_one_sentence_that_all_is_well(logged_in: LoggedIn) -> None:
    shown = logged_in("viewer").get("/").text
    assert "All is well." in shown
    assert "Ferramenta Rossi" in shown
    assert re.search(r"articles</a><span[^>]*>erp → shop</span></th>", shown)


def test_overview_leads_to_what_needs_a_person(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-9", "the category is missing")
    shown = logged_in("viewer").get("/").text
    assert "Records that did not go through: 1." in shown
    assert '<a href="/errors">Show me</a>' in shown


def test_overview_lists_the_completed_runs(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-9", "the category is missing")
    until(lambda: all(run["finished_at"] for run in site.ask("runs")["runs"]))
    shown = logged_in("viewer").get("/").text
    assert shown.count("<td>done</td>") == len(site.ask("runs")["runs"]) >= 2


def test_an_order_in_doubt_is_confirmed_with_its_number(site: Site, logged_in: LoggedIn) -> None:
    site.place_order_in_doubt("W-1")
    browser = logged_in("operator")
    assert "Look for it in the ERP" in browser.get("/orders").text
    (order,) = site.ask("orders", key="W-1")["orders"]
    action = f"/messages/{order['id']}/confirm"
    shown = browser.press("/orders", action, reference="2026/117", to="orders")
    assert "The order counts as written." in shown.text
    assert "Every order is in the ERP." in shown.text
    assert "2026/117" in browser.get("/orders?show=all").text
    assert ("operator", "confirm") in site.deeds()


def test_an_order_that_is_not_there_is_written_again(site: Site, logged_in: LoggedIn) -> None:
    site.place_order_in_doubt("W-2")
    (order,) = site.ask("orders", key="W-2")["orders"]
    logged_in("operator").press("/orders", f"/messages/{order['id']}/retry")
    until(lambda: site.ask("orders", key="W-2")["orders"] == [])
    assert len(site.accounts.requests) == 2


def test_a_confirmation_without_a_number_is_not_taken(site: Site, logged_in: LoggedIn) -> None:
    site.place_order_in_doubt("W-3")
    (order,) = site.ask("orders", key="W-3")["orders"]
    browser = logged_in("operator")
    token = browser.get("/orders").token
    answer = browser.post(f"/messages/{order['id']}/confirm", token, reference="  ")
    assert (answer.status, "reference is empty" in answer.text) == (400, True)
    assert site.ask("orders", key="W-3")["orders"][0]["state"] == "parked"


def test_an_order_that_does_not_add_up_is_accepted_with_a_reason(
    site: Site, logged_in: LoggedIn
) -> None:
    site.place_order("W-4", "99.00")
    until(lambda: site.parked("W-4"))
    (order,) = site.parked("W-4")
    action = f"/messages/{order['id']}/accept"
    shown = logged_in("operator").press("/orders", action, reason="a gift", to="orders")
    assert "The order is accepted as it is." in shown.text
    until(lambda: ("order", "W-4") in site.accounts.holds)


def test_errors_are_grouped_by_cause_and_a_group_is_tried_again(
    site: Site, logged_in: LoggedIn
) -> None:
    for sku in ("VIT-7", "VIT-8"):
        site.refuse_article(sku, "the category is missing")
    browser = logged_in("operator")
    shown = browser.get("/errors").text
    assert "How many: <strong>2</strong>" in shown
    assert shown.count('<section class="card">') == 1
    assert "VIT-8, VIT-7" in shown
    site.shop.refuses.clear()
    assert "Tried again: 2." in browser.press("/errors", "/errors/articles/refused/retry").text
    until(lambda: {key for _, key in site.shop.holds} >= {"VIT-7", "VIT-8"})
    assert "Nothing is waiting for you." in browser.get("/errors").text


def test_all_errors_are_tried_again_at_once(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    site.shop.refuses.clear()
    logged_in("operator").press("/errors", "/errors/retry")
    until(lambda: ("product", "VIT-7") in site.shop.holds)


def test_what_is_in_doubt_is_never_sent_again_in_a_crowd(site: Site, logged_in: LoggedIn) -> None:
    site.place_order_in_doubt("W-1")
    browser = logged_in("operator")
    shown = browser.press("/errors", "/errors/retry")
    assert "Tried again: 0." in shown.text
    assert "/errors/orders/SA-5010/retry" not in shown.text
    answer = browser.post("/errors/orders/SA-5010/retry", shown.token)
    assert (answer.status, "SA-7519" in answer.text) == (409, True)
    assert len(site.accounts.requests) == 1


def test_one_record_is_tried_again_and_the_others_wait(site: Site, logged_in: LoggedIn) -> None:
    for sku in ("VIT-7", "VIT-8"):
        site.refuse_article(sku, "the category is missing")
    site.shop.refuses.clear()
    (chosen,) = site.parked("VIT-7")
    place = "/errors/articles/refused"
    logged_in("operator").press(place, f"{place}/retry-chosen", message=str(chosen["id"]))
    until(lambda: ("product", "VIT-7") in site.shop.holds)
    assert site.parked("VIT-8")


def test_a_record_is_set_aside_with_a_reason_that_stays(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (chosen,) = site.parked("VIT-7")
    place, browser = "/errors/articles/refused", logged_in("operator")
    answer = browser.post(
        f"{place}/ignore-chosen",
        browser.get(place).token,
        message=str(chosen["id"]),
        reason="sold out",
    )
    assert answer.headers["location"] == f"{place}?done=ignored&count=1"
    resolved = browser.get("/errors?tab=resolved").text
    assert "sold out" in resolved
    assert "operator" in resolved


def test_a_record_is_set_aside_until_a_day(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (chosen,) = site.parked("VIT-7")
    place, browser = "/errors/articles/refused", logged_in("operator")
    shown = browser.get(place)
    proposed = re.search(r'type="date" value="(\d{4}-\d\d-\d\d)"', shown.text)
    assert proposed
    form = {"message": str(chosen["id"]), "reason": "next season", "until": proposed[1]}
    assert browser.post(f"{place}/ignore-chosen", shown.token, None, **form).status == 303
    resolved = browser.get("/errors?tab=resolved").text
    assert "set aside (until <time" in resolved
    assert proposed[1] in resolved
    answer = browser.post(f"{place}/ignore-chosen", shown.token, None, **form | {"until": "soon"})
    assert answer.status in {400, 409}


def test_one_record_is_set_aside_until_a_day_from_its_own_page(
    site: Site, logged_in: LoggedIn
) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    (chosen,) = site.parked("VIT-7")
    action = f"/messages/{chosen['id']}/ignore"
    browser = logged_in("operator")
    proposed = re.search(r'type="date" value="(\S+)"', browser.get("/records/articles/VIT-7").text)
    assert proposed
    browser.press("/records/articles/VIT-7", action, reason="next season", until=proposed[1])
    (row,) = site.ask("resolved")["messages"]
    assert (row["reason"], bool(row["aside_until"])) == ("next season", True)


def test_a_row_that_the_mapping_refused_is_read_again(site: Site, logged_in: LoggedIn) -> None:
    site.articles.rows.append(("VIT-7", None))
    site.articles.wake()
    until(lambda: site.parked("VIT-7"))
    (row,) = site.parked("VIT-7")
    site.articles.rows[-1] = ("VIT-7", "Vite 6x80")
    action = f"/errors/articles/{row['code']}/retry"
    assert "Tried again: 1." in logged_in("operator").press("/errors", action).text
    until(lambda: ("product", "VIT-7") in site.shop.holds)


def test_a_flow_is_run_now_and_says_how_far_it_got(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    site.articles.rows.append(("TAS-2", "Tassello 10"))
    place = browser.post("/flows/articles/run", browser.get("/flows").token).headers["location"]
    assert "The sync that you asked for" in browser.get(place).text
    until(lambda: "Ended: 4 rows read, 1 changes" in browser.get(place).text)
    assert ("product", "TAS-2") in site.shop.holds or site.ask("messages", key="TAS-2")["messages"]


@pytest.mark.parametrize(("press", "left"), [("approve", 1), ("drop", 3)])
def test_a_held_run_is_approved_or_dropped(
    site: Site, logged_in: LoggedIn, press: str, left: int
) -> None:
    del site.articles.rows[1:]
    site.articles.wake()
    until(lambda: site.ask("held")["runs"])
    (run,) = site.ask("held")["runs"]
    browser = logged_in("operator")
    assert "a run waits for your approval" in browser.get("/").text
    browser.press("/flows", f"/held/{run['run']}/{press}")
    until(lambda: site.ask("held")["runs"] == [] and len(site.shop.holds) == left)


def test_admins_see_who_did_what(site: Site, logged_in: LoggedIn) -> None:
    logged_in("operator").press("/flows", "/flows/articles/run")
    shown = logged_in("admin").get("/audit").text
    assert re.search(r'<th scope="row">operator</th>\s*<td>asked for a run</td>', shown)
    assert site.deeds()[0] == ("admin", "admit")


def test_every_page_is_told_in_italian(logged_in: LoggedIn) -> None:
    browser = logged_in("admin", "it")
    for page in (*PAGES, "/audit"):
        shown = browser.get(page)
        assert (shown.status, '<html lang="it">' in shown.text) == (200, True)
        assert TEXTS["overview"].it in shown.text
        assert f">{TEXTS['log_out'].en} (" not in shown.text


def test_the_language_that_was_chosen_stays(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    shown = browser.press("/", "/language", language="it")
    assert "Tutto funziona." in shown.text
    assert '<html lang="it">' in browser.get("/orders").text


def test_what_is_not_there_is_said_so(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    for page in ("/nowhere", "/messages/none-1", "/static/none.css"):
        answer = browser.get(page)
        assert (answer.status, "To the overview" in answer.text) == (404, True)


def test_values_of_others_are_shown_as_text(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-7", "<script>alert(1)</script>")
    browser = logged_in("operator")
    for page in ("/errors", "/errors/articles/refused", '/search?key=<b>"x'):
        shown = browser.get(page).text
        assert "<script>alert" not in shown
        assert '<b>"x' not in shown


def test_a_page_with_a_target_that_does_not_answer(site: Site, logged_in: LoggedIn) -> None:
    down = fails(Unavailable("SA-5901", "connection refused", untouched=True))
    site.shop.script.extend([down] * 200)
    site.articles.rows.append(("TAS-9", "Tassello 12"))
    site.articles.wake()
    until(lambda: site.ask("status")["targets"][0]["state"] == "open")
    assert "does not answer" in logged_in("viewer").get("/").text
