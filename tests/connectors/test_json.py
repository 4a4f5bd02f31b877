"""JSON files: the contract, what is reached in a record, and what cannot be read."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.contract import Kind
from agent.errors import Rejected, SyncError
from connectors._drop import rows as drop_rows
from connectors.json import KIND, JsonOptions
from connectors.json.paths import row_parser, steps_of
from tests.connectors.drop import Drop
from tests.contract.source_suite import COLUMNS, KEY, Row, SourceSuite


@dataclass
class JsonBench:
    folder: Path
    layout: str
    encoding: str
    kind: Kind = KIND

    @property
    def connection(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "settle": "0s"}

    @property
    def options(self) -> dict[str, Any]:
        given = {"files": "*.json", "key": list(KEY), "columns": list(COLUMNS)}
        where = {"records": "data.articles"} if self.layout == "document" else {}
        return given | where | {"layout": self.layout, "encoding": self.encoding}

    def put(self, rows: Sequence[Row]) -> None:
        records = [
            f'{{"sku": {json.dumps(sku)}, "name": {json.dumps(name)}, "price": {price}}}'
            for sku, name, price in rows
        ]
        text = "\n".join(records)
        if self.layout == "document":
            text = f'{{"data": {{"articles": [{", ".join(records)}]}}}}'
        dropped = self.folder / "articles.tmp"
        dropped.write_bytes(text.encode(self.encoding))
        dropped.rename(self.folder / "articles.json")


@pytest.mark.parametrize(
    ("layout", "encoding"),
    [("document", "utf-8-sig"), ("lines", "utf-8"), ("document", "utf-16"), ("lines", "cp850")],
)
class TestJsonSource(SourceSuite):
    @pytest.fixture(autouse=True)
    def small_batches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(drop_rows, "BATCH", 50)

    @pytest.fixture
    def bench(self, tmp_path: Path, layout: str, encoding: str) -> JsonBench:
        (tmp_path / "drop").mkdir()
        return JsonBench(tmp_path / "drop", layout, encoding)


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    drop = Drop(tmp_path / "drop", KIND)
    drop.options = {"files": "*.json", "key": ["sku"], "columns": ["sku", "price"]}
    return drop


def read(drop: Drop, text: str, **options: Any) -> list[tuple[Any, ...]]:
    drop.options |= options
    drop.put("articles.json", text)
    return [row for batch in drop.take() for row in batch.rows]


def refused(action: Callable[[], object]) -> SyncError:
    with pytest.raises(Rejected) as refusal:
        action()
    return refusal.value


def parse(record: str, **options: Any) -> tuple[Any, ...]:
    given = {"files": "*.json", "key": ["sku"], "columns": ["sku"]} | options
    return row_parser(JsonOptions.model_validate(given))(record.encode())


# Values


def test_numbers_keep_every_digit() -> None:
    record = '{"sku": 1, "a": 0.1, "b": 12345678901234567.89, "c": 1e-7, "d": 99999999999999999999}'
    row = parse(record, columns=["sku", "a", "b", "c", "d"])
    assert row == (
        1,
        Decimal("0.1"),
        Decimal("12345678901234567.89"),
        Decimal("0.0000001"),
        99999999999999999999,
    )
    assert not any(isinstance(value, float) for value in row)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_decimal_that_was_written_is_read_back(number: Decimal) -> None:
    assert parse(f'{{"sku": {number:f}}}') == (number,)
    assert parse(f'{{"sku": {number:E}}}') == (number,)


def test_nested_parts_are_columns_by_their_path() -> None:
    record = '{"sku": "A", "price": {"net": 1.50, "a.b": 2}, "images": ["x", "y"], "tags": ["t"]}'
    paths = ["sku", "price.net", "price.a\\.b", "images.1", "images.7", "none.deeper", "tags"]
    assert parse(record, columns=paths) == ("A", Decimal("1.50"), 2, "y", None, None, ["t"])


def test_steps_of_a_path() -> None:
    assert steps_of("") == []
    assert steps_of("a.b\\.c.d") == ["a", "b.c", "d"]


def test_nested_lists_are_child_rows() -> None:
    record = '{"sku": "A", "lines": [{"art": {"id": 7}, "qty": 1.5}, {"qty": null}], "img": ["x"]}'
    children = {"lines": ["art.id", "qty"], "img": ["."], "none": ["a"]}
    assert parse(record, children=children) == (
        "A",
        [{"art.id": 7, "qty": Decimal("1.5")}, {"art.id": None, "qty": None}],
        [{".": "x"}],
        [],
    )


@pytest.mark.parametrize(
    ("record", "code", "says"),
    [
        ("[1]", "SA-2024", "a list, not an object"),
        ("null", "SA-2024", "null, not an object"),
        ('{"sku": NaN}', "SA-2024", "malformed"),
        ('{"sku": 1e999999999}', "SA-2024", "beyond all measure"),
        ('{"sku": "A"', "SA-2024", "truncated"),
        ("[" * 100_000, "SA-2024", "recursion"),
        ('{"sku": "A", "price": 5}', "SA-2027", "price.net: 'net' is sought in a number"),
        ('{"sku": "A", "lines": {"qty": 1}}', "SA-2027", "lines is an object, not a list"),
        ('{"sku": "A", "lines": [5]}', "SA-2027", "qty: 'qty' is sought in a number"),
    ],
)
def test_record_that_is_not_what_it_should_be_is_refused(record: str, code: str, says: str) -> None:
    with pytest.raises(Rejected, match=says) as refusal:
        parse(record, columns=["sku", "price.net"], children={"lines": ["qty"]})
    assert refusal.value.code == code


# Files


def test_line_that_cannot_be_read_is_refused_alone_and_says_where_it_stands(drop: Drop) -> None:
    drop.options["layout"] = "lines"
    drop.put("articles.json", '{"sku": "A", "price": 1}\n\n{"sku": \n{"sku": "B", "price": 2}\n')
    (batch,) = drop.take()
    assert batch.where
    assert [batch.where(place) for place in range(3)] == [
        "articles.json line 1",
        "articles.json line 3",
        "articles.json line 4",
    ]
    assert [batch.rows[0], batch.rows[2]] == [("A", 1), ("B", 2)]
    assert refused(lambda: batch.rows[1]).code == "SA-2024"


def test_document_may_be_a_list_or_hold_one_or_be_a_single_record(drop: Drop) -> None:
    record = '{"sku": "A", "price": 1.0}'
    row = [("A", Decimal("1.0"))]
    assert read(drop, f" [{record}] ") == row
    assert read(drop, record) == row
    assert read(drop, f'{{"a.b": {{"c": [ {record} ]}}}}', records="a\\.b.c") == row
    assert read(drop, f'{{"order": {record}}}', records="order") == row
    assert read(drop, '{"order": []}', records="order") == []


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ('{"data": [{"sku": 1}', "SA-2024", "truncated"),
        ('{"data": [{"sku": 1}]} x', "SA-2024", "trailing"),
        ('{"data": {"a": tru}}', "SA-2024", "malformed"),
        ('{"date": []}', "SA-2025", "there is no 'data'"),
        ('{"data": 5}', "SA-2025", "neither a list nor an object"),
        ("[]", "SA-2025", "'data' is sought where no object stands"),
    ],
)
def test_document_that_cannot_be_used_goes_to_the_quarantine(
    drop: Drop, text: str, code: str, says: str
) -> None:
    error = refused(lambda: read(drop, text, records="data"))
    assert (error.code, says in error.reason) == (code, True), error.reason
    assert drop.names("quarantine") == ["articles.json", "articles.json.reason.txt"]


def test_broken_single_record_spoils_the_document(drop: Drop) -> None:
    assert refused(lambda: read(drop, '{"sku": "A", "price": 1')).code == "SA-2024"


def test_document_over_the_limit_is_refused_unread(drop: Drop) -> None:
    text = json.dumps([{"sku": "A" * 100, "price": 1}])
    error = refused(lambda: read(drop, text, max_document="100B"))
    assert (error.code, error.reason) == ("SA-2028", "the document has more than 100 bytes")


def test_line_without_end_is_refused(drop: Drop) -> None:
    text = json.dumps({"sku": "A" * 3_000_000})
    assert refused(lambda: read(drop, text, layout="lines", max_line="1MB")).code == "SA-2010"


def test_column_that_a_whole_table_lacks_is_no_empty_column(drop: Drop) -> None:
    text = '[{"sku": "A", "prise": 1}, {"sku": "B", "price": null}]'
    error = refused(lambda: read(drop, text))
    assert (error.code, "no record has a value for 'price'" in error.reason) == ("SA-2026", True)
    assert drop.names("quarantine") == ["articles.json", "articles.json.reason.txt"]
    assert read(drop, text, optional=["price"]) == [("A", None), ("B", None)]
    assert read(drop, text, optional=[], contents="delta") == [("A", None), ("B", None)]


def test_column_that_is_false_or_zero_everywhere_has_values(drop: Drop) -> None:
    text = '[{"sku": "A", "price": 0, "b": false, "c": ""}]'
    assert read(drop, text, columns=["sku", "price", "b", "c"]) == [("A", 0, False, "")]


def test_column_without_child_rows_anywhere_is_noticed_too(drop: Drop) -> None:
    text = '[{"sku": "A", "price": 1, "lines": []}]'
    error = refused(lambda: read(drop, text, children={"lines": ["qty"]}))
    assert "'lines'" in error.reason


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"columns": []}, "key column 'sku' is not among columns"),
        ({"columns": ["sku", "sku"]}, "'sku' is named twice"),
        ({"children": {"sku": ["a"]}}, "'sku' is named twice"),
        ({"children": {"lines": []}}, "name what to read"),
        ({"optional": ["x"]}, "optional column 'x'"),
        ({"key": ["lines"], "children": {"lines": ["a"]}}, "key column 'lines'"),
        ({"layout": "lines", "records": "data"}, "records is for a document"),
        ({"encoding": "utf-9"}, "unknown encoding"),
    ],
)
def test_options_that_cannot_work_are_refused_at_load(given: dict[str, Any], says: str) -> None:
    common = {"files": "*.json", "key": ["sku"], "columns": ["sku"]}
    with pytest.raises(ValidationError, match=says):
        JsonOptions.model_validate(common | given)
