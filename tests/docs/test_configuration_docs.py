"""What is written about the configuration is what the code says."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from agent.catalogue import CATALOGUE, EXPLANATIONS, configuration
from agent.config.alerts import AlertSettings
from agent.config.kinds import available
from agent.config.reference import models_inside
from agent.config.settings import (
    ApiSettings,
    Delivery,
    FlowSettings,
    LogSettings,
    Site,
    StoreSettings,
)
from agent.contract import Kind
from agent.language import LANGUAGES, Language

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "generate_docs", ROOT / "packaging/generate_docs.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def models() -> Iterator[type[BaseModel]]:
    """Every model that reads a part of the file, the ones inside others included."""
    roots: list[type[BaseModel]] = [
        Site, Delivery, FlowSettings, StoreSettings, ApiSettings, AlertSettings, LogSettings
    ]  # fmt: skip
    for kind in available():
        roots += [kind.connection, kind.source_options, kind.target_options]
    seen: set[type[BaseModel]] = set()
    while roots:
        model = roots.pop()
        if model not in seen:
            seen.add(model)
            yield model
            roots += models_inside(model)


each_model = pytest.mark.parametrize(
    "model", tuple(models()), ids=lambda model: f"{model.__module__}.{model.__qualname__}"
)


@each_model
def test_every_option_says_what_it_is(model: type[BaseModel]) -> None:
    silent = [name for name, field in model.model_fields.items() if not field.description]
    assert not silent


@each_model
def test_every_section_is_frozen_and_refuses_unknown_keys(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"


@pytest.mark.parametrize("kind", available(), ids=lambda kind: kind.name)
def test_no_kind_takes_a_key_that_is_ours(kind: Kind) -> None:
    assert not {"kind", "delivery"} & kind.connection.model_fields.keys()
    assert "connection" not in kind.source_options.model_fields
    assert "connection" not in kind.target_options.model_fields


def test_generated_documents_are_up_to_date(generator: ModuleType) -> None:
    stale = [
        path
        for path, text in generator.documents().items()
        if not (ROOT / path).exists() or (ROOT / path).read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make docs`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_code_has_a_page_and_no_page_is_left_over(
    generator: ModuleType, language: Language
) -> None:
    suffix = generator.SUFFIXES[language]
    pages = {path.name for path in (ROOT / "docs/errors").glob(f"SA-[0-9][0-9][0-9][0-9]{suffix}")}
    assert pages == {f"{code}{suffix}" for code in EXPLANATIONS}
    index = generator.errors_index(language)
    assert not [code for code in EXPLANATIONS if f"[{code}]({code}{suffix})" not in index]


def test_every_key_of_the_configuration_is_in_the_reference(generator: ModuleType) -> None:
    page = generator.configuration_page()
    missing = [
        f"{model.__qualname__}.{name}"
        for model in models()
        for name, field in model.model_fields.items()
        if f"| `{field.alias or name}` |" not in page
    ]
    assert not missing


def test_codes_of_the_configuration_stand_in_its_range() -> None:
    assert all(code.startswith("SA-1") for code in configuration.CODES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(EXPLANATIONS))
def test_every_code_is_explained_in_sentences(code: str, language: Language) -> None:
    title, cause, remedy = CATALOGUE[language][code]
    assert title, code
    assert not title.endswith("."), "a title is no sentence"
    assert cause.endswith((".", "?"))
    assert remedy.endswith((".", "?"))
