"""Records in the real browser: found, explained, corrected, sent again after a look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.person import PHONE, By, Keys, Person, needs_a_browser
from tests.dashboard.site import Site
from tests.dashboard.two_sides import in_conflict
from tests.waiting import until

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = needs_a_browser


@pytest.fixture
def pages(site: Site) -> dict[str, str]:
    """Every page about records, each with something on it."""
    site.refuse_article("VIT-7", "il nome è troppo lungo")
    site.place_order("W-4", "99.00")
    until(lambda: site.parked("W-4"))
    site.place_order_in_doubt("W-1")
    (article,), (order,) = site.parked("VIT-7"), site.parked("W-4")
    return {
        "search": "/search?key=vit",
        "record": "/records/articles/VIT-7?explain=yes",
        "record of an order": "/records/orders/W-1",
        "correct": f"/messages/{article['id']}/edit",
        "correct an order": f"/messages/{order['id']}/edit",
        "resync": "/resync?flow=articles&keys=VIT-1%0AGONE",
        "orders": "/orders",
    }


@pytest.mark.parametrize("language", ["en", "it"])
def test_no_page_of_records_has_a_barrier(
    pages: dict[str, str], person: Person, language: str
) -> None:
    person.log_in("operator")
    person.read(language)
    person.require_no_barrier(pages)
    assert person.complaints() == []


def test_every_page_of_records_fits_a_phone(pages: dict[str, str], person: Person) -> None:
    person.prefer("light", PHONE)
    person.log_in("operator")
    person.require_fit(pages)


def test_the_explanation_comes_by_itself(pages: dict[str, str], person: Person) -> None:
    del pages
    person.log_in("viewer")
    person.open("/search")
    person.driver.find_element(By.ID, "key").send_keys("vit-7", Keys.ENTER)
    until(lambda: person.sees("il nome è troppo lungo"))
    person.driver.find_element(By.LINK_TEXT, "VIT-7").click()
    until(lambda: person.sees("which refused it: refused il nome è troppo lungo"))
    assert person.sees("Mend the reason and press “Send again”")
    assert person.complaints() == []


def test_a_refused_record_is_corrected_and_sent(
    site: Site, pages: dict[str, str], person: Person
) -> None:
    site.shop.refuses.clear()
    person.log_in("operator")
    person.open(pages["record"])
    person.driver.find_element(By.PARTIAL_LINK_TEXT, "Correct").click()
    name = person.driver.find_element(By.ID, "field-name")
    assert name.get_attribute("value") == "Articolo VIT-7"
    name.clear()
    name.send_keys("Vite 7")
    person.driver.find_element(By.XPATH, "//summary[.='Fields that are empty']").click()
    person.driver.find_element(By.ID, "field-weight").send_keys("mezzo chilo")
    person.driver.find_element(By.ID, "reason").send_keys("troppo lungo")
    person.press("Send it like this")
    until(lambda: person.sees("Nothing was sent yet:"))
    weight = person.driver.find_element(By.ID, "field-weight")
    weight.clear()
    weight.send_keys("0.5")
    person.press("Send it like this")
    until(lambda: person.sees("Your version is sent."))
    until(lambda: site.shop.record("product", "VIT-7"))
    assert site.shop.record("product", "VIT-7") == {
        "sku": "VIT-7",
        "name": "Vite 7",
        "weight": "0.5",
    }


def test_records_are_sent_again_after_a_look(site: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/records/articles/VIT-1")
    person.driver.find_element(By.LINK_TEXT, "Read and send again").click()
    until(lambda: person.sees("Look what would be sent"))
    assert person.sees("unchanged, sent all the same")
    assert len(site.shop.requests) == 1
    person.press("Send now: 1")
    until(lambda: len(site.shop.requests) == 2)
    until(lambda: person.sees("Ended: 1 rows read"))


def test_a_record_is_corrected_with_the_keyboard_alone(
    pages: dict[str, str], person: Person
) -> None:
    person.log_in("operator")
    person.open(pages["correct"])
    person.tab_to("field-name").send_keys(Keys.CONTROL, "a")
    person.type("Vite 7")
    person.tab_to("reason")
    person.type("troppo lungo", Keys.ENTER)
    until(lambda: person.sees("Your version is sent."))


def test_conflicts_have_no_barrier_and_are_decided(
    tmp_path: Path, password_hash: str, driver: Chrome
) -> None:
    with in_conflict(tmp_path, password_hash) as (site, port):
        person = Person(driver, f"http://127.0.0.1:{port}")
        person.prefer("light", PHONE)
        person.log_in("operator")
        until(lambda: site.agent.store.agreements.conflicts("to_crm", 1))
        person.open("/conflicts")
        width = person.driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= PHONE[0]
        for scheme in ("light", "dark"):
            person.prefer(scheme)
            assert person.violations() == [], scheme
        button = "//button[starts-with(normalize-space(), 'Keep the one of erp')]"
        person.driver.find_element(By.XPATH, button).click()
        until(lambda: person.sees("Decided; the other side gets this version."))
        until(lambda: site.both(("Rossi spa", "rossi@x.it")))
        assert person.complaints() == []
        person.leave()
