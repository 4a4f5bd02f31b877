"""Quiet windows: what the clock on the wall shows, in the site's own time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from agent.quiet import Window, quiet_until

ROME = "Europe/Rome"


def at(text: str, zone: str = ROME) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def until(moment: str, *windows: str, zone: str = ROME) -> str | None:
    """When the quiet ends, as the wall clock of the zone shows it."""
    end = quiet_until([Window.parse(text) for text in windows], at(moment, zone), zone)
    if end is None:
        return None
    return datetime.fromtimestamp(end / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("moment", "windows", "expected"),
    [
        ("2026-11-24 21:59", ("22:00-04:30",), None),
        ("2026-11-24 22:00", ("22:00-04:30",), "2026-11-25 04:30"),
        ("2026-11-25 04:29", ("22:00-04:30",), "2026-11-25 04:30"),
        ("2026-11-25 04:30", ("22:00-04:30",), None),
        ("2026-11-24 12:30", ("12:00-13:00",), "2026-11-24 13:00"),
        # A window belongs to the day on which it begins: Friday's lasts into Saturday.
        ("2026-11-28 03:00", ("mon-fri 22:00-04:30",), "2026-11-28 04:30"),
        ("2026-11-28 23:00", ("mon-fri 22:00-04:30",), None),
        ("2026-11-29 12:00", ("sat,sun 00:00-24:00",), "2026-11-30 00:00"),
        ("2026-11-28 12:00", ("sat,sun 00:00-24:00",), "2026-11-30 00:00"),
        ("2026-11-24 23:30", ("22:00-23:45", "23:40-01:00"), "2026-11-25 01:00"),
        ("2026-11-24 22:30", ("22:00-23:00", "23:00-01:00"), "2026-11-25 01:00"),
        ("2026-11-24 09:00", ("fri-mon 08:00-10:00",), None),
        ("2026-11-23 09:00", ("fri-mon 08:00-10:00",), "2026-11-23 10:00"),
        ("2026-11-24 09:00", (), None),
    ],
)
def test_quiet_ends_when_the_last_window_does(
    moment: str, windows: tuple[str, ...], expected: str | None
) -> None:
    assert until(moment, *windows) == expected


def test_windows_follow_summer_time() -> None:
    begun = at("2026-10-24 23:00")
    end = quiet_until([Window.parse("22:00-04:00")], begun, ROME)
    assert end is not None
    assert datetime.fromtimestamp(end / 1000, UTC) == datetime(2026, 10, 25, 3, tzinfo=UTC)
    assert (end - begun) == 6 * 3_600_000, "the night in which clocks go back is an hour longer"
    assert until("2026-03-29 01:30", "01:00-02:30") == "2026-03-29 03:30", "02:30 does not exist"


def test_window_without_an_end_of_its_own_lasts_a_day() -> None:
    assert until("2026-11-25 05:00", "tue 06:00-06:00") == "2026-11-25 06:00"


@pytest.mark.parametrize(
    "text",
    ["", "22-4", "22:00", "25:00-04:00", "22:60-23:00", "moon 22:00-23:00", "mon- 1:00-2:00"],
)
def test_what_is_no_window_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like|no clock"):
        Window.parse(text)


@pytest.mark.parametrize(
    "text", ["22:00-04:30", "mon,tue,wed 01:05-02:00", "sat,sun 00:00-24:00", "fri 23:00-23:00"]
)
def test_window_is_written_as_it_was_read(text: str) -> None:
    assert str(Window.parse(text)) == text
