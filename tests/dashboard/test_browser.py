"""The dashboard in a real browser: what people press, the keyboard alone, a phone, accessibility.

With SYNCAGENT_SCREENSHOTS=docs/dashboard the pictures of the documentation are made anew, those of
the Italian pages as NAME.it.png.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.dashboard.application import LANGUAGE_COOKIE
from tests.dashboard.person import PHONE, By, Keys, Person, needs_a_browser
from tests.dashboard.site import PASSWORD, Site, keep_figures, tell_of_an_outage
from tests.waiting import until

pytestmark = needs_a_browser
SCREENSHOTS = os.environ.get("SYNCAGENT_SCREENSHOTS")
PAGES = {
    "overview": "/",
    "orders": "/orders",
    "errors": "/errors",
    "error-group": "/errors/articles/refused",
    "resolved": "/errors?tab=resolved",
    "flows": "/flows",
    "flow": "/flows/articles",
    "jobs": "/jobs",
    "run": "/runs/1",
    "timeline": "/timeline",
    "alerts": "/alerts",
    "search": "/search?key=VIT-1",
    "record": "/records/articles/VIT-7?explain=yes",
    "resync": "/resync?flow=articles&keys=VIT-1",
    "kpis": "/kpis",
    "logs": "/logs",
    "configuration": "/configuration",
    "check": "/configuration/check",
    "users": "/users",
    "account": "/account",
    "audit": "/audit",
}


@pytest.fixture
def troubled(site: Site) -> Site:
    """A site with an order in doubt, refused articles, and one that was set aside."""
    site.place_order_in_doubt("W-1")
    for sku in ("VIT-7", "VIT-8", "VIT-9"):
        site.refuse_article(sku, "la categoria VITI-INOX non esiste nel negozio")
    (aside,) = site.parked("VIT-9")
    site.agent.store.decisions.ignore([str(aside["id"])], "articolo fuori produzione", "operator")
    tell_of_an_outage(site)
    keep_figures(site)
    return site


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
    person.read(language)
    person.require_no_barrier(PAGES)
    assert person.complaints() == []


def test_every_page_fits_a_phone(troubled: Site, person: Person) -> None:
    del troubled
    person.prefer("light", PHONE)
    person.log_in("admin")
    person.require_fit(PAGES)


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
        until(lambda: not person.driver.find_elements(By.CSS_SELECTOR, "#plots[hidden]"))
        person.driver.save_screenshot(str(Path(str(SCREENSHOTS)) / f"{name}.png"))

    return taken


@pytest.mark.skipif(SCREENSHOTS is None, reason="SYNCAGENT_SCREENSHOTS names no folder")
@pytest.mark.parametrize(("language", "ending"), [("en", ""), ("it", ".it")])
def test_pictures_for_the_documentation(
    language: str, ending: str, troubled: Site, person: Person, picture: Callable[[str], None]
) -> None:
    del troubled
    person.open("/log-in")
    person.driver.add_cookie({"name": LANGUAGE_COOKIE, "value": language})
    person.open("/log-in")
    picture(f"log-in{ending}")
    person.log_in("admin")
    for name, path in PAGES.items():
        person.open(path)
        picture(f"{name}{ending}")
    person.prefer("dark", PHONE)
    person.open("/")
    picture(f"overview-phone-dark{ending}")
