"""The example of analytics: events travel once each, and rankings become attributes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.examples.conftest import OpenSite
from tests.examples.site import Records, Site, drop, json_lines, words

ARTICLES = 30
KINDS = {"product_view": "view", "search": "search", "purchase": "purchase"}


class Company:
    """An ERP's articles, and an analytics program that writes files about them."""

    def __init__(self, folder: Path) -> None:
        self.erp = folder / "erp.db"
        self.export = folder / "export"
        self.export.mkdir()
        self.told: list[dict[str, Any]] = []
        self.ranking: dict[str, dict[str, Any]] = {}
        self.execute("CREATE TABLE articles (code TEXT PRIMARY KEY, description, category)")
        for number in range(ARTICLES):
            article = (f"{number:06}", f"Vite però {number}", "VITI")
            self.execute("INSERT INTO articles VALUES (?, ?, ?)", *article)

    def execute(self, statement: str, *values: object) -> None:
        """Somebody edits the ERP."""
        with closing(sqlite3.connect(self.erp)) as connection, connection:
            connection.execute(statement, values)

    def hour(self, name: str, *events: dict[str, Any]) -> None:
        """A file of events is written."""
        self.told += events
        drop(self.export, f"events-{name}.jsonl", json_lines(list(events)))

    def night(self, day: str, ranking: dict[str, dict[str, Any]]) -> None:
        """A ranking is written: a whole one."""
        self.ranking = ranking
        articles = [{"code": code, **values} for code, values in ranking.items()]
        text = json.dumps({"day": day, "articles": articles})
        drop(self.export, f"ranking-{day}.json", text)

    def events(self) -> Records:
        """What the shop is to hold of the events: those that it uses, once each."""
        return {
            event["id"]: {
                "id": event["id"],
                "kind": KINDS[event["type"]],
                "occurred_at": event["at"],
                "sku": event.get("article", {}).get("code"),
                "customer": event.get("customer"),
                "channel": event.get("channel"),
                "text": event.get("query"),
                "quantity": _text(event.get("quantity")),
                "amount": "37.81" if "value" in event else None,
                "currency": "EUR",
            }
            for event in self.told
            if event["type"] in KINDS
        }

    def products(self) -> Records:
        """What the shop is to hold of the articles."""
        with closing(sqlite3.connect(self.erp)) as connection:
            articles = connection.execute("SELECT * FROM articles").fetchall()
        return {
            code: {"sku": code, "name": name, "category": category, "attributes": self._rank(code)}
            for code, name, category in articles
        }

    def _rank(self, code: str) -> dict[str, Any]:
        found = self.ranking.get(code, {"position": None, "sold": 0, "also_bought": None})
        return {
            "rank": found["position"],
            "sold_in_30_days": _text(found["sold"]),
            "also_bought": found["also_bought"],
        }


def _text(number: object) -> str | None:
    return None if number is None else str(number)


def view(number: int) -> dict[str, Any]:
    article = {"code": f"{number % ARTICLES:06}"}
    return {"id": f"v-{number}", "type": "product_view", "at": AT, "article": article}


AT = "2026-11-22T09:15:00+01:00"
SEARCH = {"id": "s-1", "type": "search", "at": AT, "customer": "C00005", "query": "trapano à"}
PURCHASE = {
    "id": "p-1", "type": "purchase", "at": AT, "article": {"code": "000003"}, "channel": "counter",
    "quantity": 2, "value": 37.805,
}  # fmt: skip
SCROLL = {"id": "x-1", "type": "scroll", "at": AT}
RANKING: dict[str, dict[str, Any]] = {
    "000003": {"position": 1, "sold": 120, "also_bought": ["000004", "000009"]},
    "000009": {"position": 2, "sold": 80.5, "also_bought": []},
}


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


@pytest.fixture
def site(company: Company, open_site: OpenSite) -> Site:
    site = open_site("analytics")
    site.configure(
        {"/srv/analytics/export": str(company.export), "/srv/erp/erp.db": str(company.erp)}
    )
    return site


def test_events_arrive_once_each_and_only_those_that_the_shop_uses(
    site: Site, company: Company
) -> None:
    company.hour("2026-11-22T09", view(1), view(2), SEARCH, PURCHASE, SCROLL)
    site.sync("events")
    site.assert_in_step("event", company.events())
    company.hour("2026-11-22T10", view(2), view(3), PURCHASE)
    assert site.sync("events")["events"].counts["inserts"] == 1
    site.assert_in_step("event", company.events())


def test_hour_that_lacks_earlier_events_deletes_none(site: Site, company: Company) -> None:
    company.hour("2026-11-22T09", *map(view, range(50)))
    company.hour("2026-11-22T10", view(50))
    site.sync("events")
    site.sync("events", scope="full")
    site.assert_in_step("event", company.events())


def test_line_that_cannot_be_read_is_parked_alone(site: Site, company: Company) -> None:
    company.told = [view(1), view(2)]
    text = json_lines([view(1)]) + '{"id": "v-9", "type": \n' + json_lines([view(2)])
    drop(company.export, "events-1.jsonl", text)
    assert site.sync("events")["events"].counts["refused"] == 1
    site.assert_in_step("event", company.events())


def test_ranking_becomes_attributes_of_its_articles(site: Site, company: Company) -> None:
    company.night("2026-11-21", RANKING)
    site.sync("products")
    site.assert_in_step("product", company.products())


def test_new_ranking_sends_the_articles_that_moved_and_no_others(
    site: Site, company: Company
) -> None:
    company.night("2026-11-21", RANKING)
    site.sync("products")
    before = site.effects()
    moved = {"position": 1, "sold": 130, "also_bought": ["000003"]}
    company.night("2026-11-22", {"000003": RANKING["000003"], "000010": moved})
    site.sync("products")
    assert site.effects() - before == 2, "one is new in it, one is gone from it"
    site.assert_in_step("product", company.products())


def test_change_in_the_erp_keeps_the_ranking(site: Site, company: Company) -> None:
    company.night("2026-11-21", RANKING)
    site.sync("products")
    company.execute("UPDATE articles SET description = 'Bullone' WHERE code = '000003'")
    site.sync("products")
    site.assert_in_step("product", company.products())
    assert site.shown("product")["000003"]["attributes"]["rank"] == 1


def test_ranking_in_which_everything_moved_waits_for_nobody(site: Site, company: Company) -> None:
    more = "INSERT INTO articles SELECT printf('%06d', value), 'Vite', 'VITI' FROM more"
    numbers = "WITH more(value) AS (SELECT 30 UNION ALL SELECT value + 1 FROM more LIMIT 1070)"
    company.execute(f"{numbers} {more}")
    codes = list(company.products())
    values: dict[str, Any] = {"sold": 1, "also_bought": ["000001"]}
    company.night("2026-11-21", {code: {"position": n, **values} for n, code in enumerate(codes)})
    site.sync("products")
    codes.reverse()
    company.night("2026-11-22", {code: {"position": n, **values} for n, code in enumerate(codes)})
    run = site.sync("products")["products"]
    assert (run.outcome, run.counts["updates"]) == ("ok", len(codes))
    site.assert_in_step("product", company.products())


def test_files_are_taken_when_their_markers_come(site: Site, company: Company) -> None:
    with site.running():
        site.until_shown("product", company.products)
        company.night("2026-11-21", RANKING)
        company.hour("2026-11-22T09", view(1), SEARCH)
        site.until_shown("event", company.events)
        site.until_shown("product", company.products)


def test_hours_of_an_outage_arrive_together(site: Site, company: Company) -> None:
    company.night("2026-11-21", RANKING)
    site.sync()
    site.shop.kill()
    for hour in range(3):
        company.hour(f"2026-11-22T{hour:02}", *map(view, range(hour * 20, hour * 20 + 25)))
        site.sync()
    company.night("2026-11-22", dict(list(RANKING.items())[:1]))
    site.sync()
    site.shop.start()
    site.sync()
    site.assert_in_step("event", company.events())
    site.assert_in_step("product", company.products())


def test_check_and_preview_tell_what_they_found(site: Site, company: Company) -> None:
    company.hour("2026-11-22T09", view(1), SEARCH)
    company.night("2026-11-21", RANKING)
    checked = site.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for line in (
        "events source ok events-2026-11-22T09.jsonl: ready",
        "products source ok articles: 3 columns: code, description, category",
        "products.ranking lookup ok ranking-2026-11-21.json: ready",
    ):
        assert line in words(checked.stdout)
    shown = site.command("preview", "events", "--limit", "1")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert 'v-1 new id: "v-1" kind: "view"' in words(shown.stdout)
    site.sync("events")
    site.assert_in_step("event", company.events())
