"""Files of fixed width: the contract, where a record begins, and what cannot be read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agent.contract import Kind
from agent.errors import Rejected, SyncError
from connectors._drop import rows as drop_rows
from connectors.fixed import KIND, FixedOptions
from tests.connectors.drop import Drop
from tests.connectors.test_fixed_values import as_packed
from tests.contract.source_suite import KEY, Row, SourceSuite

FIELDS = {
    "sku": {"length": "5"},
    "name": {"length": "12"},
    "price": {"length": "4", "type": "packed", "scale": "2"},
}
LINE = FIELDS | {"price": {"length": "7", "type": "number", "scale": "2"}}


def record(sku: str, name: str, price: str, encoding: str = "cp280") -> bytes:
    packed = as_packed(int(Decimal(price) * 100)).rjust(4, b"\0")
    return f"{sku:5}{name:12}".encode(encoding) + packed


@dataclass
class FixedBench:
    folder: Path
    encoding: str
    line_end: bytes
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        return {
            "files": "*.dat",
            "key": list(KEY),
            "encoding": self.encoding,
            "record_length": "30",
            "line_ends": "yes" if self.line_end else "no",
            "fields": {
                "sku": {"length": "5"},
                "name": {"length": "20"},
                "price": {"length": "5", "type": "packed", "scale": "2"},
            },
        }

    def put(self, rows: Sequence[Row]) -> None:
        records = (
            f"{sku:5}{name:20}".encode(self.encoding)
            + as_packed(int(price * 100)).rjust(5, b"\0")
            + self.line_end
            for sku, name, price in rows
        )
        dropped = self.folder / "articles.tmp"
        dropped.write_bytes(b"".join(records))
        dropped.rename(self.folder / "articles.dat")


@pytest.mark.parametrize(
    ("encoding", "line_end"), [("cp1144", b""), ("cp1144", b"\x25"), ("cp1252", b"\r\n")]
)
class TestFixedSource(SourceSuite):
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drop_rows, "BATCH", 50)

    @pytest.fixture
    def bench(self, tmp_path: Path, encoding: str, line_end: bytes) -> FixedBench:
        (tmp_path / "drop").mkdir()
        return FixedBench(tmp_path / "drop", encoding, line_end)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {"files": "*.dat", "key": ["sku"], "encoding": "cp280"}
    return drop


def records_of(drop: Drop, data: bytes, **options: Any) -> list[tuple[Any, ...]]:
    drop.options |= {"fields": FIELDS, "record_length": "21"} | options
    drop.put("articles.dat", data)
    return [row for batch in drop.take() for row in batch.rows]


def lines_of(drop: Drop, data: bytes, **options: Any) -> list[tuple[Any, ...]]:
    drop.options |= {"fields": LINE, "encoding": "cp1252"} | options
    drop.put("articles.dat", data)
    return [row for batch in drop.take() for row in batch.rows]


def refused(action: Callable[[], object]) -> SyncError:
    with pytest.raises(Rejected) as refusal:
        action()
    return refusal.value


# Records of one length


def test_record_of_an_as400_is_read_as_it_was_meant(drop: Drop) -> None:
    data = record("00123", "Però così", "12.50") + record("A", "", "-0.01")
    assert records_of(drop, data) == [
        ("00123", "Però così", Decimal("12.50")),
        ("A", "", Decimal("-0.01")),
    ]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\x15", b"\x25", b"\r\x25"])
def test_bytes_of_a_number_that_look_like_a_line_end_are_digits(drop: Drop, end: bytes) -> None:
    prices = ["1515.15", "2525.25", "0.00"]
    data = b"".join(record(str(i), "x", price) + end for i, price in enumerate(prices))
    for given in (data, data.removesuffix(end)):
        found = records_of(drop, given, line_ends="yes")
        assert [row[2] for row in found] == list(map(Decimal, prices))


@pytest.mark.parametrize("rest", [b"\x1a", b"\r\n", b"\x3f\x3f\x3f", b"\x1a" * 20, b"\x25"])
def test_what_programs_leave_behind_the_last_record_is_no_record(drop: Drop, rest: bytes) -> None:
    assert len(records_of(drop, record("A", "x", "1") + rest)) == 1


def test_record_that_was_cut_off_is_refused_and_says_where_it_stands(drop: Drop) -> None:
    drop.options |= {"fields": FIELDS, "record_length": "21"}
    drop.put("articles.dat", record("A", "x", "1") + record("B", "y", "2")[:17])
    (batch,) = drop.take()
    assert batch.rows[0][0] == "A"
    error = refused(lambda: batch.rows[1])
    assert (error.code, error.reason) == ("SA-2021", "the record ends at position 17 of 21")
    assert batch.where
    assert batch.where(1) == "articles.dat record 2 at byte 22"


def test_record_without_its_line_end_spoils_the_file(drop: Drop) -> None:
    data = record("A", "x", "1") + b"\n" + record("B", "y", "2") + b"\n\n"
    broken = data + record("C", "z", "3") + b"\n"
    error = refused(lambda: records_of(drop, broken, line_ends="yes"))
    assert (error.code, "record 3 is followed by" in error.reason) == ("SA-2023", True)
    assert drop.names("quarantine") == ["articles.dat", "articles.dat.reason.txt"]


def test_length_that_counts_the_line_end_too_is_found_at_once(drop: Drop) -> None:
    data = (record("A", "x", "1") + b"\n") * 2
    error = refused(lambda: records_of(drop, data, record_length="22", line_ends="yes"))
    assert "record 1 is followed by" in error.reason


def test_only_records_of_the_wanted_types_are_rows(drop: Drop) -> None:
    data = b"".join(
        kind.encode("cp280") + body
        for kind, body in [
            ("H", bytes(21)),
            ("D", record("A", "x", "1")),
            ("C", record("B", "y", "2")),
            ("T", bytes(21)),
        ]
    )
    fields = {"type": {"length": "1"}} | FIELDS
    wanted = {"start": "1", "values": ["D", "C"]}
    found = records_of(drop, data, fields=fields, record_length="22", record_type=wanted)
    assert [row[:2] for row in found] == [("D", "A"), ("C", "B")]


def test_records_at_both_ends_are_skipped(drop: Drop) -> None:
    data = b"\0" * 42 + record("A", "x", "1") + record("B", "y", "2") + b"\0" * 21
    found = records_of(drop, data, skip_records="2", skip_footer="1")
    assert [row[0] for row in found] == ["A", "B"]


def test_every_type_of_field(drop: Drop) -> None:
    fields = {
        "sku": {"start": "3", "length": "2"},
        "first": {"start": "1", "length": "2", "type": "zoned", "sign": "first"},
        "last": {"start": "5", "length": "3", "type": "zoned", "scale": "1"},
        "count": {"length": "2", "type": "binary"},
        "little": {"length": "2", "type": "unsigned", "byte_order": "little", "scale": "2"},
        "printed": {"length": "6", "type": "number", "scale": "2"},
        "latin": {"length": "2", "encoding": "cp1252"},
    }
    data = bytes.fromhex("D1F2 C1C2 F0F1D5 FFFE FF00 4040F1F2F360 E8E9")
    found = records_of(drop, data, fields=fields, record_length=str(len(data)))
    assert found == [
        ("AB", Decimal(-12), Decimal("-1.5"), Decimal(-2), Decimal("2.55"), Decimal("-1.23"), "èé")
    ]


@pytest.mark.parametrize("blank", [b"\x40", b"\0"])
def test_number_that_was_never_filled_in_is_empty_only_where_that_is_declared(
    drop: Drop, blank: bytes
) -> None:
    data = record("A", "x", "1")[:17] + blank * 4
    empty = FIELDS | {"price": FIELDS["price"] | {"blank_is_empty": "yes"}}
    assert records_of(drop, data, fields=empty) == [("A", "x", None)]
    error = refused(lambda: records_of(drop, data))
    assert error.code == "SA-2022"
    assert error.reason.startswith(f"field price (positions 18 to 21): 0x{blank.hex() * 4} is no")


def test_zero_byte_fills_a_field_up_and_is_no_letter(drop: Drop) -> None:
    data = "A".encode("cp280") + bytes(4) + "x".encode("cp280") + bytes(11) + as_packed(1000001)
    assert records_of(drop, data) == [("A", "x", Decimal("10000.01"))]
    inside = data.replace("x".encode("cp280") + bytes(2), "x\0y".encode("cp280"))
    assert "field name (positions 6 to 17)" in refused(lambda: records_of(drop, inside)).reason


# Lines


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "utf-8", "utf-8-sig", "utf-16", "cp280"])
def test_lines_are_read_by_position_in_every_encoding(drop: Drop, encoding: str) -> None:
    text = "00123Però        0001250\r\nA    è           000007-\r\n"
    assert lines_of(drop, text.encode(encoding), encoding=encoding) == [
        ("00123", "Però", Decimal("12.50")),
        ("A", "è", Decimal("-0.07")),
    ]


def test_overpunched_sign_is_found_in_lines_of_an_ebcdic_file(drop: Drop) -> None:
    fields = {"sku": {"length": "2"}, "stock": {"length": "3", "type": "zoned"}}
    data = bytes.fromhex("C1C2 F0F1D5 15 C1C3 F0F1C0 15")
    found = lines_of(drop, data, encoding="cp280", fields=fields)
    assert found == [("AB", Decimal(-15)), ("AC", Decimal(10))]


def test_line_that_ends_early_is_refused_unless_blanks_may_be_missing(drop: Drop) -> None:
    fields = {"sku": {"length": "5"}, "name": {"length": "12"}}
    data = b"A    Tubo\nB\n"
    assert lines_of(drop, data, fields=fields, pad_lines="yes") == [("A", "Tubo"), ("B", "")]
    error = refused(lambda: lines_of(drop, data, fields=fields, pad_lines="no"))
    assert (error.code, error.reason) == ("SA-2021", "the line ends at position 9 of 17")


def test_byte_that_the_encoding_lacks_is_refused_with_its_place(drop: Drop) -> None:
    data = b"A    Per\x81         0001250\n"
    error = refused(lambda: lines_of(drop, data))
    assert error.code == "SA-2012"
    assert "field name" in error.reason
    assert "byte 0x81 at position 9" in error.reason
    assert refused(lambda: lines_of(drop, data, encoding="utf-8")).code == "SA-2012"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"key": ["code"]}, "key column 'code' is not among fields"),
        ({"fields": FIELDS}, "price is packed"),
        ({"fields": FIELDS, "record_length": "20", "encoding": "cp280"}, "price ends at byte 21"),
        ({"fields": FIELDS, "record_length": "21"}, "cannot be utf-8"),
        ({"line_ends": "yes"}, "line_ends is for records"),
        ({"record_length": "80", "encoding": "cp280", "pad_lines": "yes"}, "pad_lines is for"),
        ({"fields": {"sku": {"length": "0"}}}, "greater than or equal to 1"),
        ({"fields": {"sku": {"length": "5", "scale": "2"}}}, "scale means nothing"),
        ({"fields": {"sku": {"length": "17", "type": "binary"}}}, "at most 16 bytes"),
        ({"fields": {"sku": {"length": "5", "encoding": "utf-16"}}}, "one byte for each"),
        ({"fields": {"sku": {"length": "5", "encoding": "cp280"}}}, "needs record_length"),
        ({"fields": {"sku": {"length": "5", "encoding": "cp28"}}}, "unknown encoding"),
        ({"record_type": {"start": "1", "values": ["€"]}, "encoding": "cp850"}, "can't encode"),
    ],
)
def test_options_that_cannot_work_are_refused_at_load(given: dict[str, Any], says: str) -> None:
    common = {"files": "*.dat", "key": ["sku"], "fields": LINE}
    with pytest.raises(ValidationError, match=says):
        FixedOptions.model_validate(common | given)
