"""The curves in a real browser: drawn under the strict policy, in the colours of either desktop."""

from __future__ import annotations

import pytest

from tests.dashboard.person import PHONE, Person, needs_a_browser
from tests.dashboard.site import Site, delivered_in, keep_figures
from tests.waiting import until

pytestmark = needs_a_browser


@pytest.fixture
def measured(site: Site) -> Site:
    keep_figures(site)
    return site


def drawn(person: Person) -> int:
    """How many curves have ink on them."""
    count: int = person.driver.execute_script(
        "return [...document.querySelectorAll('.plot canvas')].filter((each) => each.width > 100 &&"
        " each.getContext('2d').getImageData(0, 0, each.width, each.height).data.some(Boolean))"
        ".length"
    )
    return count


@pytest.mark.parametrize("language", ["en", "it"])
def test_curves_are_drawn_without_a_breach_or_a_barrier(
    measured: Site, person: Person, language: str
) -> None:
    del measured
    person.log_in("viewer")
    person.read(language)
    for span in ("day", "week", "month", "year"):
        person.open(f"/kpis?span={span}")
        until(lambda: drawn(person) == 6)
        for scheme in ("light", "dark"):
            person.prefer(scheme)
            until(lambda: drawn(person) == 6)
            assert person.violations() == [], (span, scheme)
    assert person.complaints() == []


def test_the_value_under_the_pointer_is_told(measured: Site, person: Person) -> None:
    del measured
    person.log_in("viewer")
    person.open("/kpis?span=week&of=flow:articles")
    until(lambda: drawn(person) == 6)
    person.point_at("[data-plot='backlog'] .u-over")
    waiting = [f"Most waiting {delivered_in(hour) // 3:,}" for hour in range(24)]
    until(lambda: any(map(person.sees, waiting)))
    assert person.complaints() == []


def test_curves_fit_a_phone(measured: Site, person: Person) -> None:
    del measured
    person.prefer("light", PHONE)
    person.log_in("viewer")
    person.open("/kpis")
    until(lambda: drawn(person) == 6)
    assert person.driver.execute_script("return document.documentElement.scrollWidth") <= PHONE[0]
    assert person.violations() == []


def test_the_report_keeps_its_style(measured: Site, person: Person) -> None:
    del measured
    person.log_in("viewer")
    person.open("/kpis")
    person.press("Open the report")
    until(lambda: person.sees("Synchronisation report"))
    spacing = "return getComputedStyle(document.body).maxWidth"
    assert person.driver.execute_script(spacing) != "none"
    assert person.complaints() == []
