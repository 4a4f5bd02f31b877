"""Days that are over are summed up once, and say the same as their hours."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.kpi import FLOW, TARGET, THE_AGENT, kpis
from agent.kpi.days import Days
from agent.kpi.periods import Period
from agent.store import HOUR_MS, HourRow, Store, Subject
from tests.store.conftest import StandingClock

ROME = ZoneInfo("Europe/Rome")
NOW = 1_698_800_000_000 // HOUR_MS
"""Two days after the day with an hour more."""
SUBJECTS = (Subject(FLOW, "a"), Subject(FLOW, "b"), Subject(TARGET, "t"))
ROWS = st.dictionaries(
    st.tuples(st.integers(NOW - 120, NOW), st.sampled_from(SUBJECTS)),
    st.tuples(st.integers(0, 50), st.integers(0, 9), st.integers(0, 3600)),
    max_size=60,
)


@given(rows=ROWS, hours=st.integers(1, 120))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_period_has_the_kpis_of_its_hours(
    tmp_path: Path, rows: dict[tuple[int, Subject], tuple[int, int, int]], hours: int
) -> None:
    clock = StandingClock(NOW * HOUR_MS + 1)
    path = tmp_path / f"{hash(str(rows))}-{hours}.db"
    with Store.open(path, clock) as store:
        lines = [HourRow(hour, THE_AGENT, {"up": 3600}, {}) for hour in range(NOW - 120, NOW + 1)]
        for (hour, subject), (done, failed, down) in rows.items():
            work = "calls" if subject.kind == TARGET else "delivered"
            figures = {work: done, "refused": failed, "down": down, "backlog": done}
            lines.append(HourRow(hour, subject, figures, {failed: done}))
        with store.transaction():
            store.kpis.put(lines)
        period = Period((NOW - hours) * HOUR_MS, clock.now)
        days = Days(store, clock)
        by_hour = kpis(store.kpis.between(period.first_hour, period.last_hour))
        assert kpis(days.rows(period, ROME)) == by_hour
        assert kpis(days.rows(period, ROME)) == by_hour, "from memory"


def test_a_day_that_is_over_is_read_once(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)
    with Store.open(tmp_path / "state.db", clock) as store:
        with store.transaction():
            store.kpis.put([HourRow(NOW - 60, SUBJECTS[0], {"delivered": 1}, {})])
        days, period = Days(store, clock), Period((NOW - 120) * HOUR_MS, clock.now)
        before = list(days.rows(period, ROME))
        with store.transaction():
            store.kpis.put([HourRow(NOW - 60, SUBJECTS[0], {"delivered": 2}, {})])
            store.kpis.put([HourRow(NOW - 1, SUBJECTS[0], {"delivered": 3}, {})])
        after = list(days.rows(period, ROME))
        assert after[: len(before)] == before
        assert after[-1].figures == {"delivered": 3}


def test_days_are_summed_up_before_anybody_asks_the_newest_first(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)

    def write(store: Store, delivered: int) -> None:
        with store.transaction():
            for hour in range(NOW - 240, NOW - 24):
                store.kpis.put([HourRow(hour, SUBJECTS[0], {"delivered": delivered}, {})])

    with Store.open(tmp_path / "state.db", clock) as store:
        days, period = Days(store, clock), Period((NOW - 240) * HOUR_MS, clock.now)
        write(store, 1)
        days.ahead(ROME, most=2)
        write(store, 0)
        seen = [row for row in days.rows(period, ROME) if row.figures.get("delivered")]
        assert len(seen) == 2
        assert all(row.hour >= NOW - 24 * 4 for row in seen)
