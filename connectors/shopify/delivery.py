"""What all entities need while they are delivered, and the receipts that they give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Receipt
from connectors.shopify.admin import Outcome, Session
from connectors.shopify.options import TargetOptions

if TYPE_CHECKING:
    from connectors.shopify.facts import Facts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery under way."""

    session: Session
    bindings: Bindings
    options: TargetOptions
    facts: Facts

    def bound(self, entity: str, keys: Sequence[str]) -> dict[str, list[str]]:
        """Key → numbers of the record in the shop, for those that are known."""
        found = self.bindings.find(entity, list(dict.fromkeys(keys)))
        return {key: reference.split("/") for key, reference in found.items()}


def read_all(
    messages: Sequence[Message], read: Callable[[Message], T]
) -> tuple[list[T], list[Receipt]]:
    """What the messages say, and refusals of those that say what nobody should send."""
    found, refusals = [], []
    for message in messages:
        try:
            found.append(read(message))
        except Rejected as refusal:
            refusals.append(refused(message, refusal.code, refusal.reason))
    return found, refusals


def accepted(message: Message, *numbers: str) -> Receipt:
    """Shopify has it."""
    return Receipt(message.id, accepted=True, reference="/".join(filter(None, numbers)))


def refused(message: Message, code: str, reason: str) -> Receipt:
    """It cannot be had this way."""
    return Receipt(message.id, accepted=False, code=code, reason=reason)


def not_taken(message: Message, outcome: Outcome) -> Receipt:
    """Shopify refused it, in its own words."""
    return refused(message, "SA-5440", outcome.why())


def waiting(message: Message, reason: str) -> Receipt:
    """It comes again by itself."""
    return Receipt(message.id, accepted=False, code="SA-5446", reason=reason, waits=True)
