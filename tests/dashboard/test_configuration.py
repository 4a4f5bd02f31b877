"""The page of the configuration: what is in force, what was refused, what changed, what answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from agent.dashboard.pages.configuration import by_system
from connectors.memory import TABLES
from tests.dashboard.site import Browser, Site

LoggedIn = Callable[..., Browser]
SECRET = "hunter2-Z"


def write(site: Site, old: str, new: str) -> None:
    path = site.agent.config.path
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_in_force_is_shown_with_its_fingerprint(site: Site, logged_in: LoggedIn) -> None:
    shown = logged_in("viewer").get("/configuration").text
    assert "guard: {delete_share: 0, delete_count: 1}" in shown
    assert site.agent.config.digest[:12] in shown
    assert str(site.agent.config.path) in shown
    assert "the first one" in shown
    assert "What the file on the disk would change" not in shown


def test_a_refused_file_stands_beside_the_last_good_one(site: Site, logged_in: LoggedIn) -> None:
    write(site, "entity: product", "entity: produkt")
    site.agent.reload()
    browser = logged_in("viewer")
    shown = browser.get("/configuration").text
    assert "The last good configuration, below, stays in force." in shown
    assert "SA-1201" in shown
    assert "did you mean &#34;product&#34;?" in shown
    assert "- " + "    entity: product" in shown
    assert "+ " + "    entity: produkt" in shown
    assert '<a href="/configuration">Show me</a>' in browser.get("/").text


def test_a_secret_in_a_refused_file_is_not_shown(site: Site, logged_in: LoggedIn) -> None:
    write(site, "erp: {kind: memory}", f"erp: {{kind: memory, password: {SECRET}}}")
    site.agent.reload()
    browser = logged_in("admin")
    shown = browser.get("/configuration").text
    assert "SA-1301" in shown
    assert "password: ***" in shown
    assert SECRET not in shown
    assert SECRET not in str(site.ask("configuration"))


def test_what_changed_from_the_one_before_is_shown(site: Site, logged_in: LoggedIn) -> None:
    write(site, "totals: 0.02", "totals: 0.05")
    site.agent.reload()
    browser = logged_in("viewer")
    shown = browser.get("/configuration").text
    assert '<del><span class="hidden">removed: </span>-     totals: 0.02</del>' in shown
    assert '<ins><span class="hidden">added: </span>+     totals: 0.05</ins>' in shown
    assert "flows.orders: changed" in shown
    first = site.ask("configuration")["history"][-1]["number"]
    assert "totals: 0.02" in browser.get(f"/configuration/{first}").text
    assert browser.get("/configuration/4711").status == 404


def test_a_file_that_is_gone_is_said_so(site: Site, logged_in: LoggedIn) -> None:
    site.agent.config.path.unlink()
    shown = logged_in("viewer").get("/configuration").text
    assert "The file cannot be read: No such file or directory" in shown
    assert "entity: product" in shown


def test_the_systems_are_checked_when_somebody_asks(logged_in: LoggedIn) -> None:
    shown = logged_in("operator").get("/configuration/check").text
    for connection in ("erp", "shop", "accounts"):
        assert f'<h2>{connection} <span class="badge green">in order</span></h2>' in shown


def test_what_fails_stands_first_with_its_remedy(logged_in: LoggedIn) -> None:
    table = next(name for name in TABLES if name.endswith("-articles"))
    gone = TABLES.pop(table)
    try:
        shown = logged_in("operator").get("/configuration/check").text
    finally:
        TABLES[table] = gone
    assert shown.index('<h2>erp <span class="badge red">') < shown.index("<h2>accounts ")
    assert "<strong>What to do:</strong>" in shown


def test_a_warning_counts_down_and_is_told_of_its_system(site: Site) -> None:
    ends = {"ok": True, "what": "API 2024-10", "detail": "it ends", "until": "2027-01-31"}
    found = by_system(
        site.agent.config.flows,
        [
            {"name": "articles", "end": "source", "warning": False, **ends},
            {"name": "accounts", "end": "target", "warning": True, **ends},
        ],
    )
    assert [(each.name, each.light) for each in found] == [("accounts", "yellow"), ("erp", "green")]


def test_viewers_do_not_reach_for_the_systems(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    assert "/configuration/check" not in browser.get("/configuration").text
    assert browser.get("/configuration/check").status == 403


def test_the_page_is_told_in_italian(site: Site, logged_in: LoggedIn) -> None:
    write(site, "entity: product", "entity: produkt")
    site.agent.reload()
    shown = logged_in("viewer", "it").get("/configuration").text
    assert "Resta in vigore l&#39;ultima configurazione corretta" in shown
    assert Path(site.agent.config.path).name in shown
