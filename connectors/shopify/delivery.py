"""What all entities need while they are delivered, and the receipts that they give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Receipt
from connectors._verdicts import refused
from connectors.shopify.admin import Outcome, Session
from connectors.shopify.options import ShopifyTargetOptions

if TYPE_CHECKING:
    from connectors.shopify.facts import Facts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery under way."""

    session: Session
    bindings: Bindings
    options: ShopifyTargetOptions
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
            refusals.append(refused(message, refusal))
    return found, refusals


def accepted(message: Message, *numbers: str) -> Receipt:
    """Shopify has it."""
    return Receipt(message.id, accepted=True, reference="/".join(filter(None, numbers)))


def not_taken(message: Message, outcome: Outcome) -> Receipt:
    """Shopify refused it, in its own words."""
    return refused(message, Rejected("SA-5440", outcome.why()))
