"""A flow that follows a preset: filled up, overruled key by key, problems in the right place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

import connectors
from agent.cli.config import as_shown
from agent.config import load
from agent.config.json_schema import json_schema
from agent.config.kinds import available
from agent.config.problems import Problems
from agent.config.yaml_text import parse, plain
from agent.contract import Preset
from tests.config.conftest import Loading, Refusing

CONNECTIONS = """\
connections:
  erp:
    kind: business_one
    url: https://sap.example.com/b1s/v2
    company: SBO
    user: sync
    password: env:SAP
  shop: {kind: memory}
"""
FLOW = """\
flows:
  products:
    source: {connection: erp}
    preset: products
    target: {connection: shop, receiver: shop}
"""
SHORT = CONNECTIONS + FLOW
READY = [
    pytest.param(kind.name, name, id=f"{kind.name} {name}")
    for kind in available()
    for name in kind.presets
]


def test_flow_that_says_only_its_preset_is_whole(loaded: Loading) -> None:
    flow = loaded(SHORT).flows["products"]
    assert flow.entity == "product"
    assert flow.source.options.model_dump()["entity_set"] == "Items"
    assert list(flow.mapping.fields)[:2] == ["sku", "name"]
    assert flow.delete_when == "row.SalesItem != 'tYES'"


def test_what_the_flow_says_itself_wins_key_by_key(loaded: Loading) -> None:
    flow = loaded(
        SHORT.replace("{connection: erp}", "{connection: erp, columns: [ItemName], page_size: 7}")
        + "    delete_when:\n"
        + "    mapping: {name: {from: ItemName, case: upper}, vat_code: , brand: U_Brand}\n"
    ).flows["products"]
    options = flow.source.options.model_dump()
    assert (options["columns"], options["page_size"]) == (("ItemName",), 7)
    assert options["key"] == ("ItemCode",)
    assert flow.delete_when == ""
    assert flow.mapping.fields["name"].case == "upper"
    assert "vat_code" not in flow.mapping.fields
    assert flow.mapping.fields["brand"].column == "U_Brand"
    assert flow.mapping.fields["ean"].column == "BarCode"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            SHORT.replace("preset: products", "preset: product"),
            'config.yaml:12:13  SA-1105  unknown preset "product": did you mean "products"?',
        ),
        (
            SHORT.replace("{connection: erp}", "{connection: shop, table: A, key: [B]}"),
            'config.yaml:12:13  SA-1105  unknown preset "products": presets of memory: none',
        ),
        (
            SHORT.replace("{connection: erp}", "{connection: erp, page_sise: 7}"),
            'config.yaml:11:31  SA-1007  unknown key "page_sise": did you mean "page_size"?',
        ),
        (
            SHORT + "    mapping: {brnd: U_Brand}\n",
            'config.yaml:14:21  SA-3001  "mapping.brnd": unknown field "brnd": did you mean',
        ),
        (
            SHORT + "    entity: price\n",
            'config.yaml:12:13  SA-3001  "mapping.active": unknown field "active"',
        ),
        (
            SHORT.replace("    preset: products\n", "    preset: [products]\n"),
            'config.yaml:12:5  SA-1008  "preset" must be one text',
        ),
    ],
    ids=["unknown", "kind without any", "own option", "own field", "of the preset", "no text"],
)
def test_problem_stands_where_it_can_be_mended(text: str, problem: str, refused: Refusing) -> None:
    assert any(line.startswith(problem) for line in refused(text)), refused(text)


def test_flow_without_a_connection_is_told_so_and_nothing_else(refused: Refusing) -> None:
    assert refused(SHORT.replace("connection: erp", "connection: epr")) == [
        'config.yaml:11:26  SA-1103  unknown connection "epr": did you mean "erp"?'
    ]


def test_what_is_shown_says_the_same_without_the_preset(tmp_path: Path, loaded: Loading) -> None:
    shown = as_shown(loaded(SHORT))
    assert shown["flows"]["products"]["preset"] == "products"
    assert shown["flows"]["products"]["source"]["entity_set"] == "Items"
    del shown["flows"]["products"]["preset"]
    path = tmp_path / "shown.yaml"
    path.write_text(yaml.safe_dump(shown, sort_keys=False), encoding="utf-8")
    again, first = load(path).flows["products"], loaded(SHORT).flows["products"]
    assert again.mapping.canonical() == first.mapping.canonical()
    assert again.source.options == first.source.options


def test_schema_lets_a_flow_with_a_preset_say_less_and_no_other() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())

    def document(text: str) -> object:
        return plain(parse(text.encode(), Problems(Path("config.yaml"))))

    validator.validate(document(SHORT + "    mapping: {vat_code: , brand: U_Brand}\n"))
    for wrong in (
        SHORT.replace("    preset: products\n", ""),
        SHORT.replace("preset: products", "preset: product"),
        SHORT.replace("{connection: erp}", "{connection: erp, page_sise: 7}"),
    ):
        assert not validator.is_valid(document(wrong))


@pytest.mark.parametrize(("kind", "name"), READY)
def test_every_preset_says_what_it_reads_and_for_which_entity(kind: str, name: str) -> None:
    preset: Preset = connectors.load(kind).presets[name]
    assert preset.summary
    assert {"source", "entity", "mapping"} <= preset.flow.keys()
    assert preset.entity == preset.flow["entity"]


def test_presets_of_a_kind_are_shown_in_full() -> None:
    command = [Path(sys.executable).with_name("syncagent"), "connectors", "show", "business_one"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ready = yaml.safe_load(shown.partition("business_one: presets\n")[2])
    assert ready["stock"]["source"]["rows"] == "ItemWarehouseInfoCollection"
    assert ready["stock"]["mapping"]["sku"] == "ItemCode"
