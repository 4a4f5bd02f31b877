"""The journal tells which rows to read again; the rows tell what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.contract import Batch
from agent.errors import Unavailable
from agent.intake import FlowPlan
from agent.store import Store
from connectors._ibmi.catalogue import File
from connectors._ibmi.journal import Changes, Journal, Position
from connectors._ibmi.source import IbmiSource
from tests.connectors.on_derby import Library
from tests.intake.premises import Premises
from tests.peers.drda import translated

pytestmark = pytest.mark.xdist_group("derby")


@dataclass
class Journaled:
    """A file with a journal that the test writes, one entry for each change it makes."""

    library: Library
    receiver: str = ""
    sequence: int = 0

    def __post_init__(self) -> None:
        self.library.sql(
            "CREATE TABLE {lib}.ARTICO (CODE CHAR(6) NOT NULL PRIMARY KEY, NAME VARCHAR(20), "
            "PRICE VARCHAR(9), RRN_ BIGINT)",
            "INSERT INTO STANDIN.JOURNALED VALUES ('{lib}', 'ARTICO', '{lib}', 'JRN')",
        )
        self.attach("RCV1")
        for number, code in enumerate("ABC", 1):
            self.insert(number, code)

    def attach(self, name: str, first: int | None = None) -> None:
        """Change receivers, as CHGJRN does; `first` begins the numbers anew."""
        name, before = f"{name}{self.library.name[-5:]}", self.receiver
        if before:
            self.library.sql(
                "UPDATE STANDIN.RECEIVERS SET STATUS = 'ONLINE', NEXT_LIBRARY = '{lib}', "
                f"NEXT_NAME = '{name}' WHERE NAME = '{before}'"
            )
        self.library.sql(
            f"INSERT INTO STANDIN.RECEIVERS SELECT '{{lib}}', 'JRN', '{{lib}}', '{name}', "
            "COUNT(*), 'ATTACHED', 0, 0, CAST(NULL AS VARCHAR(10)), CAST(NULL AS VARCHAR(10)) "
            "FROM STANDIN.RECEIVERS",
        )
        self.receiver = name
        self.sequence = self.sequence if first is None else first - 1
        self.entry("J", "PR")
        self.library.sql(
            f"UPDATE STANDIN.RECEIVERS SET FIRST_SEQ = {self.sequence} WHERE NAME = '{name}'"
        )

    def entry(self, code: str, kind: str, rrn: int = 0, cycle: int = 0) -> int:
        self.sequence += 1
        self.library.sql(
            f"INSERT INTO STANDIN.ENTRIES VALUES ('{self.receiver}', {self.sequence}, '{code}', "
            f"'{kind}', {rrn}, {cycle}, '{{lib}}', 'ARTICO')",
            f"UPDATE STANDIN.RECEIVERS SET LAST_SEQ = {self.sequence} "
            f"WHERE NAME = '{self.receiver}'",
        )
        return self.sequence

    def insert(self, rrn: int, code: str, cycle: int = 0) -> None:
        self.library.sql(f"INSERT INTO {{lib}}.ARTICO VALUES ('{code}', 'n', '1', {rrn})")
        self.entry("R", "PT", rrn, cycle)

    def update(self, rrn: int, price: str, cycle: int = 0) -> None:
        self.library.sql(f"UPDATE {{lib}}.ARTICO SET PRICE = '{price}' WHERE RRN_ = {rrn}")
        self.entry("R", "UB", rrn, cycle)
        self.entry("R", "UP", rrn, cycle)

    def delete(self, rrn: int) -> None:
        self.library.sql(f"DELETE FROM {{lib}}.ARTICO WHERE RRN_ = {rrn}")
        self.entry("R", "DL", rrn)

    def source(self, **options: Any) -> IbmiSource[Any]:
        journal = f"{self.library.name}/JRN"
        named = {"key": ["CODE"], "journal": journal, "page_size": 2} | options
        source = self.library.source("ARTICO", **named)
        assert isinstance(source, IbmiSource)
        return source

    def look(self, cursor: str = "", **options: Any) -> Seen:
        with closing(self.source(**options)) as source:
            return Seen(list(source.read(cursor)))


@dataclass
class Seen:
    batches: list[Batch]

    @property
    def cursor(self) -> str:
        return self.batches[-1].cursor

    @property
    def codes(self) -> list[str]:
        return [row[0] for batch in self.batches for row in batch.rows]

    @property
    def reread(self) -> list[int]:
        return [rrn for batch in self.batches for rrn in batch.reread]

    @property
    def whole(self) -> bool:
        return all(batch.whole for batch in self.batches) and self.batches[-1].complete

    @property
    def notes(self) -> str:
        return "".join(batch.note for batch in self.batches)


@pytest.fixture
def file(ibmi: Library) -> Journaled:
    return Journaled(ibmi)


def test_first_pass_reads_everything_with_its_numbers(file: Journaled) -> None:
    seen = file.look()
    assert seen.whole
    assert seen.codes == ["A", "B", "C"]
    assert [rrn for batch in seen.batches for rrn in batch.blocks] == [1, 2, 3]
    assert seen.notes == ""


def test_journal_that_did_not_move_costs_one_question(file: Journaled) -> None:
    cursor = file.look().cursor
    assert file.look(cursor).batches == []


def test_only_rows_that_the_journal_names_are_read(file: Journaled) -> None:
    cursor = file.look().cursor
    file.update(2, "9")
    file.insert(4, "D")
    file.delete(1)
    seen = file.look(cursor)
    assert not seen.whole
    assert sorted(seen.codes) == ["B", "D"]
    assert seen.reread == [1, 2, 4]
    assert file.look(seen.cursor).batches == []


def test_entries_of_others_move_the_position_and_read_nothing(file: Journaled) -> None:
    cursor = file.look().cursor
    file.entry("F", "OP")
    file.entry("R", "IL", 7)
    seen = file.look(cursor)
    assert (seen.codes, seen.reread) == ([], [])
    assert seen.cursor != cursor


def test_open_commit_cycle_is_waited_for(file: Journaled) -> None:
    cursor = file.look().cursor
    cycle = file.entry("C", "SC")
    file.update(2, "9", cycle)
    file.update(3, "8")
    first = file.look(cursor)
    assert first.reread == [3], "row 2 may still be rolled back"
    file.entry("C", "CM", cycle=cycle)
    second = file.look(first.cursor)
    assert second.reread == [2, 3]
    assert file.look(second.cursor).batches == []


def test_rolled_back_changes_are_read_as_they_stand(file: Journaled) -> None:
    cursor = file.look().cursor
    cycle = file.entry("C", "SC")
    for kind in ("PT", "UP", "DR", "UR"):
        file.entry("R", kind, 2, cycle)
    file.entry("C", "RB", cycle=cycle)
    seen = file.look(cursor)
    assert (seen.reread, seen.codes) == ([2], ["B"])


@pytest.mark.parametrize("told", [("F", "CR"), ("F", "RG"), ("F", "MR"), ("D", "CG"), ("F", "??")])
def test_more_than_a_row_can_tell_asks_for_everything(
    file: Journaled, told: tuple[str, str]
) -> None:
    cursor = file.look().cursor
    file.entry(*told)
    seen = file.look(cursor)
    assert seen.whole
    assert " ".join(told) in seen.notes
    assert file.look(seen.cursor).batches == []


def test_very_many_changes_ask_for_everything(file: Journaled) -> None:
    cursor = file.look().cursor
    for rrn in (1, 2, 3):
        file.update(rrn, "5")
    seen = file.look(cursor, journal_rows=2)
    assert seen.whole
    assert "more than 2 rows" in seen.notes


def test_position_goes_over_from_receiver_to_receiver(file: Journaled) -> None:
    cursor = file.look().cursor
    file.attach("RCV2", first=1)
    file.update(2, "9")
    file.attach("RCV3")
    file.delete(3)
    seen = file.look(cursor)
    assert seen.reread == [2, 3]
    assert file.look(seen.cursor).batches == []


def test_receiver_that_was_pruned_makes_a_full_pass_with_a_note(file: Journaled) -> None:
    cursor, pruned = file.look().cursor, file.receiver
    file.attach("RCV2")
    file.update(2, "9")
    file.library.sql(f"DELETE FROM STANDIN.RECEIVERS WHERE NAME = '{pruned}'")
    seen = file.look(cursor)
    assert seen.whole
    assert f"{pruned} is gone" in seen.notes
    file.update(1, "7")
    assert file.look(seen.cursor).reread == [1]


def test_gap_in_the_chain_is_noticed(file: Journaled) -> None:
    cursor = file.look().cursor
    file.attach("RCV2")
    file.update(2, "9")
    middle = file.receiver
    file.attach("RCV3")
    file.library.sql(f"DELETE FROM STANDIN.RECEIVERS WHERE NAME = '{middle}'")
    assert file.look(cursor).whole


def test_receiver_of_the_same_name_that_begins_anew_is_not_taken_for_the_old(
    file: Journaled,
) -> None:
    cursor = file.look().cursor
    file.library.sql(f"UPDATE STANDIN.RECEIVERS SET LAST_SEQ = 1 WHERE NAME = '{file.receiver}'")
    seen = file.look(cursor)
    assert seen.whole
    assert "not the one that was read" in seen.notes


def test_journal_that_may_not_be_read_falls_back_to_full_passes(file: Journaled) -> None:
    cursor = file.look().cursor
    file.library.sql(f"DELETE FROM STANDIN.RECEIVERS WHERE NAME = '{file.receiver}'")
    seen = file.look(cursor)
    assert seen.whole
    assert seen.cursor == ""
    assert "no receiver that this user may see" in seen.notes
    with closing(file.source()) as source:
        assert "every run reads everything" in dict(each[:2] for each in source.check())["journal"]


def test_entries_that_may_not_be_read_fall_back_to_full_passes(file: Journaled) -> None:
    cursor = file.look().cursor
    file.update(1, "9")
    file.library.sql("INSERT INTO STANDIN.REFUSED VALUES ('{lib}')")
    seen = file.look(cursor)
    assert seen.whole
    assert seen.cursor == ""
    assert "cannot be read" in seen.notes
    assert "38501" in seen.notes
    with closing(file.source()) as source:
        assert "38501" in dict(each[:2] for each in source.check())["journal"]


def test_lock_that_lasts_is_no_reason_to_read_everything(file: Journaled) -> None:
    cursor = file.look().cursor
    file.update(2, "9")
    writer = file.library.peer.connect()
    writer.autocommit = False
    writer.execute(f"UPDATE {file.library.name}.ARTICO SET PRICE = '7' WHERE RRN_ = 2")
    try:
        with pytest.raises(Unavailable) as raised:
            file.look(cursor)
    finally:
        writer.rollback()
        writer.close()
    assert raised.value.code == "SA-2121"
    assert file.look(cursor).reread == [2]


def test_file_that_is_not_journaled_is_read_whole_each_time(file: Journaled) -> None:
    file.library.sql("DELETE FROM STANDIN.JOURNALED WHERE LIBRARY = '{lib}'")
    seen = file.look()
    assert seen.cursor == ""
    assert "not journaled" in seen.notes
    with closing(file.source()) as source:
        assert "STRJRNPF" in dict(each[:2] for each in source.check())["journal"]


def test_check_names_the_receiver(file: Journaled) -> None:
    with closing(file.source()) as source:
        assert file.receiver in dict(each[:2] for each in source.check())["journal"]


def test_cursor_of_another_journal_starts_over(file: Journaled) -> None:
    cursor = file.look().cursor.replace("/JRN", "/OTHER")
    assert file.look(cursor).whole


# A whole flow


class OverJournal(Premises):
    def __init__(self, store: Store, name: str, file: Journaled) -> None:
        super().__init__(store, name)
        self.make_source = file.source

    def plan(self) -> FlowPlan:
        return replace(super().plan(), make_source=self.make_source)


@pytest.fixture
def site(file: Journaled, tmp_path: Path) -> Iterator[OverJournal]:
    with closing(Store.open(tmp_path / "store.db", SystemClock())) as store:
        yield OverJournal(store, str(tmp_path), file)


def test_deletes_and_reused_places_reach_the_other_side(file: Journaled, site: OverJournal) -> None:
    site.sync()
    assert site.shown().keys() == {"A", "B", "C"}
    file.delete(1)
    file.delete(2)
    file.insert(2, "D")
    file.update(3, "4")
    result = site.sync()
    assert site.shown().keys() == {"C", "D"}
    assert site.shown()["C"]["attributes"] == {"price": "4"}
    assert result.outcome == "ok"
    site.run_unrecorded()


def test_person_is_told_why_everything_was_read(file: Journaled, site: OverJournal) -> None:
    site.sync()
    file.entry("F", "RG")
    assert "the journal says F RG: everything was read" in site.sync().reason


# What a real Db2 for i is asked, and how entries are judged


class Recording:
    """Answers nothing and keeps the statement."""

    def stream(self, sql: str, *_: Any) -> Iterator[list[Any]]:
        self.sql = sql
        return iter(())


def test_entries_are_asked_for_by_name() -> None:
    session = Recording()
    journal = Journal(session, "JLIB/JRN", File("S", "T", "LIB", "FILE"), 10)  # type: ignore[arg-type]
    journal.changes(Position("RLIB", "RCV0001", 42))
    assert session.sql == (
        "SELECT SEQUENCE_NUMBER, RECEIVER_LIBRARY, RECEIVER_NAME, JOURNAL_CODE, "
        "JOURNAL_ENTRY_TYPE, COUNT_OR_RRN, COMMIT_CYCLE FROM TABLE(QSYS2.DISPLAY_JOURNAL("
        "JOURNAL_LIBRARY => 'JLIB', JOURNAL_NAME => 'JRN', STARTING_RECEIVER_LIBRARY => 'RLIB', "
        "STARTING_RECEIVER_NAME => 'RCV0001', STARTING_SEQUENCE => 42, OBJECT_LIBRARY => 'LIB', "
        "OBJECT_NAME => 'FILE', OBJECT_OBJTYPE => '*FILE', OBJECT_MEMBER => '*ALL')) AS j"
    )
    assert "DISPLAY_JOURNAL('JLIB', 'JRN', 'RLIB', 'RCV0001', 42, CAST(NULL AS" in translated(
        session.sql
    )


def test_row_in_an_open_cycle_waits_though_another_cycle_committed_it() -> None:
    changes = Changes()
    changes.take([(5, "L", "R", "R", "UP", 1, 4), (7, "L", "R", "R", "UP", 1, 6)], 10)
    assert changes.committed(frozenset({4})) == []
    assert changes.resume(frozenset({4}), Position("L", "R", 9)) == Position("L", "R", 7)
    assert changes.committed(frozenset({4, 6})) == [1]
    assert changes.resume(frozenset({4, 6}), Position("L", "R", 9)) == Position("L", "R", 9)
