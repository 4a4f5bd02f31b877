"""What stands in the files, byte for byte; fixed width is read back by the kind `fixed`."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pydantic import ValidationError

from agent.model import Receipt
from connectors.file.naming import LONGEST, file_name
from connectors.fixed import KIND as FIXED
from connectors.fixed import FixedOptions, FixedSource
from tests.file.folders import deliver, message, take, target

CSV_ROWS = [
    ["H", "{{ record.number }}", "{{ record.note }}", "{{ record.total | decimal }}"],
    {
        "each": "{{ record.lines }}",
        "make": ["R", "{{ number }}", "{{ item.sku }}", "{{ item.price | decimal | round(2) }}"],
    },
]


def file(folder: Path, /, record: dict[str, Any] | None = None, **options: Any) -> bytes:
    """The one file that comes of an order."""
    (receipt,) = deliver(target(folder, **options), message(**(record or {})))
    assert receipt.accepted, receipt.reason
    (content,) = take(folder)
    return content


def refusal(folder: Path, /, record: dict[str, Any] | None = None, **options: Any) -> Receipt:
    (receipt,) = deliver(target(folder, **options), message(**(record or {})))
    assert not receipt.accepted
    assert take(folder) == []
    return receipt


def csv(content: Any = None, **form: Any) -> dict[str, Any]:
    return {"json": None, "csv": form, "content": content or CSV_ROWS}


def test_csv_with_a_head_and_a_row_for_each_line(tmp_path: Path) -> None:
    assert file(tmp_path, **csv(delimiter=";", decimal_mark=",")) == (
        b'H;W-17;;1250,5\r\nR;1;VIT-1;0,13\r\nR;2;"TAS;2";4,00\r\n'
    )


def test_csv_with_named_columns_and_a_header(tmp_path: Path) -> None:
    rows = [{"art": "{{ record.lines[0].sku }}", "note": 'say "hi"\nnow'}]
    form = {"columns": ["note", "art", "none"], "header": "yes", "line_end": "lf"}
    assert file(tmp_path, **csv(rows, **form, quoting="all")) == (
        b'"note","art","none"\n"say ""hi""\nnow","VIT-1",""\n'
    )


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ({"encoding": "cp1252"}, b"Caff\xe8 \x80\r\n"),
        ({"encoding": "utf-8-sig"}, b"\xef\xbb\xbfCaff\xc3\xa8 \xe2\x82\xac\r\n"),
        ({"encoding": "cp1144", "line_end": "nel"}, "Caffè €\x85".encode("cp1144")),
        ({"encoding": "ascii", "unknown_characters": "replace"}, b"Caff? ?\r\n"),
    ],
)
def test_encodings(tmp_path: Path, form: dict[str, Any], written: bytes) -> None:
    assert file(tmp_path, **csv([["Caffè €"]], **form)) == written


def test_a_character_that_the_encoding_lacks_refuses_the_record_by_name(tmp_path: Path) -> None:
    receipt = refusal(
        tmp_path, {"note": "Grazie 😀"}, **csv([["{{ record.note }}"]], encoding="cp1252")
    )
    assert receipt.code == "SA-5324"
    assert "'😀'" in receipt.reason
    assert "cp1252" in receipt.reason


def test_a_delimiter_in_a_cell_is_refused_where_nothing_can_be_quoted(tmp_path: Path) -> None:
    assert refusal(tmp_path, **csv(delimiter=";", quote="none")).code == "SA-5324"


@pytest.mark.parametrize("rows", ["text", [["{{ record.lines }}"]], [{"a": "1"}]])
def test_what_is_no_row_is_refused(tmp_path: Path, rows: Any) -> None:
    assert refusal(tmp_path, **csv(rows)).code == "SA-5324"


def test_json_keeps_every_digit(tmp_path: Path) -> None:
    content = {"total": "{{ record.total | decimal }}", "text": "{{ record.total }}", "note": None}
    assert file(tmp_path, content=content) == b'{"total":1250.5,"text":"1250.50","note":null}\n'
    lines = {"each": "{{ record.lines }}", "make": {"sku": "{{ item.sku }}"}}
    again = target(tmp_path, changed="rewrite", json={"layout": "lines"}, content=[lines])
    assert deliver(again, message(version=2))[0].accepted
    assert take(tmp_path) == [b'{"sku":"VIT-1"}\n{"sku":"TAS;2"}\n']


XML = {
    "json": None,
    "xml": {"namespaces": {"": "urn:erp:order", "c": "urn:erp:c"}, "indent": "2"},
    "content": {
        "Order": {
            "@number": "{{ record.number }}",
            "@note": "{{ record.note }}",
            "c:Customer": {"@scheme": "code", ".": "{{ record.customer }}"},
            "Note": "{{ record.note }}",
            "Line": {"each": "{{ record.lines }}", "make": {"Sku": "{{ item.sku }}"}},
            "Empty": "",
        }
    },
}


def test_xml_with_attributes_namespaces_and_repeated_elements(tmp_path: Path) -> None:
    assert file(tmp_path, **XML).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Order xmlns="urn:erp:order" xmlns:c="urn:erp:c" number="W-17">\n'
        '  <c:Customer scheme="code">C0042</c:Customer>\n'
        "  <Line>\n    <Sku>VIT-1</Sku>\n  </Line>\n"
        "  <Line>\n    <Sku>TAS;2</Sku>\n  </Line>\n"
        "  <Empty/>\n"
        "</Order>\n"
    )


def test_xml_holds_any_text_in_any_encoding(tmp_path: Path) -> None:
    text = "<a> & \"b\" 'c' ]]> €😀\r\nzwei\tdrei"
    for encoding in ("utf-8", "cp1252", "iso-8859-1", "utf-16"):
        options = XML | {"xml": {"encoding": encoding, "namespaces": XML["xml"]["namespaces"]}}
        folder = tmp_path / encoding
        folder.mkdir()
        root = ET.fromstring(file(folder, {"note": text, "number": text}, **options))
        assert root.findtext("{urn:erp:order}Note") == text
        assert root.get("number", "").split() == text.split()


def test_a_character_that_no_xml_can_hold_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, {"number": "a\x00b"}, **XML).code == "SA-5324"


@pytest.mark.parametrize("name", ["a b", "x:y", "1a", "@", "<a>", ""])
def test_a_name_that_is_none_is_found_before_anything_runs(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValidationError):
        target(tmp_path, **XML | {"content": {"Order": {name: "x"}}})


FIELDS: dict[str, dict[str, Any]] = {
    "code": {"length": 6, "align": "right", "pad": "0"},
    "name": {"length": 5, "too_long": "cut"},
    "plain": {"length": 7, "type": "number", "scale": 2},
    "zoned": {"length": 5, "type": "zoned", "scale": 1},
    "packed": {"length": 4, "type": "packed", "scale": 2},
    "binary": {"length": 4, "type": "binary", "scale": 3},
    "unsigned": {"length": 2, "type": "unsigned", "byte_order": "little"},
}
VALUES = {
    "code": "12",
    "name": "però, no",
    "plain": "-12.5",
    "zoned": "-150.5",
    "packed": "-99999.99",
    "binary": "-1.125",
    "unsigned": "65535",
}


def read_back(data: bytes, encoding: str) -> tuple[Any, ...]:
    """As the kind `fixed` reads it."""
    kept = {"length", "type", "scale", "byte_order"}
    fields = {
        name: {key: each for key, each in field.items() if key in kept}
        for name, field in FIELDS.items()
    }
    options = FixedOptions.model_validate(
        {"files": "*", "key": ["code"], "encoding": encoding, "record_length": 33, "fields": fields}
    )
    source = FixedSource(FIXED.connection.model_validate({"folder": "."}), options)
    (stretch,) = source.table(io.BytesIO(data)).stretches
    (row,) = stretch.rows
    return row


@pytest.mark.parametrize("positive", ["C", "F"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1144"])
@pytest.mark.parametrize("minus", [True, False], ids=["negative", "positive"])
def test_fixed_width_is_what_the_reader_reads(
    tmp_path: Path, encoding: str, positive: str, minus: bool
) -> None:
    fields = {
        name: field | ({"positive": positive} if field.get("type") else {})
        for name, field in FIELDS.items()
    }
    values = VALUES if minus else {name: text.lstrip("-") for name, text in VALUES.items()}
    form = {"records": {"D": fields}, "encoding": encoding, "line_end": "none"}
    data = file(tmp_path, json=None, fixed=form, content=[{"D": values}])
    assert len(data) == 33
    code, name, *numbers = read_back(data, encoding)
    assert (code, name) == ("000012", "però,")
    assert numbers == [Decimal(values[each]) for each in list(FIELDS)[2:]]


def test_records_of_several_kinds_with_gaps_and_a_length(tmp_path: Path) -> None:
    form = {
        "records": {
            "head": {"kind": {"length": 1}, "number": {"start": 5, "length": 6}},
            "line": {
                "kind": {"length": 1},
                "price": {"length": 8, "type": "number", "scale": 2, "mark": ",", "sign": "first"},
            },
        },
        "record_length": 12,
        "line_end": "lf",
    }
    content = [
        {"head": {"kind": "H", "number": "{{ record.number }}"}},
        {
            "each": "{{ record.lines }}",
            "make": {"line": {"kind": "L", "price": "{{ -(item.price | decimal | round(2)) }}"}},
        },
        {"line": {"kind": "L", "price": None}},
    ]
    assert file(tmp_path, json=None, fixed=form, content=content) == (
        b"H   W-17    \nL-0000,13   \nL-0004,00   \nL           \n"
    )


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ({"length": 3}, "quattro", "7 of 3 characters"),
        ({"length": 9}, "due\nrighe", "line end"),
        ({"length": 3, "type": "number"}, "1000", "too large"),
        ({"length": 3, "type": "number"}, "-100", "too large"),
        ({"length": 3, "type": "packed", "scale": 2}, "1.005", "more than 2 decimals"),
        ({"length": 3, "type": "zoned"}, "1E+3", "too large"),
        ({"length": 1, "type": "unsigned"}, "256", "too large"),
        ({"length": 1, "type": "unsigned"}, "-1", "too large"),
        ({"length": 3, "type": "packed"}, "dieci", "no number"),
        ({"length": 3, "type": "packed"}, "NaN", "no number"),
    ],
)
def test_what_does_not_fit_is_refused_and_never_cut_or_rounded(
    tmp_path: Path, field: dict[str, Any], value: str, why: str
) -> None:
    form = {"records": {"D": {"x": field}}, "encoding": "cp1252"}
    receipt = refusal(tmp_path, json=None, fixed=form, content=[{"D": {"x": value}}])
    assert receipt.code == "SA-5324"
    assert receipt.reason.startswith("D.x: ")
    assert why in receipt.reason


@pytest.mark.parametrize(
    "options",
    [
        {"json": None},
        {"csv": {}},
        csv(header="yes"),
        csv(delimiter='"'),
        csv(delimiter=";;"),
        csv(encoding="ascii", columns=["però"]),
        {"json": None, "fixed": {"records": {"D": {"x": {"length": 2, "type": "packed"}}}}},
        {
            "json": None,
            "fixed": {"records": {"D": {"x": {"length": 2}, "y": {"start": 2, "length": 1}}}},
        },
        {"json": None, "fixed": {"records": {"D": {"x": {"length": 9}}}, "record_length": 5}},
        {"json": None, "fixed": {"records": {"D": {"x": {"length": 9, "mark": ","}}}}},
    ],
)
def test_formats_that_cannot_be_are_found_before_anything_runs(
    tmp_path: Path, options: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        target(tmp_path, **options)


@pytest.mark.parametrize(
    ("wanted", "shape"),
    [
        ("ORD_17.csv", "ORD_17.csv"),
        ("../../etc/passwd", "_.._etc_passwd~"),
        ("..\\..\\a.csv", "_.._a~"),
        (".hidden", "hidden~"),
        ("CON.csv", "_CON~"),
        ("a\nb\x00c", "a_b_c~"),
        ("Order 17.", "Order 17~"),
        ("caffè.csv", "caffè.csv"),
    ],
)
def test_names_lead_nowhere_else(wanted: str, shape: str) -> None:
    assert file_name(wanted).startswith(shape)


def test_two_names_stay_two() -> None:
    wanted = ["a/b.csv", "a_b.csv", "a:b.csv", "a\\b.csv", "x" * 300 + "1.csv", "x" * 300 + "2.csv"]
    assert len({file_name(each) for each in wanted}) == len(wanted)
    assert all(len(file_name(each).encode()) <= LONGEST for each in wanted)
    assert file_name(wanted[-1]).endswith(".csv")


@pytest.mark.parametrize("name", ["", "...", "/", None, True])
def test_a_name_of_nothing_is_refused(tmp_path: Path, name: Any) -> None:
    assert refusal(tmp_path, {"number": name}, name="{{ record.number }}").code == "SA-5327"
