"""Calls of one delivery: the gate before each further one, every fault sorted."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from zeep.exceptions import Fault

from agent.contract import Gate
from agent.errors import Misconfigured, Rejected
from agent.model import Json
from connectors._rest.records import MISSING, take
from connectors._template import Scope, Template
from connectors.soap.faults import is_one_of, refusal_of
from connectors.soap.service import Service
from connectors.soap.target_options import CallOptions, SoapTargetOptions, WriteOptions

EXCERPT = 300
NOTHING: tuple[Json, ...] = (None, "", [], {})


class Said(NamedTuple):
    """An answer's value, or that a fault meant something the options know: `known`."""

    value: Json
    known: bool = False


class Caller:
    """Calls one service for one call of the engine, which has passed the gate once for it."""

    def __init__(self, service: Service, options: SoapTargetOptions, gate: Gate) -> None:
        self._service = service
        self._options = options
        self._gate = gate
        self._passed = True

    def ask(self, call: CallOptions, scope: Scope, known_faults: Collection[str]) -> Said:
        """The answer of an operation. Raises `Rejected` where nothing was written by it."""
        parameters = _sendable(call.parameters.render(scope))
        try:
            self._service.require_fitting(call.operation, parameters)
        except Misconfigured as unfit:
            if unfit.code != "SA-2503":
                raise
            raise Rejected("SA-5341", f"{unfit.reason} ({unfit.hint})"[:EXCERPT]) from None
        if not self._passed:
            self._gate.request()
        self._passed = False
        try:
            answer = self._service.ask(call.operation, parameters)
        except Fault as fault:
            if is_one_of(fault, known_faults):
                return Said(None, known=True)
            service = self._service
            refused = self._options.refused_faults
            raise refusal_of(fault, service.server, service.connection, refused) from None
        return Said(answer.value)

    def require_taken(self, call: WriteOptions, value: Json, scope: Scope) -> None:
        """Raises `Rejected` where an answer without a fault says that nothing was written."""
        found = take(value, call.error) if call.error else None
        said = "" if found is MISSING or found in NOTHING else " ".join(str(found).split())
        taken = not said if call.accepted is None else _verdict(call.accepted, value, scope)
        if not taken:
            said = said or f"the answer {value!r}"
            raise Rejected("SA-5340", f"{self._service.server} refuses it: {said}"[:EXCERPT])


def _verdict(accepted: Template, value: Json, scope: Scope) -> bool:
    try:
        return accepted.render(scope, reply=value) is True
    except Rejected as refusal:
        raise Misconfigured(
            "SA-5344",
            f"the answer {value!r} tells nobody whether it was written: {refusal.reason}"[:EXCERPT],
            hint="correct accepted",
        ) from None


def _sendable(value: Json) -> Json:
    """Values as XML carries them, every digit of them; what has none is left out."""
    if isinstance(value, dict):
        parts = ((name, _sendable(each)) for name, each in value.items())
        return {name: each for name, each in parts if each is not None}
    if isinstance(value, list):
        return [each for each in map(_sendable, value) if each is not None]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value
