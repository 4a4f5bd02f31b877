"""What a target says about single messages, and the requests that one delivery makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.contract import Gate
from agent.errors import Rejected
from agent.model import Message, Receipt

if TYPE_CHECKING:
    from connectors._http import Request
    from connectors._http.client import Answer


def accepted(message: Message, reference: object = "") -> Receipt:
    """It is there, under this id of the other side."""
    return Receipt(message.id, accepted=True, reference=str(reference))


def refused(message: Message, refusal: Rejected) -> Receipt:
    """It is not there, and stays so until somebody changes something."""
    reason = refusal.reason + (f" ({refusal.hint})" if refusal.hint else "")
    return Receipt(message.id, accepted=False, code=refusal.code, reason=reason)


def waiting(message: Message, entity: str, key: str) -> Receipt:
    """It comes again by itself, for it needs a record that is not there yet."""
    return Receipt(
        message.id,
        accepted=False,
        code="SA-5006",
        reason=f"waits for {entity} {key}, which is not there yet",
        waits=True,
    )


class Waits(Exception):
    """A record needs another one that is not there yet."""

    def __init__(self, entity: str, key: str) -> None:
        super().__init__(f"{entity} {key}")
        self.entity, self.key = entity, key


def settled(message: Message, deliver: Callable[[Message], Receipt]) -> Receipt:
    """What came of a message that is delivered alone."""
    try:
        return deliver(message)
    except Waits as waits:
        return waiting(message, waits.entity, waits.key)
    except Rejected as refusal:
        return refused(message, refusal)


class Requests:
    """The requests of one delivery: the engine let the first one through, others pass the gate."""

    def __init__(self, send: Callable[[Request], Answer], gate: Gate) -> None:
        self._send, self._gate = send, gate
        self._begun = False

    def ask(self, request: Request) -> Answer:
        """The answer, whatever its status but 401."""
        if self._begun:
            self._gate.request()
        self._begun = True
        return self._send(request)
