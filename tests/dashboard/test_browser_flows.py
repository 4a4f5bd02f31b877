"""Flows, jobs and the overview in a real browser: what people press, the keyboard, what moves."""

from __future__ import annotations

from agent.store import HOUR_MS, HourRow, Subject
from tests.dashboard.person import By, Keys, Person, needs_a_browser
from tests.dashboard.site import PASSWORD, Site
from tests.dashboard.slow import Slow
from tests.waiting import until

pytestmark = needs_a_browser


def choose(person: Person, field: str, words: str) -> None:
    found = person.driver.find_element(By.ID, field)
    found.find_element(By.XPATH, f"option[normalize-space()='{words}']").click()


def test_flow_is_paused_for_a_while_and_goes_on(site: Site, person: Person) -> None:
    person.log_in("operator")
    person.open("/flows/articles")
    choose(person, "lasts", "until tomorrow 8:00")
    person.driver.find_element(By.ID, "reason").send_keys("stock-taking")
    person.press("Pause it")
    until(lambda: person.sees("Paused by operator until"))
    assert person.sees("stock-taking")
    assert person.violations() == []
    site.articles.rows.append(("TAS-2", "Tassello 10"))
    site.articles.wake()
    person.open("/flows/articles")
    person.press("Go on")
    until(lambda: ("product", "TAS-2") in site.shop.holds)
    assert person.complaints() == []


def test_flow_is_compared_and_put_right(site: Site, person: Person) -> None:
    person.log_in("operator")
    until(lambda: not site.ask("status")["flows"][0]["pending"])
    site.shop.holds["product", "VIT-1"] = b'{"sku":"VIT-1","name":"somebody changed it"}'
    person.open("/flows/articles")
    person.press("Compare both sides")
    until(lambda: person.sees("2 of 3 in step"))
    person.open("/flows/articles")
    assert person.violations() == []
    person.press("Put right: send again")
    until(lambda: b"Vite 4x40" in site.shop.holds["product", "VIT-1"])
    assert person.complaints() == []


def test_job_is_watched_and_cancelled(site: Site, person: Person, slow: Slow) -> None:
    person.log_in("operator")
    person.open("/jobs")
    assert person.sees("look at every row")
    assert person.violations() == []
    person.press("Cancel")
    until(lambda: person.sees("cancelled by operator, ends with its batch"))
    slow.open.set()
    until(lambda: person.sees("Nothing is being done."))
    assert person.complaints() == []
    del site


def test_job_is_asked_for_with_the_keyboard_alone(site: Site, person: Person) -> None:
    person.open("/log-in")
    person.tab_to("name").send_keys("operator", Keys.TAB)
    person.type(PASSWORD, Keys.ENTER)
    until(lambda: person.driver.current_url == f"{person.url}/")
    person.tab_to("More").send_keys(Keys.ENTER)
    person.tab_to("Jobs").send_keys(Keys.ENTER)
    until(lambda: person.driver.current_url.endswith("/jobs"))
    person.tab_to("scope").send_keys("look")
    person.type(Keys.TAB, Keys.ENTER)
    until(lambda: "/flows/articles?job=" in person.driver.current_url)
    until(lambda: person.sees("Ended: 3 rows read, 0 changes"))
    assert any(run["scope"] == "full" for run in site.ask("runs")["runs"])


def test_last_day_is_seen_and_heard(site: Site, person: Person) -> None:
    hour = site.agent.clock.now_ms() // HOUR_MS
    with site.agent.store.transaction():
        site.agent.store.kpis.put(
            [
                HourRow(hour - back, Subject(1, "articles"), {"delivered": 40 + 9 * back}, {})
                for back in range(20)
            ]
        )
    person.log_in("viewer")
    for scheme in ("light", "dark"):
        person.prefer(scheme)
        assert person.violations() == []
    drawing = person.driver.find_element(By.CSS_SELECTOR, "svg.spark")
    assert drawing.accessible_name.startswith("Delivered: 2,510, refused: 0")
    assert drawing.size["height"] >= 24
    assert person.complaints() == []
