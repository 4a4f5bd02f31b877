"""Records that both sides changed: both versions side by side, and a person says which counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.test_two_way import Site
from tests.dashboard.site import Browser
from tests.dashboard.two_sides import in_conflict
from tests.waiting import until


@pytest.fixture
def two_sides(tmp_path: Path, password_hash: str) -> Iterator[tuple[Site, Browser]]:
    with in_conflict(tmp_path, password_hash) as (site, port):
        browser = Browser(port)
        assert browser.log_in("operator").status == 303
        yield site, browser


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
