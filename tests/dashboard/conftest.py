"""A running agent with a dashboard, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.daemon import Agent
from agent.dashboard.server import DashboardServer
from agent.passwords import hashed
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.dashboard.site import ARTICLES, CONFIG, PASSWORD, Browser, Site, free_port, until


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def site(tmp_path: Path, password_hash: str) -> Iterator[Site]:
    name = str(tmp_path)
    articles = TABLES[f"{name}-articles"] = Table(("SKU", "TITLE"), list(ARTICLES))
    orders = TABLES[f"{name}-orders"] = Table(("NUMBER", "CUSTOMER", "PLACED", "LINES", "NET"), [])
    shop, accounts = Receiver(), Receiver()
    RECEIVERS[f"{name}-shop"], RECEIVERS[f"{name}-accounts"] = shop, accounts
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG.replace("NAME", name))
    agent = Agent.open(path)
    for role in ("viewer", "operator", "admin"):
        agent.store.users.add(role, role, password_hash)
    agent.start()
    port = free_port()
    server = DashboardServer(agent, DashboardSettings(port=port, session=600), SystemClock())
    server.start()
    found = Site(agent, port, shop, accounts, articles, orders)
    until(lambda: len(shop.holds) == len(ARTICLES))
    yield found
    server.stop()
    agent.stop()
    agent.close()
    for each in (TABLES, RECEIVERS):
        for key in [key for key in each if key.startswith(name)]:
            del each[key]


@pytest.fixture
def anybody(site: Site) -> Browser:
    return Browser(site.port)


@pytest.fixture
def logged_in(site: Site) -> Callable[..., Browser]:
    def as_role(role: str, language: str = "en") -> Browser:
        browser = Browser(site.port, language)
        assert browser.log_in(role).status == 303
        return browser

    return as_role
