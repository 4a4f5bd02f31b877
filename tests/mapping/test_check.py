from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from agent.catalogue import EXPLANATIONS
from agent.entities import ENTITIES, EntityField, entities_markdown
from agent.mapping import MappingSpec, check

STOCK: dict[str, Any] = {"sku": "ART", "warehouse": {"value": "01"}, "quantity": "GIAC"}


def problems_of(fields: dict[str, Any], entity: str = "stock", **options: Any) -> list[str]:
    found = check(MappingSpec.model_validate(fields), entity, **options)
    assert all(problem.code in EXPLANATIONS for problem in found)
    return [f"{'.'.join(each.path)} {each.code} {each.text} ({each.hint})" for each in found]


def test_a_good_mapping_has_no_problems() -> None:
    assert problems_of(STOCK, columns=("ART", "GIAC"), where="row.GIAC is not none") == []


def test_all_problems_are_found_at_once_each_with_its_place() -> None:
    fields = {
        "sku": {"from": "ART", "pattern": "["},
        "quantiti": "GIAC",
        "warehouse": {"from": "MAG", "type": "integer"},
        "reserved": {"expression": "row.IMP +"},
        "incoming": {"from": "ARR", "format": "%d"},
        "attributes": {"fields": {"colour": {"from": "COL", "scale": "2"}}},
    }
    found = problems_of(fields, columns=("ART", "GIAC", "MAG", "COL", "ARR"), where="STATO == 'A'")
    assert [each.split(" ")[:2] for each in found] == [
        ["mapping.sku.pattern", "SA-3004"],
        ["mapping.quantiti", "SA-3001"],
        ["mapping.warehouse.type", "SA-3006"],
        ["mapping.reserved.expression", "SA-3005"],
        ["mapping.incoming.format", "SA-3003"],
        ["mapping.attributes.fields.colour.scale", "SA-3003"],
        ["mapping", "SA-3002"],
        ["where", "SA-3005"],
    ]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"quantiti": "Q"}, 'unknown field "quantiti" (did you mean "quantity"?)'),
        ({"sku": "ART", "warehouse": "M"}, 'the required field "quantity" is missing'),
        (STOCK | {"quantity": {"from": "G", "type": "integer"}}, "is integer, the entity says"),
        (STOCK | {"quantity": {"from": "G", "case": "upper"}}, "means nothing for the type"),
        (STOCK | {"quantity": {"from": "G", "true": "S"}}, "mapping.quantity.true SA-3003"),
        (STOCK | {"sku": {"from": "A", "separator": ";"}}, "means nothing for the type text"),
        (
            STOCK | {"attributes": {"default": "x", "fields": {"a": "A"}}},
            "mapping.attributes.default SA-3003 means nothing where there are fields",
        ),
        (STOCK | {"quantity": {"from": "G", "values_default": "0"}}, "there is no table"),
        (STOCK | {"sku": {"from": "A", "min_length": "5", "max_length": "4"}}, "is more than"),
        (STOCK | {"sku": {"from": "A", "encoding": "ebcdic-it"}}, "is not a code page we have"),
    ],
)  # fmt: skip
def test_a_problem_says_what_is_wrong_and_what_is_meant(
    fields: dict[str, Any], problem: str
) -> None:
    assert any(problem in found for found in problems_of(fields))


def test_an_unknown_entity_is_met_with_the_closest_one() -> None:
    found = problems_of(STOCK, "stok")
    assert found == ['entity SA-3010 unknown entity "stok" (did you mean "stock"?)']


def test_a_column_that_the_source_lacks_is_found() -> None:
    found = problems_of(STOCK, columns=("ART", "GIACENZA"), delete_when="row.STATO == 'D'")
    assert found == [
        'mapping.quantity.from SA-3007 the source has no column "GIAC" (did you mean "GIACENZA"?)',
        'delete_when SA-3007 the source has no column "STATO" (there are: ART, GIACENZA)',
    ]


def test_nested_fields_are_checked_like_any_other() -> None:
    order = {
        "number": "N",
        "customer": "C",
        "placed_at": "D",
        "lines": {"each": "R", "fields": {"line": "R", "sku": "A", "quantita": "Q"}},
    }
    assert [each[:60] for each in problems_of(order, "order")] == [
        'mapping.lines.fields.quantita SA-3001 unknown field "quantita"'[:60],
        'mapping.lines.fields SA-3002 the required field "quantity" is missing'[:60],
    ]


def test_a_hook_is_read_but_not_run(tmp_path: Path) -> None:
    hook = tmp_path / "hook.py"
    assert "cannot be read" in problems_of(STOCK, hook=hook)[0]
    hook.write_text("def map_row(row, record:\n")
    assert "is not Python" in problems_of(STOCK, hook=hook)[0]
    hook.write_text("def maprow(row, record): ...\n")
    assert "has no function map_row" in problems_of(STOCK, hook=hook)[0]
    hook.write_text("raise SystemExit\ndef map_row(row, record): ...\n")
    assert problems_of(STOCK, hook="hook.py", base_folder=tmp_path) == []
    assert problems_of({}, hook=hook) == []


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({}, "say where it comes from"),
        ({"from": "A", "value": "B"}, "from and value exclude each other"),
        ({"from": "A", "each": "B", "fields": {"x": "X"}}, "from and each exclude each other"),
        ({"each": "B"}, "each needs fields"),
        ({"from": "A", "values": {"a": "b"}, "values_file": "x"}, "exclude each other"),
        ({"fron": "A"}, "Extra inputs are not permitted"),
        ({"from": "A", "decimal_mark": ";"}, "Input should be"),
        ({"from": "A", "scale": "two"}, "valid integer"),
    ],
)
def test_a_field_that_contradicts_itself_is_no_spec(field: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        MappingSpec.model_validate({"sku": field})


def test_the_json_schema_takes_what_the_model_takes() -> None:
    schema = MappingSpec.model_json_schema()
    jsonschema.validate(
        {"a": "COL", "b": {"from": "C", "format": "CYYMMDD", "true": ["S"]}}, schema
    )
    jsonschema.validate({"c": {"each": "R", "fields": {"x": "X"}, "values_file": "f.csv"}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"a": {"fron": "COL"}}, schema)


def test_every_option_of_a_field_is_described() -> None:
    for definition in MappingSpec.model_json_schema()["$defs"].values():
        variant = definition["anyOf"][-1]
        for name, option in variant["properties"].items():
            assert option.get("description"), name


def test_every_entity_can_be_mapped_by_naming_its_fields() -> None:
    def named(fields: dict[str, EntityField]) -> dict[str, Any]:
        mapped: dict[str, Any] = {}
        for name, field in fields.items():
            if field.fields and field.type == "list":
                mapped[name] = {"each": name, "fields": named(dict(field.fields))}
            else:
                mapped[name] = {"fields": named(dict(field.fields))} if field.fields else name
        return mapped

    for entity in ENTITIES.values():
        assert problems_of(named(dict(entity.fields)), entity.name) == []


def test_the_reference_page_lists_every_field_of_every_entity() -> None:
    page = entities_markdown()
    for entity in ENTITIES.values():
        assert f"## {entity.name}\n" in page
        for name, field in entity.fields.items():
            assert f"| `{name}` | {field.type} |" in page
    assert "| `lines[].sku` | text | yes |" in page
    assert "| `address.street` | text | yes |" in page
