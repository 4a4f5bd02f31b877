"""What the configuration says of a flow, as people read it: no secrets, no defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.config import End
from agent.errors import Rejected
from agent.mapping.spec import FieldSpec
from agent.secrets import Secret

ORIGINS = {"from", "value", "expression", "each", "fields"}
HIDDEN = "•••"


def flow(engine: Engine, flow: str) -> Answer:
    """Where a flow reads and delivers, when, and where each field comes from."""
    found = engine.config.flows.get(flow)
    if found is None:
        known = ", ".join(sorted(engine.config.flows))
        raise Rejected("SA-7104", f'there is no flow "{flow}"', hint=f"flows: {known}")
    return {
        "flow": flow,
        "entity": found.entity,
        "enabled": found.enabled,
        "source": _end(found.source),
        "target": _end(found.target),
        "lookups": [{"name": each.name, **_end(each.end)} for each in found.lookups],
        "where": found.where,
        "delete_when": found.delete_when,
        "hook": found.hook.name if found.hook else "",
        "schedule": {
            "every": found.schedule.every,
            "cron": found.schedule.cron,
            "full": found.schedule.full,
            "verify": found.schedule.verify,
            "time_zone": found.schedule.time_zone,
        },
        "watch": found.watch,
        "freshness": found.freshness,
        "guard": found.guard is not None,
        "joins": found.joins,
        "two_way": found.two_way.other if found.two_way else "",
        "fields": list(_fields(found.mapping.fields)),
    }


def _end(end: End) -> dict[str, Any]:
    return {
        "connection": end.connection.name,
        "kind": end.kind.name,
        "options": {
            name: _plain(value)
            for name, value in end.options.model_dump(exclude_defaults=True).items()
        },
    }


def _fields(fields: Mapping[str, FieldSpec], parent: str = "") -> Iterator[dict[str, Any]]:
    """Each field, those of lists and nested objects after them: `lines`, `lines.sku`."""
    for name, spec in fields.items():
        path = f"{parent}{name}"
        said = spec.model_dump(by_alias=True, exclude_defaults=True, mode="json")
        told = ORIGINS - {"from"} if spec.expression and spec.column else ORIGINS
        rules = {rule: value for rule, value in said.items() if rule not in told}
        yield {"field": path, **_origin(spec), "rules": rules}
        yield from _fields(spec.fields, f"{path}.")


def _origin(spec: FieldSpec) -> dict[str, str]:
    """`origin` is column, rows, constant, expression or fields; `from` what it is called."""
    if spec.each:
        return {"origin": "rows", "from": spec.each}
    if spec.value is not None:
        return {"origin": "constant", "from": spec.value}
    if spec.expression:
        return {"origin": "expression", "from": spec.expression}
    return {"origin": "column" if spec.column else "fields", "from": spec.column}


def _plain(value: object) -> Any:
    """As JSON, secrets left out."""
    if isinstance(value, Secret):
        return HIDDEN
    if isinstance(value, BaseModel):
        return _plain(value.model_dump(exclude_defaults=True))
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | float | None) else str(value)
