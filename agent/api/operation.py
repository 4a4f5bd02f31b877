"""What an operation of the API is: a function, its name, its parameters as a checked model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from agent.errors import Rejected

if TYPE_CHECKING:
    from agent.api.engine import Engine

Answer: TypeAlias = dict[str, Any]
"""A JSON object."""

COMMAND_LINE = "command line"
"""Who did what was not done by somebody with a name."""
_UNTOLD = frozenset({"by", "password", "password_hash", "values"})
_LONGEST_LIST = 20
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Operation:
    """One function of `operations`, as it can be called from outside."""

    name: str
    function: Callable[..., Answer]
    arguments: type[BaseModel]
    method: str

    @property
    def lists(self) -> frozenset[str]:
        """The parameters that take several values."""
        fields = self.arguments.model_fields.items()
        return frozenset(name for name, field in fields if get_origin(field.annotation) is list)

    def call(self, engine: Engine, arguments: Mapping[str, Any], by: str = COMMAND_LINE) -> Answer:
        """Check the arguments (SA-7003; None is: not given), then do it.

        What changes something is written down with who did it: `by`, unless the arguments say so.
        """
        try:
            given = {name: value for name, value in arguments.items() if value is not None}
            checked = self.arguments.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Rejected("SA-7003", f"{self.name}: {where}: {first['msg']}") from None
        values = {name: getattr(checked, name) for name in self.arguments.model_fields}
        for name, value in values.items():
            if objection := _objection(value):
                raise Rejected("SA-7003", f"{self.name}: {name}: {objection}")
        answer = self.function(engine, **values)
        if self.method == "POST":
            engine.store.audit.note(values.get("by", by), self.name, _told(values))
        return answer


def _objection(value: object) -> str:
    """What no record has, and the store cannot look for."""
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:
        return "the number is too large"
    if isinstance(value, str) and "\0" in value:
        return "a NUL character stands in it"
    if isinstance(value, list):
        return next(filter(None, map(_objection, value)), "")
    return ""


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command as they are written down: no secrets, no endless lists."""
    return {
        name: value[:_LONGEST_LIST] if isinstance(value, list) else value
        for name, value in values.items()
        if name not in _UNTOLD and value not in ("", None, [])
    }


def operation(function: Callable[..., Answer], method: str) -> Operation:
    """An operation from a function whose first parameter is the engine."""
    hints = get_type_hints(function)
    _engine, *parameters = inspect.signature(function).parameters.values()
    fields: dict[str, Any] = {
        each.name: (hints[each.name], ... if each.default is each.empty else each.default)
        for each in parameters
    }
    name = function.__name__
    arguments = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    return Operation(name, function, arguments, method)
