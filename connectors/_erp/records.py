"""An order and a customer, as far as an ERP takes them in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from agent.errors import Rejected
from agent.model import Message


class Address(msgspec.Struct, frozen=True):
    """Where something goes."""

    street: str
    city: str
    country: str
    name: str | None = None
    postal_code: str | None = None
    province: str | None = None
    phone: str | None = None
    email: str | None = None
    code: str | None = None
    kind: str | None = None


class Line(msgspec.Struct, frozen=True):
    """What is ordered. Without a price the ERP says what it costs."""

    line: int
    sku: str
    quantity: Decimal
    description: str | None = None
    unit: str | None = None
    price: Decimal | None = None
    discount: Decimal | None = None
    vat_rate: Decimal | None = None
    note: str | None = None
    attributes: dict[str, Any] | None = None

    @property
    def warehouse(self) -> str:
        """Where the shop wants it to leave from; "" where it does not say."""
        return str((self.attributes or {}).get("warehouse") or "")


class Order(msgspec.Struct, frozen=True):
    """An order with its lines."""

    number: str
    customer: str
    placed_at: str
    lines: list[Line]
    currency: str | None = None
    customer_reference: str | None = None
    payment_terms: str | None = None
    shipping_method: str | None = None
    delivery_on: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    note: str | None = None

    def placed_on(self, zone: str) -> date:
        """The day on which it was placed; a moment without a zone is one of that zone."""
        moment = datetime.fromisoformat(self.placed_at)
        return (moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment).date()


class Customer(msgspec.Struct, frozen=True):
    """A company that buys."""

    code: str
    name: str
    vat_number: str | None = None
    tax_code: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    addresses: list[Address] = []

    @property
    def country(self) -> str:
        """Where it has its seat; "" where that is not known."""
        return self.address.country if self.address else ""


RecordT = TypeVar("RecordT", Order, Customer)


def decoded(message: Message, shape: type[RecordT]) -> RecordT:
    """The record of a message. Raises `Rejected` for one that lacks what it must have."""
    try:
        return msgspec.json.decode(message.body, type=shape)
    except msgspec.ValidationError as error:
        raise Rejected(
            "SA-5360", f"the {message.entity} cannot be used: {error}", hint="correct the mapping"
        ) from None
