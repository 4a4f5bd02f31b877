"""The site of the documents is built without a warning, and fetches nothing from elsewhere."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dashboard.person import CHROMIUM, DRIVER, Person, needs_a_browser

pytestmark = pytest.mark.xdist_group("site")  # built once
ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = ROOT / "packaging" / "site" / "mkdocs.yml"
FETCHED = re.compile(
    r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?([^\s"'>]+)"""
)
LEADS_BUT_IS_NOT_FETCHED = re.compile(r"<link\b[^>]*\brel=[\"']?(?:alternate|canonical|prev|next)")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. Pages outside the menu, dead links and dead anchors would end the build."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]  # with --quiet it is not
    built = subprocess.run(
        [*command, "--config-file", CONFIGURATION, "--site-dir", folder],
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        if page.name.endswith(".it.md"):
            continue
        place = page.relative_to(ROOT / "docs").with_suffix("")
        folder = place.parent if place.name in {"README", "index"} else place
        for language in ("", "it"):
            assert (site / language / folder / "index.html").exists(), page


def test_pages_name_nothing_elsewhere_to_be_fetched(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = LEADS_BUT_IS_NOT_FETCHED.sub("", page.read_text(encoding="utf-8"))
        assert [each for each in FETCHED.findall(text) if re.match("https?:|//", each)] == [], page


def test_words_of_both_languages_are_found(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert '"lang":["en","it"]' in index


@pytest.fixture(scope="module")
def reader(site: Path) -> Iterator[Person]:
    """Somebody who opened the site from the disk."""
    from selenium.webdriver import Chrome, ChromeOptions  # noqa: PLC0415 - where there is one
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - the same

    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    for argument in ("--headless", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    with Chrome(options, Service(DRIVER)) as browser:
        yield Person(browser, site.as_uri())


@needs_a_browser
@pytest.mark.parametrize("language", ["", "/it"])
def test_every_runbook_is_one_printed_page(site: Path, reader: Person, language: str) -> None:
    for page in sorted((site / language.strip("/") / "runbooks").rglob("index.html")):
        reader.open(f"/{page.relative_to(site)}")
        printed = base64.b64decode(reader.driver.print_page())
        assert len(re.findall(rb"/Type /Page\b", printed)) == 1, page


@needs_a_browser
@pytest.mark.parametrize("page", ["", "/tutorial", "/it/runbooks/red-light", "/it/connectors/ibmi"])
def test_pages_can_be_used_by_everybody(reader: Person, page: str) -> None:
    reader.open(f"{page}/index.html")
    # The theme puts a `nav` without a name around each button that copies code.
    found = [each for each in reader.violations() if not each.startswith("landmark-unique")]
    assert found == []


@needs_a_browser
def test_pages_ask_nobody_for_anything(reader: Person) -> None:
    reader.driver.get_log("performance")  # type: ignore[no-untyped-call]
    reader.open("/index.html")
    entries = reader.driver.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in entries]
    sent = [each["params"] for each in events if each["method"] == "Network.requestWillBeSent"]
    addresses = [each["request"]["url"] for each in sent]
    assert addresses
    assert [each for each in addresses if not each.startswith(("file:", "data:"))] == []
