"""The dashboard in a real browser: what people press, the keyboard alone, a phone, accessibility.

With SYNCAGENT_SCREENSHOTS=docs/dashboard the pictures of the documentation are made anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.alerts.trouble import Kind, Trouble
from agent.store import Alert
from tests.dashboard.site import PASSWORD, Site, until

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.chrome.service import Service  # noqa: E402 - after the check
from selenium.webdriver.common.by import By  # noqa: E402 - the same
from selenium.webdriver.common.keys import Keys  # noqa: E402 - the same

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs the system packages chromium and chromium-driver"
)
AXE = Path(__file__).with_name("axe") / "axe.min.js"
SCREENSHOTS = os.environ.get("SYNCAGENT_SCREENSHOTS")
PAGES = {
    "overview": "/",
    "orders": "/orders",
    "errors": "/errors",
    "error-group": "/errors/articles/refused",
    "resolved": "/errors?tab=resolved",
    "flows": "/flows",
    "alerts": "/alerts",
    "search": "/search?key=VIT-1",
    "audit": "/audit",
}
PHONE, DESK = (360, 740), (1100, 760)


class Person:
    """Somebody in front of a browser."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)

    def log_in(self, name: str) -> None:
        self.open("/log-in")
        self.driver.find_element(By.ID, "name").send_keys(name)
        self.driver.find_element(By.ID, "password").send_keys(PASSWORD, Keys.ENTER)
        until(lambda: self.driver.current_url == f"{self.url}/")

    def press(self, text: str) -> None:
        self.driver.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click()

    def sees(self, text: str) -> bool:
        shown: bool = self.driver.execute_script(
            "return !!document.body && document.body.innerText.includes(arguments[0])", text
        )
        return shown

    def type(self, *keys: str) -> None:
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, text: str) -> WebElement:
        """Press the tabulator until what has this text has the focus."""
        for _ in range(60):
            self.type(Keys.TAB)
            focused: WebElement = self.driver.switch_to.active_element
            if focused.text.strip() == text or focused.get_attribute("id") == text:
                return focused
        raise AssertionError(f"the keyboard does not reach {text!r}")

    def prefer(self, scheme: str, size: tuple[int, int] = DESK) -> None:
        """A screen of this size, with a light or a dark desktop."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False},
        )

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA and its own good practice."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then(done, error => done(String(error)))"
        )
        assert isinstance(found, dict), found
        return [
            f"{each['id']}: {node['html']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def complaints(self) -> list[str]:
        """What the browser itself found wrong, above all breaches of the security policy."""
        lines = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [
            line["message"]
            for line in lines
            if line["level"] == "SEVERE" and "401" not in line["message"]
        ]


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
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
    found = Person(driver, site.url)
    found.prefer("light")
    yield found
    driver.get("about:blank")
    driver.execute_cdp_cmd("Network.clearBrowserCookies", {})


@pytest.fixture
def troubled(site: Site) -> Site:
    """A site with an order in doubt, refused articles, and one that was set aside."""
    site.place_order_in_doubt("W-1")
    for sku in ("VIT-7", "VIT-8", "VIT-9"):
        site.refuse_article(sku, "la categoria VITI-INOX non esiste nel negozio")
    (aside,) = site.parked("VIT-9")
    site.agent.store.messages.ignore([str(aside["id"])], "articolo fuori produzione", "operator")
    tell_of_an_outage(site)
    return site


def tell_of_an_outage(site: Site) -> None:
    """One alert that is open, and one that is over."""
    facts = Trouble(
        Kind.FRESHNESS,
        "articles",
        "SA-7460",
        "as of 52 minutes ago, 30 are allowed",
        command="syncagent sync articles",
        page="/flows",
    ).facts
    now = site.agent.clock.now_ms()
    outage = Alert(
        0, "freshness|articles", "freshness", facts, now - 1_800_000, 2, ("it",), 0, now, now
    )
    over = replace(outage, fingerprint="before", gone_at=now, closed_at=now)
    for alert in (over, outage):
        site.agent.store.alerts.put(alert)


@pytest.mark.parametrize("language", ["en", "it"])
def test_no_page_has_a_barrier_or_breaks_the_policy(
    troubled: Site, person: Person, language: str
) -> None:
    del troubled
    person.open("/log-in")
    for scheme in ("light", "dark"):
        person.prefer(scheme)
        assert person.violations() == []
    person.log_in("admin")
    if language == "it":
        person.press("Italiano")
        until(lambda: person.sees("Panoramica"))
    for name, path in PAGES.items():
        person.open(path)
        for scheme in ("light", "dark"):
            person.prefer(scheme)
            assert person.violations() == [], (name, scheme)
    assert person.complaints() == []


def test_every_page_fits_a_phone(troubled: Site, person: Person) -> None:
    del troubled
    person.prefer("light", PHONE)
    person.log_in("admin")
    for name, path in PAGES.items():
        person.open(path)
        width = person.driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= PHONE[0], name
        assert person.violations() == [], name


def test_the_overview_changes_by_itself(site: Site, person: Person) -> None:
    person.log_in("viewer")
    assert person.sees("All is well.")
    person.driver.execute_script("window.stayed = true")
    site.refuse_article("VIT-7", "the category is missing")
    until(lambda: person.sees("Records that did not go through: 1."))
    assert person.driver.execute_script("return window.stayed")
    assert person.complaints() == []


def test_a_sync_is_started_and_watched_until_its_end(site: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/flows")
    site.articles.rows.append(("TAS-2", "Tassello 10"))
    person.press("Sync now")
    until(lambda: person.sees("Ended: 4 rows read, 1 changes"))
    assert person.complaints() == []


def test_an_order_in_doubt_is_confirmed(troubled: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/orders")
    person.driver.find_element(By.NAME, "reference").send_keys("2026/117")
    person.press("It is there")
    until(lambda: person.sees("The order counts as written."))
    assert troubled.ask("orders")["orders"] == []


def test_an_order_in_doubt_is_written_again(troubled: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/orders")
    person.press("It is not there: send it again")
    until(lambda: person.sees("The order is sent again."))
    until(lambda: troubled.ask("orders")["orders"] == [])


def test_a_record_is_set_aside_and_the_others_are_tried_again(
    troubled: Site, person: Person
) -> None:
    person.log_in("operator")
    person.open("/errors")
    person.driver.find_element(By.PARTIAL_LINK_TEXT, "See the records").click()
    person.driver.find_element(By.CSS_SELECTOR, "[aria-label='Choose VIT-7']").click()
    person.driver.find_element(By.ID, "reason").send_keys("sold out")
    person.press("Set the chosen ones aside")
    until(lambda: person.sees("Set aside: 1."))
    troubled.shop.refuses.clear()
    person.open("/errors")
    person.press("Try these again")
    until(lambda: person.sees("Tried again: 1."))
    until(lambda: ("product", "VIT-8") in troubled.shop.holds)
    assert ("product", "VIT-7") not in troubled.shop.holds


@pytest.mark.parametrize(("button", "left"), [("Approve: send it", 1), ("Drop: do not send it", 3)])
def test_a_held_run_is_decided(site: Site, person: Person, button: str, left: int) -> None:
    del site.articles.rows[1:]
    site.articles.wake()
    until(lambda: site.ask("held")["runs"])
    person.log_in("operator")
    person.open("/flows")
    person.press(button)
    until(lambda: site.ask("held")["runs"] == [] and len(site.shop.holds) == left)


def test_everything_can_be_done_with_the_keyboard_alone(troubled: Site, person: Person) -> None:
    person.open("/log-in")
    person.type(Keys.TAB)
    assert person.driver.switch_to.active_element.text == "Skip to the content"
    person.tab_to("name").send_keys("operator", Keys.TAB)
    person.type(PASSWORD, Keys.ENTER)
    until(lambda: person.driver.current_url == f"{person.url}/")
    person.type(Keys.TAB, Keys.ENTER)
    until(lambda: person.driver.current_url.endswith("#content"))
    person.tab_to("Show me").send_keys(Keys.ENTER)
    until(lambda: person.driver.current_url.endswith("/errors"))
    troubled.shop.refuses.clear()
    person.tab_to("Try these again").send_keys(Keys.ENTER)
    until(lambda: person.sees("Tried again: 2."))
    until(lambda: ("product", "VIT-8") in troubled.shop.holds)


def test_an_alert_is_taken_care_of(troubled: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/alerts")
    person.press("I take care of it")
    until(lambda: person.sees("You take care of it: no more reminders."))
    (alert,) = troubled.ask("alerts")["alerts"]
    assert alert["acknowledged_by"] == "operator"


@pytest.fixture
def picture(person: Person) -> Callable[[str], None]:
    def taken(name: str) -> None:
        person.driver.save_screenshot(str(Path(str(SCREENSHOTS)) / f"{name}.png"))

    return taken


@pytest.mark.skipif(SCREENSHOTS is None, reason="SYNCAGENT_SCREENSHOTS names no folder")
def test_pictures_for_the_documentation(
    troubled: Site, person: Person, picture: Callable[[str], None]
) -> None:
    del troubled
    person.open("/log-in")
    picture("log-in")
    person.log_in("admin")
    for name, path in PAGES.items():
        person.open(path)
        picture(name)
    person.prefer("dark", PHONE)
    person.open("/")
    picture("overview-phone-dark")
