"""The newest lines are found from the end, over several files, in bounded looks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.telemetry.backwards import newest
from agent.telemetry.reading import Wanted, lines

BEGIN = datetime(2026, 11, 22, 8, tzinfo=UTC)


def a_line(number: int, **fields: object) -> str:
    stamp = (BEGIN + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
    told = {"event": f"line {number}", "level": "info", "timestamp": stamp} | fields
    return json.dumps(told, ensure_ascii=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three hundred lines in three files, every tenth an error about a flow."""
    written = [
        a_line(number, level="error", flow="prices", run=number, detail="Città “x” \\ y")
        if number % 10 == 0
        else a_line(number)
        for number in range(300)
    ]
    log = tmp_path / "syncagent.log"
    for name, part in (
        ("log.2", written[:100]),
        ("log.1", written[100:200]),
        ("log", written[200:]),
    ):
        (tmp_path / f"syncagent.{name}").write_text("\n".join(part) + "\n", encoding="utf-8")
    return log


def events(path: Path, wanted: Wanted = Wanted(), limit: int = 5, before: str = "") -> list[str]:  # noqa: B008 - frozen
    return [line["event"] for line in newest(path, wanted, limit, before).lines]


def test_the_newest_come_first(path: Path) -> None:
    assert events(path) == [f"line {number}" for number in (299, 298, 297, 296, 295)]


def test_the_next_look_goes_on_where_the_last_one_ended(path: Path) -> None:
    met, before = [], ""
    while True:
        found = newest(path, Wanted(flow="prices"), 4, before)
        met += [line["run"] for line in found.lines]
        if not found.older:
            break
        before = found.older
    assert met == list(range(290, -1, -10))


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        (Wanted(level="error"), "line 290"),
        (Wanted(run=50), "line 50"),
        (Wanted(text="LINE 17"), "line 179"),
        (Wanted(text="città “x”"), "line 290"),
        (Wanted(text="\\ y"), "line 290"),
        (Wanted(text="prices"), "line 290"),
    ],
    ids=str,
)
def test_lines_are_found_by_what_they_hold(path: Path, wanted: Wanted, first: str) -> None:
    assert events(path, wanted)[0] == first


def test_one_look_goes_through_a_part_and_says_so(path: Path) -> None:
    found = newest(path, Wanted(run=50), 5, most=2_000)
    assert found.lines == []
    assert found.older
    again = newest(path, Wanted(run=50), 5, found.older, most=10**6)
    assert [line["run"] for line in again.lines] == [50]


def test_it_stops_at_the_time_that_was_asked_for(path: Path) -> None:
    since = int((BEGIN + timedelta(seconds=296)).timestamp() * 1000)
    found = newest(path, Wanted(since=since), 100)
    assert ([line["event"] for line in found.lines], found.older) == (
        ["line 299", "line 298", "line 297", "line 296"], "",
    )  # fmt: skip


def test_half_a_line_and_no_file_are_no_trouble(tmp_path: Path) -> None:
    log = tmp_path / "syncagent.log"
    assert newest(log, Wanted(), 5) == ([], "")
    log.write_text(f'{a_line(1)}\n{{"event": "hal', encoding="utf-8")
    assert events(log) == ["line 1"]


@given(sizes=st.lists(st.integers(0, 70_000), max_size=6))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_it_finds_what_reading_from_the_beginning_finds(tmp_path: Path, sizes: list[int]) -> None:
    log = tmp_path / "syncagent.log"
    written = [a_line(number, filler="è" * size) for number, size in enumerate(sizes)]
    log.write_text("".join(f"{line}\n" for line in written), encoding="utf-8")
    assert newest(log, Wanted(), 10).lines == [*lines(log, Wanted())][::-1]
