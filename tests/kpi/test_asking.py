"""What people and programs are told: `syncagent kpi`, the CSV file, the report of a month."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.api.operations import OPERATIONS
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.daemon import Agent
from agent.errors import Rejected
from agent.kpi import FLOW, TARGET, THE_AGENT
from agent.kpi.durations import duration_class
from agent.store import HOUR_MS, HourRow, Subject
from tests.delivery.world import ManualClock

CONFIG = """
site: {name: "Rossi & Figli", time_zone: Europe/Rome}
connections: {here: {kind: memory}}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: here, table: t, key: [CODE]}
    target: {connection: here, receiver: r}
    entity: product
    mapping: {sku: CODE, name: NAME}
"""
PRODUCTS = Subject(FLOW, "products")
MIDNIGHT_IN_ROME = 1_696_111_200_000 // HOUR_MS
"""2023-10-01 at 00:00, a month with an hour more than others."""
NOVEMBER = MIDNIGHT_IN_ROME + 31 * 24 + 1


class Clock(ManualClock):
    def now_ms(self) -> int:
        return NOVEMBER * HOUR_MS + 5_400_000 + int(self.seconds * 1000)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An agent whose daemon worked through October, with a day of refusals."""
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG)
    agent = Agent.open(path, clock=Clock())
    with agent.store.transaction():
        for hour in range(MIDNIGHT_IN_ROME - 1, NOVEMBER + 1):
            bad = hour == MIDNIGHT_IN_ROME + 25
            agent.store.kpis.put(
                [
                    HourRow(hour, THE_AGENT, {"up": 3600}, {}),
                    HourRow(
                        hour,
                        PRODUCTS,
                        {
                            "delivered": 10,
                            "refused": 90 * bad,
                            "down": 1800 * bad,
                            "backlog": 7,
                            "age": 300,
                        },
                        {duration_class(4000): 10},
                    ),
                    HourRow(hour, Subject(TARGET, "here"), {"calls": 36}, {duration_class(80): 36}),
                ]
            )
    agent.close()
    return path


@pytest.fixture
def agent(site: Path) -> Iterator[Agent]:
    opened = Agent.open(site, clock=Clock())
    yield opened
    opened.close()


@pytest.fixture
def said(site: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def command(*words: str) -> str:
        program.main([*words, "--config", str(site)], obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


def test_kpis_since_a_time_say_how_flows_and_targets_did(agent: Agent) -> None:
    answer = OPERATIONS["kpi"].call(agent, {"since": "2023-10-01", "by": "whole"})
    (period,) = answer["periods"]
    flow, target, whole = (
        next(each for each in period["kpis"] if each["kind"] == kind)
        for kind in ("flow", "target", "all")
    )
    hours = 31 * 24 + 1 + 1  # summer time ended in this month; and one of November
    assert flow["counts"]["delivered"] == 10 * hours
    assert flow["availability"] == pytest.approx(1 - 1800 / 3600 / hours, abs=1e-6)
    assert flow["error_rate"] == pytest.approx(90 / (90 + 10 * hours), abs=1e-6)
    assert flow["median_seconds"] == pytest.approx(4, rel=0.05)
    assert (flow["backlog"], flow["freshness_seconds"]) == (7, 300)
    assert target["per_second"] == pytest.approx(0.01)
    assert whole["counts"]["delivered"] == flow["counts"]["delivered"]


def test_days_are_those_of_the_site(agent: Agent) -> None:
    days = OPERATIONS["kpi"].call(agent, {"since": "2023-10-28", "by": "day", "flow": "products"})
    counts = [day["kpis"][0]["counts"]["delivered"] for day in days["periods"]]
    assert counts == [240, 250, 240, 240, 10]
    assert [len(day["kpis"]) for day in days["periods"]] == [1] * 5
    assert days["periods"][1]["from"] == "2023-10-28T22:00:00.000Z"


def test_table_is_written_for_a_spreadsheet(said: Callable[..., str], tmp_path: Path) -> None:
    said("kpi", "--since", "2023-10-01", "--by", "hour", "--csv", str(tmp_path / "kpi.csv"))
    with (tmp_path / "kpi.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    bad = [line for line in table if line["kind"] == "flow" and line["refused"] == "90"]
    assert [line["from"] for line in bad] == ["2023-10-01T23:00:00.000Z"]
    assert bad[0]["availability"] == "0.5"


def test_command_shows_and_tells_the_same(said: Callable[..., str]) -> None:
    shown = said("kpi", "--since", "2023-10-01")
    assert "flow products" in shown
    told = json.loads(said("kpi", "--since", "2023-10-01", "--json"))
    assert {each["name"] for each in told["periods"][0]["kpis"]} == {"", "products", "here"}


class Outline(HTMLParser):
    """What a page loads, and which elements stay open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "rect"}:
            self.open.append(tag)
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize(
    ("language", "title", "delivered", "available"),
    [
        ("en", "Synchronisation report", "7,450", "99.93 %"),
        ("it", "Rapporto di sincronizzazione", "7.450", "99,93 %"),
    ],
)
def test_report_of_a_month_is_one_page_that_needs_nothing_else(
    said: Callable[..., str],
    tmp_path: Path,
    language: str,
    title: str,
    delivered: str,
    available: str,
) -> None:
    file = tmp_path / "report.html"
    said("report", "2023-10", "--lang", language, "--output", str(file))
    page = Outline()
    page.feed(file.read_text(encoding="utf-8"))
    assert (page.open, page.loads) == ([], [])
    assert {title, delivered, available, "31"} <= {text.strip() for text in page.text}
    assert "Rossi & Figli" in "".join(page.text)


def test_month_that_is_not_over_says_so(agent: Agent) -> None:
    page = OPERATIONS["report"].call(agent, {"month": "2023-11", "language": "it"})["html"]
    assert "Il mese non è concluso" in page
    empty = OPERATIONS["report"].call(agent, {"month": "2022-01", "language": "en"})["html"]
    assert "Nothing was measured" in empty


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("kpi", {"since": "lately"}),
        ("report", {"month": "October"}),
        ("report", {"month": "23-13"}),
    ],
)
def test_time_that_nobody_can_read_is_refused(
    agent: Agent, question: str, arguments: dict[str, str]
) -> None:
    with pytest.raises(Rejected) as caught:
        OPERATIONS[question].call(agent, arguments)
    assert caught.value.code == "SA-7480"
