"""Records that both sides changed: both versions side by side, and a person says which counts."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.daemon import Agent
from agent.dashboard.server import DashboardServer
from tests.daemon.test_two_way import CONFIG, TABLES, Site
from tests.dashboard.site import Browser, free_port
from tests.waiting import until


@pytest.fixture
def two_sides(tmp_path: Path, password_hash: str) -> Iterator[tuple[Site, Browser]]:
    """A customer that the CRM and the ERP have both, and have changed both."""
    site = Site(tmp_path)
    for system, table in TABLES.items():
        site.sql(system, table)
    site.sql("crm", "INSERT INTO contact (name, email) VALUES ('Rossi', 'rossi@x.it')")
    (tmp_path / "config.yaml").write_text(CONFIG.replace("RULE", "hold"))
    agent = site.agent = Agent.open(tmp_path / "config.yaml")
    agent.store.users.add("operator", "operator", password_hash)
    agent.start()
    port = free_port()
    server = DashboardServer(agent, DashboardSettings(port=port, session=600), SystemClock())
    server.start()
    until(lambda: site.both(("Rossi", "rossi@x.it")))
    until(lambda: not any(agent.store.messages.next_due(each) for each in ("crm", "erp")))
    with closing(sqlite3.connect(tmp_path / "crm.db")) as crm, crm:
        crm.execute("BEGIN IMMEDIATE")  # both before anybody looks
        crm.execute("UPDATE contact SET name = 'Rossi srl'")
        site.sql("erp", "UPDATE clienti SET nome = 'Rossi spa'")
    browser = Browser(port)
    assert browser.log_in("operator").status == 303
    yield site, browser
    server.stop()
    agent.stop()
    agent.close()


def test_both_versions_are_shown_and_the_chosen_one_is_written(
    two_sides: tuple[Site, Browser],
) -> None:
    site, browser = two_sides
    until(lambda: "Rossi srl" in browser.get("/conflicts").text)
    shown = browser.get("/conflicts").text
    assert re.search(
        r'<tr class="marked">\s*<th scope="row">Name .*differs.*\s*'
        r"<td>Rossi srl</td>\s*<td>Rossi spa</td>",
        shown,
    )
    assert re.search(r"<td>rossi@x.it</td>\s*<td>rossi@x.it</td>", shown)
    assert re.search(r">Keep the one of crm<.*\s*</form>", shown)
    record = re.search(r'<h2><a href="(/records/to_erp/[^"]+)">', shown)
    assert record
    told = browser.get(f"{record[1]}?explain=yes").text
    assert "/edit" not in told
    assert "Choose on the page of conflicts which version counts." in told
    key = re.search(r'name="key" value="([^"]+)"', shown)
    assert key
    answer = browser.press("/conflicts", "/conflicts/keep", key=key[1], flow="to_crm")
    assert "Decided; the other side gets this version." in answer.text
    until(lambda: site.both(("Rossi spa", "rossi@x.it")))
    assert "No record was changed on both sides at once." in browser.get("/conflicts").text
