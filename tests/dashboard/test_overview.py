"""The overview, without JavaScript, on a running agent."""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.dashboard.sparkline import sparkline
from agent.store import HOUR_MS, Alert, HourRow, Subject
from tests.dashboard.site import Browser, Site

LoggedIn = Callable[..., Browser]
FLOW = 1


def alert(site: Site, kind: str, where: str = "articles") -> None:
    now = site.agent.clock.now_ms()
    facts = {"where": where, "code": "SA-7460", "reason": "as of 40 minutes ago", "count": 1}
    site.agent.store.alerts.put(Alert(0, f"{kind}-{where}", kind, facts, now))


def test_flow_with_errors_is_not_in_order(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    assert browser.get("/").text.count(">in order</span>") == 2 + len(site.agent.deliveries)
    site.refuse_article("VIT-9", "the category is missing")
    shown = browser.get("/").text
    assert ">with errors</span>" in shown
    assert '<td class="number"><a href="/errors">1</a></td>' in shown


def test_open_alerts_count_and_lead_to_their_page(site: Site, logged_in: LoggedIn) -> None:
    alert(site, "disk", "/var")
    shown = logged_in("viewer").get("/").text
    assert "Alerts are open: 1." in shown
    assert '<a href="/alerts">Open alerts: 1</a>' in shown


def test_alert_about_what_is_said_anyway_does_not_hide_it(site: Site, logged_in: LoggedIn) -> None:
    site.refuse_article("VIT-9", "the category is missing")
    alert(site, "parked")
    assert "Records that did not go through: 1." in logged_in("viewer").get("/").text


def test_data_that_is_too_old_is_marked(site: Site, logged_in: LoggedIn) -> None:
    alert(site, "freshness")
    assert ">too old</span>" in logged_in("viewer").get("/").text


def test_paused_flow_is_named_with_who_and_why(site: Site, logged_in: LoggedIn) -> None:
    site.ask("pause", flow="articles", by="anna", reason="stock-taking")
    shown = logged_in("viewer").get("/").text
    assert "All is well; paused by a person: articles." in shown
    assert "Paused by anna until somebody resumes it: stock-taking." in shown


def test_last_day_is_drawn_and_told_in_words(site: Site, logged_in: LoggedIn) -> None:
    hour = site.agent.clock.now_ms() // HOUR_MS
    of_articles = Subject(FLOW, "articles")
    with site.agent.store.transaction():
        site.agent.store.kpis.put(
            [
                HourRow(hour - 30, of_articles, {"delivered": 999}, {}),
                HourRow(hour - 3, of_articles, {"delivered": 1200, "refused": 34}, {}),
                HourRow(hour - 1, of_articles, {"delivered": 100}, {}),
            ]
        )
    shown = logged_in("viewer").get("/").text
    told = re.search(r'role="img" aria-label="([^"]+)"', shown)
    assert told
    assert re.fullmatch(r"Delivered: 1,300, refused: 34; most from \d\d:00: 1,234", told[1])
    assert shown.count("<rect") == 3
    assert shown.count(">nothing</span>") == 1


def test_last_comparison_is_told(site: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    assert browser.get("/").text.count("never compared") == 2
    del site


def test_the_last_ten_runs_lead_to_their_pages(site: Site, logged_in: LoggedIn) -> None:
    store = site.agent.store
    for number in range(12):
        run = store.runs.start(0, "articles", "full", "schedule", number)
        store.runs.finish(run, "ok", {"rows": number}, "", "", number)
    assert len(set(re.findall(r'href="(/runs/\d+)"', logged_in("viewer").get("/").text))) == 10


def test_whatever_happened_is_seen_beside_the_busiest_hour() -> None:
    line = sparkline([1000, 1, 0], [0, 1, 0])
    assert [(bar.good, bar.bad) for bar in line.bars] == [(24, 0), (2, 2), (0, 0)]
    assert (line.good, line.bad, line.most, line.busiest) == (1001, 1, 1000, 0)


def test_day_without_anything_has_no_bars() -> None:
    line = sparkline([0, 0], [0, 0])
    assert (line.most, [bar for bar in line.bars if bar.good or bar.bad]) == (0, [])
