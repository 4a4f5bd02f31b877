"""dBase tables: the contract, every type as other libraries write and read it, and refusals.

The tables among the fixtures were written with the library `dbf` 0.99.11: dBase III (db3, cp850),
Clipper (clp, cp437), FoxPro 2 (fp, cp850), Visual FoxPro with null flags (vfp, cp1252). The first
three hold the same four records, one of them deleted.
"""

import shutil
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import dbfread
import dbfread.codepages
import pytest

from agent.contract import Batch, Kind
from agent.errors import Misconfigured, Rejected, SyncError
from connectors._drop import rows as drop_rows
from connectors.dbf import KIND
from connectors.dbf.header import CODE_PAGES
from tests.connectors.dbf_tables import (
    DBASE_III,
    DBASE_III_MEMO,
    DBASE_IV_MEMO,
    VISUAL_FOXPRO,
    Columns,
    dbase_iv_memos,
    table,
)
from tests.connectors.drop import Drop
from tests.contract.source_suite import KEY, Row, SourceSuite

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "dbf"
TEXT = 'Prima riga\r\nSeconda: però, 12,50 e "virgolette"'
SAME_IN_ALL = [
    (
        "00123",
        'Tubo 1/2" però',
        Decimal("12.50"),
        Decimal("-0.001"),
        date(2026, 11, 22),
        True,
        TEXT,
    ),
    ("A-2", "", None, Decimal("123456789.123"), None, None, ""),
    ("Z", "ù" * 20, Decimal("-99999.99"), Decimal("0.000"), date(1900, 1, 1), False, "x" * 3000),
]


@dataclass
class DbfBench:
    folder: Path
    with_memos: bool
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {"files": "*.dbf", "key": list(KEY)}

    def put(self, rows: Sequence[Row]) -> None:
        names = [name.encode("cp1252") for _, name, _ in rows]
        memos, blocks = dbase_iv_memos(names)
        cells = [b"%10d" % block for block in blocks] if self.with_memos else names
        name = ("name", "M", 10, 0) if self.with_memos else ("name", "C", 30, 0)
        records = [
            b" " + sku.encode() + cell.ljust(name[2]) + f"{price:12.2f}".encode()
            for (sku, _, price), cell in zip(rows, cells, strict=True)
        ]
        columns = [("sku", "C", 5, 0), name, ("price", "N", 12, 2)]
        if self.with_memos:
            (self.folder / "articles.dbt").write_bytes(memos)
        version = DBASE_IV_MEMO if self.with_memos else DBASE_III
        (self.folder / "articles.tmp").write_bytes(table(columns, records, version))
        (self.folder / "articles.tmp").rename(self.folder / "articles.dbf")


@pytest.mark.parametrize("with_memos", [False, True])
class TestDbfSource(SourceSuite):
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drop_rows, "BATCH", 50)

    @pytest.fixture
    def bench(self, tmp_path: Path, with_memos: bool) -> DbfBench:
        (tmp_path / "drop").mkdir()
        return DbfBench(tmp_path / "drop", with_memos)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {"files": "*.dbf", "key": ["CODICE"]}
    drop.connection["settle"] = "0s"
    return drop


def put_fixture(drop: Drop, name: str) -> None:
    for path in FIXTURES.glob(f"{name}.*"):
        shutil.copy(path, drop.root)


def read(drop: Drop, data: bytes, **options: Any) -> Batch:
    drop.options |= options
    drop.put("articles.dbf", data)
    (batch,) = drop.take()
    return batch


def refused(action: Callable[[], object]) -> SyncError:
    with pytest.raises(Rejected) as refusal:
        action()
    return refusal.value


# What other programs wrote


@pytest.mark.parametrize("name", ["db3", "clp", "fp"])
def test_table_of_each_program_is_read_to_the_last_digit(drop: Drop, name: str) -> None:
    put_fixture(drop, name)
    (batch,) = drop.take()
    assert batch.columns == ("CODICE", "DESCR", "PREZZO", "GIAC", "DATA", "ATTIVO", "NOTE")
    assert list(batch.rows) == SAME_IN_ALL
    assert batch.where
    assert batch.where(2) == f"{name}.dbf record 4"  # the third one is deleted


def test_every_type_of_visual_foxpro(drop: Drop) -> None:
    put_fixture(drop, "vfp")
    (batch,) = drop.take()
    first, least, greatest, empty = batch.rows
    assert first == (
        "00123",
        Decimal("12.5000"),
        Decimal("0.1"),
        -5,
        datetime(2026, 11, 22, 13, 45, 30),  # noqa: DTZ001 - as the table gives it
        date(2026, 11, 22),
        TEXT,
        Decimal("1.2500"),
        "€uro",
    )
    assert least[1:4] == (Decimal("-9223372036854.7758"), Decimal("-1E+300"), -2147483646)
    assert greatest[1:5] == (
        Decimal("9223372036854.7757"),
        Decimal("12345678901234.5"),
        2147483646,
        datetime(1900, 1, 1),  # noqa: DTZ001 - as the table gives it
    )
    assert [row[7] for row in (least, greatest, empty)] == [None, Decimal("-1.0000"), None]
    assert [row[8] for row in (least, greatest, empty)] == [None, None, "x"]
    assert empty[4:7] == (None, None, None)


@pytest.mark.parametrize("name", ["db3", "clp", "fp", "vfp"])
def test_another_reader_sees_the_same(drop: Drop, name: str) -> None:
    theirs = [tuple(record.values()) for record in dbfread.DBF(FIXTURES / f"{name}.dbf")]
    put_fixture(drop, name)
    (batch,) = drop.take()
    hidden = [row[: len(batch.columns)] for row in theirs]
    for ours, other in zip(batch.rows, hidden, strict=True):
        for mine, seen in zip(ours, other, strict=True):
            if isinstance(seen, float):
                assert float(mine) == seen
            elif mine is not None:  # dbfread knows no null flags: it gives what lies below
                assert (mine or None) == (seen or None) or mine == seen


def test_code_pages_are_those_of_the_other_reader() -> None:
    theirs = {byte: name for byte, (name, _) in dbfread.codepages.codepages.items() if byte}
    assert theirs.items() <= CODE_PAGES.items()
    assert set(CODE_PAGES) - set(theirs) <= {0x87, 0xCC}


# Numbers, dates and the like


COLUMNS: Columns = [("CODICE", "C", 4, 0), ("V", "N", 20, 4)]


def value(drop: Drop, cell: bytes, kind: str = "N", version: int = DBASE_III) -> Any:
    columns = [("CODICE", "C", 4, 0), ("V", kind, len(cell), 0)]
    return read(drop, table(columns, [b" A   " + cell], version)).rows[0][1]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (b"   1234567890123456.7891", "1234567890123456.7891"),
        (b"-0.10", "-0.10"),
        (b"+.5 ", "0.5"),
        (b"7.  ", "7"),
        (b"1.5E+3", "1.5E+3"),
        (b"12\0\0", "12"),
        (b"   ", None),
        (b"\0\0\0", None),
    ],
)
@pytest.mark.parametrize("kind", ["N", "F"])
def test_number_keeps_every_digit(drop: Drop, cell: bytes, kind: str, number: str | None) -> None:
    found = value(drop, cell, kind)
    assert found == (Decimal(number) if number else None)
    assert str(found) == str(Decimal(number) if number else None)


@pytest.mark.parametrize(
    ("cell", "kind", "says"),
    [
        (b"*****", "N", "asterisks"),
        (b"12,50", "N", "is no number"),
        (b"  -  ", "N", "is no number"),
        (b"NaN", "N", "is no number"),
        (b"20261301", "D", "month must be"),
        (b"2026-1-1", "D", "is no date"),
        (b"X", "L", "neither true nor false"),
        (b"caff\x81", "C", "can't decode"),
        (b"        12", "M", "no .fpt or .dbt came with the table"),
        (b"        x1", "M", "is no memo block"),
    ],
)
def test_value_that_cannot_be_is_refused_with_its_place(
    drop: Drop, cell: bytes, kind: str, says: str
) -> None:
    error = refused(lambda: value(drop, cell, kind))
    assert (error.code, says in error.reason) == ("SA-2052", True), error.reason
    assert f"column V (bytes 6 to {5 + len(cell)})" in error.reason


@pytest.mark.parametrize("cell", [b"        ", b"00000000", b"\0" * 8])
def test_empty_date_is_no_date(drop: Drop, cell: bytes) -> None:
    assert value(drop, cell, "D") is None


@pytest.mark.parametrize(
    ("cell", "truth"), [(b"y", True), (b"f", False), (b"?", None), (b" ", None)]
)
def test_logical_is_true_false_or_unknown(drop: Drop, cell: bytes, truth: bool | None) -> None:
    assert value(drop, cell, "L") is truth


def test_double_that_is_no_number_is_refused(drop: Drop) -> None:
    cell = struct.pack("<d", float("inf"))
    assert "no finite number" in refused(lambda: value(drop, cell, "B", VISUAL_FOXPRO)).reason


def test_text_longer_than_a_byte_can_say(drop: Drop) -> None:
    columns = [("CODICE", "C", 4, 0), ("V", "C", 300 - 256, 1)]
    data = bytearray(table(columns, [b" A   " + b"x" * 300]))
    data[10:12] = struct.pack("<H", 305)
    assert read(drop, bytes(data)).rows[0] == ("A", "x" * 300)


def test_record_that_is_neither_there_nor_deleted_is_refused(drop: Drop) -> None:
    batch = read(drop, table(COLUMNS, [b"\0A   " + b"1".rjust(20), b" B   " + b"2".rjust(20)]))
    assert refused(lambda: batch.rows[0]).code == "SA-2052"
    assert batch.rows[1] == ("B", Decimal(2))


def test_same_bytes_under_other_columns_digest_differently(drop: Drop) -> None:
    record = b" A   " + b"1".rjust(20)
    digests = {
        read(drop, table([("CODICE", "C", 4, 0), (name, kind, 20, 0)], [record])).digests[0]
        for name, kind in (("V", "N"), ("W", "N"), ("V", "C"))
    }
    assert len(digests) == 3


# Code pages


def test_code_page_is_that_of_the_header_unless_one_is_declared(drop: Drop) -> None:
    data = table([("CODICE", "C", 4, 0)], [b" caf\x8a"], language=0x02)
    assert read(drop, data).rows[0] == ("cafè",)
    assert read(drop, data, encoding="cp1252").rows[0] == ("cafŠ",)


@pytest.mark.parametrize("language", [0x00, 0xFE])
def test_code_page_is_never_guessed(drop: Drop, language: int) -> None:
    data = table([("CODICE", "C", 4, 0)], [b" A   "], language=language)
    with pytest.raises(Misconfigured) as failure:
        read(drop, data)
    assert failure.value.code == "SA-2053"


# Memos


def test_memo_file_goes_where_its_table_goes(drop: Drop) -> None:
    put_fixture(drop, "fp")
    (drop.root / "fp.fpt").rename(drop.root / "FP.FPT")
    (batch,) = drop.take()
    assert batch.rows[0][6] == TEXT
    assert drop.names("archive") == ["fp.dbf", "fp.fpt"]
    assert drop.names() == []


def test_memo_that_changed_alone_is_noticed(drop: Drop) -> None:
    put_fixture(drop, "db3")
    (first,) = drop.take()
    put_fixture(drop, "db3")
    memos = (FIXTURES / "db3.dbt").read_bytes().replace(b"Prima riga", b"PRIMA RIGA")
    (drop.root / "db3.dbt").write_bytes(memos)
    (second,) = drop.take(first.cursor)
    assert second.rows[0][6] == TEXT.replace("Prima riga", "PRIMA RIGA")


def test_memo_over_the_limit_or_cut_off_parks_its_row_alone(drop: Drop) -> None:
    for name in ("db3", "fp"):
        put_fixture(drop, name)
        drop.options["max_memo"] = "1000B"
        (batch,) = drop.take()
        assert batch.rows[0] == SAME_IN_ALL[0]
        assert refused(lambda: batch.rows[2]).code == "SA-2052"  # noqa: B023 - asked at once
        put_fixture(drop, name)
        del drop.options["max_memo"]
        (memos,) = [path for path in drop.root.glob(f"{name}.*") if path.suffix != ".dbf"]
        memos.write_bytes(memos.read_bytes()[:1500])
        (batch,) = drop.take()
        assert batch.rows[0] == SAME_IN_ALL[0]
        assert "cut off" in refused(lambda: batch.rows[2]).reason  # noqa: B023 - asked at once


def test_memos_of_dbase_iv_are_what_another_reader_sees(drop: Drop, tmp_path: Path) -> None:
    texts = [b"short", b"x" * 2000, "però".encode("cp1252")]
    memos, blocks = dbase_iv_memos(texts)
    columns = [("CODICE", "C", 4, 0), ("NOTE", "M", 10, 0)]
    records = [b" A%d  %10d" % (place, block) for place, block in enumerate(blocks)]
    data = table(columns, records, DBASE_IV_MEMO)
    (tmp_path / "t.dbf").write_bytes(data)
    (tmp_path / "t.dbt").write_bytes(memos)
    # It takes the length of the memo's own header for eight bytes of text more.
    theirs = [record["NOTE"].rstrip("\0") for record in dbfread.DBF(tmp_path / "t.dbf")]
    (drop.root / "articles.dbt").write_bytes(memos)
    ours = [row[1] for row in read(drop, data).rows]
    assert ours == theirs == [text.decode("cp1252") for text in texts]


def test_soft_line_ends_of_a_memo_editor_are_none(drop: Drop) -> None:
    text = b"one \x8d\ntwo\r\nthree\x1a\x1a"
    (drop.root / "articles.dbt").write_bytes(bytes(512) + text.ljust(512, b"\0"))
    columns = [("CODICE", "C", 4, 0), ("NOTE", "M", 10, 0)]
    batch = read(drop, table(columns, [b" A   " + b"1".rjust(10)], DBASE_III_MEMO))
    assert batch.rows[0] == ("A", "one two\r\nthree")


# Tables that cannot be used


def changed(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


GOOD = table(COLUMNS, [b" A   " + b"1".rjust(20)])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (GOOD[:20], "ends within the header"),
        (GOOD[:70], "ends within the header"),
        (GOOD[:-10], "it was cut off"),
        (changed(GOOD, 0, b"P"), "0x50 is that of no dBase table"),
        (changed(GOOD, 0, b"\x04"), "dBase 7"),
        (changed(GOOD, 14, b"\1"), "a transaction on it is not finished"),
        (changed(GOOD, 15, b"\1"), "it is encrypted"),
        (changed(GOOD, 10, b"\x30"), "its columns make 25 bytes a record"),
        (changed(GOOD, 32 + 32, b"CODICE\0"), "two columns have one name"),
        (changed(GOOD, 32 + 32 + 11, b"V"), "column V is of the type 'V'"),
        (table([], [b" "]), "it has no columns"),
    ],
)
def test_table_that_cannot_be_used_goes_to_the_quarantine(
    drop: Drop, data: bytes, says: str
) -> None:
    error = refused(lambda: read(drop, data))
    assert (error.code, says in error.reason) == ("SA-2051", True), error.reason
    assert drop.names("quarantine") == ["articles.dbf", "articles.dbf.reason.txt"]


def test_memo_file_without_a_header_spoils_its_table(drop: Drop) -> None:
    put_fixture(drop, "fp")
    (drop.root / "fp.fpt").write_bytes(b"\0")
    assert refused(drop.take).code == "SA-2051"
    assert drop.names("quarantine") == ["fp.dbf", "fp.dbf.reason.txt", "fp.fpt"]
