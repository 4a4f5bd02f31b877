"""What a mapping does with one row, told step by step."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from agent.mapping import Mapping, MappingSpec, compile_mapping

COLUMNS = ("sku", "name", "weight", "STATO")


def mapping(where: str = "", delete_when: str = "", **fields: Any) -> Mapping:
    spec = MappingSpec.model_validate({"sku": "sku", "name": "name", **fields})
    return compile_mapping(spec, entity="product", where=where, delete_when=delete_when)


def test_field_shows_its_rule_and_its_value_before_and_after() -> None:
    traced = mapping(
        weight={"from": "weight", "scale": 2}, description={"value": "in stock"}
    ).trace(COLUMNS, ("A1", " Vite ", Decimal("1.5"), "A"))
    fields = {each.field: each for each in traced.fields}
    assert (fields["name"].before, fields["name"].after) == ({"name": " Vite "}, "Vite")
    assert fields["name"].rule == {"from": "name"}
    assert (fields["weight"].rule, fields["weight"].after) == (
        {"from": "weight", "scale": 2},
        "1.50",
    )
    assert (fields["description"].before, fields["description"].after) == ({}, "in stock")


def test_expression_shows_the_columns_that_it_names() -> None:
    made = {"expression": "row.name ~ ' ' ~ row.STATO"}
    (*_, traced) = mapping(description=made).trace(COLUMNS, ("A1", "Vite", "1", "A")).fields
    assert (traced.before, traced.after) == ({"STATO": "A", "name": "Vite"}, "Vite A")


def test_every_field_that_is_refused_is_named_and_not_the_first_alone() -> None:
    traced = mapping(weight="weight").trace(COLUMNS, ("", "", "kilo", "A"))
    assert [(each.field, each.code) for each in traced.fields] == [
        ("sku", "SA-3101"),
        ("name", "SA-3101"),
        ("weight", "SA-3102"),
    ]
    assert 'field "weight": "kilo"' in traced.fields[2].reason


def test_filters_show_the_values_that_they_look_at() -> None:
    filtered = mapping(where="row.STATO == 'A'", delete_when="row.weight == '0'")
    where, delete_when = filtered.trace(COLUMNS, ("A1", "Vite", "0", "X")).conditions
    assert (where.name, where.values, where.holds) == ("where", {"STATO": "X"}, False)
    assert (delete_when.values, delete_when.holds) == ({"weight": "0"}, True)


def test_filter_that_cannot_be_decided_says_why() -> None:
    (where,) = mapping(where="row.weight").trace(COLUMNS, ("A1", "Vite", "0", "X")).conditions
    assert where.holds is None
    assert "not true or false" in where.reason
