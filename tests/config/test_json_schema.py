"""The schema that editors use says what the loader says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import connectors
from agent.config import Config, load
from agent.config.json_schema import json_schema
from agent.config.problems import Problems
from agent.config.yaml_text import parse, plain
from tests.config.conftest import SOUND
from tests.config.test_problems import CASES

SAMPLE = Path(__file__).parents[2] / "config.example.yaml"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json_schema())


def as_text(text: str) -> Any:
    """The file as YAML with all scalars text, the way an editor sees quoted values."""
    return plain(parse(text.encode(), Problems(Path("config.yaml"))))


def test_the_schema_is_a_schema(validator: jsonschema.Draft202012Validator) -> None:
    validator.check_schema(validator.schema)


def test_every_kind_has_its_place_in_it(validator: jsonschema.Draft202012Validator) -> None:
    kinds = validator.schema["properties"]["connections"]["additionalProperties"]["oneOf"]
    assert [kind["properties"]["kind"]["const"] for kind in kinds] == sorted(connectors.KINDS)


def test_the_sound_configuration_passes(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(as_text(SOUND))


def test_the_sample_configuration_passes(validator: jsonschema.Draft202012Validator) -> None:
    validator.validate(as_text(SAMPLE.read_text(encoding="utf-8")))


def test_the_sample_configuration_loads(tmp_path: Path, write: Callable[[str], Path]) -> None:
    config: Config = load(write(SAMPLE.read_text(encoding="utf-8")))
    assert {flow.entity for flow in config.flows.values()} >= {
        "product",
        "price",
        "stock",
        "customer",
    }
    assert config.store.path.is_relative_to(tmp_path) or config.store.path.is_absolute()


def test_numbers_may_be_written_as_numbers_too(
    validator: jsonschema.Draft202012Validator,
) -> None:
    document = as_text(SOUND)
    document["store"] = {"keep_days": 5, "disk_low": 1000, "keep_rows": "77"}
    document["flows"]["products"]["watch"] = False
    validator.validate(document)


@pytest.mark.parametrize(
    "case",
    [
        "unknown top-level key",
        "unknown key of ours",
        "unknown key of a kind",
        "unknown key of delivery",
        "missing key of ours",
        "missing end",
        "missing kind",
        "one of some words",
        "text where a section stands",
        "kind",
        "name",
    ],
)
def test_what_the_loader_refuses_by_shape_the_schema_refuses(
    validator: jsonschema.Draft202012Validator, case: str
) -> None:
    assert not validator.is_valid(as_text(SOUND.replace(*CASES[case][0], 1)))


def test_a_plain_password_is_refused_by_the_schema(
    validator: jsonschema.Draft202012Validator,
) -> None:
    document = as_text(SOUND)
    document["api"] = {"port": 8700, "token": "hunter2"}
    assert not validator.is_valid(document)
    document["api"]["token"] = "keyring:api"
    validator.validate(document)
