"""A customer that a CRM and an ERP both have and have both changed, with a dashboard beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.daemon import Agent
from agent.dashboard.server import DashboardServer
from tests.daemon.test_two_way import CONFIG, TABLES, Site
from tests.dashboard.site import free_port
from tests.waiting import until


@contextmanager
def in_conflict(folder: Path, password_hash: str) -> Iterator[tuple[Site, int]]:
    """The two systems, and the port of the dashboard; an operator may log in."""
    site = Site(folder)
    for system, table in TABLES.items():
        site.sql(system, table)
    site.sql("crm", "INSERT INTO contact (name, email) VALUES ('Rossi', 'rossi@x.it')")
    (folder / "config.yaml").write_text(CONFIG.replace("RULE", "hold"))
    agent = site.agent = Agent.open(folder / "config.yaml")
    agent.store.users.add("operator", "operator", password_hash)
    agent.start()
    port = free_port()
    server = DashboardServer(agent, DashboardSettings(port=port, session=600), SystemClock())
    server.start()
    until(lambda: site.both(("Rossi", "rossi@x.it")))
    until(lambda: not any(agent.store.messages.next_due(each) for each in ("crm", "erp")))
    with closing(sqlite3.connect(folder / "crm.db")) as crm, crm:
        crm.execute("BEGIN IMMEDIATE")  # both before anybody looks
        crm.execute("UPDATE contact SET name = 'Rossi srl'")
        site.sql("erp", "UPDATE clienti SET nome = 'Rossi spa'")
    try:
        yield site, port
    finally:
        server.stop()
        agent.stop()
        agent.close()
