"""What goes to the Event Log of Windows, told to a stand-in with pywin32's own signatures.

The modules that pywin32 installs are written into a folder: nothing of ours is replaced.
"""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import telemetry
from agent.alerts.plan import What
from agent.delivery.status import EventKind
from agent.telemetry.windows import CHANGES, LONGEST, event_log

UTIL = """
import win32evtlog
from win32evtlog import TOLD

def AddSourceToRegistry(
    appName, msgDLL=None, eventLogType="Application", eventLogFlags=None,
    categoryDLL=None, categoryCount=0,
):
    if win32evtlog.REGISTRY_FAILS:
        error = Exception("the registry")
        error.winerror = win32evtlog.REGISTRY_FAILS
        raise error
    TOLD.append(("source", appName, eventLogType))

def ReportEvent(
    appName, eventID, eventCategory=0, eventType=win32evtlog.EVENTLOG_ERROR_TYPE,
    strings=None, data=None, sid=None,
):
    assert all(len(text) <= 31839 for text in strings), "the message is too long"
    TOLD.append((appName, eventID, eventCategory, eventType, strings))
"""
LOG = """
EVENTLOG_ERROR_TYPE, EVENTLOG_WARNING_TYPE, EVENTLOG_INFORMATION_TYPE = 1, 2, 4
TOLD = []
REGISTRY_FAILS = 0
"""
ACCESS_DENIED, BAD_KEY = 5, 1010
ERROR, WARNING, INFORMATION = 1, 2, 4


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "win32evtlog.py").write_text(LOG)
    (tmp_path / "win32evtlogutil.py").write_text(UTIL)
    monkeypatch.syspath_prepend(tmp_path)
    import win32evtlog  # noqa: PLC0415 - it is there only now

    yield win32evtlog
    for name in ("win32evtlog", "win32evtlogutil"):
        sys.modules.pop(name, None)


def speaking() -> logging.Logger:
    handler = event_log()
    assert handler is not None
    telemetry.configure(form="json", stream=io.StringIO(), others=[handler])
    return logging.getLogger("agent.daemon")


def events(windows: Any) -> list[tuple[int, str]]:
    """Type and text of each."""
    return [
        (each[3], json.loads(each[4][0])["event"]) for each in windows.TOLD if each[0] != "source"
    ]


def test_level_becomes_the_type_of_the_event(windows: Any) -> None:
    log = speaking()
    log.info("started")
    log.warning("delivery halted")
    log.error("configuration refused")
    log.critical("the store failed")
    assert windows.TOLD[0] == ("source", "SyncAgent", "Application")
    assert {each[:2] for each in windows.TOLD[1:]} == {("SyncAgent", 1)}
    assert events(windows) == [
        (INFORMATION, "started"),
        (WARNING, "delivery halted"),
        (ERROR, "configuration refused"),
        (ERROR, "the store failed"),
    ]


def test_daily_work_stays_out(windows: Any) -> None:
    log = speaking()
    log.warning("delivery %s", EventKind.PARKED)
    log.warning("no ping: the URL was not reached")
    log.info("run ended", extra={"outcome": "ok"})
    log.warning("run ended", extra={"outcome": "failed"})
    log.info("alert %s", What.REMINDER)
    assert events(windows) == []


def test_flow_that_halts_and_an_alert_that_opens_are_told(windows: Any) -> None:
    log = speaking()
    log.warning("run ended", extra={"flow": "prices", "outcome": "halted"})
    log.info("alert %s", What.OPENED)
    assert [text for _, text in events(windows)] == ["run ended", "alert opened"]


def test_long_line_is_cut_to_what_windows_takes(windows: Any) -> None:
    speaking().error("x" * 100_000)
    (event,) = [each for each in windows.TOLD if each[0] != "source"]
    assert len(event[4][0]) == LONGEST


def test_service_that_may_not_write_the_registry_logs_all_the_same(windows: Any) -> None:
    windows.REGISTRY_FAILS = ACCESS_DENIED
    speaking().info("started")
    assert events(windows) == [(INFORMATION, "started")]


def test_registry_that_fails_otherwise_does_not_keep_the_agent_from_starting(
    windows: Any,
) -> None:
    windows.REGISTRY_FAILS = BAD_KEY
    assert event_log() is None


def test_elsewhere_there_is_no_event_log() -> None:
    assert event_log() is None


def test_every_change_of_a_delivery_and_of_an_alert_is_one_that_the_engine_tells() -> None:
    told = {f"delivery {kind}" for kind in EventKind} | {f"alert {what}" for what in What}
    named = {each for each in CHANGES if each.startswith(("delivery ", "alert "))}
    assert named <= told
    rooms = "".join(
        (Path(__file__).parents[2] / "agent" / name).read_text(encoding="utf-8")
        for name in ("daemon.py", "cli/run.py")
    )
    assert all(f'"{each}"' in rooms for each in CHANGES - named)
