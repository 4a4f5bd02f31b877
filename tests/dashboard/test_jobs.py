"""The page of jobs and the page of a run, without JavaScript, on a running agent."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.dashboard.site import Browser, Site
from tests.dashboard.slow import Slow
from tests.waiting import until

LoggedIn = Callable[..., Browser]


def test_running_job_is_shown_with_how_far_it_got_and_cancelled(
    site: Site, logged_in: LoggedIn, slow: Slow
) -> None:
    browser = logged_in("operator")
    shown = browser.get("/jobs").text
    assert re.search(
        r'href="/flows/articles">articles</a></th>\s*<td>look at every row</td>', shown
    )
    assert "0 rows, 0 changes" in shown or "of about" in shown
    assert "Cancelled; nothing is lost." in browser.press("/jobs", "/flows/articles/cancel").text
    assert "cancelled by operator, ends with its batch" in browser.get("/jobs").text
    slow.open.set()
    until(lambda: not site.ask("jobs")["running"])
    assert "cancelled by operator" in browser.get("/jobs").text


def test_waiting_job_says_what_is_in_its_way_and_is_taken_back(
    site: Site, logged_in: LoggedIn, slow: Slow
) -> None:
    browser = logged_in("operator")
    (job,) = [site.ask("request", flow="articles", scope="full")["job"]]
    shown = browser.get("/jobs").text
    assert re.search(r'<td class="number">30</td>\s*<td>its flow is busy</td>', shown)
    browser.press("/jobs", f"/jobs/{job}/cancel")
    assert "Nothing waits." in browser.get("/jobs").text
    del slow


def test_job_of_a_schedule_is_taken_back_though_it_has_no_number(
    site: Site, logged_in: LoggedIn, slow: Slow
) -> None:
    site.agent.queue.request("articles", "full", asked_by="schedule")
    browser = logged_in("operator")
    assert "Nothing waits." not in browser.get("/jobs").text
    browser.press("/jobs", "/flows/articles/waiting/full/cancel")
    assert "Nothing waits." in browser.get("/jobs").text
    del slow


def test_job_is_asked_for_and_leads_to_its_flow(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    token = browser.get("/jobs").token
    answer = browser.post("/jobs", token, flow="articles", scope="verify")
    assert answer.headers["location"].startswith("/flows/articles?job=")
    until(lambda: any(run["scope"] == "verify" for run in site.ask("runs")["runs"]))
    assert "compare both sides" in browser.get("/jobs").text


def test_job_that_nobody_knows_is_not_asked_for(logged_in: LoggedIn) -> None:
    browser = logged_in("operator")
    token = browser.get("/jobs").token
    assert browser.post("/jobs", token, flow="articles", scope="everything").status == 400
    assert browser.post("/jobs", token, flow="nothing", scope="full").status == 404


def test_what_was_done_leads_to_the_run_with_its_counts(site: Site, logged_in: LoggedIn) -> None:
    until(lambda: any(run["outcome"] == "ok" for run in site.ask("runs")["runs"]))
    browser = logged_in("viewer")
    place = re.search(r'href="(/runs/\d+)"', browser.get("/jobs").text)
    assert place
    shown = browser.get(place[1]).text
    assert re.search(r"<dt>Outcome</dt><dd>done</dd>", shown)
    assert browser.get("/runs/99999").status == 404


def test_history_is_shown_page_by_page(site: Site, logged_in: LoggedIn) -> None:
    store = site.agent.store
    for number in range(30):
        store.runs.finish(
            store.runs.start(0, "articles", "full", "schedule", number), "ok", {}, "", "", number
        )
    browser = logged_in("viewer")
    older = re.search(r'href="(/jobs\?before=\d+)"', browser.get("/jobs").text)
    assert older
    shown = browser.get(older[1]).text
    assert 'href="/runs/1"' in shown
    assert f'hx-get="{older[1]}"' in shown, "what is refreshed is the same page"


def test_parked_and_retried_records_are_counted(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-9", "the category is missing")
    shown = logged_in("viewer").get("/jobs").text
    assert '<td class="number"><a href="/errors">1</a></td>' in shown


def test_viewer_can_neither_ask_nor_cancel(logged_in: LoggedIn, slow: Slow) -> None:
    browser = logged_in("viewer")
    shown = browser.get("/jobs")
    assert 'action="/jobs"' not in shown.text
    assert "/cancel" not in shown.text
    assert browser.post("/jobs", shown.token, flow="articles", scope="full").status == 403
    del slow


def test_jobs_are_told_in_italian(logged_in: LoggedIn) -> None:
    shown = logged_in("operator", "it").get("/jobs").text
    assert "Richiedi un&#39;attività" in shown
    assert "confronta le due parti" in shown
