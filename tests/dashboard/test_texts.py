"""Both languages are complete, and templates and words of the engine find their texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

import pytest

from agent.api.operations import OPERATIONS
from agent.catalogue.fields import FIELDS, label
from agent.dashboard.rendering import TEMPLATES, moment, number
from agent.dashboard.texts import TEXTS
from agent.dashboard.values import money, shown
from agent.delivery.status import DeliveryState
from agent.entities import ENTITIES, EntityField
from agent.jobs import PRIORITY
from agent.model import Op, State
from agent.store import Outcome


def fields(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_each_language_with_the_same_values(name: str) -> None:
    text = TEXTS[name]
    assert all(each.strip() for each in text)
    assert fields(text.en) == fields(text.it)


def test_every_text_that_templates_name_exists() -> None:
    for path in TEMPLATES.glob("*.html"):
        named = re.findall(r'"([a-z_]+)" \| text', path.read_text(encoding="utf-8"))
        assert set(named) <= TEXTS.keys(), path.name


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("state", State),
        ("op", Op),
        ("outcome", Outcome),
        ("target", DeliveryState),
        ("asked_by", PRIORITY),
        ("did", [name for name, each in OPERATIONS.items() if each.method == "POST"]),
    ],
)
def test_every_word_of_the_engine_has_a_text(kind: str, words: object) -> None:
    assert {f"{kind}_{word}" for word in words} <= TEXTS.keys()  # type: ignore[attr-defined]


def test_numbers_and_times_are_written_as_each_language_does() -> None:
    assert (number("en", 12431), number("it", 12431)) == ("12,431", "12.431")
    at = "2026-11-22T10:00:00.000Z"
    assert ">2026-11-22 11:00<" in moment("en", at, "Europe/Rome")
    assert ">22/11/2026 11:00<" in moment("it", at, "Europe/Rome")
    assert moment("it", None, "Europe/Rome") == "mai"


def names_of(fields: Mapping[str, EntityField]) -> set[str]:
    """Of fields, and of those inside them."""
    nested = [names_of(each.fields) for each in fields.values()]
    return set(fields).union(*nested)


def test_every_field_of_every_entity_has_a_name_for_people() -> None:
    used = set().union(*(names_of(entity.fields) for entity in ENTITIES.values()))
    assert used == FIELDS.keys()


def test_values_are_told_in_the_language() -> None:
    lines = [{"sku": "VIT-1", "quantity": "10"}, {"sku": "VIT-2", "active": True}]
    assert shown("it", lines) == (
        "Codice articolo: VIT-1, Quantità: 10; Codice articolo: VIT-2, In vendita: sì"
    )
    assert label("en", "lines[2].attributes.colour") == "Lines 2: Other values: colour"
    assert [money("it", each) for each in ("1234.5", "0.125", "x")] == ["1.234,50", "0,125", "x"]
