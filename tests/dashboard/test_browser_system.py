"""In a real browser: users, one's own password, the check, the log and what goes to support."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.dashboard.person import By, Keys, Person, needs_a_browser
from tests.dashboard.site import PASSWORD, Site
from tests.waiting import until

pytestmark = needs_a_browser
NEW = "cinque parole del tutto nuove"


def test_a_user_is_added_and_made_an_operator(site: Site, person: Person) -> None:
    person.log_in("admin")
    person.open("/users")
    person.driver.find_element(By.ID, "name").send_keys("carla")
    for field in ("password-new", "again-new"):
        person.driver.find_element(By.ID, field).send_keys(NEW)
    person.press("Add")
    until(lambda: person.sees("The user may log in now."))
    card = person.driver.find_element(By.XPATH, "//section[h2='carla']")
    card.find_element(By.TAG_NAME, "summary").click()
    card.find_element(By.CSS_SELECTOR, "option[value='operator']").click()
    assert person.violations() == []
    card.find_element(By.XPATH, ".//button[normalize-space()='Change the role']").click()
    until(lambda: person.sees("The role is changed."))
    found = site.agent.store.users.get("carla")
    assert found
    assert found.role == "operator"
    assert person.complaints() == []


def test_ones_own_password_is_changed_with_the_keyboard_alone(site: Site, person: Person) -> None:
    del site
    person.log_in("viewer")
    person.tab_to("account").send_keys(Keys.ENTER)
    until(lambda: person.driver.current_url.endswith("/account"))
    person.tab_to("old_password").send_keys(PASSWORD, Keys.TAB)
    person.type(NEW, Keys.TAB)
    person.type(NEW, Keys.ENTER)
    until(lambda: person.sees("Log in with the new one."))
    person.driver.find_element(By.ID, "name").send_keys("viewer")
    person.driver.find_element(By.ID, "password").send_keys(NEW, Keys.ENTER)
    until(lambda: person.driver.current_url == f"{person.url}/")


def test_the_systems_are_checked_at_a_press(site: Site, person: Person) -> None:
    del site
    person.log_in("operator")
    person.open("/configuration")
    person.press("Check every system now")
    until(lambda: person.sees("Check of the systems"))
    assert person.sees("in order")
    assert person.violations() == []
    assert person.complaints() == []


def test_a_support_bundle_is_saved(site: Site, person: Person, tmp_path: Path) -> None:
    del site
    folder = tmp_path / "downloads"
    folder.mkdir()
    person.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    person.log_in("admin")
    person.open("/logs")
    person.press("Make a support bundle")
    until(lambda: [*folder.glob("*.zip")])
    (saved,) = folder.glob("*.zip")
    with zipfile.ZipFile(saved) as file:
        assert "README.txt" in file.namelist()
    assert person.complaints() == []


def test_a_record_is_set_aside_until_the_day_that_is_proposed(site: Site, person: Person) -> None:
    site.refuse_article("VIT-7", "the category is missing")
    person.log_in("operator")
    person.open("/errors/articles/refused")
    person.driver.find_element(By.CSS_SELECTOR, "[aria-label='Choose VIT-7']").click()
    person.driver.find_element(By.ID, "reason").send_keys("next season")
    person.press("Set the chosen ones aside")
    until(lambda: person.sees("Set aside: 1."))
    (aside,) = site.ask("resolved")["messages"]
    assert aside["aside_until"]
    assert person.complaints() == []
