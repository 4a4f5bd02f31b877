"""Customers: accounts, which WooCommerce knows by their e-mail address.

As with products an account is simply created; where the address is taken, WooCommerce refuses, and
only then it is asked who has it. An account that carries the key of another customer, or that may
do more than buy, is nobody's to take over.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import data_of
from connectors._platform.places import bound
from connectors._verdicts import accepted, refused
from connectors.woocommerce.calls import Calls
from connectors.woocommerce.fields import KEY, customer_fields, meta_value
from connectors.woocommerce.options import WooCommerceTargetOptions

TAKEN = "registration-error-email-exists"
GONE = {"woocommerce_rest_invalid_id", "woocommerce_rest_invalid_resource_id"}
BUYERS = {"customer", "subscriber"}
ROUNDS = 3


@dataclass(slots=True)
class Work:
    """A message on its way to become an account."""

    message: Message
    fields: dict[str, Any]
    id: int = 0
    sought: bool = False


class Customers:
    """Delivers customers."""

    def __init__(self, options: WooCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One call, and one more for each address that is taken already."""
        places = bound(calls.bindings, [message.key for message in messages], "customer")
        ids = {key: place.id for key, place in places.items()}
        works = []
        for message in messages:
            if message.op is Op.DELETE:
                continue
            try:
                fields = customer_fields(data_of(message), self._options, message.key)
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            works.append(Work(message, fields, ids.get(message.key, 0)))
        yield from self._delete([m for m in messages if m.op is Op.DELETE], ids, calls)
        for _ in range(ROUNDS):
            works = yield from self._send(works, calls)

    def _send(self, works: list[Work], calls: Calls) -> Generator[Receipt, None, list[Work]]:
        """The works that have to be sent once more."""
        creates = [work for work in works if not work.id]
        updates = [work for work in works if work.id]
        outcomes = calls.batch(
            "customers",
            # A password of nobody's knowledge: the customer sets one by the shop's own e-mail.
            create=[work.fields | {"password": secrets.token_urlsafe(24)} for work in creates],
            update=[work.fields | {"id": work.id} for work in updates],
        )
        again: list[Work] = []
        for work, outcome in zip(creates, outcomes.created, strict=True):
            if not outcome.code:
                yield accepted(work.message, outcome.id)
            elif outcome.code == TAKEN and not work.sought:
                try:
                    work.id, work.sought = self._owner(work, calls), True
                except Rejected as refusal:
                    yield refused(work.message, refusal)
                else:
                    again.append(work)
            else:
                yield refused(work.message, outcome.refusal())
        for work, outcome in zip(updates, outcomes.updated, strict=True):
            if not outcome.code:
                yield accepted(work.message, work.id)
            elif outcome.code in GONE and not work.sought:
                work.id = 0
                again.append(work)
            else:
                yield refused(work.message, outcome.refusal())
        return again

    def _owner(self, work: Work, calls: Calls) -> int:
        """Whose address it is. Raises `Rejected` where the account is not ours to write."""
        email = work.fields["email"]
        found = calls.page("customers", email=email, role="all", _fields="id,role,meta_data")
        if not found:
            raise Rejected(
                "SA-5406", f"the shop says that {email} is taken and does not say by whom"
            )
        account = found[0]
        key = meta_value(account, KEY)
        if key not in {None, "", work.message.key}:
            raise Rejected(
                "SA-5406",
                f"the account of {email} is that of customer {key}",
                hint="two customers cannot share an e-mail address in WooCommerce",
            )
        if account.get("role") not in BUYERS:
            raise Rejected(
                "SA-5406", f"the account of {email} has the role {account.get('role')} in the shop"
            )
        return int(account["id"])

    def _delete(
        self, messages: list[Message], ids: dict[str, int], calls: Calls
    ) -> Iterator[Receipt]:
        there = [message for message in messages if message.key in ids]
        if self._options.deleted == "hide":
            there = []  # WooCommerce cannot close an account
        outcomes = calls.batch("customers", delete=[ids[m.key] for m in there]).deleted
        failed = {
            message.id: outcome.refusal()
            for message, outcome in zip(there, outcomes, strict=True)
            if outcome.code and outcome.code not in GONE
        }
        for message in messages:
            refusal = failed.get(message.id)
            yield refused(message, refusal) if refusal else accepted(message)
