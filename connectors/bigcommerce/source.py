"""Reads orders, with their lines out of all consignments, and customers."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

from agent.model import Json
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors.bigcommerce.options import BigCommerceOptions, ListOptions


class BigCommerceSource(RestSource[BigCommerceOptions, RestOptions]):
    """Reads one list."""

    def __init__(self, connection: BigCommerceOptions, options: ListOptions) -> None:
        super().__init__(connection.at_the_store(), options.as_list())
        self._arranged = _order if options.list == "orders" else _customer

    def _finder(self, path: str) -> Callable[[Json], list[Json]]:
        find = super()._finder(path)
        return lambda value: [self._arranged(each) for each in find(value)]

    def _item(self, value: Json) -> list[Json]:
        return [self._arranged(each) for each in super()._item(value)]


def _order(order: Json) -> Json:
    """An order with its `lines` and its first `shipping` address, wherever they are to go."""
    if not isinstance(order, dict):
        return order
    consignments = order.get("consignments") or {}
    groups = [
        group
        for name in ("shipping", "pickups", "downloads")
        for group in consignments.get(name) or ()
    ]
    groups += (consignments.get("email") or {}).get("gift_certificates") or ()
    lines = [line for group in groups for line in group.get("line_items") or ()]
    shipping: dict[str, Any] = next(iter(consignments.get("shipping") or ()), {})
    address = {name: shipping.get(name, "") for name in ADDRESS}
    moments = {name: _iso(order[name]) for name in STAMPS if name in order}
    return {**order, **moments, "lines": lines, "shipping": address}


def _iso(moment: Json) -> Json:
    """Version 2 writes moments as e-mails do."""
    try:
        return parsedate_to_datetime(str(moment)).isoformat()
    except ValueError:
        return moment


def _customer(customer: Json) -> Json:
    """A customer with its first address as `address`."""
    if not isinstance(customer, dict):
        return customer
    first: dict[str, Any] = next(iter(customer.get("addresses") or ()), {})
    return {**customer, "address": {name: first.get(name, "") for name in OF_CUSTOMERS}}


STAMPS = ("date_created", "date_modified")
ADDRESS = (
    "company",
    "first_name",
    "last_name",
    "street_1",
    "street_2",
    "city",
    "zip",
    "state",
    "country_iso2",
    "phone",
    "email",
)
OF_CUSTOMERS = (
    "address1",
    "address2",
    "city",
    "state_or_province",
    "postal_code",
    "country_code",
)
