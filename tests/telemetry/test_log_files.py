"""The log file is cut by size and day, is nobody else's, and is read back by filters."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent import telemetry
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.errors import Misconfigured, Rejected
from agent.log_context import bound
from agent.telemetry.files import LogFile, log_files
from agent.telemetry.reading import Wanted, follow, lines

DAY = 86_400
NOON = 20_000 * DAY + DAY // 2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where an agent that was told nothing about it writes its log."""
    return tmp_path / "log" / "syncagent.log"


def write_lines(path: Path, *texts: str, at: float = NOON, most_bytes: int = 10**6) -> None:
    handler = LogFile(path, most_bytes=most_bytes, files=3)
    for text in texts:
        handler.handle(logging.makeLogRecord({"msg": text, "created": at}))
    handler.close()


def test_file_is_readable_for_its_owner_alone(path: Path) -> None:
    write_lines(path, "a", "b")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "a\nb\n"


def test_files_are_cut_by_size_and_only_so_many_are_kept(path: Path) -> None:
    write_lines(path, *[f"{number:020}" for number in range(40)], most_bytes=200)
    files = log_files(path)
    assert [each.name for each in files] == ["syncagent.log.2", "syncagent.log.1", "syncagent.log"]
    assert all(each.stat().st_size <= 200 for each in files)
    assert all(each.stat().st_mode & 0o777 == 0o600 for each in files)
    assert files[-1].read_text().splitlines()[-1] == f"{39:020}"


def test_each_day_begins_a_file(path: Path) -> None:
    handler = LogFile(path, most_bytes=10**6, files=5)
    for number, at in enumerate((NOON, NOON + 60, NOON + DAY, NOON + 3 * DAY)):
        handler.handle(logging.makeLogRecord({"msg": f"line {number}", "created": at}))
    handler.close()
    assert [each.read_text().split("\n")[:-1] for each in log_files(path)] == [
        ["line 0", "line 1"],
        ["line 2"],
        ["line 3"],
    ]


def test_folder_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder would be")
    with pytest.raises(Misconfigured) as caught:
        LogFile(tmp_path / "log" / "syncagent.log", most_bytes=10**6, files=2)
    assert caught.value.code == "SA-7483"


def line(moment: str, **fields: Any) -> str:
    return json.dumps({"event": "x", "level": "info", "timestamp": moment, **fields}) + "\n"


@pytest.fixture
def written(path: Path) -> Path:
    path.parent.mkdir()
    path.with_name("syncagent.log.1").write_text(
        line("2026-11-20T10:00:00Z", flow="prices", run=1, level="warning")
        + line("2026-11-20T11:00:00Z", flow="stock", run=2)
    )
    path.write_text(
        line("2026-11-21T10:00:00Z", flow="prices", run=3, key="A1", message_id="ab-1")
        + '{"half a li\n'
        + line("2026-11-21T11:00:00Z", flow="prices", run=3, code="SA-5002", level="error")
    )
    return path


@pytest.mark.parametrize(
    ("wanted", "runs"),
    [
        (Wanted(), [1, 2, 3, 3]),
        (Wanted(flow="prices"), [1, 3, 3]),
        (Wanted(run=3), [3, 3]),
        (Wanted(key="A1"), [3]),
        (Wanted(message_id="ab-1"), [3]),
        (Wanted(code="SA-5002"), [3]),
        (Wanted(level="warning"), [1, 3]),
        (Wanted(flow="prices", level="warning", since=1_795_200_000_000), [3]),
    ],
    ids=str,
)
def test_lines_are_found_by_what_they_are_about(
    written: Path, wanted: Wanted, runs: list[int]
) -> None:
    assert [each["run"] for each in lines(written, wanted)] == runs


def test_following_goes_on_after_the_file_was_renamed(path: Path) -> None:
    write_lines(path, line("2026-11-21T10:00:00Z", run=1).strip())

    turns = iter((1, 2, 3))

    def write_and_rename() -> bool:
        turn = next(turns)
        if turn == 1:
            with path.open("a") as file:
                file.write(line("2026-11-21T10:00:01Z", run=2))
            path.rename(path.with_name("syncagent.log.1"))
            path.write_text(line("2026-11-21T10:00:02Z", run=3) + '{"run": ')
        if turn == 2:
            with path.open("a") as file:
                file.write("4}\n")
        return turn < 3

    assert [each["run"] for each in follow(path, Wanted(), write_and_rename)] == [2, 3, 4]


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    config = tmp_path / "config.yaml"
    config.write_text("store: {path: store.db}\n")

    def command(*words: str) -> str:
        arguments = ["logs", *words, "--config", str(config)]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


@pytest.mark.usefixtures("written")
def test_command_shows_lines_for_people_and_for_programs(said: Callable[..., str]) -> None:
    shown = said("--flow", "prices", "--level", "warning").splitlines()
    assert len(shown) == 2
    assert "code=SA-5002" in shown[1]
    assert "error" in shown[1]
    (told,) = json.loads(said("--run", "3", "--limit", "1", "--json"))["lines"]
    assert told["code"] == "SA-5002"


def test_where_there_is_no_file_the_journal_is_named(said: Callable[..., str]) -> None:
    with pytest.raises(Rejected) as caught:
        said("--flow", "prices")
    assert caught.value.code == "SA-7482"
    assert "journalctl" in caught.value.hint


def test_lines_of_the_program_are_written_and_found_again(path: Path) -> None:
    telemetry.configure(others=[LogFile(path, most_bytes=10**6, files=2)])
    with bound(flow="prices", run=4):
        logging.getLogger("agent.room").warning("it happened", extra={"key": "A1"})
    (found,) = lines(path, Wanted(flow="prices", run=4, key="A1", level="warning"))
    assert found["event"] == "it happened"
