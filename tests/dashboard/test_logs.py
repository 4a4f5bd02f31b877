"""The page of the log: filters, the newest first, further back, taken along."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import pytest

from agent import telemetry
from agent.telemetry.files import LogFile
from tests.dashboard.site import Browser, Site

LoggedIn = Callable[..., Browser]
log = logging.getLogger("agent.test")


@pytest.fixture
def logged(site: Site) -> Iterator[Site]:
    """A site whose agent writes its log into a file."""
    path = site.agent.store.path.parent / "log" / "syncagent.log"
    file = LogFile(path, most_bytes=10**7, files=3)
    before = logging.root.handlers[:]
    loggers = [logging.getLogger(name) for name in (None, "agent", "connectors")]
    levels = [logger.level for logger in loggers]
    telemetry.configure(form="json", others=[file])
    log.info("prices counted", extra={"flow": "articles", "run": 812})
    log.warning("delivery failed", extra={"target": "shop", "error": "<b>refused</b>"})
    yield site
    file.close()
    logging.root.handlers[:] = before
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_lines_are_shown_the_newest_first(logged: Site, logged_in: LoggedIn) -> None:
    del logged
    shown = logged_in("operator").get("/logs").text
    assert shown.index("delivery failed") < shown.index("prices counted")
    assert "run=812" in shown
    assert "&lt;b&gt;refused" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("level=warning", "delivery failed"),
        ("flow=articles&text=PRICES%20count", "prices counted"),
        ("run=812", "prices counted"),
        ("text=refused&since=1h", "delivery failed"),
    ],
)
def test_lines_are_found(logged: Site, logged_in: LoggedIn, query: str, found: str) -> None:
    del logged
    shown = logged_in("operator").get(f"/logs?{query}").text
    assert [each for each in ("delivery failed", "prices counted") if each in shown] == [found]


def test_what_is_not_there_is_said_so(logged: Site, logged_in: LoggedIn) -> None:
    del logged
    browser = logged_in("operator")
    assert "No such line" in browser.get("/logs?message=none-1").text
    assert browser.get("/logs?run=x").status == 400
    assert browser.get("/logs?since=soon").status == 409


def test_the_same_lines_are_taken_along(logged: Site, logged_in: LoggedIn) -> None:
    del logged
    answer = logged_in("operator").get("/logs/download?run=812")
    assert "attachment" in answer.headers["content-disposition"]
    (line,) = map(json.loads, answer.text.splitlines())
    assert (line["event"], line["run"]) == ("prices counted", 812)


def test_without_a_file_the_journal_is_named(logged_in: LoggedIn) -> None:
    shown = logged_in("operator", "it").get("/logs")
    assert shown.status == 200
    assert "<code>journalctl -u syncagent -o cat</code>" in shown.text


def test_viewers_do_not_read_the_log(logged_in: LoggedIn) -> None:
    browser = logged_in("viewer")
    assert browser.get("/logs").status == 403
    assert 'href="/logs"' not in browser.get("/").text
