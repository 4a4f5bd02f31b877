"""Days and months that are over are summed up once, and say the same as their hours."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.kpi import FLOW, TARGET, THE_AGENT, kpis
from agent.kpi.figures import BUSIEST
from agent.kpi.periods import Period
from agent.kpi.sums import Largest, Sums
from agent.store import HOUR_MS, HourRow, Store, Subject
from tests.store.conftest import StandingClock

ROME = ZoneInfo("Europe/Rome")
NOW = 1_698_800_000_000 // HOUR_MS
"""Two days after the day with an hour more."""
HOURS = 24 * 70
"""September 2023 is whole in them."""
SUBJECTS = (Subject(FLOW, "a"), Subject(FLOW, "b"), Subject(TARGET, "t"))
ROWS = st.dictionaries(
    st.tuples(st.integers(NOW - HOURS, NOW), st.sampled_from(SUBJECTS)),
    st.tuples(st.integers(0, 50), st.integers(0, 9), st.integers(0, 3600)),
    max_size=60,
)


@given(rows=ROWS, hours=st.integers(1, HOURS), largest=st.sampled_from(["month", "day"]))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_period_has_the_kpis_of_its_hours(
    tmp_path: Path,
    rows: dict[tuple[int, Subject], tuple[int, int, int]],
    hours: int,
    largest: Largest,
) -> None:
    clock = StandingClock(NOW * HOUR_MS + 1)
    path = tmp_path / f"{hash(str(rows))}-{hours}.db"
    with Store.open(path, clock) as store:
        lines = [HourRow(hour, THE_AGENT, {"up": 3600}, {}) for hour in range(NOW - HOURS, NOW + 1)]
        for (hour, subject), (done, failed, down) in rows.items():
            work = "calls" if subject.kind == TARGET else "delivered"
            figures = {work: done, "refused": failed, "down": down, "backlog": done}
            lines.append(HourRow(hour, subject, figures, {failed: done}))
        with store.transaction():
            store.kpis.put(lines)
        period = Period((NOW - hours) * HOUR_MS, clock.now)
        sums = Sums(store, clock)
        by_hour = kpis(store.kpis.between(period.first_hour, period.last_hour))
        assert kpis(sums.rows(period, ROME, largest)) == by_hour
        assert kpis(sums.rows(period, ROME, largest)) == by_hour, "from memory"


def test_a_day_that_is_over_is_read_once(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)
    with Store.open(tmp_path / "state.db", clock) as store:
        with store.transaction():
            store.kpis.put([HourRow(NOW - 60, SUBJECTS[0], {"delivered": 1}, {})])
        sums, period = Sums(store, clock), Period((NOW - 120) * HOUR_MS, clock.now)
        before = list(sums.rows(period, ROME))
        with store.transaction():
            store.kpis.put([HourRow(NOW - 60, SUBJECTS[0], {"delivered": 2}, {})])
            store.kpis.put([HourRow(NOW - 1, SUBJECTS[0], {"delivered": 3}, {})])
        after = list(sums.rows(period, ROME))
        assert after[: len(before)] == before
        assert after[-1].figures == {"delivered": 3}


def test_days_are_summed_up_before_anybody_asks_the_newest_first(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)

    def write(store: Store, delivered: int) -> None:
        with store.transaction():
            for hour in range(NOW - 240, NOW - 24):
                store.kpis.put([HourRow(hour, SUBJECTS[0], {"delivered": delivered}, {})])

    with Store.open(tmp_path / "state.db", clock) as store:
        sums, period = Sums(store, clock), Period((NOW - 240) * HOUR_MS, clock.now)
        write(store, 1)
        sums.ahead(ROME, most=2)
        write(store, 0)
        seen = [row for row in sums.rows(period, ROME) if row.figures.get("delivered")]
        assert len(seen) == 2
        assert all(row.hour >= NOW - 24 * 4 for row in seen)


def test_a_month_has_one_line_a_subject(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)
    period = Period((NOW - HOURS) * HOUR_MS, clock.now)
    in_september = [NOW - 24 * days for days in (34, 40, 50)]
    with Store.open(tmp_path / "state.db", clock) as store:
        with store.transaction():
            store.kpis.put(
                HourRow(hour, SUBJECTS[0], {"delivered": 2}, {7: 1}) for hour in in_september
            )
        sums = Sums(store, clock)
        by_day = list(sums.rows(period, ROME, "day"))
        assert len([row for row in by_day if row.subject == SUBJECTS[0]]) == 3
        (line,) = [row for row in sums.rows(period, ROME) if row.subject == SUBJECTS[0]]
        assert line.hour == min(in_september)
        assert (line.figures, line.times) == ({"delivered": 6, BUSIEST: 2}, {7: 3})


def test_months_are_summed_up_ahead_once_their_days_are(tmp_path: Path) -> None:
    clock = StandingClock(NOW * HOUR_MS)
    period = Period((NOW - HOURS) * HOUR_MS, clock.now)
    place = HourRow(NOW - 24 * 40, SUBJECTS[0], {"delivered": 1}, {})
    with Store.open(tmp_path / "state.db", clock) as store:
        with store.transaction():
            store.kpis.put([place])
        sums = Sums(store, clock)
        for _ in range(10):
            sums.ahead(ROME)
        with store.transaction():
            store.kpis.put([place._replace(figures={})])
        (line,) = [row for row in sums.rows(period, ROME) if row.subject == SUBJECTS[0]]
        assert line.figures == {"delivered": 1, BUSIEST: 1}
