"""Customers: ten a request, found by their e-mail address, which is unique in the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._canonical import data_of
from connectors._halving import halved, portions
from connectors._platform.places import Place, bound
from connectors._verdicts import accepted, refused
from connectors.bigcommerce.calls import Calls, Reply
from connectors.bigcommerce.fields import addresses, customer_fields
from connectors.bigcommerce.options import BigCommerceTargetOptions

PATH = "/v3/customers"
AT_ONCE = 10
EMAILS = 50
"""Addresses that are looked up at a time."""
TOLD = ("address1", "city", "postal_code", "country_code")
"""By what two addresses are the same."""


@dataclass(slots=True)
class Work:
    """A message on its way to become a customer."""

    message: Message
    fields: dict[str, Any]
    addresses: list[dict[str, Any]]
    id: int = 0


class Customers:
    """Delivers customers."""

    def __init__(self, options: BigCommerceTargetOptions) -> None:
        self._options = options

    def deliver(self, calls: Calls, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Changed where the store has them, by our binding or by their address, else made."""
        places = bound(calls.bindings, [message.key for message in messages], "customer")
        works: dict[str, Work] = {}
        for message in messages:
            if message.op is Op.DELETE:
                yield self._deleted(message, places.get(message.key), calls)
                continue
            data = data_of(message)
            try:
                fields = customer_fields(data, self._options)
            except Rejected as refusal:
                yield refused(message, refusal)
                continue
            if (email := fields["email"]) in works:
                yield refused(message, _shared(email, works[email].message.key))
                continue
            place = places.get(message.key)
            number = place.product if place else 0
            works[email] = Work(message, fields, addresses(data, fields), number)
        yield from self._send(list(works.values()), calls)

    def _send(self, works: list[Work], calls: Calls) -> Iterator[Receipt]:
        yield from self._change([work for work in works if work.id], works, calls)
        new = {work.fields["email"]: work for work in works if not work.id}
        for portion in portions(list(new), EMAILS):
            for each in calls.pages(PATH, **{"email:in": ",".join(portion)}):
                if (work := new.get(str(each["email"]).lower())) is not None:
                    work.id = int(each["id"])
        yield from self._change([work for work in new.values() if work.id], [], calls)

        def make(piece: Sequence[Work]) -> Reply:
            return calls.post(PATH, [_new(work) for work in piece])

        for piece, reply in halved([w for w in new.values() if not w.id], AT_ONCE, make):
            ids = {str(each["email"]).lower(): each["id"] for each in reply.data or ()}
            for work in piece:
                if reply.refused:
                    yield refused(work.message, reply.refusal())
                elif number := ids.get(work.fields["email"]):
                    yield accepted(work.message, number)

    def _change(self, known: list[Work], unbound: list[Work], calls: Calls) -> Iterator[Receipt]:
        """`unbound` may be made anew: somebody deleted them in the store."""

        def change(piece: Sequence[Work]) -> Reply:
            return calls.put(PATH, [{"id": work.id, **work.fields} for work in piece])

        for piece, reply in halved(known, AT_ONCE, change):
            if reply.refused:
                (work,) = piece
                if work in unbound and not _there(work.id, calls):
                    work.id = 0
                else:
                    yield refused(work.message, reply.refusal())
                continue
            problem = _add_addresses(piece, calls)
            for work in piece:
                if problem is None:
                    yield accepted(work.message, work.id)
                else:
                    yield refused(work.message, problem.refusal())

    def _deleted(self, message: Message, place: Place | None, calls: Calls) -> Receipt:
        if place is None or self._options.deleted == "hide":
            return accepted(message)
        reply = calls.delete(PATH, **{"id:in": place.product})
        return refused(message, reply.refusal()) if reply.refused else accepted(message)


def _new(work: Work) -> dict[str, Any]:
    return {**work.fields, "addresses": work.addresses} if work.addresses else work.fields


def _there(number: int, calls: Calls) -> bool:
    return any(calls.pages(PATH, **{"id:in": number}))


def _add_addresses(works: Sequence[Work], calls: Calls) -> Reply | None:
    """Addresses that a customer lacks; those that the customer entered stay."""
    wanted = [(work, each) for work in works for each in work.addresses]
    if not wanted:
        return None
    listed = ",".join(str(work.id) for work in works)
    known = {
        (int(each["customer_id"]), *(each.get(name) for name in TOLD))
        for each in calls.pages(f"{PATH}/addresses", **{"customer_id:in": listed})
    }
    missing = [
        {"customer_id": work.id, **each}
        for work, each in wanted
        if (work.id, *(each[name] for name in TOLD)) not in known
    ]
    for portion in portions(missing, AT_ONCE):
        reply = calls.post(f"{PATH}/addresses", list(portion))
        if reply.refused:
            return reply
    return None


def _shared(email: str, key: str) -> Rejected:
    return Rejected(
        "SA-5406",
        f"{email} is the address of customer {key} already",
        hint="two customers cannot share an e-mail address in BigCommerce",
    )
