import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.errors import Misconfigured, Rejected
from agent.mapping import Mapped, Mapping, MappingSpec, Notation, compile_mapping
from agent.model import Op

PRICE = {
    "sku": "CODART",
    "price_list": "LISTINO",
    "price": {"from": "PREZZO", "scale": "2"},
    "currency": {"value": "EUR"},
}
COLUMNS = ("CODART", "LISTINO", "PREZZO", "STATO")


def mapping_of(fields: dict[str, Any], entity: str = "price", **options: Any) -> Mapping:
    return compile_mapping(MappingSpec.model_validate(fields), entity=entity, **options)


def data_of(mapped: Mapped) -> Any:
    assert mapped.op is Op.UPSERT
    assert not mapped.skipped
    return msgspec.json.decode(mapped.body)


def test_a_row_becomes_canonical_json_in_the_mappings_order() -> None:
    map_row = mapping_of(PRICE).bind(COLUMNS)
    assert map_row(("00123 ", 1, Decimal("9.5"), "A")) == Mapped(
        Op.UPSERT, b'{"sku":"00123","price_list":"1","price":"9.50","currency":"EUR"}'
    )


def test_an_emptied_value_stays_in_the_body_as_null() -> None:
    map_row = mapping_of(PRICE | {"discount": "STATO"}).bind(COLUMNS)
    assert data_of(map_row(("A", "1", "1", None)))["discount"] is None


def test_equal_rows_of_different_drivers_have_equal_bodies() -> None:
    map_row = mapping_of(PRICE).bind(COLUMNS)
    rows = [("7", 1, 9.5, ""), (7, "1", Decimal("9.500"), None), ("7 ", Decimal(1), "09.5", "")]
    assert len({map_row(row).body for row in rows}) == 1


def test_columns_are_found_by_name_in_any_order() -> None:
    mapping = mapping_of(PRICE)
    first = mapping.bind(COLUMNS)(("A", "1", "2", "x"))
    assert mapping.bind(("PREZZO", "LISTINO", "CODART"))(("2", "1", "A")) == first


def test_a_missing_column_halts_and_suggests_the_one_that_is_meant() -> None:
    with pytest.raises(Misconfigured) as caught:
        mapping_of(PRICE).bind(("CODART", "LISTINO", "prezzo"))
    assert caught.value.code == "SA-3007"
    assert caught.value.reason == 'mapping.price.from: the source has no column "PREZZO"'
    assert caught.value.hint == 'did you mean "prezzo"?'


def test_a_refused_row_names_field_value_and_rule() -> None:
    map_row = mapping_of(PRICE, notation=Notation(decimal_mark=",")).bind(COLUMNS)
    with pytest.raises(Rejected) as caught:
        map_row(("A", "1", "12,x", ""))
    assert str(caught.value) == (
        'SA-3102 field "price": "12,x" is not a decimal number (decimal mark ",")'
    )


def test_what_the_entity_requires_is_required_of_every_row() -> None:
    with pytest.raises(Rejected, match='field "sku": "  " is empty, a value is required'):
        mapping_of(PRICE).bind(COLUMNS)(("  ", "1", "2", ""))


def test_the_sources_notation_holds_where_a_field_says_nothing() -> None:
    notation = Notation(decimal_mark=",", group_mark=".", date_format="%d/%m/%Y")
    fields = PRICE | {"valid_from": "STATO", "discount": {"value": "1.5", "decimal_mark": "."}}
    fields["discount"]["group_mark"] = ""
    data = data_of(
        mapping_of(fields, notation=notation).bind(COLUMNS)(("A", "1", "1.234,5", "3/4/2026"))
    )
    assert (data["price"], data["valid_from"], data["discount"]) == ("1234.50", "2026-04-03", "1.5")


def test_a_row_that_where_excludes_is_left_out() -> None:
    map_row = mapping_of(PRICE, where="row.STATO == 'A'").bind(COLUMNS)
    assert not map_row(("A", "1", "2", "A")).skipped
    assert map_row(("A", "1", "not even a number", "B")).skipped


def test_a_row_that_says_it_is_gone_is_a_delete() -> None:
    mapping = mapping_of(PRICE, where="row.LISTINO == '1'", delete_when="row.STATO == 'D'")
    map_row = mapping.bind(COLUMNS)
    assert map_row(("A", "1", "not even a number", "D")) == Mapped(Op.DELETE, b"", False)
    assert map_row(("A", "2", "1", "D")).skipped


def test_a_condition_that_fails_refuses_the_row_and_names_itself() -> None:
    map_row = mapping_of(PRICE, where="row.STATO > 5").bind(COLUMNS)
    with pytest.raises(Rejected) as caught:
        map_row(("A", "1", "2", "x"))
    assert caught.value.reason.startswith('where: "row.STATO > 5" cannot be evaluated: ')


def test_an_expression_is_typed_like_any_value() -> None:
    fields = PRICE | {
        "price": {"expression": "row.PREZZO * 1.22", "scale": "2", "round": "true"},
        "discount": {"from": "STATO", "expression": "value | replace('%', '')"},
    }
    data = data_of(mapping_of(fields).bind(COLUMNS)(("A", "1", Decimal("9.99"), "10%")))
    assert (data["price"], data["discount"]) == ("12.19", "10")


def test_an_expression_that_fails_names_its_field() -> None:
    fields = PRICE | {"price": {"expression": "row.PREZZO * 2.5"}}
    with pytest.raises(Rejected) as caught:
        mapping_of(fields).bind(COLUMNS)(("A", "1", "x", ""))
    assert caught.value.code == "SA-3201"
    assert caught.value.reason.startswith('field "price": "row.PREZZO * 2.5" cannot be evaluated')


ORDER: dict[str, Any] = {
    "number": "NUM",
    "customer": "CLI",
    "placed_at": "DATA",
    "lines": {
        "type": "list",
        "each": "RIGHE",
        "fields": {
            "line": "RIGA",
            "sku": "ART",
            "quantity": {"from": "QTA", "scale": "3"},
            "total": {"expression": "row.QTA | decimal * row.PREZZO", "scale": "2"},
        },
    },
}
ORDER_COLUMNS = ("NUM", "CLI", "DATA", "RIGHE")
LINE = {"RIGA": 1, "ART": "A ", "QTA": "2", "PREZZO": Decimal("1.50")}


def test_child_rows_become_a_nested_list() -> None:
    map_row = mapping_of(ORDER, "order").bind(ORDER_COLUMNS)
    data = data_of(map_row((7, "C1", "2026-11-21", (LINE, LINE | {"RIGA": 2}))))
    assert data["lines"] == [
        {"line": 1, "sku": "A", "quantity": "2.000", "total": "3.00"},
        {"line": 2, "sku": "A", "quantity": "2.000", "total": "3.00"},
    ]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((), 'field "lines": () has no elements, one is required'),
        (None, 'field "lines": null has no elements, one is required'),
        ("x", 'field "lines": "x" does not hold child rows'),
        ((LINE, LINE | {"QTA": "1,5"}), 'field "lines[1].quantity": "1,5" is not a decimal number'),
        ((LINE | {"ART": ""},), 'field "lines[0].sku": "" is empty, a value is required'),
        (({"RIGA": 1},), 'field "lines[0].sku": '),
        ((7,), 'field "lines[0].line": 7 has no column "RIGA"'),
    ],
)
def test_a_refusal_inside_a_list_names_the_element(rows: object, reason: str) -> None:
    map_row = mapping_of(ORDER, "order").bind(ORDER_COLUMNS)
    with pytest.raises(Rejected) as caught:
        map_row((7, "C1", "2026-11-21", rows))
    assert caught.value.reason.startswith(reason)


CUSTOMER: dict[str, Any] = {
    "code": "COD",
    "name": "RAGSOC",
    "address": {
        "fields": {
            "street": "VIA",
            "city": "CITTA",
            "postal_code": "CAP",
            "country": {"value": "IT"},
        }
    },
}
CUSTOMER_COLUMNS = ("COD", "RAGSOC", "VIA", "CITTA", "CAP")


def test_columns_of_one_row_become_a_nested_object() -> None:
    map_row = mapping_of(CUSTOMER, "customer").bind(CUSTOMER_COLUMNS)
    data = data_of(map_row(("C1", "Rossi S.r.l.", "Via Roma 1", "Forlì", "00184")))
    assert data["address"] == {
        "street": "Via Roma 1", "city": "Forlì", "postal_code": "00184", "country": "IT"
    }  # fmt: skip


def test_an_object_without_any_value_is_null_and_half_of_one_is_refused() -> None:
    map_row = mapping_of(CUSTOMER, "customer").bind(CUSTOMER_COLUMNS)
    assert data_of(map_row(("C1", "Rossi", None, "  ", "")))["address"] is None
    with pytest.raises(Rejected, match=r'field "address.street": null is empty'):
        map_row(("C1", "Rossi", None, "Forlì", ""))


def test_a_list_that_an_expression_builds_is_held_to_the_entity() -> None:
    fields = PRICE | {"tiers": {"expression": "[{'min_quantity': 10, 'price': row.PREZZO}]"}}
    data = data_of(mapping_of(fields).bind(COLUMNS)(("A", "1", Decimal("9.50"), "")))
    assert data["tiers"] == [{"min_quantity": "10", "price": "9.5"}]
    fields["tiers"] = {"expression": "[{'min_quantity': 10, 'pice': 1}]"}
    with pytest.raises(Rejected, match=r'"tiers\[0\]".*unknown field "pice"') as caught:
        mapping_of(fields).bind(COLUMNS)(("A", "1", Decimal("9.50"), ""))
    assert caught.value.hint == 'did you mean "price"?'


def test_json_in_a_column_is_held_to_the_entity() -> None:
    fields = PRICE | {"tiers": "STATO"}
    map_row = mapping_of(fields).bind(COLUMNS)
    data = data_of(map_row(("A", "1", "1", '[{"min_quantity": 5, "price": 0.10}]')))
    assert data["tiers"] == [{"min_quantity": "5", "price": "0.10"}]
    with pytest.raises(Rejected, match=r'field "tiers\[0\]\.price": "x" is not a decimal'):
        map_row(("A", "1", "1", '[{"min_quantity": 5, "price": "x"}]'))


def hook_of(folder: Path, body: str) -> str:
    (folder / "hook.py").write_text(
        f"def map_row(row, record):\n    {body}\n    return record\n", encoding="utf-8"
    )
    return "hook.py"


def test_a_hook_has_the_last_word_and_is_held_to_the_entity(tmp_path: Path) -> None:
    hook = hook_of(
        tmp_path,
        "record['tiers'] = [{'min_quantity': q, 'price': p} for q, p in "
        "(each.split('=') for each in row['STATO'].split(';'))]",
    )
    map_row = mapping_of(PRICE, hook=hook, base_folder=tmp_path).bind(COLUMNS)
    data = data_of(map_row(("A", "1", "9.50", "10=9.00;50=8.50")))
    assert data["tiers"] == [
        {"min_quantity": "10", "price": "9.00"}, {"min_quantity": "50", "price": "8.50"}
    ]  # fmt: skip
    assert data["price"] == "9.50"


def test_a_hook_that_returns_none_leaves_the_row_out(tmp_path: Path) -> None:
    hook = hook_of(tmp_path, "if row['STATO'] == 'X': return None")
    map_row = mapping_of(PRICE, hook=hook, base_folder=tmp_path).bind(COLUMNS)
    assert map_row(("A", "1", "1", "X")).skipped
    assert not map_row(("A", "1", "1", "A")).skipped


def test_a_hook_may_fill_in_a_required_field(tmp_path: Path) -> None:
    hook = hook_of(tmp_path, "record['currency'] = 'EUR'")
    fields = {name: field for name, field in PRICE.items() if name != "currency"}
    map_row = mapping_of(fields, hook=hook, base_folder=tmp_path).bind(COLUMNS)
    assert data_of(map_row(("A", "1", "1", "")))["currency"] == "EUR"
    hook_of(tmp_path, "pass")
    with pytest.raises(Rejected, match='field "currency": null is empty'):
        mapping_of(fields, hook=hook, base_folder=tmp_path).bind(COLUMNS)(("A", "1", "1", ""))


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        ("row['NO']", "SA-3301", "hook hook.py:2: KeyError: 'NO'"),
        ("raise SystemExit(3)", "SA-3301", "hook hook.py:2: SystemExit: 3"),
        ("int('x')", "SA-3301", "hook hook.py:2: ValueError: invalid literal"),
        ("return 7", "SA-3302", "hook hook.py: what map_row returned is not an object but a int"),
        ("record['pice'] = 1", "SA-3302", 'map_row returned holds the unknown field "pice"'),
        ("record['price'] = float('nan')", "SA-3102", 'field "price": nan is not a finite number'),
        ("record['price'] = 'x'", "SA-3102", 'field "price": "x" is not a decimal number'),
        ("record['sku'] = None", "SA-3101", 'field "sku": null is empty'),
        ("record['sku'] = 'x' * 2_000_000", "SA-3109", "at most 1048576 are allowed"),
        ("record['attributes'] = {'a': object()}", "SA-3106", 'field "attributes": '),
        ("record['valid_from'] = '2026-02-30'", "SA-3105", "day is out of range"),
    ],
)
def test_a_hook_that_goes_wrong_refuses_the_row(
    tmp_path: Path, body: str, code: str, reason: str
) -> None:
    map_row = mapping_of(PRICE, hook=hook_of(tmp_path, body), base_folder=tmp_path).bind(COLUMNS)
    with pytest.raises(Rejected) as caught:
        map_row(("A", "1", "1", ""))
    assert caught.value.code == code
    assert reason in caught.value.reason


def test_a_hook_that_cannot_be_loaded_halts_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "hook.py").write_text("import json\nx = 1 / 0\ndef map_row(row, record): ...\n")
    mapping = mapping_of(PRICE, hook="hook.py", base_folder=tmp_path)
    with pytest.raises(Misconfigured, match=r"hook: hook\.py:2: ZeroDivisionError") as caught:
        mapping.bind(COLUMNS)
    assert caught.value.code == "SA-3009"


def test_a_mapping_names_the_columns_it_reads(tmp_path: Path) -> None:
    fields = PRICE | {"discount": {"expression": "row.SCONTO | decimal"}}
    mapping = mapping_of(fields, where="row.STATO == 'A'")
    assert mapping.columns == {"CODART", "LISTINO", "PREZZO", "SCONTO", "STATO"}
    assert mapping_of(ORDER, "order").columns == set(ORDER_COLUMNS)
    assert mapping_of(CUSTOMER, "customer").columns == set(CUSTOMER_COLUMNS)
    assert mapping_of(PRICE, where="row['A' ~ 'B'] == 1").columns is None
    assert mapping_of(PRICE, hook=hook_of(tmp_path, "pass"), base_folder=tmp_path).columns is None


def test_the_fingerprint_is_the_same_for_the_same_mapping() -> None:
    assert mapping_of(PRICE).fingerprint == mapping_of(dict(PRICE)).fingerprint


def test_the_fingerprint_differs_with_everything_that_may_change_an_outcome(tmp_path: Path) -> None:
    table = PRICE | {"price_list": {"from": "LISTINO", "values_file": "listini.csv"}}
    (tmp_path / "listini.csv").write_text("1;RETAIL\n")
    variants = [
        mapping_of(PRICE),
        mapping_of(dict(reversed(PRICE.items()))),
        mapping_of(PRICE | {"price": {"from": "PREZZO", "scale": "3"}}),
        mapping_of(PRICE, where="row.STATO == 'A'"),
        mapping_of(PRICE, delete_when="row.STATO == 'A'"),
        mapping_of(PRICE, notation=Notation(decimal_mark=",")),
        mapping_of(PRICE, hook=hook_of(tmp_path, "pass"), base_folder=tmp_path),
        mapping_of(PRICE, hook=hook_of(tmp_path, "pass  #"), base_folder=tmp_path),
        mapping_of(table, base_folder=tmp_path),
    ]
    (tmp_path / "listini.csv").write_text("1;WHOLESALE\n")
    variants.append(mapping_of(table, base_folder=tmp_path))
    assert len({mapping.fingerprint for mapping in variants}) == len(variants)


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("1;Già\n2;Più\n".encode(), {}),
        ("codice,nome\r\n1,Già\r\n\r\n2,Più".encode("cp1252"),
         {"encoding": "cp1252", "delimiter": ",", "header": "true"}),
        ("\ufeff1 ; Già \n2;\"Più\"\n".encode(), {}),
    ],
)  # fmt: skip
def test_a_table_is_read_as_declared(
    tmp_path: Path, content: bytes | None, options: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    field = {"from": "LISTINO", "values_file": {"path": "t.csv", **options}}
    map_row = mapping_of(PRICE | {"price_list": field}, base_folder=tmp_path).bind(COLUMNS)
    names = [data_of(map_row(("A", code, "1", "")))["price_list"] for code in (1, "2")]
    assert names == ["Già", "Più"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"1;A\n1;B\n", 'row 2 gives "1" a second meaning'),
        (b"1,A\n", "row 1 has 1 columns, two are needed"),
        (b"1;A;x\n", "row 1 has 3 columns"),
        (b"1;Gi\xe0\n", "is not utf-8-sig"),
        (b'1;"A\n', "line 1"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_table_that_cannot_be_trusted_halts(
    tmp_path: Path, content: bytes | None, text: str
) -> None:
    if content is not None:
        (tmp_path / "t.csv").write_bytes(content)
    fields = PRICE | {"price_list": {"from": "LISTINO", "values_file": "t.csv"}}
    with pytest.raises(Misconfigured, match=text) as caught:
        mapping_of(fields, base_folder=tmp_path)
    assert caught.value.code == "SA-3008"


def test_no_body_ever_holds_a_float() -> None:
    fields = PRICE | {
        "attributes": {"fields": {"a": "STATO", "b": {"from": "STATO", "type": "json"}}}
    }
    data = data_of(mapping_of(fields).bind(COLUMNS)(("A", "1", 0.1, math.pi)))
    assert data["attributes"] == {"a": "3.141592653589793", "b": "3.141592653589793"}
