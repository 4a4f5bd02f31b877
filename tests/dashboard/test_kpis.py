"""The page of figures: for each time and subject, as tables, as numbers for curves, as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.kpi import FLOW, TARGET, THE_AGENT
from agent.kpi.durations import duration_class
from agent.store import HOUR_MS, HourRow, Subject
from tests.dashboard.site import Browser, Site

LoggedIn = Callable[..., Browser]
SPANS = ("day", "week", "month", "year")


@pytest.fixture
def measured(site: Site) -> Site:
    """Three days of figures: 3,600 articles an hour, two calls a second, one bad hour."""
    now = site.agent.clock.now_ms() // HOUR_MS
    with site.agent.store.transaction():
        for hour in range(now - 72, now):
            bad = hour == now - 5
            rows = [
                HourRow(hour, THE_AGENT, {"up": 3600}, {}),
                HourRow(
                    hour,
                    Subject(FLOW, "articles"),
                    {
                        "delivered": 3600,
                        "refused": 400 * bad,
                        "down": 1800 * bad,
                        "age": 300,
                        "backlog": 12_431,
                    },
                    {duration_class(2000): 3600},
                ),
                HourRow(
                    hour,
                    Subject(TARGET, "shop"),
                    {"calls": 7200},
                    {duration_class(80): 7200},
                ),
            ]
            site.agent.store.kpis.put(rows)
    return site


@pytest.mark.parametrize("span", SPANS)
def test_every_time_shows_its_figures(measured: Site, logged_in: LoggedIn, span: str) -> None:
    del measured
    shown = logged_in("viewer").get(f"/kpis?span={span}&of=flow:articles").text
    assert "12,431" in shown
    assert f'<a href="/kpis?span={span}&amp;of=flow%3Aarticles" aria-current="true">' in shown
    assert '<option value="flow:articles" selected>Flow: articles</option>' in shown
    assert "System: shop" in shown


def test_figures_are_written_as_italians_write_them(measured: Site, logged_in: LoggedIn) -> None:
    del measured
    shown = logged_in("viewer", "it").get("/kpis").text
    assert "12.431" in shown
    assert "Disponibilità" in shown


@pytest.mark.parametrize(("span", "steps"), [("day", 24), ("week", 168), ("month", 30)])
def test_curves_have_the_numbers_of_each_step(
    measured: Site, logged_in: LoggedIn, span: str, steps: int
) -> None:
    del measured
    answer = logged_in("viewer").get(f"/kpis/curves?span={span}")
    told = json.loads(answer.text)
    assert told["zone"] == "Europe/Rome"
    assert steps <= len(told["times"]) <= steps + 1
    plots = {plot["name"]: plot["series"] for plot in told["plots"]}
    assert list(plots) == [
        "availability", "error_rate", "times", "throughput", "freshness", "backlog",
    ]  # fmt: skip
    assert all(len(each["values"]) == len(told["times"]) for s in plots.values() for each in s)
    records, calls = plots["throughput"]
    assert records["values"][-2] == pytest.approx(1)
    assert calls["values"][-2] == pytest.approx(2)
    assert {value for value in plots["freshness"][0]["values"] if value} == {300}


def test_a_bad_hour_shows_in_its_step(measured: Site, logged_in: LoggedIn) -> None:
    told = json.loads(logged_in("viewer").get("/kpis/curves?span=day&of=flow:articles").text)
    bad = (measured.agent.clock.now_ms() // HOUR_MS - 5) * 3600
    at = told["times"].index(bad)
    plots = {plot["name"]: plot["series"][0]["values"] for plot in told["plots"]}
    assert plots["availability"][at] == 0.5
    assert plots["availability"][at + 1] == 1.0
    assert plots["error_rate"][at] == 0.1


def test_figures_are_taken_along_as_a_table(measured: Site, logged_in: LoggedIn) -> None:
    del measured
    answer = logged_in("viewer").get("/kpis/table?span=month")
    assert answer.headers["content-disposition"] == 'attachment; filename="kpi-month.csv"'
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert sum(int(line["calls"]) for line in lines if line["kind"] == "target") == 72 * 7200
    assert {line["name"] for line in lines} >= {"", "articles", "shop"}


def test_the_report_of_a_month_brings_its_own_style_and_nothing_else(
    measured: Site, logged_in: LoggedIn
) -> None:
    browser = logged_in("viewer", "it")
    here = datetime.fromtimestamp(measured.agent.clock.now_ms() / 1000, ZoneInfo("Europe/Rome"))
    month = here.strftime("%Y-%m")
    assert f"<option>{month}</option>" in browser.get("/kpis").text
    answer = browser.get(f"/report?month={month}")
    assert "Rapporto di sincronizzazione" in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert browser.get("/report?month=soon").status == 409


def test_what_is_not_there_has_no_figures(measured: Site, logged_in: LoggedIn) -> None:
    del measured
    browser = logged_in("viewer")
    assert browser.get("/kpis?of=flow:none").status == 404
    assert browser.get("/kpis?span=century&of=colour:red").status == 200


def test_a_new_site_says_that_nothing_was_measured(logged_in: LoggedIn) -> None:
    assert "Nothing was measured yet." in logged_in("viewer").get("/kpis").text
