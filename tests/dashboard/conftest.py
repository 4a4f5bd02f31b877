"""A running agent with a dashboard, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.clock import SystemClock
from agent.config import DashboardSettings
from agent.daemon import Agent
from agent.dashboard.server import DashboardServer
from agent.passwords import hashed
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.dashboard.site import ARTICLES, CONFIG, PASSWORD, Browser, Site, free_port
from tests.dashboard.slow import Slow
from tests.waiting import until

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.dashboard.person import Person


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


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """The system's Chromium, once for all tests."""
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - only where it is there

    from tests.dashboard.person import CHROMIUM, DRIVER, webdriver  # noqa: PLC0415 - the same

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    profile = tmp_path_factory.mktemp("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",  # tests may run as root
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        f"--user-data-dir={profile}",
        "--lang=en",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    opened = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield opened
    opened.quit()


@pytest.fixture
def person(driver: Chrome, site: Site) -> Iterator[Person]:
    """Somebody in front of a light desktop, logged in nowhere."""
    from tests.dashboard.person import Person  # noqa: PLC0415 - only where selenium is there

    found = Person(driver, site.url)
    found.prefer("light")
    yield found
    found.leave()


@pytest.fixture
def slow(site: Site) -> Iterator[Slow]:
    """A job of the articles is being done until it is let go."""
    value = Slow()
    site.articles.rows.append((value, "Vite lenta"))
    site.ask("request", flow="articles", scope="full")
    assert value.reached.wait(20)
    yield value
    value.open.set()
