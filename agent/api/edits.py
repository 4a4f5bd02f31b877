"""A refused record is written anew by a person and sent; the original is kept beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from agent.api.engine import Engine
from agent.api.messages import known, message_as_dict
from agent.api.operation import Answer
from agent.delivery.sending import IN_DOUBT
from agent.entities import ENTITIES, EntityField
from agent.errors import Rejected
from agent.intake.reserved import reserve
from agent.mapping.conformity import conforming_value
from agent.mapping.refusal import Refused, shown
from agent.mapping.texts import decoded_json
from agent.model import Change, Json, Op, State, content_digest
from agent.store import MessageRow

NESTED = frozenset({"list", "object", "json"})
"""Types of which a form shows JSON."""
WHOLE = ""
"""Stands for the record as a whole among the fields that are wrong."""


class Problem(NamedTuple):
    """What is wrong with a field: the code that explains it, and the rule that was broken."""

    code: str
    rule: str


REQUIRED = Problem("SA-3101", "is empty, a value is required")


class EditRefused(Rejected):
    """What a person wrote cannot be sent. `problems`: by field; none where nothing was changed."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        lines = [f"{name}: {each.rule}" if name else each.rule for name, each in problems.items()]
        super().__init__("SA-7006", "; ".join(lines) or "nothing was changed")
        self.problems = problems


def edit(engine: Engine, message: str, values: dict[str, Any], reason: str, by: str) -> Answer:
    """Send a parked record with other values; the original stays, and who edited it and why.

    `values`: field → value. A text is read as the field's type; lists and objects may be JSON
    text. An empty one empties the field. Fields that are not named stay as they are.
    """
    found = editable(engine, message)
    data = _edited(found.entity, _original(engine, found), values, reason)
    objection = engine.plan(found.flow).mapping.objection(data)
    if objection is not None:
        raise EditRefused({WHOLE: Problem(*objection)})
    body = msgspec.json.encode(data)
    with engine.store.transaction():
        new = engine.store.edits.replace(message, body, reason.strip(), by)
        if new is None:
            raise Rejected(
                "SA-7004",
                f"message {message} cannot be edited: a newer state of {found.key} waits behind it",
                hint="look at the record: the newer state may be right already",
            )
        _reserve_anew(engine, found, body)
    engine.committed(found.target)
    return {"message": new, "replaces": message}


def edit_form(engine: Engine, message: str) -> Answer:
    """What can be written anew in a parked record: every field of its entity, as a text.

    Raises `Rejected` SA-7004 where nothing can.
    """
    found = editable(engine, message)
    original = _original(engine, found)
    fields = ENTITIES[found.entity].fields
    return {
        **message_as_dict(found),
        "fields": [
            {
                "name": name,
                "type": field.type,
                "description": field.description,
                "required": field.required,
                "nested": field.type in NESTED,
                "filled": original.get(name) not in (None, ""),
                "text": form_text(original.get(name)),
            }
            for name, field in fields.items()
        ],
    }


def editable(engine: Engine, message: str) -> MessageRow:
    """A message that a person may write anew; raises `Rejected` SA-7004 for any other."""
    found = known(engine, message)
    why = _obstacle(engine, found)
    if why:
        raise Rejected("SA-7004", f"message {found.id} cannot be edited: {why[0]}", hint=why[1])
    return found


def form_text(value: Json) -> str:
    """A value as it stands in a form: texts as they are, what is nested as JSON."""
    if value is None:
        return ""
    indent = 2 if isinstance(value, list | dict) else None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=indent)


def _obstacle(engine: Engine, found: MessageRow) -> tuple[str, str] | None:
    if found.state is not State.PARKED or found.op is Op.DELETE:
        return "only a record that was refused, or is kept back, can be", ""
    if found.stage == "mapping":
        return (
            "it is a row that the mapping refused, no record yet",
            "correct it in the source, or change the mapping",
        )
    if found.code == IN_DOUBT:
        return (
            "it is in doubt whether the other side has it",
            "look there first, and settle it",
        )
    if engine.plan(found.flow).pair is not None:
        return (
            "it lives on both sides",
            "change it on one of them: that comes by itself",
        )
    return None


def _original(engine: Engine, found: MessageRow) -> dict[str, Json]:
    body = engine.store.messages.body(found.id)
    original: dict[str, Json] = json.loads(body or b"{}")
    return original


def _edited(
    entity: str, original: Mapping[str, Json], values: Mapping[str, Any], reason: str
) -> dict[str, Any]:
    """The record with these values. Raises `EditRefused` with all that is wrong with them."""
    fields = ENTITIES[entity].fields
    data, problems = dict(original), dict[str, Problem]()
    for name, value in _new_values(original, values):
        if name not in fields:
            problems[name] = Problem("SA-3113", f"{entity} has no such field")
            continue
        try:
            data[name] = conforming_value(name, fields[name], _typed(fields[name], value))
        except Refused as refusal:
            problems[name] = Problem(refusal.code, _told(name, refusal))
    for name, field in fields.items():
        if field.required and data.get(name) in (None, "", []) and name not in problems:
            problems[name] = REQUIRED
    if not reason.strip():
        problems["reason"] = REQUIRED
    if problems:
        raise EditRefused(problems)
    if data == original:
        raise EditRefused({})
    return data


def _new_values(
    original: Mapping[str, Json], values: Mapping[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Those that are not as they were; a form may write line ends its own way."""
    for name, value in values.items():
        given = _lines(value) if isinstance(value, str) else value
        before = original.get(name)
        if given != before and given != _lines(form_text(before)):
            yield name, given


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _typed(field: EntityField, value: Any) -> Any:
    """What is nested, out of its JSON text."""
    return decoded_json(value) if value and field.type in NESTED else value


def _told(name: str, refusal: Refused) -> str:
    """The rule; the value too where it is one inside the field."""
    inside = refusal.path.removeprefix(name).removeprefix(".")
    if not inside:
        return refusal.rule
    return f"{inside}: {shown(refusal.value)} {refusal.rule}"


def _reserve_anew(engine: Engine, found: MessageRow, body: bytes) -> None:
    """An order takes from the stock what it orders now."""
    plan = engine.plan(found.flow)
    if plan.reserving is not None and plan.reserving.takes:
        digest = content_digest(body)
        change = Change(Op.UPSERT, found.entity, found.key, body, digest, previous=digest)
        reserve(engine.store, plan.ledger, plan.reserving, [change])
