"""Somebody in front of a real browser: the system's Chromium, driven through Selenium."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.site import PASSWORD
from tests.waiting import until

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")

from selenium.webdriver.common.by import By  # noqa: E402 - after the check
from selenium.webdriver.common.keys import Keys  # noqa: E402 - the same

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
needs_a_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs the system packages chromium and chromium-driver"
)
AXE = Path(__file__).with_name("axe") / "axe.min.js"
PHONE, DESK = (360, 740), (1100, 760)


class Person:
    """Somebody in front of a browser."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, path: str) -> None:
        self.driver.get(self.url + path)
        assert not self.sees("SA-7901"), f"{path} failed"

    def leave(self) -> None:
        """Close the page, be nobody again, and leave no complaints to the next one."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.complaints()

    def log_in(self, name: str) -> None:
        self.open("/log-in")
        self.driver.find_element(By.ID, "name").send_keys(name)
        self.driver.find_element(By.ID, "password").send_keys(PASSWORD, Keys.ENTER)
        until(lambda: self.driver.current_url == f"{self.url}/")

    def read(self, language: str) -> None:
        """From here on, in this language."""
        if language == "it":
            self.press("Italiano")
            until(lambda: self.sees("Panoramica"))

    def require_no_barrier(self, pages: Mapping[str, str]) -> None:
        """No page, light or dark, keeps anybody out."""
        for name, path in pages.items():
            self.open(path)
            for scheme in ("light", "dark"):
                self.prefer(scheme)
                assert self.violations() == [], (name, scheme)

    def require_fit(self, pages: Mapping[str, str]) -> None:
        """No page is wider than the phone, or keeps anybody out there."""
        for name, path in pages.items():
            self.open(path)
            width = self.driver.execute_script("return document.documentElement.scrollWidth")
            assert width <= PHONE[0], name
            assert self.violations() == [], name

    def press(self, text: str) -> None:
        self.driver.find_element(By.XPATH, f"//button[normalize-space()='{text}']").click()

    def point_at(self, selector: str) -> None:
        """Move the pointer over what the selector finds."""
        found = self.driver.find_element(By.CSS_SELECTOR, selector)
        webdriver.ActionChains(self.driver).move_to_element(found).perform()

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
