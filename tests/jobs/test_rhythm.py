"""When a flow runs by itself."""

from datetime import UTC, datetime

import pytest

from agent.jobs import Rhythm


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_interval_counts_from_now() -> None:
    assert Rhythm(every=90).next_after(1_000) == 91_000


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-21T08:00:00", "2026-11-22T01:30:00"),  # 02:30 in Rome is 01:30 UTC in winter
        ("2026-06-21T08:00:00", "2026-06-22T00:30:00"),  # and 00:30 UTC in summer
    ],
)
def test_cron_means_the_wall_clock_of_its_zone(now: str, expected: str) -> None:
    rhythm = Rhythm.of("30 2 * * *", "Europe/Rome")
    assert rhythm is not None
    assert rhythm.next_after(ms(now)) == ms(expected)


def test_hour_that_summer_time_skips_runs_once() -> None:
    # On 2026-03-29 the clocks in Rome jump from 02:00 to 03:00.
    rhythm = Rhythm(cron="30 2 * * *", time_zone="Europe/Rome")
    first = rhythm.next_after(ms("2026-03-28T12:00:00"))
    second = rhythm.next_after(first)
    assert ms("2026-03-29T00:30:00") <= first <= ms("2026-03-29T02:00:00")
    assert second == ms("2026-03-30T00:30:00")


def test_hour_that_comes_twice_runs_once() -> None:
    # On 2026-10-25 the hour from 02:00 to 03:00 comes twice in Rome.
    rhythm = Rhythm(cron="30 2 * * *", time_zone="Europe/Rome")
    first = rhythm.next_after(ms("2026-10-24T12:00:00"))
    assert rhythm.next_after(first) == ms("2026-10-26T01:30:00")


def test_no_rhythm_is_none() -> None:
    assert Rhythm.of(None, "UTC") is None
