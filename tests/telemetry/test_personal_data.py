"""No line of the log tells of a person: by name of the field, by form, and where values stand."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from agent import telemetry
from agent.entities import ENTITIES, PERSONAL_ENTITIES
from agent.log_context import bound
from agent.telemetry.redaction import PERSONAL_FIELDS


def logged(**fields: Any) -> dict[str, Any]:
    stream = io.StringIO()
    telemetry.configure(form="json", stream=stream)
    logging.getLogger("agent.room").info("something happened", extra=fields)
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("mario.rossi+shop@posta.rossi.it", "[e-mail]"),
        ("IT01234567890", "[VAT number]"),
        ("DE123456789", "[VAT number]"),
        ("ATU12345678", "[VAT number]"),
        ("RSSMRA80A01H501U", "[tax code]"),
        ("IT60X0542811101000000123456", "[IBAN]"),
        ("DE89 3704 0044 0532 0130 00", "[IBAN]"),
        ("+39 06 698 12345", "[telephone]"),
        ("+390669812345", "[telephone]"),
    ],
)
def test_what_has_the_form_of_personal_data_is_replaced_by_its_kind(value: str, kind: str) -> None:
    line = logged(reason=f"the customer {value} is there twice", rows=[{"a": value}])
    assert line["reason"] == f"the customer {kind} is there twice"
    assert value not in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        "the key VIT-10X20 is refused",
        "EAN 8001234567890",
        "2026-11-22T10:00:00+01:00",
        "run 17 read 12345678901 rows",
        "article AB12CDEF3456GHIJ7890",
        "ORD-2026-000117",
        "SELECT * FROM ARTICOLI WHERE COD = ?",
        "http://127.0.0.1:8080/v1",
    ],
)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert logged(reason=text)["reason"] == text


@pytest.mark.parametrize("name", sorted(PERSONAL_FIELDS))
def test_field_that_is_personal_by_its_name_is_left_out(name: str) -> None:
    assert logged(record={name: "Via Roma 1"})["record"] == {name: "[personal]"}


@pytest.mark.parametrize("entity", sorted(PERSONAL_ENTITIES))
def test_quoted_value_about_a_person_is_replaced_and_the_field_is_named(entity: str) -> None:
    with bound(entity=entity):
        line = logged(reason='field "address.street": "Via Roma 1, Mario" is longer than 10')
    assert line["reason"] == 'field "address.street": "[value]" is longer than 10'


def test_quoted_value_about_an_article_is_shown() -> None:
    reason = 'field "price": "12,x" is not a decimal number'
    with bound(entity="product"):
        assert logged(reason=reason)["reason"] == reason


def test_traceback_is_searched_like_any_text() -> None:
    stream = io.StringIO()
    telemetry.configure(form="json", stream=stream)
    try:
        int("mario@rossi.it")
    except ValueError:
        logging.getLogger("agent.room").exception("it failed")
    assert "mario@rossi.it" not in stream.getvalue()
    assert "[e-mail]" in stream.getvalue()


def test_every_entity_with_an_address_or_a_customer_counts_as_personal() -> None:
    telling = {"customer", "email", "phone", "address", "vat_number"}
    found = {
        name
        for name, entity in ENTITIES.items()
        if telling & entity.fields.keys() and name != "price"
    }
    assert found <= PERSONAL_ENTITIES
