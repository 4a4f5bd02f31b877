"""An old server is not overrun: rows and queries have their pace, and quiet windows are kept."""

from __future__ import annotations

from pathlib import Path

from agent.intake import Pace, Task
from tests.intake.premises import premises, rows


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds

    def now_ms(self) -> int:
        return int(self.seconds * 1000)


def test_rows_and_queries_have_their_pace_and_the_slower_one_counts() -> None:
    assert Pace(Watch()).took(1_000_000) == 0
    assert Pace(Watch(), rows_per_second=500).took(250) == 0.5
    assert Pace(Watch(), queries_per_minute=60).took(250) == 1
    assert Pace(Watch(), rows_per_second=100, queries_per_minute=60).took(250) == 2.5


def test_flows_that_read_one_system_share_its_pace() -> None:
    clock = Watch()
    pace = Pace(clock, rows_per_second=100)
    assert pace.took(100) == 1
    assert pace.took(100) == 2
    clock.seconds += 10
    assert pace.took(100) == 1, "what was not used is not saved up"


def test_run_waits_between_its_batches(tmp_path: Path) -> None:
    waits: list[float] = []
    with premises(tmp_path, str(tmp_path), pace=Pace(Watch(), queries_per_minute=600)) as site:
        site.stop.wait = lambda timeout=None: waits.append(timeout) or False  # type: ignore[assignment,func-returns-value]
        site.table.rows = list(rows(21))
        site.batch_size = 7
        assert site.run().outcome == "ok"
    assert [round(wait, 3) for wait in waits] == [0.1, 0.2]


def test_run_that_meets_a_quiet_window_ends_cleanly_and_deletes_nothing(tmp_path: Path) -> None:
    quiet: list[int] = []
    options = {"quiet_until": lambda _: quiet[0] if quiet else None}
    with premises(tmp_path, str(tmp_path), **options) as site:
        site.table.rows = list(rows(30))
        site.sync()
        del site.table.rows[20:]
        quiet.append(4_000_000_000_000)
        result = site.run()
        assert (result.outcome, result.again) == ("interrupted", True)
        assert "quiet window" in result.reason
        assert len(site.shown()) == 30
        site.table.rows += rows(1, first=90)
        urgent = Task(urgent=True)
        run_id = site.run_id
        done = site._intake().run(site.plan(), urgent, lambda: run_id, lambda *_: None)
        assert done.outcome == "ok", "somebody waits for it"
