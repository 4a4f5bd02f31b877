"""What the drop folder gives to any format: shown with one of our own, `number=text` lines."""

import os
import time
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import pytest

from agent.contract import Batch
from agent.errors import Rejected
from connectors._drop import DropConnection, DropOptions, DropSource, Table, stretches
from connectors._drop import rows as drop_rows


class PairSource(DropSource[DropOptions]):
    """Lines such as `7=seven`; what stands in a file `.note` beside it is added to each text."""

    companions = (".note",)

    def table(self, file: BinaryIO) -> Table:
        note = Path(file.name).with_suffix(".note")
        added = note.read_text(encoding="utf-8") if note.exists() else ""
        pairs = (line.decode().strip().partition("=") for line in file)
        rows = (
            (number, (Decimal(key), text + added) if text else Rejected("SA-2015", "no text"))
            for number, (key, _, text) in enumerate(pairs, 1)
        )
        return Table(("number", "text"), stretches(rows, "line {}"))


class Pairs:
    """A drop folder of pairs. Each `take` is a new life of the agent."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.connection = {"folder": str(root), "settle": "2s"}
        root.mkdir()

    def put(self, name: str, text: str, age: float = 60) -> None:
        (self.root / name).write_text(text, encoding="utf-8")
        moment = time.time() - age
        os.utime(self.root / name, (moment, moment))

    def source(self) -> PairSource:
        options = DropOptions(files="*.pairs", key=("number",))
        return PairSource(DropConnection.model_validate(self.connection), options)

    def take(self, cursor: str = "") -> list[Batch]:
        source = self.source()
        batches = []
        for batch in source.read(cursor):
            batches.append(batch)
            source.settle(batch)
        source.close()
        return batches

    def names(self, folder: str = ".") -> list[str]:
        return sorted(path.name.split("_")[-1] for path in (self.root / folder).glob("[!.]*.*"))


@pytest.fixture
def pairs(tmp_path: Path) -> Pairs:
    return Pairs(tmp_path / "drop")


def test_rows_of_a_format_come_with_their_place(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 2)
    pairs.put("a.pairs", "1=one\n2=two\n3=three\n")
    first, second = pairs.take()
    assert list(first.rows) == [(1, "one"), (2, "two")]
    assert second.where
    assert second.where(0) == "a.pairs line 3"
    assert (first.complete, second.complete) == (False, True)


def test_row_that_cannot_be_read_is_refused_alone(pairs: Pairs) -> None:
    pairs.put("a.pairs", "1=one\n2\n3=three\n")
    (batch,) = pairs.take()
    rows = iter(batch.rows)
    assert next(rows) == (1, "one")
    with pytest.raises(Rejected, match="no text"):
        next(rows)
    assert list(rows) == [(3, "three")]
    with pytest.raises(Rejected):
        batch.rows[1]


def test_typed_key_is_found_in_the_archive_by_its_text(pairs: Pairs) -> None:
    pairs.put("a.pairs", "7.50=seven\n8=eight\n")
    pairs.take()
    (batch,) = pairs.source().read_keys(["7.5"])
    assert list(batch.rows) == [(Decimal("7.50"), "seven")]


def test_known_content_is_put_away_without_opening_it(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs.put("a.pairs", "1=one\n")
    cursor = pairs.take()[-1].cursor
    pairs.put("a.pairs", "1=one\n")
    monkeypatch.delattr(PairSource, "table")
    (batch,) = pairs.take(cursor)
    assert (len(batch.rows), batch.cursor) == (0, cursor)
    assert pairs.names() == []


def test_companion_goes_wherever_its_file_goes(pairs: Pairs) -> None:
    pairs.put("a.pairs", "1=one\n")
    pairs.put("A.NOTE", "!")
    (batch,) = pairs.take()
    assert list(batch.rows) == [(1, "one!")]
    assert pairs.names() == []
    assert pairs.names("archive") == ["a.note", "a.pairs"]


def test_changed_companion_is_changed_content(pairs: Pairs) -> None:
    pairs.put("a.pairs", "1=one\n")
    pairs.put("a.note", "!")
    cursor = pairs.take()[-1].cursor
    pairs.put("a.pairs", "1=one\n")
    pairs.put("a.note", "?")
    (batch,) = pairs.take(cursor)
    assert list(batch.rows) == [(1, "one?")]


def test_companion_still_being_written_keeps_its_file_waiting(pairs: Pairs) -> None:
    pairs.put("a.pairs", "1=one\n")
    pairs.put("a.note", "!", age=0)
    assert pairs.take() == []
    assert pairs.names() == ["a.note", "a.pairs"]


def test_companion_that_a_crash_left_alone_comes_back_to_its_file(pairs: Pairs) -> None:
    pairs.put("a.pairs", "1=one\n")
    pairs.put("a.note", "!")
    (sighting,) = pairs.source()._folder.look()
    assert sighting.name == "a.pairs"
    (pairs.root / ".syncagent" / "claimed").mkdir(parents=True)
    claimed = pairs.root / ".syncagent" / "claimed" / "20260101T000000.000000Z_a.note"
    (pairs.root / "a.note").rename(claimed)
    (batch,) = pairs.take()
    assert list(batch.rows) == [(1, "one!")]


def test_unusable_file_goes_to_the_quarantine_with_its_companion(pairs: Pairs) -> None:
    pairs.put("a.pairs", "")
    pairs.put("a.note", "!")
    with pytest.raises(Rejected):
        pairs.take()
    assert pairs.names("quarantine") == ["a.note", "a.pairs", "a.pairs.reason.txt"]


def test_link_is_no_companion(pairs: Pairs, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("!", encoding="utf-8")
    pairs.put("a.pairs", "1=one\n")
    (pairs.root / "a.note").symlink_to(tmp_path / "secret")
    (batch,) = pairs.take()
    assert list(batch.rows) == [(1, "one")]
