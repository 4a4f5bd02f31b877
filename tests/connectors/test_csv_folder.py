"""The drop folder: what is read, in which order, and where it ends up."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Batch
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors._drop import rows as drop_rows
from tests.connectors.drop import Drop


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path / "drop")


def keys(batches: list[Batch]) -> list[str]:
    return [row[0] for batch in batches for row in batch.rows]


def fails_with(code: str, action: Callable[[], object]) -> SyncError:
    with pytest.raises(SyncError) as failure:
        action()
    assert failure.value.code == code
    return failure.value


# What is read, and in which order


def test_taken_over_file_lies_in_the_archive(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    assert keys(drop.take()) == ["A"]
    assert drop.names() == []
    assert drop.names("archive") == ["articles.csv"]


def test_file_still_being_written_is_left_alone(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n", age=0)
    assert drop.take() == []
    assert drop.names() == ["articles.csv"]
    assert "settling" in {finding.detail[-8:] for finding in drop.source().check()}


def test_file_from_the_future_is_left_alone(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n", age=-3600)
    assert drop.take() == []
    assert any("clocks differ" in finding.detail for finding in drop.source().check())


def test_file_that_changed_between_two_looks_is_not_claimed(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    source = drop.source()
    sightings = source._folder.look()
    drop.put("articles.csv", "sku,name\nA,1\nB,2\n")
    monkeypatch.setattr(source._folder, "look", lambda: sightings)
    assert list(source.read("")) == []
    assert drop.names() == ["articles.csv"]


@pytest.mark.parametrize(
    "name",
    ["~$articles.csv", ".articles.csv", "articles.csv.tmp", "articles.csv.part", "prices.csv"],
)
def test_temporary_and_foreign_files_are_left_alone(drop: Drop, name: str) -> None:
    drop.options["files"] = "*articles*"
    drop.put(name, "sku,name\nA,1\n")
    assert drop.take() == []
    assert drop.names() == [name]


@pytest.mark.parametrize("name", ["con.csv", "NUL.csv", "lpt1.articles.csv", "x" * 197 + ".csv"])
def test_names_that_windows_reserves_or_that_are_too_long_are_left_alone(
    drop: Drop, name: str
) -> None:
    drop.options["files"] = "*.csv"
    drop.put(name, "sku,name\nA,1\n")
    assert drop.take() == []


def test_capitals_in_a_name_do_not_matter(drop: Drop) -> None:
    drop.put("ARTICLES.CSV", "sku,name\nA,1\n")
    assert keys(drop.take()) == ["A"]


def test_link_and_device_are_left_alone(drop: Drop, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("sku,name\nA,1\n", encoding="utf-8")
    (drop.root / "articles1.csv").symlink_to(secret)
    os.mkfifo(drop.root / "articles2.csv")
    (drop.root / "articles3.csv").mkdir()
    assert drop.take() == []


def test_inner_folder_that_leads_elsewhere_halts(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (drop.root / "archive").symlink_to(tmp_path / "elsewhere")
    drop.put("articles.csv", "sku,name\nA,1\n")
    assert isinstance(fails_with("SA-2005", drop.take), Misconfigured)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_whole_tables_are_read_oldest_first_each_its_own_pass(drop: Drop) -> None:
    drop.put("articles-b.csv", "sku,name\nNEW,1\n", age=10)
    drop.put("articles-a.csv", "sku,name\nLATER,1\n", age=20)
    drop.put("articles-c.csv", "sku,name\nOLD,1\n", age=30)
    batches = drop.take()
    assert keys(batches) == ["OLD", "LATER", "NEW"]
    assert [batch.complete for batch in batches] == [True, True, True]


def test_deltas_are_never_complete(drop: Drop) -> None:
    drop.options["contents"] = "delta"
    drop.put("articles.csv", "sku,name\nA,1\n")
    (batch,) = drop.take()
    assert (batch.whole, batch.complete) == (False, False)


def test_marker_makes_a_file_ready_at_once_and_goes_with_it(drop: Drop) -> None:
    drop.connection["ready_suffix"] = ".ok"
    drop.put("articles.csv", "sku,name\nA,1\n", age=0)
    assert drop.take() == []
    drop.put("articles.csv.ok", "", age=0)
    assert keys(drop.take()) == ["A"]
    assert drop.names() == []


def test_marker_of_an_earlier_file_of_the_same_name_does_not_count(drop: Drop) -> None:
    drop.connection["ready_suffix"] = ".ok"
    drop.put("articles.csv.ok", "", age=60)
    drop.put("articles.csv", "sku,name\nA,1\n", age=30)
    assert drop.take() == []


# What is known


def test_content_already_taken_over_is_archived_unread(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    cursor = drop.take()[-1].cursor
    drop.put("articles.csv", "sku,name\nA,1\n")
    (batch,) = drop.take(cursor)
    assert (len(batch.rows), batch.cursor, batch.complete) == (0, cursor, False)
    assert drop.names() == []
    assert drop.names("archive") == ["articles.csv"] * 2


def test_known_content_is_read_again_when_it_is_declared_differently(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    cursor = drop.take()[-1].cursor
    drop.options["encoding"] = "cp1252"
    drop.put("articles.csv", "sku,name\nA,1\n")
    assert keys(drop.take(cursor)) == ["A"]


def test_content_that_came_back_is_read_again(drop: Drop) -> None:
    cursor = ""
    for price in ("1", "2", "1"):
        drop.put("articles.csv", f"sku,price\nA,{price}\n")
        batches = drop.take(cursor)
        assert list(batches[-1].rows) == [("A", price)]
        cursor = batches[-1].cursor


def test_starting_over_reads_the_newest_archived_whole_table(drop: Drop) -> None:
    for name in ("A", "B"):
        drop.put("articles.csv", f"sku,name\n{name},1\n")
        drop.take()
    batches = drop.take("")
    assert keys(batches) == ["B"]
    assert batches[-1].complete
    assert drop.names("archive") == ["articles.csv"] * 2


def test_keys_come_from_the_newest_archived_table_with_rows_nobody_can_read(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\nB ,2\nC\nD,4\n")
    drop.take()
    (batch,) = drop.source().read_keys(["B", "X"])
    assert batch.rows[0] == ("B ", "2")
    assert fails_with("SA-2011", lambda: batch.rows[1])
    assert len(batch.rows) == len(batch.digests) == 2


def test_keys_without_an_archived_table_need_a_person(drop: Drop) -> None:
    fails_with("SA-2017", lambda: list(drop.source().read_keys(["A"])))


# What goes wrong


def test_file_claimed_by_an_earlier_life_is_read_first(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nOLD,1\n", age=10)
    dying = drop.source()
    next(dying.read(""))
    dying.close()
    drop.put("articles.csv", "sku,name\nNEW,1\n", age=60)
    assert keys(drop.take()) == ["OLD", "NEW"]
    assert drop.names("archive") == ["articles.csv"] * 2


def test_crash_between_commit_and_settle_does_not_read_the_file_twice(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    committed = list(drop.source().read(""))[-1].cursor
    assert keys(drop.take(committed)) == []
    assert drop.names("archive") == ["articles.csv"]


def test_empty_file_goes_to_the_quarantine_and_the_others_are_read(drop: Drop) -> None:
    drop.put("articles1.csv", "", age=90)
    drop.put("articles2.csv", "sku,name\nA,1\n")
    source, seen = drop.source(), []

    def read() -> None:
        for batch in source.read(""):
            seen.append(batch)
            source.settle(batch)

    assert isinstance(fails_with("SA-2006", read), Rejected)
    assert keys(seen) == ["A"]
    assert drop.names("quarantine") == ["articles1.csv", "articles1.csv.reason.txt"]
    (reason,) = (drop.root / "quarantine").glob("*.reason.txt")
    assert reason.read_text(encoding="utf-8").startswith("SA-2006 the file is empty")


def test_table_with_nothing_but_a_header_is_complete_without_rows(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\n")
    (batch,) = drop.take()
    assert (batch.columns, len(batch.rows), batch.complete) == (("sku", "name"), 0, True)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("\n\n", "there is none"),
        ("sku,name,sku\nA,1,2\n", "'sku' twice"),
        (b"sku,caff\xe8\nA,1\n", "byte 0xE8"),
        ('sku,"name\n', "unexpected end"),
        (",".join(f"c{i}" for i in range(1001)), "1001 columns, 1000 are allowed"),
    ],
)
def test_unusable_header_goes_to_the_quarantine(drop: Drop, data: str | bytes, says: str) -> None:
    drop.put("articles.csv", data)
    assert says in fails_with("SA-2008", drop.take).reason
    assert drop.names("quarantine") == ["articles.csv", "articles.csv.reason.txt"]
    assert drop.take() == []


def test_column_without_a_name_is_numbered(drop: Drop) -> None:
    drop.put("articles.csv", "sku, name ,\nA,1,\n")
    (batch,) = drop.take()
    assert batch.columns == ("sku", "name", "column_3")


def test_file_without_header_takes_its_columns_from_the_flow(drop: Drop) -> None:
    drop.options |= {"header": "no", "columns": ["sku", "name"]}
    drop.put("articles.csv", "A,1\n")
    (batch,) = drop.take()
    assert (batch.columns, list(batch.rows)) == (("sku", "name"), [("A", "1")])


@pytest.mark.parametrize(
    ("data", "given"),
    [
        ("sku\tname\nA\t1,5\n", {"delimiter": "tab"}),
        ("sku|name\nA|1,5\n", {"delimiter": "|", "quote": "none"}),
        ("sku;name\n'A';'1,5'\n", {"delimiter": ";", "quote": "'"}),
        ('"sku";"name"\n"A";"1,5"\n', {"delimiter": ";"}),
        ("A;1,5\n", {"delimiter": ";", "header": "no", "columns": ["sku", "name"]}),
        ("Stock\n\nsku;name\nA;1,5\n", {"delimiter": ";", "skip_lines": "2"}),
        ("* note\nsku;name\n* note\nA;1,5\n", {"delimiter": ";", "comment": "*"}),
        ("sku;name\nA;1,5\n\nTotal 1 row\n\n", {"delimiter": ";", "skip_footer": "1"}),
        ("sku;name\x85A;1,5\x85".encode("cp280"), {"delimiter": ";", "encoding": "cp280"}),
    ],
)
def test_csv_comes_in_many_forms(drop: Drop, data: str | bytes, given: dict[str, Any]) -> None:
    drop.options |= given
    drop.put("articles.csv", data)
    (batch,) = drop.take()
    assert (batch.columns, list(batch.rows)) == (("sku", "name"), [("A", "1,5")])


def test_row_says_in_which_file_and_line_it_stands(drop: Drop) -> None:
    drop.put("articles.csv", 'sku,name\nA,"two\nlines"\n\nB,2\n')
    (batch,) = drop.take()
    assert batch.where
    assert [batch.where(0), batch.where(1)] == ["articles.csv line 2", "articles.csv line 5"]


def test_file_that_grows_while_it_is_read_is_never_complete(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 1)
    drop.put("articles.csv", "sku,name\nA,1\nB,2\n")
    source = drop.source()
    reading = source.read("")
    assert not next(reading).complete
    (claimed,) = (drop.root / ".syncagent" / "claimed").iterdir()
    with claimed.open("a", encoding="utf-8") as file:
        file.write("C,3\n")
    assert isinstance(fails_with("SA-2007", lambda: list(reading)), Unavailable)
    assert keys(drop.take()) == ["A", "B", "C"]


def test_file_refused_in_the_middle_ends_in_quarantine_and_the_next_one_is_read(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drop_rows, "BATCH", 1)
    drop.put("articles1.csv", "sku,other\nA,1\nB,2\n", age=90)
    drop.put("articles2.csv", "sku,name\nC,1\n")
    source = drop.source()
    reading = source.read("")
    next(reading)
    source.refuse("the column name is gone")
    assert keys(list(reading)) == ["C"]
    assert drop.names("quarantine") == ["articles1.csv", "articles1.csv.reason.txt"]
    source.close()


def test_file_refused_at_its_end_is_not_archived(drop: Drop) -> None:
    drop.put("articles.csv", "sku,other\nA,1\n")
    source = drop.source()
    (batch,) = source.read("")
    source.refuse("the column name is gone")
    source.settle(batch)
    assert drop.names("archive") == []
    assert drop.names("quarantine") == ["articles.csv", "articles.csv.reason.txt"]


def test_quote_never_closed_ends_the_pass_and_spares_the_next_file(drop: Drop) -> None:
    drop.options["max_cell"] = "64KiB"
    filler = "x,1\n" * 600_000
    drop.put("articles1.csv", f'sku,name\n{filler}A,"open\n{filler}', age=90)
    drop.put("articles2.csv", "sku,name\nB,2\n")
    source = drop.source()
    failure = fails_with("SA-2010", lambda: [len(batch.rows) for batch in source.read("")])
    assert "line 600002" in failure.reason
    assert drop.names("quarantine") == ["articles1.csv", "articles1.csv.reason.txt"]
    assert keys(drop.take()) == ["B"]


def test_file_that_cannot_be_put_away_stops_the_flow(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    source = drop.source()
    (batch,) = source.read("")
    (claimed,) = (drop.root / ".syncagent" / "claimed").iterdir()
    (drop.root / "archive" / claimed.name).mkdir(parents=True)  # a folder is in the way
    fails_with("SA-2016", lambda: source.settle(batch))
    (drop.root / "archive" / claimed.name).rmdir()
    source.settle(batch)
    assert drop.names("archive") == ["articles.csv"]


def test_missing_folder_is_waited_for(drop: Drop) -> None:
    drop.root.rmdir()
    assert isinstance(fails_with("SA-2001", drop.take), Unavailable)
    assert isinstance(fails_with("SA-2001", lambda: list(drop.source().check())), Unavailable)


def test_folder_without_rights_halts_the_flow(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    drop.root.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        assert isinstance(fails_with("SA-2002", drop.take), Misconfigured)
    finally:
        os.seteuid(user)
        drop.root.chmod(0o700)


def test_archive_keeps_the_newest_files_and_only_touches_its_own(drop: Drop) -> None:
    drop.connection["keep_files"] = "2"
    (drop.root / "archive").mkdir()
    (drop.root / "archive" / "20200101T000000.000000Z_prices.csv").write_bytes(b"other flow")
    for number in range(4):
        drop.put("articles.csv", f"sku,name\nA,{number}\n")
        drop.take()
    assert drop.names("archive") == ["articles.csv", "articles.csv", "prices.csv"]
    assert list(drop.take("")[-1].rows) == [("A", "3")]


def test_archive_lets_go_of_what_is_too_old_but_never_of_the_newest(drop: Drop) -> None:
    drop.connection["keep_for"] = "0s"
    for number in range(2):
        drop.put("articles.csv", f"sku,name\nA,{number}\n")
        drop.take()
    assert drop.names("archive") == ["articles.csv"]


# Events


def test_watch_wakes_when_a_dropped_file_has_settled(drop: Drop) -> None:
    drop.connection["settle"] = "100ms"
    taken: list[str] = []
    done = threading.Event()

    def wake() -> None:
        taken.extend(keys(drop.take()))
        if taken:
            done.set()

    watch = drop.source().watch(wake)
    try:
        unfinished = drop.root / "articles.csv.tmp"
        unfinished.write_text("sku,name\nA,1\n", encoding="utf-8")
        unfinished.rename(drop.root / "articles.csv")
        assert done.wait(20)
    finally:
        watch.close()
    assert taken == ["A"]


def test_watch_wakes_for_what_lies_there_already(drop: Drop) -> None:
    drop.put("articles.csv", "sku,name\nA,1\n")
    drop.connection["settle"] = "10ms"
    woken = threading.Event()
    watch = drop.source().watch(woken.set)
    assert woken.wait(20)
    watch.close()


def test_watch_wakes_for_a_marker(drop: Drop) -> None:
    drop.connection |= {"ready_suffix": ".ok", "settle": "1h"}
    woken = threading.Event()
    watch = drop.source().watch(woken.set)
    drop.put("articles.csv.ok", "")
    assert woken.wait(20)
    watch.close()


def test_folder_that_cannot_be_watched_gives_no_events_and_no_error(drop: Drop) -> None:
    drop.root.rmdir()
    watch = drop.source().watch(lambda: None)
    watch.close()
